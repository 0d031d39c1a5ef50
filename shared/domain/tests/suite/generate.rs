//! Draws valid entries of every kind from a source of numbers that the tests seed. No randomness of
//! its own, and no content worth reading. The crate's own tests take it from here, too.

#[path = "generate/pieces.rs"]
mod pieces;

use domain::chart::{
    Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Coding, Identity, Order, OrderId, Problem,
    ScaleDecision, Severity, Sex,
};
use domain::directory::{
    Bed, Date, Device, MeasureSystem, Move, MoveKind, ResidentName, Role, Room, Settings, Shift,
    Staff, TimeOfDay, Unit,
};
use domain::entry::{Entry, Fact, ResidentId, Subject};
use domain::journal::{
    Absent, Consciousness, Dose, Measure, NotGiven, Note, Observations, Reading, SaturationScale,
    Slot,
};
use domain::meta::{Addendum, Decision, Resolution, Signature, Strike};
use domain::plausibility::Limits;
use domain::quantity::{Decimal, Quantity};
use domain::{KnownKind, clock, record_number};
use ids::{DeviceId, EntryKey, PersonId, StatedInstant, UnixMillis};
use pieces::{
    days_after, days_before, id, key, keys, maybe, one, partly, small, space, time, times, words,
};

/// A source of numbers: `draw(n)` is from 0 to n − 1, and 0 for n = 0.
pub(crate) type Draw<'d> = dyn FnMut(u64) -> u64 + 'd;

/// A plain source for tests: the same numbers for the same seed, on every machine (SplitMix64).
pub(crate) fn counting(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).checked_rem(below).unwrap_or(0)
    }
}

/// A valid entry of a kind (by its name), stated at `now` or up to a day before; `None` for a kind
/// not known here. Entries it names need not exist.
pub(crate) fn entry(kind: &str, now: UnixMillis, draw: &mut Draw<'_>) -> Option<Entry> {
    let at = now.plus(-i64::try_from(draw(86_400_000)).unwrap_or(0));
    let stated = StatedInstant {
        at,
        offset_minutes: -360,
    };
    let fact = fact(kind, clock::local(stated).date, draw)?;
    let subject = match &fact {
        Fact::Settings(_) => Subject::Facility,
        Fact::Unit(says) => Subject::Space(says.id),
        Fact::Room(says) => Subject::Space(says.id),
        Fact::Bed(says) => Subject::Space(says.id),
        Fact::Staff(_) => Subject::Person(PersonId::from_bytes(id(draw).to_bytes())),
        Fact::Device(_) => Subject::Device(DeviceId::from_bytes(id(draw).to_bytes())),
        Fact::Move(says) => Subject::Resident(says.resident),
        _ => Subject::Resident(ResidentId(id(draw))),
    };
    let supersedes = match &fact {
        Fact::Strike(says) => vec![says.entry.clone()],
        _ => Vec::new(),
    };
    Some(Entry {
        command: id(draw),
        line: 0,
        subject,
        stated,
        supersedes,
        fact,
    })
}

/// A valid fact of a kind (by its name), stated on the local day `today`; `None` for a kind not
/// known here.
pub(crate) fn fact(kind: &str, today: Date, draw: &mut Draw<'_>) -> Option<Fact> {
    Some(match kind {
        "settings" => Fact::Settings(settings(draw)),
        "unit" => Fact::Unit(Unit {
            id: space(draw),
            name: words(draw),
        }),
        "room" => Fact::Room(Room {
            id: space(draw),
            unit: space(draw),
            name: words(draw),
        }),
        "bed" => Fact::Bed(Bed {
            id: space(draw),
            room: space(draw),
            name: words(draw),
        }),
        "device" => Fact::Device(Device { name: words(draw) }),
        "staff" => Fact::Staff(Staff {
            given: words(draw),
            family: words(draw),
            role: one(draw, &Role::ALL, Role::Newer(90)),
            credential: maybe(draw, |_| "RN".to_owned()),
        }),
        "resident_name" => Fact::ResidentName(ResidentName {
            given: words(draw),
            family: words(draw),
        }),
        "move" => Fact::Move(moved(draw)),
        "identity" => Fact::Identity(identity(today, draw)),
        "problem" => Fact::Problem(problem(today, draw)),
        "allergy" => Fact::Allergy(allergy(draw)),
        "code_status" => Fact::CodeStatus(code_status(draw)),
        "saturation_scale" => Fact::SaturationScale(ScaleDecision {
            scale: one(draw, &[SaturationScale::Two], SaturationScale::One),
            decided_by: words(draw),
            decided_on: days_before(today, draw, 400),
            reason: maybe(draw, words),
        }),
        "order" => Fact::Order(order(today, draw)),
        "dose" => Fact::Dose(dose(today, draw)),
        "observations" => Fact::Observations(observations(draw)),
        "note" => Fact::Note(Note { text: words(draw) }),
        "addendum" => Fact::Addendum(Addendum {
            to: key(draw),
            text: words(draw),
        }),
        "signature" => Fact::Signature(Signature {
            entries: keys(draw),
        }),
        "strike" => Fact::Strike(Strike {
            entry: key(draw),
            reason: words(draw),
            kind: KnownKind::named(one(draw, &["dose", "order", "bed"], "note"))?,
        }),
        "resolution" => Fact::Resolution(resolution(draw)),
        _ => return None,
    })
}

