//! What the person signed in may do, as the engine says. What they may not is not offered: a form
//! whose end is a refusal is typed for nothing.

use interface::SessionView;

/// What may be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    /// Chart doses and observations, write notes, tell of an allergy.
    pub(crate) chart: bool,
    /// Say what is to be done: orders, code status, the scale of oxygen saturation.
    pub(crate) order: bool,
    /// Move residents.
    pub(crate) register: bool,
    /// Sign.
    pub(crate) sign: bool,
    /// Mark as entered in error.
    pub(crate) strike: bool,
}

impl Rights {
    /// Of who is signed in; none of nobody.
    pub(super) fn of(session: Option<&SessionView>) -> Self {
        session.map_or_else(Self::default, |session| Self {
            chart: session.may_chart,
            order: session.may_order,
            register: session.may_register,
            sign: session.may_sign,
            strike: session.may_strike,
        })
    }
}
