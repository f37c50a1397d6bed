//! Does an account end as its manifests mean? Random companies, applied with the real program and compared with a plain model of
//! what they should be; `docs/reliability.md` says more.

mod company;
mod model;
mod state;
mod trial;
mod written;

use self::trial::{Came, Trial};
use crate::seeds::Seeds;

#[test]
fn every_company_ends_as_its_manifests_mean_or_asks() {
    let seeds = Seeds {
        one: "COMPANY_SEED",
        count: "COMPANIES_SEEDS",
        from: "COMPANIES_FROM",
        ordinary: 16,
        test: "companies",
    };
    let came = seeds.run(|seed| Trial::of(seed).run());
    let count: u64 = came.values().sum();
    if count >= 100 {
        let times = |how| came.get(&how).copied().unwrap_or_default();
        assert!(
            [Came::Ends, Came::Approved, Came::Asks, Came::IsAnError].map(times).iter().all(|it| *it > 0)
        );
        assert!(times(Came::Asks) + times(Came::IsAnError) < count / 2, "{came:?}");
    }
}
