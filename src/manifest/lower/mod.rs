//! What does one manifest mean? Raw types become the model's, and whatever can't is reported and left out.
//!
//! Nothing here stops at a problem, and nothing looks beyond one entry: what takes two entries is a
//! [rule](crate::manifest::rules). Lowering manifests apart and joining them is lowering them together.

mod account;
mod date;
mod exclusion;
mod group;
mod hr;
mod limit;
mod order;
mod path;
mod policy;
mod reference;
mod rule;
mod text;
mod user;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::export;
pub use crate::manifest::lower::account::HR_GROUP_TYPE;
use crate::manifest::raw;
use crate::manifest::yaml::{Field, List, Spanned};
use crate::model::{
    Account, Desired, DesiredExclusion, DesiredGroup, DesiredUser, Export, LeaveOut, Policy, Said,
};

/// What one manifest, or all of them, declare.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Every `account`; none in place of one that could not be read.
    pub(super) accounts: Vec<Option<Account>>,
    /// Folders of shared manifests.
    pub(super) includes: Vec<Spanned<Box<str>>>,
    /// Every `policy`.
    pub(super) policies: Vec<Said<Policy>>,
    /// Every user.
    pub(super) users: Vec<DesiredUser>,
    /// Every group.
    pub(super) groups: Vec<DesiredGroup>,
    /// Every exclusion.
    pub(super) exclusions: Vec<DesiredExclusion>,
    /// Every entry of `hr.leaveOut`.
    pub(super) leave_out: Vec<LeaveOut>,
    /// Every entry of `hr.sources` that was not read yet.
    pub(super) sources: Vec<export::Source>,
    /// Every export that was read.
    pub(super) exports: Vec<Export>,
}

impl Declared {
    /// Adds what another manifest declares.
    pub(super) fn join(&mut self, other: Self) {
        self.accounts.extend(other.accounts);
        self.includes.extend(other.includes);
        self.policies.extend(other.policies);
        self.users.extend(other.users);
        self.groups.extend(other.groups);
        self.exclusions.extend(other.exclusions);
        self.leave_out.extend(other.leave_out);
        self.sources.extend(other.sources);
        self.exports.extend(other.exports);
    }

    /// The desired account, if an account is declared.
    pub(super) fn into_desired(self) -> Option<Desired> {
        Some(Desired {
            account: self.accounts.into_iter().flatten().next()?,
            policy: self.policies.into_iter().next().map(|policy| policy.value).unwrap_or_default(),
            users: self.users,
            groups: self.groups,
            exclusions: self.exclusions,
            leave_out: self.leave_out,
            exports: self.exports,
        })
    }
}

/// Lowers one manifest.
pub(super) fn manifest(it: raw::Manifest, found: &mut Diagnostics) -> Declared {
    let raw::Manifest { account, include, policy, users, groups, exclusions, hr } = it;
    let mut declared = Declared::default();
    if account.is_absent() {
        if let Some(include) = include.as_ref() {
            let message = "`include` stands in a manifest without `account`";
            let help = "move it beside `account`, so that one place says which manifests count";
            found.push(Diagnostic::new(Code::MisplacedInclude, include.span, message).help(help));
        }
    } else {
        declared.accounts.push(account.given().map(|it| account::lower(it, found)).unwrap_or_default());
        declared.includes = items(include);
    }
    declared.policies.extend(policy.given().map(|it| policy::lower(it, found)));
    declared.users = items(users).into_iter().map(|it| user::lower(it, found)).collect();
    declared.groups = items(groups).into_iter().filter_map(|it| group::lower(it, found)).collect();
    declared.exclusions =
        items(exclusions).into_iter().filter_map(|it| exclusion::lower(it, found)).collect();
    if let Some(hr) = hr.given() {
        hr::lower(hr.value, &mut declared, found);
    }
    declared
}

/// The items of a list that may not be there.
fn items<T>(list: Field<List<T>>) -> Vec<Spanned<T>> {
    list.given().map(|list| list.value.0).unwrap_or_default()
}

/// What a key says, which must be there; `owner` is marked if it is not.
fn required<T>(field: Field<T>, key: &str, owner: Span, found: &mut Diagnostics) -> Option<Spanned<T>> {
    if field.is_absent() {
        found.push(Diagnostic::new(Code::MissingKey, owner, format!("`{key}` is missing here")));
    }
    field.given()
}

/// Two keys that contradict each other.
fn conflict(first: Span, second: Span, message: impl Into<String>, help: &str) -> Diagnostic {
    Diagnostic::new(Code::ConflictingKeys, second, message).related(first, "because of this").help(help)
}

/// A list that only adds and holds nothing.
fn adds_nothing(span: Span, key: &str) -> Diagnostic {
    Diagnostic::new(Code::AddsNothing, span, format!("an empty `{key}` adds nothing and takes nothing away"))
        .help("take the key out")
}
