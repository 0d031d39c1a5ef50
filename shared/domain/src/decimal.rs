//! Exact decimals: their text (with a point or a comma), their bytes, comparing and rounding.

use crate::quantity::Decimal;
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// A text that is no number this system keeps. The fault is its author's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    /// Anything but digits with at most one point or comma between them and a sign before them.
    #[error("not a number: digits with one point or comma, like 38.3")]
    Form,
    /// More digits than are kept.
    #[error(
        "too many digits: at most {} in all, {} after the point",
        Decimal::DIGITS,
        Decimal::MAX_SCALE
    )]
    TooLong,
}

impl Decimal {
    /// Most digits after the point.
    pub const MAX_SCALE: u8 = 9;
    /// Most digits in all that a text may have.
    pub const DIGITS: usize = 15;

    /// `mantissa × 10^-scale`; `None` when `scale` is over [`Self::MAX_SCALE`].
    pub const fn new(mantissa: i64, scale: u8) -> Option<Self> {
        if scale > Self::MAX_SCALE {
            None
        } else {
            Some(Self { mantissa, scale })
        }
    }

    /// A whole number.
    pub const fn whole(number: i64) -> Self {
        Self {
            mantissa: number,
            scale: 0,
        }
    }

    /// Compares the amounts: `38.3` and `38.30` are the same amount (and still not `==`).
    pub fn compare(self, other: Self) -> Ordering {
        self.parts_at(Self::MAX_SCALE)
            .cmp(&other.parts_at(Self::MAX_SCALE))
    }

    /// Whether the amount lies within the bounds, both included.
    pub fn is_within(self, low: Self, high: Self) -> bool {
        self.compare(low).is_ge() && self.compare(high).is_le()
    }

    /// The amount with `scale` digits after the point, halves rounded away from zero; `None` when
    /// it does not fit or `scale` is over [`Self::MAX_SCALE`].
    pub fn rounded(self, scale: u8) -> Option<Self> {
        Self::from_ratio(i128::from(self.mantissa), power(self.scale), scale)
    }

    /// The shortest form of the amount: `5.0` becomes `5`.
    pub fn trimmed(self) -> Self {
        let mut short = self;
        while short.scale > 0 && short.mantissa % 10 == 0 {
            short = Self {
                mantissa: short.mantissa / 10,
                scale: short.scale - 1,
            };
        }
        short
    }

    /// `numerator / denominator` with `scale` digits, halves away from zero.
    pub(crate) fn from_ratio(numerator: i128, denominator: i128, scale: u8) -> Option<Self> {
        if scale > Self::MAX_SCALE || denominator <= 0 {
            return None;
        }
        let scaled = numerator.checked_mul(power(scale))?;
        let doubled = scaled
            .checked_mul(2)?
            .checked_add(denominator * scaled.signum())?;
        let mantissa = i64::try_from(doubled / denominator.checked_mul(2)?).ok()?;
        Self::new(mantissa, scale)
    }

    /// The mantissa at a finer or equal scale, exact. Scales over the limit count as the limit.
    fn parts_at(self, scale: u8) -> i128 {
        i128::from(self.mantissa) * power(scale.saturating_sub(self.scale))
    }
}

/// 10^n.
fn power(n: u8) -> i128 {
    10i128.saturating_pow(u32::from(n))
}

impl FromStr for Decimal {
    type Err = NotANumber;

