//! Which group is it, and who belongs to it?

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::manifest::lower::field::{adds_nothing, conflict, items, required};
use crate::manifest::lower::text::{CODE, COMPUTER, DESCRIPTION, FORMER_GROUP, GROUP, NAMED_GROUP};
use crate::manifest::lower::{reference, rule};
use crate::manifest::raw::{self, GroupState as State, Membership, Source};
use crate::manifest::yaml::{Field, List, OneOrMany, Spanned};
use crate::model::{
    Automatic, Below, DeclaredSource, DesiredGroup, Folded, GroupState, Located, Login, Managed, Members,
    Origin, Population, Presence, Recreate, Reference, Rule, Subject, Test,
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
    let sources =
        Sources { rule: raw.rule, branch: raw.branch, descendants: raw.descendants, of: raw.members_of };
    let exceptions = Exceptions { also: raw.also, except: raw.except };
    let population = raw.population.given().map(|said| said.map(Population::from).located());
    let fills_itself = population.as_ref().is_some_and(|said| said.value == Population::Automatic);
    let of = if fills_itself { rule::Of::FilledGroup } else { rule::Of::Group };
    let automatic = automatic((sources, of), exceptions, found);
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
        population: population.map_or(Managed::Leave, Managed::Set),
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

impl From<raw::Population> for Population {
    fn from(raw: raw::Population) -> Self {
        match raw {
            raw::Population::Manual => Self::Manual,
            raw::Population::Automatic => Self::Automatic,
        }
    }
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
    cant_fill_itself(group, found);
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

/// What a group asks for that none can have which fills itself.
fn cant_fill_itself(group: &raw::Group, found: &mut Diagnostics) {
    let Some(said) = group.population.as_ref().filter(|said| said.value == raw::Population::Automatic) else {
        return;
    };
    if let Some(source) = group.source.as_ref().filter(|source| source.value != Source::App) {
        let message = "only a group of the app fills itself, and this one has another source";
        found.push(conflict(said.span, source.span, message.to_owned(), "take `source` or `population` out"));
    }
    let unfit = [
        ("membersOf", group.members_of.as_ref().map(|it| it.span)),
        ("except", group.except.as_ref().map(|it| it.span)),
        ("computers", group.computers.as_ref().map(|it| it.span)),
    ];
    for (key, at) in unfit.into_iter().filter_map(|(key, span)| Some((key, span?))) {
        let message =
            format!("a group that fills itself holds whom its conditions match, and can't have `{key}`");
        let help = "take it out, or write `population: manual`: then Rollcall computes who belongs to it";
        found.push(conflict(said.span, at, message, help));
    }
    if group.rule.is_absent() && group.branch.is_absent() {
        let message = "a group that fills itself needs conditions, and this one has none";
        let help = "write `match` or `branch`, or take `population` out";
        found.push(Diagnostic::new(Code::ConflictingKeys, said.span, message).help(help));
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
        at("branch", group.branch.as_ref().map(|it| it.span)),
        at("descendants", group.descendants.as_ref().map(|it| it.span)),
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

/// What makes users of a group without naming them.
struct Sources {
    rule: Field<raw::Rule>,
    branch: Field<OneOrMany<raw::Text>>,
    descendants: Field<bool>,
    of: Field<OneOrMany<Box<str>>>,
}

impl Sources {
    /// Whether nothing does.
    fn are_none(&self) -> bool {
        let is_none = |is_absent: bool, count: Option<usize>| count.map_or(is_absent, |count| count == 0);
        self.rule.is_absent()
            && is_none(self.of.is_absent(), self.of.as_ref().map(|of| of.value.0.len()))
            && is_none(self.branch.is_absent(), self.branch.as_ref().map(|of| of.value.0.len()))
    }
}

fn automatic(
    (sources, kind): (Sources, rule::Of),
    Exceptions { also, except }: Exceptions,
    found: &mut Diagnostics,
) -> Option<Automatic> {
    if sources.are_none() {
        let spans =
            [("also", also.as_ref().map(|it| it.span)), ("except", except.as_ref().map(|it| it.span))];
        for (key, span) in spans.into_iter().filter_map(|(key, span)| Some((key, span?))) {
            let message = format!(
                "`{key}` is an exception to `match`, `branch` or `membersOf`, and this group has none of them"
            );
            let help = "list the group's users in `members`";
            found.push(Diagnostic::new(Code::ConflictingKeys, span, message).help(help));
        }
    }
    let Sources { rule, branch, descendants, of } = sources;
    let (also, except) = (reference::list(also, found), reference::list(except, found));
    let of = FORMER_GROUP.added(of, "membersOf", found);
    let rule = rule.given().and_then(|rule| rule::lower(rule, kind, found));
    let rule = joined(rule, branches(branch, descendants, found));
    (rule.is_some() || !of.is_empty()).then_some(Automatic { rule, of, also, except })
}

/// Who is in a branch, of each that is named.
fn branches(
    branch: Field<OneOrMany<raw::Text>>,
    descendants: Field<bool>,
    found: &mut Diagnostics,
) -> Vec<Located<Rule>> {
    if let Some(said) = descendants.as_ref().filter(|_| branch.is_absent()) {
        let message = "`descendants` is about `branch`, and this group has none";
        let help = "name the branch by its code: `branch: OSL`";
        found.push(Diagnostic::new(Code::ConflictingKeys, said.span, message).help(help));
    }
    let below = match descendants.given() {
        Some(said) if said.value => Below::Counted,
        _ => Below::LeftOut,
    };
    let is_in = |code: Located<Folded>| {
        let subject = Subject::Branch(code.value, below);
        Located::new(Rule::Is { subject, test: Test::Exists(Presence::Present) }, code.origin)
    };
    CODE.added(branch, "branch", found).into_iter().map(is_in).collect()
}

/// A rule that holds where one of these does.
fn joined(rule: Option<Located<Rule>>, branches: Vec<Located<Rule>>) -> Option<Located<Rule>> {
    let mut all: Vec<Located<Rule>> = rule.into_iter().chain(branches).collect();
    match all.len() {
        0 | 1 => all.pop(),
        _ => {
            let origin = all.first().map_or(Origin::NONE, |first| first.origin);
            Some(Located::new(Rule::Any(all), origin))
        }
    }
}

fn computers(field: Field<List<Box<str>>>, found: &mut Diagnostics) -> Members<Login> {
    if matches!(field, Field::Given(_)) {
        Members::Exactly(items(field).iter().filter_map(|it| COMPUTER.one(it, found)).collect())
    } else {
        Members::Leave
    }
}
