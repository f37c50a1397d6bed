//! What does one manifest mean? Raw types become the model's, and whatever can't is reported and left out.
//!
//! Nothing here stops at a problem, and nothing looks beyond one entry: what takes two entries is a
//! [rule](crate::manifest::rules). Lowering manifests apart and joining them is lowering them together.

mod account;
mod date;
mod exclusion;
mod field;
mod group;
mod hr;
mod limit;
mod order;
mod path;
mod policy;
mod reference;
mod requirement;
mod rule;
mod text;
mod tracking;
mod user;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::declared::Declared;
use crate::manifest::lower::field::items;
use crate::manifest::raw;

/// A manifest as it is read: of a million users none is kept in two forms.
pub(super) type Manifest = raw::Manifest<user::Users>;

/// Lowers one manifest.
pub(super) fn manifest(it: Manifest, found: &mut Diagnostics) -> Declared {
    let Manifest { account, include, policy, users, groups, tracking, exclusions, hr } = it;
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
    if let Some(users) = users.given() {
        declared.users = users.value.lowered;
        found.join(users.value.found);
    }
    declared.groups = items(groups).into_iter().filter_map(|it| group::lower(it, found)).collect();
    declared.tracking = items(tracking).into_iter().filter_map(|it| tracking::lower(it, found)).collect();
    declared.exclusions =
        items(exclusions).into_iter().filter_map(|it| exclusion::lower(it, found)).collect();
    if let Some(hr) = hr.given() {
        hr::lower(hr.value, &mut declared, found);
    }
    declared
}
