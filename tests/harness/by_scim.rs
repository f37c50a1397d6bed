//! Does a case come out the same where the Identity API is closed and SCIM carries the users?
//!
//! Exits and the account afterwards have to be those of the first run, but for revisions, which SCIM does not have. Plan and
//! requests stand beside. A case that SCIM does not carry says why in a file `scim`, and has to come out otherwise.

use std::fs;

use crate::Checked;
use crate::account::Account;
use crate::case::{Case, Command};
use crate::expected::{Outcome, request};
use crate::laws;
use crate::session::{Scratch, Session, Users, Writes};

/// Runs a case by SCIM and compares it with its first run.
pub(crate) fn holds(case: &Case, outcome: &mut Outcome) -> Checked<()> {
    let same = run(case, outcome);
    match (&case.not_by_scim, same) {
        (None, Ok(shown)) => {
            outcome.extend(shown);
            Ok(())
        }
        (None, Err(difference)) => Err(difference),
        (Some(_), Err(_)) => Ok(()),
        (Some(reason), Ok(_)) => {
            Err(format!("SCIM carries this case: take the file `scim` out, which says {reason:?}").into())
        }
    }
}

/// Plan and requests, if exits and account are those of the first run.
fn run(case: &Case, first: &Outcome) -> Checked<Vec<(&'static str, String)>> {
    let scratch = Scratch::with(case, Users::ByScim)?;
    let session = Session::start(case, &scratch, Writes::Fail)?;
    let planned = session.run(Command::Plan, 1)?;
    if let Some(write) = session.writes().first() {
        return Err(format!("planning by SCIM sent a write: {} {}", write.method, write.path).into());
    }
    let session = Session::start(case, &scratch, Writes::AsTheCaseSays)?;
    let applied = session.run(Command::Apply, 1)?;
    laws::forecast(case, &scratch, &session.writes(), applied.exit)?;
    let requests: String = session.writes().iter().map(request).collect();
    let exits = format!("plan {}\napply {}\n", planned.exit, applied.exit);
    let wanted = first.get("exit").and_then(|exit| exit.split_once('\n')).map_or("", |(_, exit)| exit);
    let said = planned.transcript();
    if exits != wanted {
        let transcript = applied.transcript();
        return Err(format!("by SCIM it exits with {exits:?}, not {wanted:?}\n{said}\n{transcript}").into());
    }
    let account = unnumbered(laws::after_apply(case, &scratch, session, applied.exit)?);
    let wanted = match first.get("account.json") {
        Some(text) => text.clone(),
        None => case.seed.clone().sorted().text()?,
    };
    let wanted = unnumbered(read(&wanted)?);
    if account.text()? != wanted.text()? {
        let diff = similar::TextDiff::from_lines(&wanted.text()?, &account.text()?)
            .unified_diff()
            .header("the account", "the account by SCIM")
            .to_string();
        return Err(format!("{said}\n{diff}").into());
    }
    let mut shown = Vec::new();
    if first.get("plan.txt") != Some(&said) {
        shown.push(("plan.scim.txt", said));
    }
    if first.get("requests.txt").is_none_or(|text| *text != requests) {
        shown.push(("requests.scim.txt", requests));
    }
    Ok(shown)
}

fn read(text: &str) -> Checked<Account> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("account.json");
    fs::write(&path, text)?;
    Ok(Account::load(&path)?)
}

/// The account without what counts writes.
fn unnumbered(mut account: Account) -> Account {
    if let Account::ActivTrak(seed) = &mut account {
        for user in &mut seed.users {
            user.revision = 1;
            user.updated = None;
        }
    }
    account
}
