//! Instants, dates, names and readings as text. Pure but for `zone`, which asks the browser for
//! the offset of the home's time zone.

pub(crate) mod fact;
pub(crate) mod isolated;
pub(crate) mod name;
pub(crate) mod reading;
pub(crate) mod time;
pub(crate) mod zone;
