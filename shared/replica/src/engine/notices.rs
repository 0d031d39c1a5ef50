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
        if let Some(residents) = self.residents.take() {
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
