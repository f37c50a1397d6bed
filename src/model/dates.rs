//! Which day is it? A day is a day somewhere: on earth, a moment has two dates, and for two hours a day three.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// The dates that a moment has on earth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// Where it is earliest, at UTC-12.
    pub earliest: Date,
    /// Where it is latest, at UTC+14.
    pub latest: Date,
}

impl Dates {
    /// Where the day begins last.
    const LAST: Offset = Offset::constant(-12);
    /// Where the day begins first.
    const FIRST: Offset = Offset::constant(14);

    /// The dates of a moment.
    pub fn of(moment: Timestamp) -> Self {
        let date = |offset| moment.to_zoned(TimeZone::fixed(offset)).date();
        Self { earliest: date(Self::LAST), latest: date(Self::FIRST) }
    }
}

/// A day that is the same everywhere.
impl From<Date> for Dates {
    fn from(day: Date) -> Self {
        Self { earliest: day, latest: day }
    }
}

/// The day of a moment in UTC: the one day that plans and reports name for it.
pub fn utc_day(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Dates;

    #[test]
    fn a_moment_has_the_dates_of_both_ends_of_the_earth() {
        let dates = |moment: &str| Dates::of(moment.parse().unwrap());
        let at_noon = dates("2026-05-04T11:59:00Z");
        assert_eq!((at_noon.earliest, at_noon.latest), (date(2026, 5, 3), date(2026, 5, 5)));
        let early = dates("2026-05-04T09:59:00Z");
        assert_eq!((early.earliest, early.latest), (date(2026, 5, 3), date(2026, 5, 4)));
        let late = dates("2026-05-04T12:00:00Z");
        assert_eq!((late.earliest, late.latest), (date(2026, 5, 4), date(2026, 5, 5)));
    }
}
