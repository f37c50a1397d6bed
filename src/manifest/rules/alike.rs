//! Two users or groups that differ in spelling alone may be one.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::rules::directory::{Claim, Field, Key};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::manifest::rules::identifiers::claimed_text;
use crate::model::{Domain, GroupState, Index, Login, fold_fully, wide};

/// Two users whose identifiers or names clash, though they are not equal.
pub(super) fn users_are_told_apart(facts: &Facts<'_>, found: &mut Diagnostics) {
    // Forms are made anew where they are compared, which is hardly ever: of a million users they would take more room than what
    // is said of them.
    let loose = facts.users.claims().filter_map(|claim| {
        let form = Form::of(claim.key)?;
        Some(Loose { hash: Index::hash(&form), claim, plain: form.find(facts) })
    });
    let loose: Vec<Loose<'_>> = loose.collect();
    let mut index = Index::with_capacity(loose.len());
    let mut pairs: Vec<(&Claim<'_>, &Claim<'_>)> = Vec::new();
    for (at, Loose { hash, claim, plain }) in (0..).zip(&loose) {
        let form = |at: u32| loose.get(at as usize).and_then(|it| Form::of(it.claim.key));
        let first = index.insert_hashed(*hash, at, |other| form(other) == Form::of(claim.key));
        let first = first.and_then(|at| loose.get(at as usize)).map(|it| it.claim);
        let others = plain.iter().copied().chain(first);
        pairs.extend(
            others.filter(|other| other.user != claim.user && other.key != claim.key).map(|it| (it, *claim)),
        );
    }
    for (one, other) in pairs {
        let (first, again) = if one.user < other.user { (one, other) } else { (other, one) };
        found.push(alike(facts, first, again));
    }
}

/// A claim whose text clashes with others than it is equal to.
struct Loose<'a> {
    /// Of the form in which it clashes.
    hash: u64,
    claim: &'a Claim<'a>,
    /// Who claims the very text of that form.
    plain: Option<&'a Claim<'a>>,
}

fn alike(facts: &Facts<'_>, first: &Claim<'_>, again: &Claim<'_>) -> Diagnostic {
    let (ours, theirs) = (claimed_text(facts, again), claimed_text(facts, first));
    let message = format!("the {} `{ours}` is almost `{theirs}` of another user", again.field.noun());
    let may_be_one = again.field != Field::EmployeeId && fold_fully(&ours) == fold_fully(&theirs);
    let help = if may_be_one {
        "if it is one human, make it one entry; if not, give one another spelling: the account may take them for one"
    } else {
        "if it is one human, make it one entry; if they are two, give both a display name"
    };
    at(Code::LooksAlike, again.origin, message).related(span(first.origin), "the other one").help(help)
}

/// Two groups whose names clash, though they are not equal.
pub(super) fn groups_are_told_apart(facts: &Facts<'_>, found: &mut Diagnostics) {
    let groups = &facts.declared.groups;
    let present = groups.iter().filter(|group| group.state == GroupState::Present);
    let forms: Vec<_> = present.map(|group| (wide(group.name.value.key()), group)).collect();
    let mut index = Index::with_capacity(forms.len());
    for (position, (form, group)) in (0..).zip(&forms) {
        let same = |other: u32| forms.get(other as usize).is_some_and(|it| it.0 == *form);
        let first = index.insert(&**form, position, same).and_then(|at| forms.get(at as usize));
        let Some((_, first)) = first.filter(|(_, first)| first.name.value != group.name.value) else {
            continue;
        };
        let message = format!("the group `{}` is almost the group `{}`", group.name.value, first.name.value);
        let problem = at(Code::LooksAlike, group.name.origin, message);
        let help =
            "if it is one group, keep one entry; if they are two, give one a name that nobody mixes up";
        found.push(problem.related(span(first.name.origin), "the other one").help(help));
    }
}

/// The form of a text in which it clashes, where that is another than the one in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Form<'a> {
    Address(Cow<'a, str>),
    EmployeeId(Cow<'a, str>),
    Name(Cow<'a, str>),
    Login(Option<Cow<'a, str>>, Cow<'a, str>),
}

impl<'a> Form<'a> {
    fn of(key: Key<'a>) -> Option<Self> {
        let other = |text: &'a str| match wide(text) {
            Cow::Borrowed(_) => None,
            Cow::Owned(form) => Some(Cow::Owned(form)),
        };
        match key {
            Key::Address(text) => other(text).map(Self::Address),
            Key::EmployeeId(text) => other(text).map(Self::EmployeeId),
            Key::Name(text) => other(text).map(Self::Name),
            Key::DeviceLogin(login) => {
                let domain = match &login.domain {
                    Domain::Any => None,
                    Domain::Named(domain) => Some(domain.key()),
                };
                let is_other =
                    other(login.user.key()).is_some() || domain.is_some_and(|it| other(it).is_some());
                is_other.then(|| Self::Login(domain.map(wide), wide(login.user.key())))
            }
            Key::Agent(_) => None,
        }
    }

    /// Whoever claims the very text of this form.
    fn find<'f>(&self, facts: &'f Facts<'a>) -> Option<&'f Claim<'a>> {
        match self {
            Self::Address(text) => facts.users.find(Key::Address(text)),
            Self::EmployeeId(text) => facts.users.find(Key::EmployeeId(text)),
            Self::Name(text) => facts.users.find(Key::Name(text)),
            Self::Login(domain, user) => {
                let login = Login::observed(domain.as_deref(), user);
                facts.users.find(Key::DeviceLogin(&login))
            }
        }
    }
}
