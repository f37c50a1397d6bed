//! Into which files is an account split, and what does an HR export say of that?

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::args::{Manifests, SplitExport, SplitWord};
use crate::cli::process::context::Context;
use crate::cli::process::failure::Failure;
use crate::cli::session::diagnostics;
use crate::cli::session::scratch::Scratch;
use crate::diag::Severity;
use crate::import::{Parts, Split};
use crate::manifest::{self, Exports};
use crate::model::{Dates, Desired, Observed};
use crate::run::write_private;

/// The name of the export in the manifest that maps it.
const SOURCE: &str = "split";

/// Why an account can't be split so.
#[derive(Debug, thiserror::Error)]
enum Unsplit {
    #[error("{0} is for --split export")]
    Stray(&'static str),
    #[error("{0} can't be read: {1}")]
    Unread(String, String),
    #[error("no row of {0} is about a user of the account")]
    Nobody(String),
}

/// A way to split that does not know the account yet.
pub(crate) enum Way {
    /// The account itself says where a user belongs.
    Itself(Split),
    /// The rows of an export do.
    Rows { rows: Box<Desired>, column: String, file: String },
}

impl Way {
    /// Reads what the command line asks for, and the export if it asks for one.
    pub(crate) fn asked(
        cx: &Context,
        (word, export): (SplitWord, &SplitExport),
        manifests: &Manifests,
    ) -> Result<Self, Failure> {
        let SplitExport { file, user, column } = export;
        if let (SplitWord::Export, Some(file), Some(user), Some(column)) = (word, file, user, column) {
            let rows = Box::new(rows(cx, file, (user, column), manifests)?);
            let file = file.display().to_string();
            return Ok(Self::Rows { rows, column: column.clone(), file });
        }
        let given = [
            ("--split-file", file.is_some()),
            ("--split-user", user.is_some()),
            ("--split-column", column.is_some()),
        ];
        if let Some((stray, _)) = given.into_iter().find(|(_, is_given)| *is_given) {
            return Err(Failure::usage(Unsplit::Stray(stray)));
        }
        Ok(Self::Itself(match word {
            SplitWord::Letter => Split::Letter,
            SplitWord::Group => Split::Group,
            // Clap asks for the three options of an export.
            SplitWord::None | SplitWord::Export => Split::None,
        }))
    }

    /// The way to split this account.
    pub(crate) fn of(self, cx: &Context, observed: &Observed) -> Result<Split, Failure> {
        match self {
            Self::Itself(split) => Ok(split),
            Self::Rows { rows, column, file } => {
                let parts = Parts::of(&rows, observed, &column);
                if parts.is_empty() {
                    let hint = "look whether --split-user names the column of emails, UPNs or employee IDs";
                    return Err(Failure::error(Unsplit::Nobody(file)).hint(hint));
                }
                if parts.strangers > 0 {
                    let strangers = parts.strangers;
                    cx.say(&format!(
                        "{file}: {strangers} of its users are not in the account, or not one user there"
                    ));
                }
                Ok(Split::Parts(parts))
            }
        }
    }
}

/// What the rows of an export say: users with one attribute.
fn rows(
    cx: &Context,
    file: &Path,
    (user, column): (&str, &str),
    manifests: &Manifests,
) -> Result<Desired, Failure> {
    let scratch = Scratch::make()?;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mapping = format!(
        "account: {{ name: {SOURCE}, platform: sandbox, seed: none.json }}\npolicy: {{ minimum: {{ declaredUsers: 0 }} }}\nhr:\n  \
         sources:\n    - name: {SOURCE}\n      user: {}\n      attributes:\n        value: {{ column: {}, many: true }}\n",
        quoted(user),
        quoted(column)
    );
    write_private(&scratch.path().join("split.yaml"), mapping.as_bytes())?;
    let given = BTreeMap::from([(SOURCE.into(), file.to_owned())]);
    let loaded = manifest::load(scratch.path(), Dates::of(cx.started()), &Exports::Read(given));
    let found = loaded.diagnostics;
    match loaded.desired {
        Some(rows) if !found.iter().any(|it| it.severity == Severity::Error) => Ok(rows),
        _ => {
            let text = diagnostics::text(&found, &loaded.sources, manifests, cx.conversation());
            cx.show(&text.map_err(Failure::error)?);
            let shown = file.display().to_string();
            Err(Failure::error(Unsplit::Unread(shown, diagnostics::tally(&found))))
        }
    }
}