fn settings(draw: &mut Draw<'_>) -> Settings {
    let names = ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"];
    Settings {
        name: words(draw),
        time_zone: one(draw, &names, "America/Chicago").to_owned(),
        measures: one(draw, &[MeasureSystem::Metric], MeasureSystem::UsCustomary),
        dose_times: times(draw),
        shifts: vec![
            Shift {
                name: words(draw),
                begins: TimeOfDay { hour: 7, minute: 0 },
            },
            Shift {
                name: words(draw),
                begins: TimeOfDay {
                    hour: 19,
                    minute: 30,
                },
            },
        ],
        dose_window_minutes: 60,
        record_prefix: "MH".to_owned(),
    }
}

fn moved(draw: &mut Draw<'_>) -> Move {
    use MoveKind::{Admission, BedChange, Death, Discharge, LeaveBegins, LeaveEnds};
    let what = one(
        draw,
        &[BedChange, LeaveBegins, LeaveEnds, Discharge, Death],
        Admission,
    );
    let bed = matches!(what, Admission | BedChange).then(|| space(draw));
    Move {
        resident: ResidentId(id(draw)),
        what,
        bed,
        comment: maybe(draw, words),
        after: maybe(draw, key),
    }
}

fn identity(today: Date, draw: &mut Draw<'_>) -> Identity {
    let number = u32::try_from(draw(u64::from(record_number::LARGEST))).unwrap_or(0);
    Identity {
        given: words(draw),
        family: words(draw),
        preferred: maybe(draw, words),
        born: maybe(draw, |draw| partly(days_before(today, draw, 40_000), draw)),
        sex: one(draw, &[Sex::Female, Sex::Male, Sex::Other], Sex::Unknown),
        record_number: record_number::make("MH", number).unwrap_or_default(),
    }
}

fn problem(today: Date, draw: &mut Draw<'_>) -> Problem {
    let coding = maybe(draw, |_| Coding {
        system: "http://hl7.org/fhir/sid/icd-10-cm".to_owned(),
        code: "I10".to_owned(),
        display: "Essential (primary) hypertension".to_owned(),
    });
    let ended = maybe(draw, |draw| days_before(today, draw, 400));
    let onset = maybe(draw, |draw| {
        partly(days_before(ended.unwrap_or(today), draw, 4_000), draw)
    });
    let ended = ended.map(|ended| partly(ended, draw));
    Problem {
        text: words(draw),
        coding,
        onset,
        ended,
    }
}

fn allergy(draw: &mut Draw<'_>) -> Allergy {
    if draw(4) == 0 {
        return Allergy::NoneKnown;
    }
    Allergy::To(AllergyTo {
        substance: words(draw),
        reaction: maybe(draw, words),
        severity: maybe(draw, |draw| {
            one(
                draw,
                &[Severity::Mild, Severity::Moderate],
                Severity::Severe,
            )
        }),
        source: maybe(draw, words),
    })
}

fn code_status(draw: &mut Draw<'_>) -> CodeStatus {
    use CodeStatusChoice::{ComfortOnly, DoNotResuscitate, FullTreatment, Limited};
    CodeStatus {
        choice: one(
            draw,
            &[FullTreatment, Limited, DoNotResuscitate],
            ComfortOnly,
        ),
        comment: Some(words(draw)),
        stated_by: maybe(draw, words),
    }
}

