//! What a move follows when the one that it named stands no more.

use super::*;
use domain::contradictions::Kind;

impl Home {
    /// A move to a bed that follows another, by somebody, in place of others.
    fn follows(
        &mut self,
        by: u8,
        minute: i64,
        bed: u16,
        after: Option<&EntryKey>,
        over: &[EntryKey],
    ) -> EntryKey {
        let what = match after {
            Some(_) => MoveKind::BedChange,
            None => MoveKind::Admission,
        };
        let says = Move {
            resident: resident(1),
            what,
            bed: Some(space(bed)),
            comment: None,
            after: after.cloned(),
        };
        let subject = Subject::Resident(resident(1));
        let at = NOW - HOUR + minute * MINUTE;
        let saying = Saying::new(author(by), subject, at, Fact::Move(says));
        self.directory.say(saying.superseding(over))
    }

    /// A move marked as entered in error.
    fn strikes(&mut self, minute: i64, of: &EntryKey) {
        let fact = self.directory.struck(of, "wrong resident");
        let at = NOW - HOUR + minute * MINUTE;
        let saying = Saying::new(author(1), Subject::Resident(resident(1)), at, fact);
        let over = std::slice::from_ref(of);
        self.directory.say(saying.superseding(over));
    }

    /// How many places the resident is in at once.
    fn forks(&mut self) -> usize {
        let asked = Query::Contradictions {
            decided: false,
            resident: None,
        };
        let View::Contradictions {
            contradictions: found,
        } = self.ask(asked)
        else {
            panic!()
        };
        let forks = found.iter().filter(|row| row.kind == Kind::Whereabouts);
        forks.count()
    }
}

#[test]
fn a_move_that_only_names_another_leads_nobody_to_itself() {
    let mut home = Home::new();
    let came = home.follows(1, 0, 4, None, &[]);
    let wrong = home.follows(1, 1, 5, Some(&came), &[]);
    home.follows(1, 2, 6, Some(&wrong), &[]);
    home.strikes(3, &wrong);
    assert_eq!(home.forks(), 0);
    // Another's is not theirs to replace: apart from what followed it, it brought the resident elsewhere.
    home.follows(2, 4, 7, Some(&came), std::slice::from_ref(&wrong));
    assert_eq!(home.forks(), 1);
}

#[test]
fn what_follows_a_move_that_was_said_anew_follows_what_took_its_place_whatever_that_followed() {
    for first in [2, 4] {
        let mut home = Home::new();
        let came = home.follows(1, 0, 4, None, &[]);
        let wrong = home.follows(1, 1, 5, Some(&came), &[]);
        // In place of the very move that it follows.
        home.follows(1, 3, 6, Some(&wrong), std::slice::from_ref(&wrong));
        home.follows(1, first, 7, Some(&wrong), &[]);
        assert_eq!(home.forks(), 0, "stated at {first}");
    }
}

#[test]
fn moves_that_each_take_the_place_of_what_the_other_follows_end_no_tablet() {
    let mut home = Home::new();
    let came = home.follows(1, 0, 4, None, &[]);
    let one = home.follows(1, 1, 5, Some(&came), &[]);
    let two = home.follows(1, 2, 6, Some(&one), &[]);
    home.follows(1, 3, 7, Some(&two), std::slice::from_ref(&one));
    home.follows(1, 4, 8, Some(&one), std::slice::from_ref(&two));
    let resident = resident(1);
    let row = answer!(home.ask(Query::Banner { resident }), Banner).row;
    assert_eq!(row.status, interface::ResidentStatus::Present);
}
