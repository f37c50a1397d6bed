//! Which group is it, and who belongs to it?

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::lower::field::{adds_nothing, conflict, items, required};
use crate::manifest::lower::text::{COMPUTER, DESCRIPTION, FORMER_GROUP, GROUP, NAMED_GROUP};
use crate::manifest::lower::{reference, rule};
use crate::manifest::raw::{self, GroupState as State, Membership, Source};
use crate::manifest::yaml::{Field, List, OneOrMany, Spanned};
use crate::model::{
    Automatic, DeclaredSource, DesiredGroup, GroupState, Login, Managed, Members, Recreate, Reference,
};

/// Lowers one group; none if it can't be said which.
pub(super) fn lower(it: Spanned<raw::Group>, found: &mut Diagnostics) -> Option<DesiredGroup> {
    let (span, origin) = (it.span, it.origin());
    contradictions(&it.value, found);
    let raw = it.value;
    let deleted = raw.state.as_ref().is_some_and(|state| state.value == State::Deleted);
    // Whatever a group is called that the account has: the plan sees whether it would have to be made.
    let renamed = raw.formerly.as_ref().is_some_and(|formerly| !formerly.value.0.is_empty());
    let kind = match (deleted, renamed) {
        (true, _) => FORMER_GROUP,
        (false, true) => GROUP,
        (false, false) => NAMED_GROUP,
    };
    let name = required(raw.name, "name", span, found).and_then(|name| kind.one(&name, found));
    let formerly = FORMER_GROUP.added(raw.formerly, "formerly", found);
    let description = raw.description.given().and_then(|said| DESCRIPTION.one(&said, found));
    let members = members(raw.members, raw.membership, found);
    let exceptions = Exceptions { also: raw.also, except: raw.except };
    let automatic = automatic(raw.rule, raw.members_of, exceptions, found);
    let computers = computers(raw.computers, found);
    Some(DesiredGroup {
        spellings: Vec::new(),
        origin,
        name: name?,
        formerly,
        source: raw.source.given().map(|source| match source.value {
            Source::Hr => DeclaredSource::Hr,
            Source::App => DeclaredSource::App,
            Source::Scim => DeclaredSource::Scim,
        }),
        description: description.map_or(Managed::Leave, Managed::Set),
        state: match raw.state.given() {
            Some(state) if state.value == State::Deleted => GroupState::Deleted(state.origin()),
            _ => GroupState::Present,
        },
        recreate: match raw.recreate.given() {
            Some(recreate) if recreate.value => Recreate::Allowed(recreate.origin()),
            _ => Recreate::Never,
        },
        members,
        automatic,
        computers,
    })
}

/// Keys of one group that contradict each other.
fn contradictions(group: &raw::Group, found: &mut Diagnostics) {
    if let Some(deleted) = group.state.as_ref().filter(|state| state.value == State::Deleted) {
        for (key, at) in wants(group) {
            let message = format!("a deleted group can't have `{key}`");
            found.push(conflict(deleted.span, at, message, "take it out, or take `state: deleted` out"));
        }
        return;
    }
    let recreate = group.recreate.as_ref().filter(|recreate| recreate.value);
    let hr = group.source.as_ref().filter(|source| source.value == Source::Hr);
    match (hr, recreate, group.formerly.as_ref()) {
        (None, Some(recreate), _) if group.source != Field::Broken => {
            let message = "`recreate` is for HR groups, and this is none";
            let help = "take it out: the group is renamed by `formerly` and keeps its history";
            found.push(Diagnostic::new(Code::ConflictingKeys, recreate.span, message).help(help));
        }
        (Some(hr), None, Some(formerly)) if !formerly.value.0.is_empty() => {
            let message = "an HR group can't be renamed, only deleted and made anew";
            let help = "if its alarms and goals may go, write `recreate: true`; else keep the old name";
            let problem = Diagnostic::new(Code::HrRename, formerly.span, message);
            found.push(problem.related(hr.span, "an HR group by this").help(help));
        }
        _ => {}
    }
}

/// What a group asks for that a deleted one can't have.
fn wants(group: &raw::Group) -> Vec<(&'static str, Span)> {
    let at = |key, span: Option<Span>| span.map(|span| (key, span));
    [
        at("description", group.description.as_ref().map(|it| it.span)),
        at("members", group.members.as_ref().map(|it| it.span)),
        at("membership", group.membership.as_ref().map(|it| it.span)),
        at("membersOf", group.members_of.as_ref().map(|it| it.span)),
        at("match", group.rule.as_ref().map(|it| it.span)),
        at("also", group.also.as_ref().map(|it| it.span)),
        at("except", group.except.as_ref().map(|it| it.span)),
        at("computers", group.computers.as_ref().map(|it| it.span)),
        at("formerly", group.formerly.as_ref().map(|it| it.span)),
        at("recreate", group.recreate.as_ref().filter(|it| it.value).map(|it| it.span)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn members(
    field: Field<List<raw::Reference>>,
    membership: Field<Membership>,
    found: &mut Diagnostics,
) -> Members<Reference> {
    let additive = membership.given().is_some_and(|it| it.value == Membership::Additive);
    match field {
        Field::Given(list) if additive && list.value.0.is_empty() => {
            found.push(adds_nothing(list.span, "members"));
            Members::AtLeast(Vec::new())
        }
        field if additive => Members::AtLeast(reference::list(field, found)),
        Field::Given(list) => Members::Exactly(reference::list(Field::Given(list), found)),
        Field::Absent | Field::Broken => Members::Leave,
    }
}

/// Who is in a group, or not, whatever decides over everybody else.
struct Exceptions {
    also: Field<List<raw::Reference>>,
    except: Field<List<raw::Reference>>,
}

fn automatic(
    rule: Field<raw::Rule>,
    of: Field<OneOrMany<Box<str>>>,
    Exceptions { also, except }: Exceptions,
    found: &mut Diagnostics,
) -> Option<Automatic> {
    if rule.is_absent() && of.as_ref().map_or(of.is_absent(), |of| of.value.0.is_empty()) {
        let spans =
            [("also", also.as_ref().map(|it| it.span)), ("except", except.as_ref().map(|it| it.span))];
        for (key, span) in spans.into_iter().filter_map(|(key, span)| Some((key, span?))) {
            let message =
                format!("`{key}` is an exception to `match` or `membersOf`, and this group has neither");
            let help = "list the group's users in `members`";
            found.push(Diagnostic::new(Code::ConflictingKeys, span, message).help(help));
        }
    }
    let (also, except) = (reference::list(also, found), reference::list(except, found));
    let of = FORMER_GROUP.added(of, "membersOf", found);
    let rule = rule.given().and_then(|rule| rule::lower(rule, found));
    (rule.is_some() || !of.is_empty()).then_some(Automatic { rule, of, also, except })
}

fn computers(field: Field<List<Box<str>>>, found: &mut Diagnostics) -> Members<Login> {
    if matches!(field, Field::Given(_)) {
        Members::Exactly(items(field).iter().filter_map(|it| COMPUTER.one(it, found)).collect())
    } else {
        Members::Leave
    }
}
