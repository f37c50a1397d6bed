//! What others need for a part of the work, as processes: the parser's events, the decoder of JSON; and our reading alone.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use granit_parser::{Event, Parser};
use rayon::prelude::*;
use rollcall::account::{Read as _, Scope};
use serde::Deserialize;
use tokio::runtime::Runtime;

use crate::{Outcome, setup};

/// Counts the scalars of all manifests by the parser's events.
pub(crate) fn events(folder: &Path) -> Outcome<()> {
    let scalars = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap_or_default();
        Parser::new_from_str(&text).filter(|event| matches!(event, Ok((Event::Scalar(..), _)))).count()
    };
    black_box(files(&folder.join("teams"))?.par_iter().map(scalars).sum::<usize>());
    Ok(())
}

/// Decodes pages of users into values that hold what a plan needs of them.
pub(crate) fn decode(folder: &Path) -> Outcome<()> {
    let mut users = 0;
    for page in files(folder)? {
        let page: Page = serde_json::from_slice(&fs::read(page)?)?;
        users += black_box(page).results.len();
    }
    if users == 0 {
        return Err("no page holds a user".into());
    }
    Ok(())
}

/// Reads an account as `plan` does, proofs and all.
pub(crate) fn read(url: &str) -> Outcome<()> {
    let observed = Runtime::new()?.block_on(setup::reader_of(url, 8).observe(&Scope::default()))?;
    std::mem::forget(black_box(observed));
    Ok(())
}

fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    Ok(fs::read_dir(folder)?.map(|entry| entry.map(|it| it.path())).collect::<Result<_, _>>()?)
}

/// A page of users (`UsersResponse` of the Identity API), as far as it is read.
#[derive(Deserialize)]
struct Page {
    results: Vec<User>,
}

#[expect(dead_code, reason = "what is decoded is not looked at")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: u64,
    revision: u64,
    tracked: bool,
    display_name: Option<Value>,
    upns: Vec<Value>,
    emails: Vec<Value>,
    employee_ids: Vec<Value>,
    agents: Vec<Agent>,
    groups: Vec<Group>,
    primary_group_id: Option<u64>,
}

#[expect(dead_code, reason = "what is decoded is not looked at")]
#[derive(Deserialize)]
struct Value {
    value: Option<String>,
    source: Option<String>,
}

#[expect(dead_code, reason = "what is decoded is not looked at")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agent {
    user_id: u64,
    user_name: Option<String>,
    logon_domain: Option<String>,
    last_log: Option<String>,
}

#[expect(dead_code, reason = "what is decoded is not looked at")]
#[derive(Deserialize)]
struct Group {
    #[serde(rename = "groupId")]
    id: u64,
    #[serde(rename = "groupName")]
    name: String,
    #[serde(rename = "groupType")]
    kind: i64,
}
