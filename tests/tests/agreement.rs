//! What two crates must say alike, though neither may name the other.

/// The bits of a grant: `domain` says what an act is for, `wire` what the roster proves.
#[test]
fn the_acts_of_the_record_are_those_of_the_roster() {
    use domain::directory::Role;
    use domain::rights::act;
    use wire::roster::acts;
    let pairs = [
        (act::ROSTER, acts::ROSTER),
        (act::SIGN, acts::SIGN),
        (act::STRIKE, acts::STRIKE),
        (act::RESOLVE, acts::RESOLVE),
        (act::ADOPT, acts::ADOPT),
        (act::APPROVE, acts::APPROVE),
        (act::RELEASE, acts::RELEASE),
        (act::CHARGE, acts::CHARGE),
    ];
    for (of_domain, of_wire) in pairs {
        assert_eq!(of_domain, of_wire);
    }
    let all = pairs.iter().fold(0, |all, (act, _)| all | act);
    assert_eq!(
        all.count_ones() as usize,
        pairs.len(),
        "each act is a bit of its own"
    );
    for role in [
        Role::RegisteredNurse,
        Role::RecordsCoordinator,
        Role::Administrator,
    ] {
        for grant in domain::rights::grants(role) {
            assert_eq!(
                grant.acts & !all,
                0,
                "{role:?} is granted an act nobody knows"
            );
        }
    }
}
