//! What must hold of the account after every plan?

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::lower::field::{items, required};
use crate::manifest::lower::rule;
use crate::manifest::lower::text::NAMED_GROUP;
use crate::manifest::raw;
use crate::manifest::yaml::{Either, Field, List, Spanned};
use crate::model::{GroupName, Located, Must, Requirement, Rule, Whom};

const USERS: &str = "write `users: all` or `users: { match: … }`, and `tracking`, `status` or `groups`";
const GROUP: &str = "write `group` and `within: { match: … }`";

/// Lowers all; no two have one name.
pub(super) fn list(
    field: Field<List<raw::Requirement>>,
    found: &mut Diagnostics,
) -> Vec<Located<Requirement>> {
    let mut all: Vec<Located<Requirement>> = Vec::new();
    for it in items(field) {
        let span = it.span;
        let Some(requirement) = lower(it, found) else { continue };
        if all.iter().any(|other| other.value.name == requirement.value.name) {
            let message = format!("two requirements are called `{}`", requirement.value.name);
            let help = "give each a name of its own: a plan says by it which one is broken";
            found.push(Diagnostic::new(Code::ConflictingKeys, span, message).help(help));
            continue;
        }
        all.push(requirement);
    }
    all
}

/// Lowers one; none if it can't be said what must hold.
fn lower(it: Spanned<raw::Requirement>, found: &mut Diagnostics) -> Option<Located<Requirement>> {
    let (span, origin) = (it.span, it.origin());
    let raw = it.value;
    let name = required(raw.name, "name", span, found).filter(|name| {
        let is_said = !name.value.trim().is_empty();
        if !is_said {
            found.push(Diagnostic::new(Code::InvalidValue, name.span, "a requirement needs a name"));
        }
        is_said
    });
    let given = [
        at("users", &raw.users),
        at("tracking", &raw.tracking),
        at("status", &raw.status),
        at("groups", &raw.groups),
        at("group", &raw.group),
        at("within", &raw.within),
        at("exclusions", &raw.exclusions),
    ];
    let about = [&["users", "tracking", "status", "groups"][..], &["group", "within"], &["exclusions"]];
    // What can't be read is there, and said already.
    let there = [!raw.users.is_absent(), !raw.group.is_absent(), !raw.exclusions.is_absent()];
    let subject = there.into_iter().position(|it| it);
    let Some(subject) = subject else {
        let message = "nothing here says what the requirement is about";
        let help = format!("{USERS}; or {GROUP}; or `exclusions: {{ matching: someone }}`");
        found.push(Diagnostic::new(Code::MissingKey, span, message).help(help));
        return None;
    };
    for (key, at) in given.into_iter().flatten().filter(|(key, _)| !about[subject].contains(key)) {
        let message = format!("`{key}` says nothing of `{}`", about[subject][0]);
        let help = "one requirement is about one thing: write another for this";
        found.push(Diagnostic::new(Code::ConflictingKeys, at, message).help(help));
    }
    let must = match subject {
        0 => of_users(raw.users, (raw.tracking, raw.status, raw.groups), span, found),
        1 => of_group(raw.group, raw.within, span, found),
        _ => of_exclusions(raw.exclusions, found),
    };
    Some(Located::new(Requirement { name: name?.value, must: must? }, origin))
}

/// A key that is there, and where.
fn at<T>(key: &'static str, field: &Field<T>) -> Option<(&'static str, Span)> {
    field.as_ref().map(|it| (key, it.span))
}

fn of_users(
    users: Field<Either<raw::Everybody, raw::Matching>>,
    (tracking, status, groups): (Field<raw::Tracking>, Field<raw::Activation>, Field<raw::GroupCount>),
    span: Span,
    found: &mut Diagnostics,
) -> Option<Must> {
    let users = users.given()?;
    let users = match users.value {
        Either::Scalar(raw::Everybody::All) => Some(Whom::All),
        Either::Mapping(matching) => self::matching(matching, users.span, found).map(Whom::Matching),
    };
    let said = [
        ("tracking", !tracking.is_absent()),
        ("status", !status.is_absent()),
        ("groups", !groups.is_absent()),
    ];
    let said: Vec<&str> = said.into_iter().filter(|(_, is_said)| *is_said).map(|(key, _)| key).collect();
    match &said[..] {
        [] => {
            let message = "nothing here says what must hold of these users";
            let help =
                "write `tracking: untracked`, `status: deactivated` or `groups: { atLeast: 1, of: [ … ] }`";
            found.push(Diagnostic::new(Code::MissingKey, span, message).help(help));
            None
        }
        ["tracking"] => Some(Must::Track { users: users?, state: tracking.given()?.value.into() }),
        ["status"] => Some(Must::LogIn { users: users?, state: status.given()?.value.into() }),
        ["groups"] => counted(groups.given()?, users?, found),
        several => {
            let many = if several.len() == 2 { "two" } else { "three" };
            let message = format!("`{}` are {many} requirements", several.join("` and `"));
            let help = "write one for each, so that a plan says which of them is broken";
            found.push(Diagnostic::new(Code::ConflictingKeys, span, message).help(help));
            None
        }
    }
}

fn counted(it: Spanned<raw::GroupCount>, users: Whom, found: &mut Diagnostics) -> Option<Must> {
    let raw::GroupCount { at_least, of } = it.value;
    let place = at_least.as_ref().map_or(it.span, |it| it.span);
    let at_least = at_least.given().map_or(1, |it| it.value);
    let is_listed = !of.is_absent();
    let of: Vec<Located<GroupName>> = items(of).iter().filter_map(|it| NAMED_GROUP.one(it, found)).collect();
    let is_again = |(at, group): (usize, &Located<GroupName>)| of[..at].contains(group);
    let problem = if at_least == 0 {
        Some("`atLeast: 0` holds of everybody")
    } else if of.iter().enumerate().any(is_again) {
        Some("`of` lists a group twice")
    } else if is_listed && at_least > of.len() as u64 {
        Some("nobody can be in more groups than `of` lists")
    } else {
        None
    };
    if let Some(problem) = problem {
        let help = "write at least 1, and no more than there are groups in `of`, each once";
        found.push(Diagnostic::new(Code::InvalidValue, place, problem).help(help));
        return None;
    }
    Some(Must::Join { users, at_least, of })
}

fn of_group(
    group: Field<Box<str>>,
    within: Field<raw::Matching>,
    span: Span,
    found: &mut Diagnostics,
) -> Option<Must> {
    let within = required(within, "within", span, found);
    let rule = within.and_then(|it| matching(it.value, it.span, found));
    let group = NAMED_GROUP.one(&group.given()?, found)?;
    Some(Must::Within { group, rule: rule? })
}

fn of_exclusions(exclusions: Field<raw::Exclusions>, found: &mut Diagnostics) -> Option<Must> {
    let exclusions = exclusions.given()?;
    let raw::Someone::Someone =
        required(exclusions.value.matching, "matching", exclusions.span, found)?.value;
    Some(Must::MatchSomeone)
}

fn matching(it: raw::Matching, span: Span, found: &mut Diagnostics) -> Option<Located<Rule>> {
    rule::lower(required(it.rule, "match", span, found)?, rule::Of::Other, found)
}