fn order(today: Date, draw: &mut Draw<'_>) -> Order {
    let starts = days_before(today, draw, 400);
    let ended = maybe(draw, |draw| days_after(starts, draw, 400));
    let times = times(draw);
    let as_needed = if times.is_empty() {
        Some(words(draw))
    } else {
        None
    };
    Order {
        order: OrderId(id(draw)),
        version: small(draw) + 1,
        medicine: words(draw),
        dose: format!("{} mg", draw(500) + 1),
        route: "by mouth".to_owned(),
        times,
        apart_minutes: as_needed.is_some().then_some(240),
        most_in_a_day: as_needed.is_some().then_some(4),
        as_needed,
        starts: partly(starts, draw),
        ended,
        prescriber: maybe(draw, words),
        hold: maybe(draw, words),
        ended_at: ended.and_then(|_| maybe(draw, time)),
        starts_at: None,
        high_alert: draw(4) == 0,
    }
}

fn dose(today: Date, draw: &mut Draw<'_>) -> Dose {
    use NotGiven::{Away, Held, NothingByMouth, Other, Refused, Unavailable, Vomited};
    let slot = Slot {
        order: OrderId(id(draw)),
        version: small(draw) + 1,
        date: days_before(today, draw, 3),
        time: maybe(draw, time),
    };
    let reasons = [Refused, Held, Away, NothingByMouth, Vomited, Unavailable];
    let not_given = maybe(draw, |draw| one(draw, &reasons, Other));
    let comment = if not_given == Some(Other) {
        Some(words(draw))
    } else {
        maybe(draw, words)
    };
    Dose {
        slot,
        not_given,
        comment,
    }
}

fn observations(draw: &mut Draw<'_>) -> Observations {
    use Consciousness::{Alert, Confusion, Pain, Unresponsive, Voice};
    let system = one(draw, &[MeasureSystem::Metric], MeasureSystem::UsCustomary);
    let mut readings = Vec::new();
    for measure in Measure::ALL {
        if draw(5) > 0 {
            readings.push((measure, reading(measure, system, draw)));
        }
    }
    let air = readings
        .iter()
        .all(|(measure, _)| *measure != Measure::OxygenFlow);
    Observations {
        readings,
        unread: Vec::new(),
        oxygen_unstated: None,
        consciousness_unstated: None,
        on_oxygen: if air {
            maybe(draw, |_| false)
        } else {
            Some(true)
        },
        consciousness: Some(one(draw, &[Confusion, Voice, Pain, Unresponsive], Alert)),
        scale: one(draw, &[SaturationScale::Two], SaturationScale::One),
        comment: maybe(draw, words),
    }
}

/// Within the soft limits, and diastolic below systolic.
fn reading(measure: Measure, system: MeasureSystem, draw: &mut Draw<'_>) -> Reading {
    let unit = measure.unit(system);
    let limits = Limits::of(measure, unit).filter(|_| draw(8) > 0);
    let Some(Limits {
        soft: (low, high),
        places,
        ..
    }) = limits
    else {
        let why = [Absent::Declined, Absent::NotMeasurable, Absent::NoEquipment];
        return Reading::Absent(one(draw, &why, Absent::Asleep));
    };
    let (low, high) = match measure {
        Measure::Systolic => (Decimal::whole(121), high),
        Measure::Diastolic => (low, Decimal::whole(119)),
        _ => (low, high),
    };
    let step = |bound: Decimal| bound.rounded(places).map_or(0, |bound| bound.mantissa);
    let span = u64::try_from(step(high) - step(low)).unwrap_or(0);
    let mantissa = step(low) + i64::try_from(draw(span + 1)).unwrap_or(0);
    Reading::Value(Quantity {
        value: Decimal {
            mantissa,
            scale: places,
        },
        unit,
    })
}

fn resolution(draw: &mut Draw<'_>) -> Resolution {
    let mut of = keys(draw);
    of.push(EntryKey::from_parts(UnixMillis(1 << 47), [0; 10]));
    let decision = of.first().cloned().filter(|_| draw(2) == 0);
    let decision = match decision {
        Some(right) => Decision::Only(right),
        None if draw(2) == 0 => Decision::Neither(key(draw)),
        None => Decision::Both,
    };
    Resolution {
        of,
        decision,
        reason: words(draw),
    }
}
