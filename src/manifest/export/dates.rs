//! Which day does a cell say? In one of the forms that its column is written in; a time of day may follow, and does not count.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::fmt::strtime;

/// How times follow dates in spreadsheets and exports, for a hint.
const TIMES: [&str; 8] = [
    " %H:%M:%S%.f",
    " %H:%M",
    " %I:%M:%S %p",
    " %I:%M %p",
    "T%H:%M:%S%.f",
    "T%H:%M:%S%.fZ",
    "T%H:%M:%S%.f%:z",
    "T%H:%M",
];

/// Why a cell is no day.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoDay {
    /// It is written in none of the forms.
    Other,
    /// It is one with a time behind it, in this form.
    WithTime(String),
    /// Two of the forms read two days.
    Two(Date, Date),
}

/// The day that a cell says.
pub(super) fn day_of(forms: &[Box<str>], text: &str) -> Result<Date, NoDay> {
    let days: BTreeSet<Date> = forms.iter().filter_map(|form| date_of(form, text)).collect();
    let mut days = days.into_iter();
    match (days.next(), days.next()) {
        (Some(day), None) => Ok(day),
        (Some(one), Some(other)) => Err(NoDay::Two(one, other)),
        (None, _) => {
            let mut timed = forms.iter().flat_map(|form| TIMES.map(|time| format!("{form}{time}")));
            Err(timed.find(|form| date_of(form, text).is_some()).map_or(NoDay::Other, NoDay::WithTime))
        }
    }
}

/// A date in a form.
fn date_of(form: &str, text: &str) -> Option<Date> {
    strtime::parse(form, text).ok()?.to_date().ok()
}

/// Whether a form says year, month and day.
pub(in crate::manifest) fn is_form_of_dates(form: &str) -> bool {
    let sample = jiff::civil::date(2026, 11, 29).at(13, 14, 15, 0).in_tz("UTC");
    let Ok(sample) = sample else { return false };
    strtime::format(form, &sample).is_ok_and(|text| date_of(form, &text) == Some(sample.date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(forms: &[&str], text: &str) -> Result<String, NoDay> {
        let forms: Vec<Box<str>> = forms.iter().map(|form| (*form).into()).collect();
        day_of(&forms, text).map(|day| day.to_string())
    }

    #[test]
    fn a_form_of_dates_has_year_month_and_day() {
        for (form, is_one) in [
            ("%d/%m/%Y", true),
            ("%Y-%m-%d", true),
            ("%b %d, %Y", true),
            ("%Y-%m-%d %H:%M:%S", true),
            ("%Y-%m-%dT%H:%M:%SZ", true),
            ("%Y-%m-%dT%H:%M:%S%:z", true),
            ("%m/%d/%Y %I:%M %p", true),
            ("%d/%m", false),
            ("%H:%M", false),
            ("dd/mm/yyyy", false),
            ("%Q", false),
        ] {
            assert_eq!(is_form_of_dates(form), is_one, "{form}");
        }
    }

    #[test]
    fn a_time_behind_a_date_does_not_count() {
        for (form, text) in [
            ("%d/%m/%Y", "03/05/2023"),
            ("%d/%m/%Y", "3/5/2023"),
            ("%Y-%m-%d %H:%M:%S", "2023-05-03 00:00:00"),
            ("%Y-%m-%d %H:%M:%S%.f", "2023-05-03 00:00:00.000"),
            ("%Y-%m-%d %H:%M:%S%.f", "2023-05-03 23:59:59"),
            ("%Y-%m-%dT%H:%M:%SZ", "2023-05-03T00:00:00Z"),
            ("%Y-%m-%dT%H:%M:%S%:z", "2023-05-03T00:00:00+02:00"),
            ("%m/%d/%Y %H:%M", "05/03/2023 0:00"),
            ("%m/%d/%Y %I:%M %p", "5/3/2023 12:00 AM"),
        ] {
            assert_eq!(read(&[form], text).as_deref(), Ok("2023-05-03"), "{form} {text}");
        }
    }

    #[test]
    fn the_first_of_several_forms_is_no_better_than_the_others() {
        let forms = ["%Y-%m-%d", "%d/%m/%Y"];
        assert_eq!(read(&forms, "2023-05-03").as_deref(), Ok("2023-05-03"));
        assert_eq!(read(&forms, "03/05/2023").as_deref(), Ok("2023-05-03"));
        assert_eq!(read(&["%m/%d/%Y", "%d/%m/%Y"], "25/05/2023").as_deref(), Ok("2023-05-25"));
        assert_eq!(read(&["%m/%d/%Y", "%d/%m/%Y"], "05/05/2023").as_deref(), Ok("2023-05-05"));
        let two = NoDay::Two(jiff::civil::date(2023, 3, 5), jiff::civil::date(2023, 5, 3));
        assert_eq!(read(&["%m/%d/%Y", "%d/%m/%Y"], "03/05/2023"), Err(two));
    }

    #[test]
    fn a_time_that_no_form_has_is_named() {
        for (form, text, with) in [
            ("%m/%d/%Y", "05/03/2023 0:00", "%m/%d/%Y %H:%M"),
            ("%Y-%m-%d", "2023-05-03T00:00:00Z", "%Y-%m-%dT%H:%M:%S%.fZ"),
            ("%Y-%m-%d", "2023-05-03 10:00:00", "%Y-%m-%d %H:%M:%S%.f"),
        ] {
            assert_eq!(read(&[form], text), Err(NoDay::WithTime(with.to_owned())), "{text}");
        }
        assert_eq!(read(&["%d/%m/%Y"], "2026-05-02"), Err(NoDay::Other));
    }
}
