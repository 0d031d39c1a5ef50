//! What to tell the screen, coalesced per batch of work.

use domain::entry::ResidentId;
use interface::Notice;
use std::collections::BTreeSet;

#[derive(Default)]
pub(super) struct Notices {
    tablet: bool,
    house: bool,
    contradictions: bool,
    residents: Option<BTreeSet<ResidentId>>,
    everybody: bool,
    others: Vec<Notice>,
}

impl Notices {
    pub(super) fn tablet(&mut self) {
        self.tablet = true;
    }

    pub(super) fn house(&mut self) {
        self.house = true;
    }

    pub(super) fn contradictions(&mut self) {
        self.contradictions = true;
    }

    pub(super) fn residents(&mut self, residents: impl IntoIterator<Item = ResidentId>) {
        let mut residents = residents.into_iter().peekable();
        if residents.peek().is_some() {
            self.residents.get_or_insert_default().extend(residents);
        }
    }

    /// Something about residents is another, without anything having arrived.
    pub(super) fn everybody(&mut self) {
        self.everybody = true;
    }

    /// Whether what is to be told may be an order, or the times of the house.
    pub(super) fn may_move_a_slot(&self) -> bool {
        self.house || self.residents.is_some()
    }

    pub(super) fn push(&mut self, notice: Notice) {
        self.others.push(notice);
    }

    /// Everything since the last time; a long list of residents becomes "any".
    pub(super) fn take(&mut self) -> Vec<Notice> {
        let mut out = std::mem::take(&mut self.others);
        if std::mem::take(&mut self.tablet) {
            out.push(Notice::Tablet);
        }
        if std::mem::take(&mut self.house) {
            out.push(Notice::House);
        }
        let residents = self.residents.take();
        if std::mem::take(&mut self.everybody) {
            let residents = Vec::new();
            out.push(Notice::Residents { residents });
        } else if let Some(residents) = residents {
            let residents = if residents.len() > 64 {
                Vec::new()
            } else {
                residents.into_iter().collect()
            };
            out.push(Notice::Residents { residents });
        }
        if std::mem::take(&mut self.contradictions) {
            out.push(Notice::Contradictions);
        }
        out
    }
}
