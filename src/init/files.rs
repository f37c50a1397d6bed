//! Which files does a new repository hold, and what does each say?

use crate::init::texts::{
    CODEOWNERS, EDITOR, EXCLUSIONS, GITIGNORE, GROUPS, HEAD, IGNORED, LEARNING_GROUPS, LEARNING_SANDBOX,
    LEARNING_USERS, NO_ID, NO_USERS, NOBODY_DECLARED, POLICY, SANDBOX, SCHEMA_FILE, USERS,
};
use crate::manifest::{self, EmitError};
use crate::model::{self, Account, Desired, Platform};

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path below the folder.
    pub path: &'static str,
    /// What it is for, in a few words.
    pub purpose: &'static str,
    /// What it says.
    pub text: String,
}

/// What an account is for, and so which words are said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// People's computers report to it.
    Tracking,
    /// People learn there.
    Learning,
}

/// What the manifest that names the account is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Main {
    /// The account.
    pub account: Account,
    /// The policy.
    pub policy: Policy,
}

/// Which policy it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// None: another manifest has one, or the default is right.
    Unsaid,
    /// Nothing has to be declared yet.
    NobodyDeclared,
}

/// The files, sorted by path; `main` is none where a manifest names the account already.
///
/// # Errors
/// What the YAML writer refuses.
pub fn files(main: Option<&Main>, kind: Kind) -> Result<Vec<File>, EmitError> {
    let file = |path, purpose, text: &str| File { path, purpose, text: text.to_owned() };
    let mut files = vec![
        file(".gitignore", "what runs leave is not for Git", GITIGNORE),
        file(SCHEMA_FILE, "what manifests can say, for editors", &format!("{:#}\n", manifest::schema())),
        file(".vscode/settings.json", "VS Code checks manifests by it", EDITOR),
    ];
    match kind {
        Kind::Tracking => files.extend([
            file("CODEOWNERS", "who approves what: still to be said", CODEOWNERS),
            file("exclusions.yaml", "who is never tracked", EXCLUSIONS),
            file("groups.yaml", "who is in which group", GROUPS),
        ]),
        Kind::Learning => {
            let owned = CODEOWNERS.split_inclusive('\n').filter(|line| !line.contains("exclusions.yaml"));
            files.extend([
                file("CODEOWNERS", "who approves what: still to be said", &owned.collect::<String>()),
                file("groups.yaml", "who is in which group", LEARNING_GROUPS),
            ]);
        }
    }
    if let Some(main) = main {
        files.push(file("rollcall.yaml", "the account and the policy", &text(main)?));
    }
    let users = match kind {
        Kind::Tracking => USERS,
        Kind::Learning => LEARNING_USERS,
    };
    files.push(file("users.yaml", "who the users are", users));
    Ok(files)
}

/// The lines of [`IGNORED`] that a file which says what Git ignores does not have.
pub fn ignored_at_least(text: &str) -> Vec<&'static str> {
    let has = |wanted: &str| text.lines().any(|line| line.trim().trim_start_matches('/') == wanted);
    IGNORED.into_iter().filter(|wanted| !has(wanted)).collect()
}

/// The manifest that names the account.
fn text(main: &Main) -> Result<String, EmitError> {
    let Main { account, policy } = main;
    let is_sandbox = matches!(account.platform, Platform::Sandbox { .. });
    let more = match (&account.platform, &account.id) {
        (Platform::Sandbox { username: None, .. }, _) => SANDBOX,
        (Platform::Sandbox { username: Some(_), .. }, _) => LEARNING_SANDBOX,
        (Platform::Region(..), None) => NO_ID,
        (Platform::Region(..), Some(_)) | (Platform::Tenant(..), _) => &[],
    };
    let head: Vec<String> = HEAD.iter().chain(more).map(|line| (*line).to_owned()).collect();
    let named = manifest::emit(&head, &alone(account))?;
    let policy = match (policy, is_sandbox) {
        (Policy::Unsaid, _) => Vec::new(),
        (Policy::NobodyDeclared, true) => vec![POLICY, NO_USERS, NOBODY_DECLARED],
        (Policy::NobodyDeclared, false) => vec![POLICY, NOBODY_DECLARED],
    };
    Ok(named + &policy.concat())
}

/// An account of which nothing is declared.
fn alone(account: &Account) -> Desired {
    Desired {
        account: account.clone(),
        policy: model::Policy::default(),
        users: Vec::new(),
        groups: Vec::new(),
        exclusions: Vec::new(),
        leave_out: Vec::new(),
        tracking: Vec::new(),
        exports: Vec::new(),
    }
}
