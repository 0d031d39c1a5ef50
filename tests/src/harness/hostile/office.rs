//! What the office does to the roster meanwhile: entries that an administrator signs, appended over
//! the member's connection as over any device's. The member's headers go on stating the roster it
//! last looked at.

use super::{Hostile, hear, say};
use crate::harness::{Template, World};
use bytes::Bytes;
use ids::{DeviceId, PersonId, RosterHash, RosterSeq, StreamId, UnixMillis};
use replica::Identity;
use wire::message::{RosterAppend, RosterOutcome, RosterTail};
use wire::roster::{
    AddDevice, DeviceScope, Grant, MaySignIn, NewSheet, PersonKeys, RecoveryKeys, RekeyPerson,
    RemoveDevice, Right, Rotate, StreamWraps,
};
use wire::{Message, RosterBody, SignerId, UnsignedEntry};

impl Hostile {
    /// Where the roster stands.
    pub fn roster_head(&self) -> RosterSeq {
        self.roster.head().0
    }

    /// The roster's hash at a position.
    pub fn roster_hash_at(&self, at: RosterSeq) -> RosterHash {
        self.roster.hash_at(at).unwrap()
    }

    /// Gives the member's person new keys, as the administrator does after a badge was lost. The
    /// member goes on with the old ones; what is returned opens the new ones.
    pub fn is_rekeyed(&mut self, world: &mut World, template: &Template) -> Identity {
        let new = Identity::from_seed(&self.dice.bytes());
        let person = PersonKeys {
            id: self.person_id,
            signing: new.signing_public(),
            agreement: new.agreement_public(),
        };
        // Of `devices` a person has no wrap.
        let wrap = (self.roster.devices_stream() != Some(self.stream)).then(|| {
            let (to, stream, epoch) = (&person.agreement, &self.stream, self.epoch);
            let (key, id_key) = (&self.epoch_key, &self.id_key);
            let wrap = vault::wrap_epoch(&mut self.dice, to, stream, epoch, key, id_key);
            Bytes::from(wrap.unwrap())
        });
        let listed = wrap.iter().map(|wrap| StreamWraps {
            stream: self.stream,
            wraps: vec![vault::wrap_hash(wrap)],
        });
        let wraps = listed.collect();
        let body = RosterBody::RekeyPerson(RekeyPerson { person, wraps });
        self.append(world, template, &body, wrap.into_iter().collect());
        new
    }

    /// A device of the home carries a stream no more.
    pub fn carries_no_more(
        &mut self,
        world: &mut World,
        template: &Template,
        device: DeviceId,
        stream: StreamId,
    ) {
        let record = self.roster.device(&device).unwrap();
        let mut scope = record.scope.clone();
        scope.streams.retain(|carried| *carried != stream);
        let device = record.keys;
        let body = RosterBody::AddDevice(AddDevice {
            device,
            scope,
            wraps: Vec::new(),
        });
        self.append(world, template, &body, Vec::new());
    }

    /// The stream that the member writes in gets a new epoch; the member has its key at once.
    pub fn rotates(&mut self, world: &mut World, template: &Template) {
        let epoch = self.epoch.next().unwrap();
        let key = vault::make_epoch(&mut self.dice).unwrap();
        let rung = key.wrap_previous(&mut self.dice, &self.epoch_key, &self.stream, epoch);
        let time = self.roster.time().unwrap();
        let recipients = self.roster.recipients(&self.stream, time);
        let wraps: Vec<Bytes> = recipients
            .iter()
            .map(|recipient| {
                let to = recipient.agreement;
                let (stream, id_key) = (&self.stream, &self.id_key);
                vault::wrap_epoch(&mut self.dice, &to, stream, epoch, &key, id_key)
                    .unwrap()
                    .into()
            })
            .collect();
        let body = RosterBody::Rotate(Rotate {
            stream: self.stream,
            epoch,
            commitment: key.commitment(&self.id_key),
            public: key.public(),
            rung: rung.unwrap().into(),
            wraps: wraps.iter().map(|wrap| vault::wrap_hash(wrap)).collect(),
            name: None,
        });
        self.append(world, template, &body, wraps);
        (self.epoch, self.epoch_key) = (epoch, key);
        self.roster_seq = self.roster_head();
    }

    /// The member's person has another right in the stream that the member writes in, without an act
    /// and maybe with an end.
    pub fn is_granted(
        &mut self,
        world: &mut World,
        template: &Template,
        right: Right,
        until: Option<UnixMillis>,
    ) {
        self.may(world, template, right, 0, until);
    }

