//! What does Rollcall do? One test per folder of `tests/cases`: the real binary, over real HTTP, against a fresh sandbox.
//!
//! `tests/cases/README.md` says what is in a folder; `BLESS=1 cargo test --test cases` rewrites what is expected.

#[path = "harness/account.rs"]
mod account;
#[path = "harness/adopted.rs"]
mod adopted;
#[path = "harness/binary.rs"]
mod binary;
#[path = "harness/by_scim.rs"]
mod by_scim;
#[path = "harness/case.rs"]
mod case;
#[path = "harness/expected.rs"]
mod expected;
#[path = "harness/imported.rs"]
mod imported;
#[path = "harness/laws.rs"]
mod laws;
#[path = "harness/lists.rs"]
mod lists;
#[path = "harness/session.rs"]
mod session;
#[path = "harness/shuffle.rs"]
mod shuffle;
#[path = "harness/way_back.rs"]
mod way_back;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::case::Case;

/// What every step of a test answers: itself, or the message of the failure.
type Checked<T> = Result<T, Failed>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match case::all() {
        Ok(cases) => cases.into_iter().map(Arc::new).flat_map(|case| trials(&case)).collect(),
        Err(problem) => vec![Trial::test("the folders of cases can be read", move || Err(problem))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The case itself, and the laws that hold for it whatever it is about.
fn trials(case: &Arc<Case>) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut trial = |kind: &str, test: fn(&Case) -> Checked<()>| {
        let case = Arc::clone(case);
        trials.push(Trial::test(case.name.clone(), move || test(&case)).with_kind(kind));
    };
    if case.has_lists() {
        trial("case", lists::holds);
        return trials;
    }
    trial("case", expected::holds);
    if case.expects_plan() {
        trial("files shuffled, set up otherwise", laws::shuffled_files_give_the_same_plan);
    }
    if case.expects_plan() && !case.has_a_download() {
        trial("import", imported::is_equal);
    }
    if case.expects_plan() && !case.has_a_download() {
        trial("adopt", adopted::leaves_nothing);
    }
    if case.expects_apply_to_finish() {
        trial("8 at once, set up otherwise", laws::eight_at_once_end_alike);
    }
    if case.expects_apply_to_finish() && case.removes_by_null() {
        trial("removals refused", laws::refused_removals_are_said_and_done_later);
    }
    if case.expects_apply_to_write() {
        trial("way back", way_back::leads_back);
    }
    trials
}
