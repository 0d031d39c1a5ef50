//! Numbers as people enter them: exact decimals with their unit, never floats. What is stored is
//! what was entered; conversion is for showing and for rules.

use crate::decimal::NotANumber;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// An exact decimal: `mantissa × 10^-scale`. `38.3` is (383, 1) and stays distinct from `38.30`.
/// CBOR: `[mantissa, scale]`; JSON: `"38.3"`. Arithmetic and text: `decimal.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Decimal {
    /// The digits with their sign.
    pub mantissa: i64,
    /// Digits after the point, 0 to 9.
    pub scale: u8,
}

/// Units of measure as entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Unit {
    /// Breaths or beats per minute.
    #[n(0)]
    PerMinute,
    /// Per cent.
    #[n(1)]
    Percent,
    /// Millimetres of mercury.
    #[n(2)]
    MillimetreOfMercury,
    /// Degrees Celsius.
    #[n(3)]
    Celsius,
    /// Degrees Fahrenheit.
    #[n(4)]
    Fahrenheit,
    /// Kilograms.
    #[n(5)]
    Kilogram,
    /// Pounds.
    #[n(6)]
    Pound,
    /// Litres per minute.
    #[n(7)]
    LitrePerMinute,
    /// Milligrams per decilitre.
    #[n(8)]
    MilligramPerDecilitre,
    /// Millimoles per litre.
    #[n(9)]
    MillimolePerLitre,
    /// A score without unit.
    #[n(10)]
    Score,
    /// Centimetres.
    #[n(11)]
    Centimetre,
    /// Inches.
    #[n(12)]
    Inch,
    /// Millilitres.
    #[n(13)]
    Millilitre,
    /// Kilograms per square metre.
    #[n(14)]
    KilogramPerSquareMetre,
}

/// A value with the unit it was entered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct Quantity {
    /// The value.
    #[n(0)]
    pub value: Decimal,
    /// Its unit.
    #[n(1)]
    pub unit: Unit,
}

impl Unit {
    /// The symbol of the unit; empty for a score.
    pub const fn symbol(self) -> &'static str {
        match self {
            Unit::PerMinute => "/min",
            Unit::Percent => "%",
            Unit::MillimetreOfMercury => "mmHg",
            Unit::Celsius => "°C",
            Unit::Fahrenheit => "°F",
            Unit::Kilogram => "kg",
            Unit::Pound => "lb",
            Unit::LitrePerMinute => "L/min",
            Unit::MilligramPerDecilitre => "mg/dL",
            Unit::MillimolePerLitre => "mmol/L",
            Unit::Score => "",
            Unit::Centimetre => "cm",
            Unit::Inch => "in",
            Unit::Millilitre => "mL",
            Unit::KilogramPerSquareMetre => "kg/m²",
        }
    }
}

impl Quantity {
    /// Reads what someone typed (`38.3` or `38,3`) as a value in this unit. Whether the value is
    /// plausible for what was measured is for `plausibility.rs`.
    ///
    /// # Errors
    /// When it is no number that is kept.
    pub fn parse(text: &str, unit: Unit) -> Result<Quantity, NotANumber> {
        text.parse().map(|value| Quantity { value, unit })
    }

    /// The same amount in another unit, rounded (halves away from zero) to one place more than
    /// the unit is read with on its device: °C and °F to 0.1, kg and lb to 0.1, cm and in to 0.1,
    /// mmol/L to 0.1, mg/dL to 1. Unchanged in its own unit. `None` between units of different things.
    ///
    /// °F = °C × 9/5 + 32 and 1 lb = 0.45359237 kg and 1 in = 2.54 cm are exact (NIST SP 811, appendix B). mg/dL is
    /// glucose's: 180.156 g/mol, so 1 mmol/L = 18.0156 mg/dL.
    pub fn to(self, unit: Unit) -> Option<Quantity> {
        if self.unit == unit {
            return Some(self);
        }
        let mantissa = i128::from(self.value.mantissa);
        let one = 10i128.checked_pow(u32::from(self.value.scale))?;
        let (numerator, denominator, places) = match (self.unit, unit) {
            (Unit::Celsius, Unit::Fahrenheit) => (mantissa * 9 + one * 160, one * 5, 1),
            (Unit::Fahrenheit, Unit::Celsius) => ((mantissa - one * 32) * 5, one * 9, 1),
            (Unit::Pound, Unit::Kilogram) => (mantissa * 45_359_237, one * 100_000_000, 1),
            (Unit::Kilogram, Unit::Pound) => (mantissa * 100_000_000, one * 45_359_237, 1),
            (Unit::Inch, Unit::Centimetre) => (mantissa * 254, one * 100, 1),
            (Unit::Centimetre, Unit::Inch) => (mantissa * 100, one * 254, 1),
            (Unit::MillimolePerLitre, Unit::MilligramPerDecilitre) => {
                (mantissa * 180_156, one * 10_000, 0)
            }
            (Unit::MilligramPerDecilitre, Unit::MillimolePerLitre) => {
                (mantissa * 10_000, one * 180_156, 1)
            }
            _ => return None,
        };
        let value = Decimal::from_ratio(numerator, denominator, places)?;
        Some(Quantity { value, unit })
    }
}

impl core::fmt::Display for Quantity {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.unit.symbol() {
            "" => self.value.fmt(f),
            symbol => write!(f, "{} {symbol}", self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_converted_exactly_and_rounded_once() {
        use Unit::{
            Celsius, Centimetre, Fahrenheit, Inch, Kilogram, MilligramPerDecilitre,
            MillimolePerLitre, Pound,
        };
        for (text, from, to, expect) in [
            ("98.6", Fahrenheit, Celsius, "37.0 °C"),
            ("100.4", Fahrenheit, Celsius, "38.0 °C"),
            ("100.5", Fahrenheit, Celsius, "38.1 °C"),
            ("-40", Fahrenheit, Celsius, "-40.0 °C"),
            ("0", Fahrenheit, Celsius, "-17.8 °C"),
            ("38.3", Celsius, Fahrenheit, "100.9 °F"),
            ("38,3", Celsius, Celsius, "38.3 °C"),
            ("154", Pound, Kilogram, "69.9 kg"),
            ("70", Kilogram, Pound, "154.3 lb"),
            ("67", Inch, Centimetre, "170.2 cm"),
            ("170", Centimetre, Inch, "66.9 in"),
            (
                "100",
                MilligramPerDecilitre,
                MillimolePerLitre,
                "5.6 mmol/L",
            ),
            ("5.6", MillimolePerLitre, MilligramPerDecilitre, "101 mg/dL"),
        ] {
            let entered = Quantity::parse(text, from).unwrap();
            assert_eq!(entered.to(to).unwrap().to_string(), expect, "{text}");
        }
        assert_eq!(Quantity::parse("70", Kilogram).unwrap().to(Celsius), None);
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        for mantissa in [i64::MAX, i64::MIN] {
            for (from, to) in [
                (Unit::Kilogram, Unit::Pound),
                (Unit::Fahrenheit, Unit::Celsius),
            ] {
                let value = Decimal { mantissa, scale: 9 };
                let _ = Quantity { value, unit: from }.to(to);
            }
        }
    }
}
