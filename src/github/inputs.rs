//! What can a workflow tell the action, and what does the action tell it? One table of inputs and one of outputs.
//!
//! `action.yml` and `docs/github-inputs.md` follow these tables. An input reaches the program as a variable, `INPUT_` and its name in
//! capitals. The keys of an account are no inputs: they come as variables of the step, under the names that they have everywhere.

use std::path::PathBuf;

/// One input of the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// Its name, in small letters with hyphens.
    pub name: &'static str,
    /// What it says, in a line.
    pub about: &'static str,
    /// What holds where it is left out; as every value of an input, a text.
    pub default: &'static str,
    /// The words that it can be, where it is one of a few.
    pub words: &'static [&'static str],
}

/// One output of the action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// Its name.
    pub name: &'static str,
    /// What it says, in a line.
    pub about: &'static str,
}

const fn text(name: &'static str, default: &'static str, about: &'static str) -> Input {
    Input { name, about, default, words: &[] }
}

const COMMAND: Input = Input {
    name: "command",
    about: "What to do. `auto`: a pull request and a merge queue are planned, a push to the default branch is applied, a pull request \
            from a fork or of Dependabot and a push to any other branch are validated, and whatever else starts a workflow is planned. `drift`: on a schedule or by \
            hand, what the account has come to be other than the default branch says is kept in an issue. For many \
            accounts: `accounts` lists those below `path` that something changed of, for a matrix of jobs, and `report` puts the \
            results of these jobs, which lie in the folder `path`, into one comment",
    default: "auto",
    words: &["auto", "validate", "plan", "apply", "drift", "accounts", "report"],
};
const PATH: Input = text("path", ".", "The folder of manifests, below the folder of the checkout");
const BASE: Input = text(
    "base",
    "",
    "A folder with the manifests of the base branch, whose policy bounds this one's; where it is left out, they are read from the \
     history of the checkout",
);
const HR: Input = text("hr", "", "Files that stand for HR exports, `NAME=FILE`, one a line");
const OBSERVED: Input = text(
    "observed",
    "",
    "Where a learning platform has no API for you: exported lists of the users of its groups, in place of the account. Each is a file that \
     is called as its group is, a folder of such files, or `GROUP=FILE`, one a line. Nothing can be applied to them: `auto` makes a plan \
     of a merge too",
);
const OBSERVED_USERS: Input =
    text("observed-users", "", "Beside `observed` or in place of it: the exported list of all users");
const USERNAME_COLUMN: Input = text(
    "username-column",
    "",
    "The column of these lists that holds usernames, where it is not called `Username`",
);
const UPLOADS: Input = text(
    "uploads",
    "",
    "With exported lists, once something was merged: the folder that the files to upload are written to, for a step that keeps them as \
     an artifact of the run",
);
const COMMENT: Input = Input {
    name: "comment",
    about: "When a plan is written into the comment on its pull request. `changes`: where there are some, or the comment is there already",
    default: "always",
    words: &["always", "changes", "never"],
};
const COMMENT_AUTHOR: Input = text(
    "comment-author",
    "github-actions[bot]",
    "Who writes comments and issues: the login that `token` is of. No other's are taken for ours",
);
const REDACT: Input = Input {
    name: "redact",
    about: "What of people is withheld, in the log too. `full`: they are pseudonyms. `emails`: of addresses the beginnings are shown. \
            `auto`: `full` in a repository that is public, or not known to be anything else, and `emails` in others",
    default: "auto",
    words: &["auto", "none", "emails", "full"],
};
const REVIEW: Input = Input {
    name: "review",
    about: "What an apply needs. `required`: the plan that was written on the pull request of the commit, signed with \
            `ROLLCALL_REVIEW_KEY`, or by those who have the same key of the account. `none`: nothing; whatever was merged is applied, within the limits of its policy",
    default: "required",
    words: &["required", "none"],
};
const ACCEPT: Input = Input {
    name: "accept",
    about: "Whether a drift check writes manifests that say what the account has. `draft`: to a branch below `rollcall/`, with a draft pull \
            request of it; not where people are pseudonyms",
    default: "none",
    words: &["none", "draft"],
};
const APPLY_WORKFLOW: Input = text(
    "apply-workflow",
    "rollcall-apply.yml",
    "The file in `.github/workflows` that applies: where the issue of a drift check leads to",
);
const ENDPOINT: Input = text(
    "endpoint",
    "",
    "Send requests here instead of the region's host: a proxy; https unless on this machine",
);
const SANDBOX: Input = Input {
    name: "sandbox",
    about: "Whether manifests may name a sandbox (`platform: sandbox`) in place of an account",
    default: "refuse",
    words: &["refuse", "allow"],
};
const PAGE: Input = text(
    "page",
    "",
    "With a plan: the file that it is written to as a page, for a step that keeps it as an artifact of the run",
);
const REPORT: Input = text(
    "report",
    "",
    "For many accounts: the file that the result is written to, which `command: report` reads. No comment is written then",
);
const SHARDS: Input = text(
    "shards",
    "",
    "With `command: accounts`: in how many parts the accounts are handed on besides, 1 to 256, for jobs that take several",
);
/// The one that is a credential: GitHub makes it for the run, and it opens nothing but the repository.
const TOKEN: Input = text(
    "token",
    "${{ github.token }}",
    "The token for comments and issues; it goes to GitHub and nowhere else",
);

