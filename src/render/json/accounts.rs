//! What does `accounts.v1` look like?

use std::borrow::Cow;
use std::io;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::fleet::{Because, Selected, Selection};
use crate::model::{PLATFORM_WORDS, SANDBOX, Service};
use crate::render::json::harmless::write;

/// The version of this format.
const VERSION: u32 = 1;

/// The accounts of a repository that are to be planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "Rollcall accounts, version 1")]
pub struct Accounts {
    /// The version of this format.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// The commit since which something changed; absent where all accounts are asked for. Zeros stand for an empty repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_since: Option<String>,
    /// The accounts, sorted by path: what a matrix of jobs is made of.
    pub accounts: Vec<Account>,
    /// How many other accounts there are.
    pub others: usize,
    /// The folders of accounts that were there at that commit and are not any more, below the top of the repository, sorted. Nothing
    /// is done about them.
    pub gone: Vec<String>,
    /// The same accounts in as many parts as were asked for, for jobs that take several, one after the other; none of them is
    /// empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shards: Vec<Shard>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Account {
    /// What to call it where only plain letters may stand: small letters, digits and hyphens, another for every path.
    pub key: String,
    /// Its folder, with `/`.
    pub path: String,
    /// Its name in the manifests; absent where that can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it is kept, as the manifests say it; absent where that can't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Kind>,
    /// Why it is selected, in words; absent where all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// Where an account is kept: the word of its manifests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Kind(String);

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        if PLATFORM_WORDS.contains(&&*word) { Ok(Self(word)) } else { Err(format!("no platform: {word}")) }
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> Self {
        kind.0
    }
}

impl JsonSchema for Kind {
    fn schema_name() -> Cow<'static, str> {
        "Kind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let of = |service: &Service| (service.word(), format!("{}.", service.at()));
        let sandbox = (SANDBOX, "In a file beside the manifests.".to_owned());
        let words = Service::ALL.iter().map(of).chain([sandbox]);
        let words: Vec<Schema> = words
            .map(|(word, about)| json_schema!({ "const": word, "description": about, "type": "string" }))
            .collect();
        json_schema!({ "description": "Where an account is kept.", "oneOf": words })
    }
}

/// A part of the accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shard {
    /// Which part, from 0; an account falls into the same one each time.
    pub key: String,
    /// Its accounts.
    pub accounts: Vec<Account>,
}

/// Says a selection as `accounts.v1`, in so many parts where some are asked for.
pub fn accounts_document(selection: &Selection, shards: Option<u16>) -> Accounts {
    let path = |folder: &std::path::Path| folder.to_string_lossy().replace('\\', "/");
    let account = |it: &Selected| Account {
        key: it.key.as_str().to_owned(),
        path: path(&it.folder),
        name: it.name.as_deref().map(str::to_owned),
        platform: it.platform.as_ref().map(|it| Kind(it.word().to_owned())),
        because: it.because.as_ref().map(because),
    };
    let shards = shards.map(|count| selection.shards(count)).unwrap_or_default();
    Accounts {
        version: VERSION,
        changed_since: selection.since.clone(),
        accounts: selection.accounts.iter().map(account).collect(),
        others: selection.others,
        gone: selection.gone.iter().map(|folder| path(folder)).collect(),
        shards: shards
            .into_iter()
            .map(|shard| Shard {
                key: shard.number.to_string(),
                accounts: shard.accounts.into_iter().map(account).collect(),
            })
            .collect(),
    }
}

/// Writes `accounts.v1`.
pub fn accounts(out: &mut dyn io::Write, document: &Accounts) -> io::Result<()> {
    write(out, document)
}

/// Why an account is selected, in words.
pub(crate) fn because(because: &Because) -> String {
    match because {
        Because::New => "new".to_owned(),
        Because::Broken => "its manifests have errors".to_owned(),
        Because::Changed(first, 0) => first.clone(),
        Because::Changed(first, more) => format!("{first} and {more} more"),
    }
}
