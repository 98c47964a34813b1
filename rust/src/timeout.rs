//! The time that a caller allows, as it travels: at most eight digits and a unit.

use std::time::Duration;

use http::HeaderMap;

/// Name of the header.
pub const NAME: &str = "grpc-timeout";

const MOST: u128 = 99_999_999;

/// Nanoseconds of each unit, the finest first.
const UNITS: [(char, u128); 6] = [
    ('n', 1),
    ('u', 1_000),
    ('m', 1_000_000),
    ('S', 1_000_000_000),
    ('M', 60_000_000_000),
    ('H', 3_600_000_000_000),
];

/// Returns the time in a request's headers; `None` where there is none, or none that can be read.
pub fn parse(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(NAME)?.to_str().ok()?;
    let (unit, nanoseconds) = UNITS.into_iter().find(|(unit, _)| value.ends_with(*unit))?;
    let digits = value.strip_suffix(unit)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|digit| digit.is_ascii_digit())
    {
        return None;
    }
    let amount: u128 = digits.parse().ok()?;
    Some(Duration::from_nanos_u128(amount * nanoseconds))
}

/// Returns a header's value for a time, rounded up: a deadline is not to pass too early.
pub fn format(timeout: Duration) -> String {
    let nanoseconds = timeout.as_nanos();
    let fitting = UNITS
        .iter()
        .find(|(_, unit)| nanoseconds.div_ceil(*unit) <= MOST);
    fitting.map_or_else(
        || format!("{MOST}H"),
        |(unit, each)| format!("{}{unit}", nanoseconds.div_ceil(*each)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(value: &'static str) -> Option<Duration> {
        parse(&HeaderMap::from_iter([(
            NAME.parse().unwrap(),
            value.parse().unwrap(),
        )]))
    }

    #[test]
    fn a_time_is_read_in_any_unit() {
        for (value, nanoseconds) in [
            ("0n", 0),
            ("82n", 82),
            ("2u", 2_000),
            ("13m", 13_000_000),
            ("42S", 42_000_000_000),
            ("1M", 60_000_000_000),
            ("99999999H", 359_999_996_400_000_000_000),
        ] {
            assert_eq!(
                parsed(value),
                Some(Duration::from_nanos_u128(nanoseconds)),
                "{value}"
            );
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for value in [
            "",
            "1",
            "S",
            "1s",
            "-1S",
            "+1S",
            "1.5S",
            "123456789S",
            "1 S",
        ] {
            assert_eq!(parsed(value), None, "{value:?}");
        }
    }

    #[test]
    fn a_time_is_written_in_eight_digits_and_never_shortened() {
        for (nanoseconds, value) in [
            (1, "1n"),
            (99_999_999, "99999999n"),
            (100_000_000, "100000u"),
            (100_000_001, "100001u"),
            (99_999_999_001, "100000m"),
            (108_000_000_000_000, "108000S"),
        ] {
            assert_eq!(format(Duration::from_nanos(nanoseconds)), value);
        }
        assert_eq!(format(Duration::MAX), "99999999H");
    }
}