/// Every input, in the order in which they are shown.
pub const INPUTS: [Input; 20] = [
    COMMAND,
    PATH,
    BASE,
    HR,
    OBSERVED,
    OBSERVED_USERS,
    USERNAME_COLUMN,
    UPLOADS,
    COMMENT,
    COMMENT_AUTHOR,
    REDACT,
    REVIEW,
    ACCEPT,
    APPLY_WORKFLOW,
    ENDPOINT,
    SANDBOX,
    PAGE,
    REPORT,
    SHARDS,
    TOKEN,
];

/// Every output, in the order in which they are shown. All are there however a run ends; what is not known is empty.
pub const OUTPUTS: [Output; 13] = [
    Output {
        name: "command",
        about: "What was done: `validate`, `plan`, `apply`, `drift`, `accounts` or `report`",
    },
    Output { name: "changes", about: "How many changes the plan has" },
    Output { name: "to-add", about: "How many of them make something" },
    Output { name: "to-change", about: "How many of them change something" },
    Output { name: "to-remove", about: "How many of them remove something" },
    Output { name: "irreversible", about: "How many of them can't be undone" },
    Output { name: "plan-digest", about: "The plan's digest, 64 hexadecimal digits" },
    Output { name: "comment-url", about: "Where the comment is" },
    Output { name: "issue-url", about: "Where the issue of a drift check is" },
    Output {
        name: "failure-reason",
        about: "Why the step is red: `usage`, `error`, `blocked`, `unreviewed`, `plan-changed`, `unfinished`, `pending` or `stopped`; \
                empty where it is green",
    },
    Output {
        name: "accounts",
        about: "With `command: accounts`: the accounts as a list in JSON, for a matrix of jobs",
    },
    Output {
        name: "shards",
        about: "With `command: accounts` and `shards`: the parts as a list in JSON, for a matrix of jobs",
    },
    Output { name: "exit-code", about: "The exit code, as the table of the README has it" },
];

impl Input {
    /// The variable by which it reaches the program.
    pub fn variable(&self) -> String {
        if self.name == TOKEN.name {
            // Under a name of its own, so that no other tool of the step takes it for its token.
            return "ROLLCALL_GITHUB_TOKEN".to_owned();
        }
        format!("INPUT_{}", self.name.replace('-', "_").to_ascii_uppercase())
    }
}

/// An input that says nothing that can be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the input `{name}` is `{said}`; it can be {words}")]
pub struct BadInput {
    name: &'static str,
    said: String,
    words: String,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Whatever fits what started the workflow.
    Auto,
    /// Say what is wrong with the manifests.
    Validate,
    /// Say what would change.
    Plan,
    /// Change it.
    Apply,
    /// Keep an issue of what is other than the manifests say.
    Drift,
    /// Say which of many accounts are to be planned.
    Accounts,
    /// Say in one place what became of many accounts.
    Report,
}

/// When a plan is written into a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commenting {
    /// Each time.
    Always,
    /// Where there are changes, or a comment that says otherwise.
    Changes,
    /// Not at all.
    Never,
}

/// What of people is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redact {
    /// By who can see the repository.
    Auto,
    /// Nothing is withheld.
    None,
    /// Addresses are masked.
    Emails,
    /// People are pseudonyms.
    Full,
}

/// What an apply needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// The signed plan of the pull request.
    Required,
    /// Nothing.
    None,
}

/// What a drift check does for those who would accept what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// Nothing.
    None,
    /// A draft of a pull request.
    Draft,
}

/// Whether manifests may name a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sandboxes {
    /// No.
    Refuse,
    /// Yes.
    Allow,
}

/// What a workflow says of exported lists that stand in for an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lists {
    /// `observed`, a line each
    pub observed: Vec<String>,
    /// `observed-users`
    pub users: Option<String>,
    /// `username-column`
    pub username_column: Option<String>,
    /// `uploads`
    pub uploads: Option<PathBuf>,
}

