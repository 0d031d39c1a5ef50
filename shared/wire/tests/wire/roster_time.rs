//! What ends: grants and invitations by the time the relay states, invitations by being withdrawn,
//! and whose keys are to be changed after.

use crate::home::*;
use wire::roster::*;
use wire::{RosterError, SignerId};

#[test]
fn the_relay_lets_a_grant_end_by_stating_the_time() {
    let mut home = Home::new();
    let (nurse, care) = (home.add_person(10), home.stream("care"));
    let mut grant = home.grant(nurse, Right::Write, 0);
    grant.until = Some(home.now.plus(1_000));
    home.admin(grant).unwrap();
    home.now = home.now.plus(999);
    home.by(SignerId::NONE, RELAY, Clock {}).unwrap();
    assert!(home.state.may_write(&nurse, &care, home.at()));
    assert!(!home.state.stream(&care).unwrap().stale);
    home.now = home.now.plus(1);
    home.by(SignerId::NONE, RELAY, Clock {}).unwrap();
    assert!(!home.state.may_write(&nurse, &care, home.at()));
    assert!(home.state.stream(&care).unwrap().stale);
    // Nobody else states it.
    let founder = home.founder();
    assert_eq!(
        home.by(founder, FOUNDER, Clock {}),
        Err(RosterError::SignerNotZero)
    );
    assert_eq!(
        home.by(SignerId::NONE, FOUNDER, Clock {}),
        Err(RosterError::BadSignature)
    );
}

#[test]
fn an_invitation_that_was_withdrawn_enrols_nobody_and_leaves_the_keyslots_key_to_be_changed() {
    let mut home = Home::new();
    let (invite, devices) = (home.invite(20), home.devices());
    home.admin(invite.clone()).unwrap();
    let nurse = home.add_person(10);
    let withdraw = WithdrawInvite { invite: invite.id };
    assert_eq!(
        home.by(nurse, 10, withdraw.clone()),
        Err(RosterError::NotAdministrator)
    );
    assert!(!home.state.stream(&devices).unwrap().stale);
    home.admin(withdraw.clone()).unwrap();
    assert!(home.state.invite(&invite.id).is_none());
    assert!(home.state.stream(&devices).unwrap().stale);
    let accept = Accept {
        invite: invite.id,
        device: device_keys(22),
    };
    assert_eq!(
        home.by(invite.id, 20, accept),
        Err(RosterError::UnknownInvite)
    );
    assert_eq!(home.admin(withdraw), Err(RosterError::UnknownInvite));
}

#[test]
fn an_invitation_that_ends_unused_leaves_the_keyslots_key_to_be_changed() {
    let mut home = Home::new();
    let (invite, devices) = (home.invite(20), home.devices());
    home.admin(invite).unwrap();
    home.now = home.now.plus(999);
    home.by(SignerId::NONE, RELAY, Clock {}).unwrap();
    assert!(!home.state.stream(&devices).unwrap().stale);
    home.now = home.now.plus(1);
    home.by(SignerId::NONE, RELAY, Clock {}).unwrap();
    assert!(home.state.stream(&devices).unwrap().stale);
}

#[test]
fn a_scope_without_keyslots_leaves_their_key_to_be_changed() {
    let mut home = Home::new();
    let devices = home.devices();
    let mut scope = scope_of(&home.facility());
    let device = device_keys(TABLET);
    let again = |scope: &DeviceScope| AddDevice {
        device,
        scope: scope.clone(),
        wraps: Vec::new(),
    };
    scope.may_sign_in = MaySignIn::Only(vec![home.founder()]);
    home.admin(again(&scope)).unwrap();
    assert!(!home.state.stream(&devices).unwrap().stale);
    scope.streams.retain(|stream| *stream != devices);
    home.admin(again(&scope)).unwrap();
    assert!(home.state.stream(&devices).unwrap().stale);
}