    /// The member's person may write in the stream that the member writes in, and do these acts there.
    pub fn is_granted_acts(&mut self, world: &mut World, template: &Template, acts: u64) {
        self.may(world, template, Right::Write, acts, None);
    }

    fn may(
        &mut self,
        world: &mut World,
        template: &Template,
        right: Right,
        acts: u64,
        until: Option<UnixMillis>,
    ) {
        let grant = Grant {
            person: self.person_id,
            stream: self.stream,
            right,
            acts,
            until,
            wraps: Vec::new(),
        };
        self.append(world, template, &RosterBody::Grant(grant), Vec::new());
    }

    /// Only these people may sign in on a device of the home.
    pub fn lets_sign_in(
        &mut self,
        world: &mut World,
        template: &Template,
        device: DeviceId,
        people: Vec<PersonId>,
    ) {
        let record = self.roster.device(&device).unwrap();
        let scope = DeviceScope {
            may_sign_in: MaySignIn::Only(people),
            ..record.scope.clone()
        };
        let device = record.keys;
        let body = RosterBody::AddDevice(AddDevice {
            device,
            scope,
            wraps: Vec::new(),
        });
        self.append(world, template, &body, Vec::new());
    }

    /// An administrator replaces the recovery sheet by one that nobody printed.
    pub fn replaces_the_sheet(&mut self, world: &mut World, template: &Template) {
        let new = Identity::from_seed(&self.dice.bytes());
        let recovery = RecoveryKeys {
            signing: new.signing_public(),
            agreement: new.agreement_public(),
        };
        let body = RosterBody::NewSheet(NewSheet {
            recovery,
            wraps: None,
        });
        self.append(world, template, &body, Vec::new());
    }

    /// A device of the home is removed.
    pub fn removes(&mut self, world: &mut World, template: &Template, device: DeviceId) {
        let body = RosterBody::RemoveDevice(RemoveDevice { device });
        self.append(world, template, &body, Vec::new());
    }

    /// Another of the member has changed the roster: this one hears of it.
    pub fn catches_up(&mut self, world: &mut World) {
        let conn = match self.conn {
            Some(conn) => conn,
            None => self.connect(world),
        };
        let from = self.roster_head().next().unwrap();
        say(world, conn, &RosterTail { from }.into());
        for message in hear(world, conn) {
            let Message::RosterItems(items) = message else {
                continue;
            };
            for entry in items.items {
                self.roster.apply(&entry).unwrap();
            }
        }
    }

    fn append(
        &mut self,
        world: &mut World,
        template: &Template,
        body: &RosterBody,
        wraps: Vec<Bytes>,
    ) {
        let administrator = &template.people()[0];
        let (expect, prev) = self.roster.head();
        let seq = expect.next().unwrap();
        // `devices` is rotated by a device that carries it.
        let by_device = matches!(body, RosterBody::Rotate(rotate)
            if self.roster.devices_stream() == Some(rotate.stream));
        let signer = match by_device {
            true => SignerId::from(self.device_id),
            false => SignerId::from(administrator.id),
        };
        let unsigned = UnsignedEntry::new(self.facility, seq, prev, signer, body);
        let message = unsigned.message();
        let signature = match by_device {
            true => self.device.sign_message(&message),
            false => Identity::from_seed(&administrator.seed).sign_message(&message),
        };
        let entry = unsigned.signed(&signature).unwrap();
        let conn = match self.conn {
            Some(conn) => conn,
            None => self.connect(world),
        };
        self.requests += 1;
        let append = RosterAppend {
            request: self.requests,
            expect,
            entries: vec![entry.bytes().clone()],
            wraps,
            blob: None,
            former: None,
        };
        say(world, conn, &append.into());
        let answers = hear(world, conn);
        let appended = answers.iter().any(|answer| {
            matches!(answer, Message::RosterResult(result)
                if matches!(result.result, RosterOutcome::Appended { .. }))
        });
        assert!(appended, "{answers:?}");
        say(world, conn, &RosterTail { from: seq }.into());
        for answer in hear(world, conn).into_iter().chain(answers) {
            let Message::RosterItems(items) = answer else {
                continue;
            };
            for entry in items.items {
                // What was asked for comes a second time when it is told to everybody.
                let _ = self.roster.apply(&entry);
            }
        }
        assert_eq!(self.roster_head(), seq);
    }
}