impl Lists {
    /// Whether there are any.
    pub const fn are_given(&self) -> bool {
        !self.observed.is_empty() || self.users.is_some()
    }

    /// An input that says nothing without lists.
    pub fn stray(&self) -> Option<&'static str> {
        let only_with_lists =
            [(self.username_column.is_some(), USERNAME_COLUMN.name), (self.uploads.is_some(), UPLOADS.name)];
        let mut said = only_with_lists.into_iter().filter(|(is_said, _)| *is_said && !self.are_given());
        said.next().map(|(_, name)| name)
    }
}

/// What a workflow says, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inputs {
    /// `command`
    pub order: Order,
    /// `path`
    pub path: PathBuf,
    /// `base`
    pub base: Option<PathBuf>,
    /// `hr`, a line each
    pub hr: Vec<String>,
    /// `observed` and what goes with it
    pub lists: Lists,
    /// `comment`
    pub comment: Commenting,
    /// `comment-author`
    pub comment_author: String,
    /// `redact`
    pub redact: Redact,
    /// `review`
    pub review: Review,
    /// `accept`
    pub accept: Accept,
    /// `apply-workflow`
    pub apply_workflow: String,
    /// `endpoint`
    pub endpoint: Option<String>,
    /// `sandbox`
    pub sandbox: Sandboxes,
    /// `page`
    pub page: Option<PathBuf>,
    /// `report`
    pub report: Option<PathBuf>,
    /// `shards`
    pub shards: Option<u16>,
}

impl Inputs {
    /// Reads them of variables; one that is empty counts as left out, as an action hands on what nobody set.
    ///
    /// # Errors
    /// One of them can't be followed.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadInput> {
        let said = |input: &Input| {
            let said = variable(&input.variable()).unwrap_or_default();
            Some(said.trim().to_owned()).filter(|said| !said.is_empty())
        };
        let or_default = |input: &Input| said(input).unwrap_or_else(|| input.default.to_owned());
        let lines = |input: &Input| -> Vec<String> {
            let said = said(input).unwrap_or_default();
            said.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
        };
        Ok(Self {
            order: word(
                &COMMAND,
                &or_default(&COMMAND),
                [
                    Order::Auto,
                    Order::Validate,
                    Order::Plan,
                    Order::Apply,
                    Order::Drift,
                    Order::Accounts,
                    Order::Report,
                ],
            )?,
            path: or_default(&PATH).into(),
            base: said(&BASE).map(PathBuf::from),
            hr: lines(&HR),
            lists: Lists {
                observed: lines(&OBSERVED),
                users: said(&OBSERVED_USERS),
                username_column: said(&USERNAME_COLUMN),
                uploads: said(&UPLOADS).map(PathBuf::from),
            },
            comment: word(
                &COMMENT,
                &or_default(&COMMENT),
                [Commenting::Always, Commenting::Changes, Commenting::Never],
            )?,
            comment_author: or_default(&COMMENT_AUTHOR),
            redact: word(
                &REDACT,
                &or_default(&REDACT),
                [Redact::Auto, Redact::None, Redact::Emails, Redact::Full],
            )?,
            review: word(&REVIEW, &or_default(&REVIEW), [Review::Required, Review::None])?,
            accept: word(&ACCEPT, &or_default(&ACCEPT), [Accept::None, Accept::Draft])?,
            apply_workflow: file(&APPLY_WORKFLOW, or_default(&APPLY_WORKFLOW))?,
            endpoint: said(&ENDPOINT),
            sandbox: word(&SANDBOX, &or_default(&SANDBOX), [Sandboxes::Refuse, Sandboxes::Allow])?,
            page: said(&PAGE).map(PathBuf::from),
            report: said(&REPORT).map(PathBuf::from),
            shards: said(&SHARDS).map(|said| parts(&said)).transpose()?,
        })
    }
}

/// In how many parts accounts are handed on: a matrix has at most 256 jobs.
fn parts(said: &str) -> Result<u16, BadInput> {
    said.parse().ok().filter(|parts| (1..=256).contains(parts)).ok_or_else(|| BadInput {
        name: SHARDS.name,
        said: said.to_owned(),
        words: "a whole number from 1 to 256".to_owned(),
    })
}

/// The name of a file, which becomes a part of a link.
fn file(input: &Input, said: String) -> Result<String, BadInput> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if said.bytes().all(plain) {
        return Ok(said);
    }
    Err(BadInput { name: input.name, said, words: "the name of a file".to_owned() })
}

