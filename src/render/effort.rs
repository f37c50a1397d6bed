//! How is it said how much a plan takes to apply?

use crate::apply::Forecast;
use crate::model::Family;
use crate::render::count::counted;

/// What is sent, by API, and how long it takes if that is a minute or more.
pub(crate) fn sentence(forecast: &Forecast) -> String {
    let by_family: Vec<(&str, usize)> =
        forecast.writes.iter().map(|(family, writes)| (api(*family), *writes)).collect();
    let requests = match &by_family[..] {
        [] => "About 0 requests".to_owned(),
        [(family, 1)] => format!("About 1 {family} request"),
        [(family, writes)] => format!("About {writes} {family} requests"),
        several => {
            let each: Vec<String> =
                several.iter().map(|(family, writes)| format!("{writes} {family}")).collect();
            format!("About {}: {}", counted(forecast.total(), "request", "requests"), each.join(", "))
        }
    };
    match forecast.time().as_secs() {
        0..60 => format!("{requests}."),
        seconds => {
            let minutes =
                counted(usize::try_from(seconds.div_ceil(60)).unwrap_or(usize::MAX), "minute", "minutes");
            let rate = match forecast.per_minute {
                slow @ 0..60 => format!("{slow} a minute"),
                fast => format!("{} a second", fast / 60),
            };
            let reads = counted(forecast.looks, "read", "reads");
            format!("{requests}; with {reads}, {minutes} at {rate}.")
        }
    }
}

/// The short name of an API.
pub(crate) const fn api(family: Family) -> &'static str {
    match family {
        Family::Identity => "Identity",
        Family::Scim => "SCIM",
        Family::Admin => "Admin",
        Family::Hrdc => "HRDC",
        Family::Learning | Family::Lists => "platform",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(writes: &[(Family, usize)], looks: usize, per_minute: u64, said: &str) {
        let writes = writes.iter().copied().collect();
        assert_eq!(sentence(&Forecast { writes, looks, per_minute }), said);
    }

    #[test]
    fn requests_are_said_by_api_and_time_from_a_minute_on() {
        let (identity, admin) = (Family::Identity, Family::Admin);
        check(&[], 0, 300, "About 0 requests.");
        check(&[(identity, 1)], 1, 300, "About 1 Identity request.");
        check(&[(Family::Scim, 3)], 6, 300, "About 3 SCIM requests.");
        check(&[(identity, 3), (admin, 2)], 9, 300, "About 5 requests: 3 Identity, 2 Admin.");
        check(&[(identity, 295)], 0, 300, "About 295 Identity requests.");
        check(
            &[(identity, 1000), (admin, 100)],
            150,
            300,
            "About 1100 requests: 1000 Identity, 100 Admin; with 150 reads, 5 minutes at 5 a second.",
        );
        check(&[(admin, 20)], 0, 20, "About 20 Admin requests; with 0 reads, 1 minute at 20 a minute.");
    }
}
