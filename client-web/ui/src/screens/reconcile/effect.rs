//! What follows from a contradiction, in plain words.

use crate::format::isolated::isolated;
use crate::format::time;
use crate::words::w;
use domain::directory::Date;
use interface::Effect as Follows;

/// Sentences about it, those that hold until it is decided only while it `waits`.
pub(super) fn sentences(effect: &Follows, waiting: bool, today: Date) -> Vec<String> {
    let mut lines = Vec::new();
    match effect {
        Follows::DosesGiven {
            medicine,
            dose,
            count,
            total,
            disagree,
            high_alert,
            ..
        } => {
            let medicine = isolated(medicine);
            match total {
                // One gave it and another did not: there is nothing to add up.
                _ if *count < 2 => {}
                Some(total) => {
                    lines.push((w().deciding.effect_doses)(&medicine, total, *count));
                }
                None => lines.push((w().deciding.effect_doses_count)(
                    &medicine,
                    &isolated(dose),
                    *count,
                )),
            }
            if let Some(why) = disagree {
                let why = (w().not_given_reason)(*why);
                lines.push((w().deciding.effect_disagree)(&medicine, why, *count));
            }
            if *high_alert {
                lines.push((w().deciding.effect_high_alert)(&medicine));
            }
        }
        Follows::ActsAs { choice } if waiting => {
            lines.push((w().deciding.until_decided)((w()
                .registers
                .code_choice_name)(
                *choice
            )));
        }
        Follows::AllergyCounts { substances } if waiting => {
            lines.push((w().deciding.effect_allergy)(
                &substances
                    .iter()
                    .map(|text| isolated(text))
                    .collect::<Vec<_>>()
                    .join(", "),
            ));
        }
        Follows::SeverityCounts {
            substance,
            severity,
        } if waiting => lines.push((w().deciding.effect_severity)(
            &isolated(substance),
            (w().registers.severity)(*severity),
        )),
        Follows::GivenAfterLeaving {
            medicine,
            status,
            since,
            ..
        } => {
            let since = time::when_full(*since, today);
            lines.push((w().deciding.effect_after_leaving)(
                &isolated(medicine),
                *status,
                &since,
            ));
            if waiting {
                lines.push((w().deciding.effect_left_waiting)(*status).to_owned());
            }
        }
        Follows::GivenAfterEnd {
            medicine,
            ended,
            date,
            ..
        } => {
            let (ended, day) = (
                time::day_at(ended.date, ended.at),
                time::near_day(*date, today),
            );
            lines.push((w().deciding.effect_after_end)(
                &isolated(medicine),
                &ended,
                &day,
            ));
            if waiting {
                lines.push(w().deciding.effect_end_waiting.to_owned());
            }
        }
        Follows::VersionsDiffer { medicine, ends, .. } if waiting => {
            let ends = ends.map(|end| time::day_at(end.date, end.at));
            lines.push((w().deciding.effect_versions)(
                &isolated(medicine),
                ends.as_deref(),
            ));
        }
        Follows::OrderedTwice { medicine, .. } if waiting => {
            lines.push((w().deciding.effect_ordered_twice)(&isolated(medicine)));
        }
        Follows::GivenOutOfTime {
            medicine,
            given,
            date,
            time: slot,
            ..
        } => {
            let slot = (w().deciding.slot_on)(&slot.to_string(), &time::near_day(*date, today));
            let given = time::when_full(*given, today);
            lines.push((w().deciding.effect_out_of_time)(
                &isolated(medicine),
                &given,
                &slot,
            ));
        }
        Follows::ScaleCounts { scale } if waiting => {
            lines.push((w().deciding.effect_scale)(*scale));
        }
        Follows::NumberShared { number } if waiting => {
            lines.push((w().deciding.effect_number)(&isolated(number)));
        }
        Follows::NewestShown if waiting => lines.push(w().deciding.effect_newest.to_owned()),
        Follows::DeathApart if waiting => lines.push(w().deciding.effect_death.to_owned()),
        Follows::BedShared if waiting => lines.push(w().deciding.effect_bed_shared.to_owned()),
        Follows::StillOpen if waiting => lines.push(w().deciding.effect_still_open.to_owned()),
        Follows::VersionsDiffer { .. }
        | Follows::OrderedTwice { .. }
        | Follows::ScaleCounts { .. }
        | Follows::ActsAs { .. }
        | Follows::AllergyCounts { .. }
        | Follows::SeverityCounts { .. }
        | Follows::NumberShared { .. }
        | Follows::NewestShown
        | Follows::DeathApart
        | Follows::BedShared
        | Follows::StillOpen => {}
    }
    lines
}