/// What one of an input's words means: meanings stand in the order of its words.
fn word<T, const N: usize>(input: &Input, said: &str, meanings: [T; N]) -> Result<T, BadInput> {
    let found = input.words.iter().zip(meanings).find(|(word, _)| **word == said);
    found.map(|(_, meaning)| meaning).ok_or_else(|| {
        let words: Vec<String> = input.words.iter().map(|word| format!("`{word}`")).collect();
        BadInput { name: input.name, said: said.to_owned(), words: words.join(", ") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(said: &[(&str, &str)]) -> Result<Inputs, BadInput> {
        Inputs::read(|name| {
            said.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn what_is_left_out_or_empty_is_its_default() {
        let inputs = read(&[("INPUT_COMMAND", ""), ("INPUT_HR", " \n")]).unwrap();
        assert_eq!(inputs, read(&[]).unwrap());
        assert_eq!(
            (inputs.order, inputs.redact, inputs.review),
            (Order::Auto, Redact::Auto, Review::Required)
        );
        assert_eq!((inputs.path, inputs.base, inputs.hr), (PathBuf::from("."), None, Vec::new()));
        assert_eq!(inputs.comment_author, "github-actions[bot]");
    }

    #[test]
    fn every_word_of_an_input_is_read_and_no_other() {
        for input in INPUTS.iter().filter(|input| !input.words.is_empty()) {
            assert!(input.words.contains(&input.default), "{}", input.name);
            let mut seen = Vec::new();
            for word in input.words {
                let inputs = read(&[(&input.variable(), word)]).unwrap();
                assert!(!seen.contains(&inputs), "`{word}` of {} means what another word does", input.name);
                seen.push(inputs);
            }
            let error = read(&[(&input.variable(), "Never ever")]).unwrap_err().to_string();
            assert!(error.contains(input.name) && error.contains(input.words[0]), "{error}");
        }
    }

    #[test]
    fn a_workflow_is_named_by_its_file() {
        assert_eq!(read(&[]).unwrap().apply_workflow, "rollcall-apply.yml");
        assert_eq!(
            read(&[("INPUT_APPLY_WORKFLOW", "rollcall_2.yaml")]).unwrap().apply_workflow,
            "rollcall_2.yaml"
        );
        for other in ["../x.yml", "x.yml)](https://evil.example", "a b.yml", "x\n.yml"] {
            let error = read(&[("INPUT_APPLY_WORKFLOW", other)]).unwrap_err().to_string();
            assert!(error.contains("apply-workflow") && error.contains("the name of a file"), "{error}");
        }
    }

    #[test]
    fn names_are_written_alike_and_no_secret_of_an_account_is_among_them() {
        for name in INPUTS.iter().map(|it| it.name).chain(OUTPUTS.iter().map(|it| it.name)) {
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name}");
        }
        for name in INPUTS.iter().map(|it| it.name) {
            assert!(!["key", "secret", "password"].iter().any(|it| name.contains(it)), "{name}");
        }
    }

    #[test]
    fn parts_are_as_many_as_a_matrix_can_have() {
        for (said, parts) in [("1", 1), ("256", 256), (" 40 ", 40)] {
            assert_eq!(read(&[("INPUT_SHARDS", said)]).unwrap().shards, Some(parts));
        }
        for said in ["0", "257", "-1", "many", "1.5"] {
            assert!(read(&[("INPUT_SHARDS", said)]).unwrap_err().to_string().contains("1 to 256"), "{said}");
        }
    }

    #[test]
    fn lines_name_hr_exports() {
        let inputs = read(&[("INPUT_HR", "a=x.csv\r\n\n  b=y z.csv "), ("INPUT_BASE", "../base")]).unwrap();
        assert_eq!(inputs.hr, ["a=x.csv", "b=y z.csv"]);
        assert_eq!(inputs.base, Some("../base".into()));
    }

    #[test]
    fn lines_name_exported_lists_and_what_goes_with_them_says_nothing_without() {
        let column = ("INPUT_USERNAME_COLUMN", "Login");
        let lists = |said: &[(&str, &str)]| read(said).unwrap().lists;
        let observed = lists(&[("INPUT_OBSERVED", "lists\n R&D=x y.csv "), column]);
        assert_eq!(observed.observed, ["lists", "R&D=x y.csv"]);
        assert!(observed.are_given() && observed.stray().is_none());
        let users = lists(&[("INPUT_OBSERVED_USERS", "all.csv"), ("INPUT_UPLOADS", "uploads")]);
        assert!(users.are_given() && users.stray().is_none());
        assert_eq!(users.uploads, Some("uploads".into()));
        assert_eq!(lists(&[column]).stray(), Some("username-column"));
        assert_eq!(lists(&[("INPUT_UPLOADS", "uploads")]).stray(), Some("uploads"));
        assert!(!lists(&[]).are_given() && lists(&[]).stray().is_none());
    }
}
