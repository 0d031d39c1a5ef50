//! Arithmetic on doses in words, for "if both happened, 6 mg were given". Only a plain number with
//! a plain unit is added; anything else (`1-2 tablets`, `5 mg/ml`) is not guessed at.

use crate::quantity::Decimal;

/// Units that are counted: one, and several.
const COUNTED: &[(&str, &str)] = &[
    ("capsule", "capsules"),
    ("drop", "drops"),
    ("patch", "patches"),
    ("puff", "puffs"),
    ("sachet", "sachets"),
    ("spray", "sprays"),
    ("suppository", "suppositories"),
    ("tablet", "tablets"),
    ("unit", "units"),
];

/// `3 mg` and `2.5 mg` are `5.5 mg`. `None` when one of them is not a plain number and unit, when
/// units differ, or when there is none.
pub fn sum<'d>(doses: impl IntoIterator<Item = &'d str>) -> Option<String> {
    let mut doses = doses.into_iter().map(parts);
    let first = doses.next()??;
    let (amount, unit) = doses.try_fold(first, |(total, unit), dose| {
        let (amount, of) = dose?;
        (unit == of).then_some(())?;
        Some((plus(total, amount)?, unit))
    })?;
    Some(words(amount, unit))
}

fn plus(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale.max(b.scale);
    let mantissa = a
        .rounded(scale)?
        .mantissa
        .checked_add(b.rounded(scale)?.mantissa)?;
    Decimal::new(mantissa, scale)
}

/// Amount and unit, counted units in the singular.
fn parts(dose: &str) -> Option<(Decimal, &str)> {
    let dose = dose.trim();
    let end = dose.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','))?;
    let (number, unit) = dose.split_at_checked(end)?;
    let unit = unit.trim_start();
    let plain = !unit.is_empty() && unit.chars().all(|c| c.is_alphabetic() || c == 'µ');
    let amount: Decimal = number.parse().ok().filter(|_| plain)?;
    let counted = COUNTED.iter().find(|(_, several)| *several == unit);
    Some((amount, counted.map_or(unit, |(one, _)| one)))
}

fn words(amount: Decimal, unit: &str) -> String {
    let amount = amount.trimmed();
    let is_one = amount.compare(Decimal::whole(1)).is_eq();
    let counted = COUNTED.iter().find(|(one, _)| *one == unit && !is_one);
    let unit = counted.map_or(unit, |(_, several)| several);
    format!("{amount} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_dose_is_added_to_itself() {
        for (dose, times, expect) in [
            ("3 mg", 2, "6 mg"),
            ("2.5 mg", 2, "5 mg"),
            ("2,5 mg", 2, "5 mg"),
            ("2.5mg", 3, "7.5 mg"),
            ("1 tablet", 2, "2 tablets"),
            ("2 tablets", 1, "2 tablets"),
            ("0.5 tablets", 2, "1 tablet"),
            ("100 µg", 2, "200 µg"),
            ("10 units", 2, "20 units"),
        ] {
            let several = std::iter::repeat_n(dose, times);
            assert_eq!(sum(several).as_deref(), Some(expect), "{dose}");
        }
    }

    #[test]
    fn what_is_not_plain_is_not_guessed_at() {
        for dose in [
            "",
            "mg",
            "3",
            "1-2 tablets",
            "5 mg/ml",
            "1,000 mg",
            "as directed",
            "3 mg daily",
            "½ tablet",
            "1.2.3 mg",
            "3 mg 4 mg",
            ".5 mg",
            "-3 mg",
        ] {
            assert_eq!(sum([dose, dose]), None, "{dose}");
        }
        let much = format!("{} mg", i64::MAX);
        assert_eq!(sum([much.as_str(), much.as_str()]), None);
    }

    #[test]
    fn doses_of_one_unit_are_added() {
        assert_eq!(sum(["3 mg", "2.5 mg"]).as_deref(), Some("5.5 mg"));
        assert_eq!(sum(["1 tablet", "2 tablets"]).as_deref(), Some("3 tablets"));
        assert_eq!(sum(["3 mg", "3 ml"]), None);
        assert_eq!(sum(["3 mg", "as directed"]), None);
        assert_eq!(sum([]), None);
    }
}
