//! Invitations and accepts that are late, forged or point nowhere.

use super::*;

#[test]
fn an_invitation_under_a_key_that_is_somebodys() {
    let mut home = Home::new();
    assert_eq!(
        home.admin(home.invite(FOUNDER)),
        Err(RosterError::KeyReused)
    );
}

#[test]
fn an_accept_after_the_invitations_time() {
    let mut home = Home::new();
    let invite = home.invite(20);
    home.admin(invite.clone()).unwrap();
    home.now = invite.expires;
    let body = Accept {
        invite: invite.id,
        device: device_keys(21),
    };
    assert_eq!(
        home.by(invite.id, 20, body.clone()),
        Err(RosterError::InviteExpired)
    );
    home.now = invite.expires.plus(-1);
    home.by(invite.id, 20, body).unwrap();
}

#[test]
fn an_accept_by_another_key_or_in_another_name() {
    let mut home = Home::new();
    let (one, other) = (home.invite(20), home.invite(22));
    home.admin(one.clone()).unwrap();
    home.admin(other.clone()).unwrap();
    let body = Accept {
        invite: one.id,
        device: device_keys(21),
    };
    assert_eq!(
        home.by(one.id, 22, body.clone()),
        Err(RosterError::BadSignature)
    );
    assert_eq!(
        home.by(other.id, 20, body.clone()),
        Err(RosterError::UnknownInvite)
    );
    let nowhere = Accept {
        invite: InviteId::from_bytes([9; 16]),
        device: device_keys(21),
    };
    assert_eq!(
        home.by(one.id, 20, nowhere),
        Err(RosterError::UnknownInvite)
    );
    home.by(one.id, 20, body).unwrap();
}

#[test]
fn an_accept_with_the_keys_of_a_device_that_is_there() {
    let mut home = Home::new();
    let invite = home.invite(20);
    home.admin(invite.clone()).unwrap();
    let device = DeviceKeys {
        id: DeviceId::from_bytes([21; 16]),
        ..device_keys(TABLET)
    };
    let body = Accept {
        invite: invite.id,
        device,
    };
    assert_eq!(home.by(invite.id, 20, body), Err(RosterError::KeyReused));
}

#[test]
fn an_invitation_whose_id_is_not_its_keys() {
    let mut home = Home::new();
    let invite = Invite {
        id: InviteId::from_bytes([5; 16]),
        ..home.invite(20)
    };
    assert_eq!(home.admin(invite), Err(RosterError::WrongInviteId));
    let invite = Invite {
        expires: home.now,
        ..home.invite(20)
    };
    assert_eq!(home.admin(invite), Err(RosterError::AlreadyOver));
    home.admin(home.invite(20)).unwrap();
    assert_eq!(home.admin(home.invite(20)), Err(RosterError::IdReused));
}

#[test]
fn a_scope_that_names_what_is_not_there() {
    let (mut home, nurse) = with_nurse();
    let with = |change: fn(&mut DeviceScope)| {
        let mut invite = home.invite(20);
        change(&mut invite.scope);
        invite
    };
    let unknown = with(|scope| scope.streams.push(StreamId::from_bytes([1; 16])));
    let twice = with(|scope| scope.streams.push(scope.streams[0]));
    let nobody = with(|s| s.may_sign_in = MaySignIn::Only(vec![PersonId::from_bytes([9; 16])]));
    let mut nurse_only = with(|_| ());
    nurse_only.scope.may_sign_in = MaySignIn::Only(vec![nurse]);
    assert_eq!(home.admin(unknown), Err(RosterError::UnknownStream));
    assert_eq!(home.admin(twice), Err(RosterError::TooMany));
    assert_eq!(home.admin(nobody), Err(RosterError::UnknownPerson));
    assert!(nurse_only.scope.may_sign_in.allows(&nurse));
    assert!(!nurse_only.scope.may_sign_in.allows(&home.founder()));
    home.admin(nurse_only).unwrap();
}