    /// Reads `38.3` and `38,3` alike, keeps trailing zeros, allows blanks around and a sign before.
    /// A comma before exactly three digits is refused: `1,000` is a thousand to one author and one
    /// to another.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let text = text.trim();
        let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let has_point = text.len() != whole.len();
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
        let ambiguous = text.contains(',') && fraction.len() == 3;
        if !plain(whole) || !plain(fraction) || ambiguous {
            return Err(NotANumber::Form);
        }
        let fraction = if has_point { fraction } else { "" };
        let scale = u8::try_from(fraction.len()).map_err(|_| NotANumber::TooLong)?;
        if whole.len() + fraction.len() > Self::DIGITS {
            return Err(NotANumber::TooLong);
        }
        let digits = whole.bytes().chain(fraction.bytes());
        let amount = digits.fold(0i64, |n, c| n * 10 + i64::from(c - b'0'));
        Self::new(if negative { -amount } else { amount }, scale).ok_or(NotANumber::TooLong)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let scale = usize::from(self.scale);
        let digits = format!(
            "{:0width$}",
            self.mantissa.unsigned_abs(),
            width = scale + 1
        );
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if scale == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{fraction}")
        }
    }
}

impl TryFrom<String> for Decimal {
    type Error = NotANumber;
    fn try_from(text: String) -> Result<Self, NotANumber> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(value: Decimal) -> String {
        value.to_string()
    }
}

impl<C> Encode<C> for Decimal {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?.i64(self.mantissa)?.u8(self.scale)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Decimal {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = d.position();
        if d.array()? != Some(2) {
            return Err(decode::Error::message("a decimal has two parts").at(at));
        }
        Decimal::new(d.i64()?, d.u8()?)
            .ok_or_else(|| decode::Error::message("a decimal has at most nine places").at(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;
    use std::cell::Cell;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_comma_reads_like_a_point() {
        assert_eq!(number("38,3"), number("38.3"));
        assert_eq!(
            number(" 38.3 "),
            Decimal {
                mantissa: 383,
                scale: 1
            }
        );
        assert_eq!(number("-0,5").to_string(), "-0.5");
        assert_eq!(number("\u{2212}4"), Decimal::whole(-4));
    }

    #[test]
    fn trailing_zeros_are_kept_and_compare_alike() {
        assert_ne!(number("38.30"), number("38.3"));
        assert!(number("38.30").compare(number("38.3")).is_eq());
        assert_eq!(number("38.30").to_string(), "38.30");
        assert_eq!(number("38.30").trimmed(), number("38.3"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "", ".", "3.", ".5", "1.2.3", "1,234.5", "1,000", "3 8", "1e3", "0x1", "--1", "٣",
        ] {
            assert_eq!(text.parse::<Decimal>(), Err(NotANumber::Form), "{text}");
        }
        assert!("999999999999999".parse::<Decimal>().is_ok());
        assert_eq!(
            "9999999999999999".parse::<Decimal>(),
            Err(NotANumber::TooLong)
        );
        assert!("0.123456789".parse::<Decimal>().is_ok());
        assert_eq!("0.1234567891".parse::<Decimal>(), Err(NotANumber::TooLong));
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!(number("2.25").rounded(1), Some(number("2.3")));
        assert_eq!(number("-2.25").rounded(1), Some(number("-2.3")));
        assert_eq!(number("2.24").rounded(1), Some(number("2.2")));
        assert_eq!(number("2").rounded(1), Some(number("2.0")));
    }

    proptest! {
        #[test]
        fn a_decimal_survives_its_text(mantissa in -999_999_999_999_999i64..=999_999_999_999_999, scale in 0u8..=9) {
            let value = Decimal { mantissa, scale };
            prop_assert_eq!(value.to_string().parse::<Decimal>(), Ok(value));
        }
    }

    #[test]
    fn no_text_makes_the_reader_fail_and_what_is_read_is_read_again() {
        let config = ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let texts = prop_oneof![".{0,40}", "-?[0-9]{1,9}[.,][0-9]{1,6}"];
        let read = Cell::new(0_u32);
        TestRunner::new(config)
            .run(&texts, |text| {
                if let Ok(value) = text.parse::<Decimal>() {
                    read.set(read.get() + 1);
                    prop_assert_eq!(value.to_string().parse::<Decimal>(), Ok(value));
                }
                Ok(())
            })
            .unwrap();
        assert!(read.get() > 20, "read {}", read.get());
    }
}
