//! What is different about an account between two readings of it? As changes, in the words of a plan; no manifest asks for them.

use std::collections::BTreeMap;

use crate::model::{
    Activation, Agent, AgentId, Cause, Change, ChangeId, Computer, ComputerId, Delta, Description,
    DisplayName, Fact, Field, GroupId, GroupIx, Identifier, Object, Observed, ObservedExclusion,
    ObservedGroup, ObservedUser, Origin, Phrase, Piece, Severity, Sizes, UserId, UserLabel, Verb,
};
use crate::plan::fact::describing;

/// What is different in `after` from `before`: users, then groups, then exclusions, each by number, and what is new after them, by
/// name, as nobody chooses the numbers that an account gives.
///
/// Computers of groups are compared where both readings show them. What agents reported, and when, is no difference.
pub fn between(before: &Observed, after: &Observed) -> Vec<Change> {
    let mut changes = Changes(Vec::new());
    let sides = Sides { before, after };
    let name = |user: &ObservedUser| UserLabel::of(user);
    for (was, is) in paired((&before.users, &after.users), |user| user.id, name) {
        sides.user(was, is, &mut changes);
    }
    let name = |group: &ObservedGroup| group.name.as_written().to_owned();
    for (was, is) in paired((&before.groups, &after.groups), |group| group.id, name) {
        sides.group(was, is, &mut changes);
    }
    let login = |rule: &ObservedExclusion| rule.login.to_string();
    for (was, is) in paired((&before.exclusions, &after.exclusions), |rule| rule.id, login) {
        exclusion(was, is, &mut changes);
    }
    changes.0
}

/// The changes so far.
struct Changes(Vec<Change>);

impl Changes {
    /// Adds one, if anything is different.
    fn push(&mut self, (verb, object): (Verb, Object), facts: Vec<Fact>, members: Option<Sizes>) {
        let Some(severity) = facts.iter().map(|fact| fact.severity).max() else { return };
        let id = ChangeId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        let (origin, notes) = (Origin::NONE, Vec::new());
        self.0.push(Change { id, object, verb, severity, origin, facts, members, notes });
    }
}

/// Each record of two lists, as it was and as it is: by number, and those that were not there at the end, by name.
fn paired<'a, T, K: Ord, N: Ord>(
    (before, after): (&'a [T], &'a [T]),
    key: impl Fn(&T) -> K,
    name: impl Fn(&T) -> N,
) -> impl Iterator<Item = (Option<&'a T>, Option<&'a T>)> {
    let mut pairs: BTreeMap<K, (Option<&T>, Option<&T>)> = BTreeMap::new();
    for one in before {
        pairs.entry(key(one)).or_default().0 = Some(one);
    }
    for one in after {
        pairs.entry(key(one)).or_default().1 = Some(one);
    }
    let mut pairs: Vec<_> = pairs.into_values().collect();
    pairs.sort_by_cached_key(|(was, is)| is.filter(|_| was.is_none()).map(&name));
    pairs.into_iter()
}

fn fact(field: Field, delta: Delta, severity: Severity) -> Fact {
    Fact { field, delta, severity, cause: Cause::Declared, origin: Origin::NONE, remark: None }
}

fn added(field: Field, value: Piece) -> Fact {
    fact(field, Delta::Add(value), Severity::Safe)
}

fn removed(field: Field, value: Piece) -> Fact {
    fact(field, Delta::Remove(value), Severity::Disruptive)
}

/// What is there now and was not, and what was and is not any more.
fn moved<T: PartialEq>(field: Field, (was, is): (&[T], &[T]), piece: impl Fn(&T) -> Piece) -> Vec<Fact> {
    let come = is.iter().filter(|one| !was.contains(one)).map(|one| added(field, piece(one)));
    let gone = was.iter().filter(|one| !is.contains(one)).map(|one| removed(field, piece(one)));
    come.chain(gone).collect()
}

/// What a group says of itself now, where both readings show it.
fn described(was: Option<&ObservedGroup>, is: &ObservedGroup) -> Option<Fact> {
    let none = Description::default();
    let said = is.description.as_ref()?;
    let before = was.map_or(Some(&none), |was| was.description.as_ref())?;
    describing(before, said).map(|(delta, severity)| fact(Field::Description, delta, severity))
}

struct Sides<'a> {
    before: &'a Observed,
    after: &'a Observed,
}

impl Sides<'_> {
    fn user(&self, was: Option<&ObservedUser>, is: Option<&ObservedUser>, changes: &mut Changes) {
        let (verb, label) = match (was, is) {
            (Some(was), Some(_)) => (Verb::Update, UserLabel::of(was)),
            (None, Some(is)) => (Verb::Create, UserLabel::of(is)),
            (Some(was), None) => (Verb::Delete, UserLabel::of(was)),
            (None, None) => return,
        };
        let facts = match (was, is) {
            (Some(_), None) => {
                let gone = Delta::Remove(label.clone().into());
                vec![fact(Field::Existence, gone, Severity::Irreversible)]
            }
            (was, Some(is)) => self.of_user(was, is),
            (None, None) => return,
        };
        changes.push((verb, Object::User(label)), facts, None);
    }

    fn of_user(&self, was: Option<&ObservedUser>, is: &ObservedUser) -> Vec<Fact> {
        let mut facts: Vec<Fact> = name(was, is).into_iter().collect();
        facts.extend(identifiers(was, is));
        facts.extend(tracking(was, is));
        facts.extend(status(was, is));
        facts.extend(agents(was, is));
        facts.extend(self.primary_group(was, is));
        facts
    }

    fn primary_group(&self, was: Option<&ObservedUser>, is: &ObservedUser) -> Option<Fact> {
        let named = |side: &Observed, group: Option<GroupId>| {
            let ix = group.and_then(|group| side.group_ix(group))?;
            Some(Piece::plain(&side.group(ix).name))
        };
        let (before, after) = (was.and_then(|was| was.primary_group), is.primary_group);
        if before == after {
            return None;
        }
        let (from, to) = (named(self.before, before), named(self.after, after));
        let delta = match (from, to) {
            (from, Some(to)) => Delta::Set { from, to },
            (Some(from), None) => Delta::Remove(from),
            (None, None) => return None,
        };
        Some(fact(Field::PrimaryGroup, delta, Severity::Safe))
    }

    fn group(&self, was: Option<&ObservedGroup>, is: Option<&ObservedGroup>, changes: &mut Changes) {
        let (verb, shown) = match (was, is) {
            (Some(was), Some(_)) => (Verb::Update, was),
            (None, Some(is)) => (Verb::Create, is),
            (Some(was), None) => (Verb::Delete, was),
            (None, None) => return,
        };
        let object =
            Object::Group { id: Some(shown.id), name: shown.name.clone(), source: shown.source.clone() };
        let name = || Piece::plain(&shown.name);
        let mut facts = Vec::new();
        let Some(is) = is else {
            facts.push(fact(Field::Existence, Delta::Remove(name()), Severity::Irreversible));
            return changes.push((verb, object), facts, None);
        };
        match was {
            None => facts.push(added(Field::Existence, name())),
            Some(was) if was.name.as_written() != is.name.as_written() => {
                let delta = Delta::Set { from: Some(name()), to: Piece::plain(&is.name) };
                facts.push(fact(Field::Name, delta, Severity::Disruptive));
            }
            Some(_) => {}
        }
        facts.extend(described(was, is));
        let (were, are) = (members(self.before, is.id), members(self.after, is.id));
        let mut joined = moved(Field::Member, (&were, &are), |user| self.label(*user).into());
        joined.sort_by_cached_key(|fact| (fact.severity, piece(&fact.delta)));
        let sizes = (verb == Verb::Update && !joined.is_empty())
            .then_some(Sizes { before: were.len(), after: are.len() });
        facts.extend(joined);
        facts.extend(self.computers(was, is));
        changes.push((verb, object), facts, sizes);
    }

    fn label(&self, user: UserId) -> UserLabel {
        let on = |side: &Observed| side.user_ix(user).map(|ix| UserLabel::of(side.user(ix)));
        let unknown = || UserLabel { name: None, display_id: None, record: Some(user) };
        on(self.after).or_else(|| on(self.before)).unwrap_or_else(unknown)
    }

    fn computers(&self, was: Option<&ObservedGroup>, is: &ObservedGroup) -> Vec<Fact> {
        let had = was.map_or(Some(&[][..]), |was| was.computers.as_deref());
        let (Some(had), Some(has)) = (had, is.computers.as_deref()) else { return Vec::new() };
        moved(Field::Computer, (had, has), |computer| self.computer(*computer))
    }

    fn computer(&self, id: ComputerId) -> Piece {
        let on = |side: &Observed| {
            let at = side.computers.binary_search_by_key(&id, |computer| computer.id).ok()?;
            side.computers.get(at).map(|Computer { login, .. }| Piece::personal(login))
        };
        on(self.after).or_else(|| on(self.before)).unwrap_or_else(|| format!("computer {}", id.0).into())
    }
}

/// What comes, or goes.
fn piece(delta: &Delta) -> Piece {
    match delta {
        Delta::Add(piece) | Delta::Remove(piece) | Delta::Set { to: piece, .. } => piece.clone(),
    }
}

/// The members of a group, by record.
fn members(side: &Observed, group: GroupId) -> Vec<UserId> {
    let of = |ix: GroupIx| side.members(ix).map(|user| side.user(user).id).collect();
    side.group_ix(group).map_or_else(Vec::new, of)
}

fn name(was: Option<&ObservedUser>, is: &ObservedUser) -> Option<Fact> {
    let (before, after) = (was.and_then(|was| was.display_name.as_ref()), is.display_name.as_ref());
    if before.map(DisplayName::as_written) == after.map(DisplayName::as_written) {
        return None;
    }
    let (from, to) = (before.map(Piece::personal), after.map(Piece::personal));
    match (was, from, to) {
        (None, _, Some(to)) => Some(added(Field::Name, to)),
        (Some(_), from, Some(to)) => Some(fact(Field::Name, Delta::Set { from, to }, Severity::Disruptive)),
        (_, Some(from), None) => Some(removed(Field::Name, from)),
        (_, None, None) => None,
    }
}

/// By kind, as the account writes them.
fn identifiers(was: Option<&ObservedUser>, is: &ObservedUser) -> Vec<Fact> {
    let written = |user: Option<&ObservedUser>, field: Field| -> Vec<String> {
        let held = user.into_iter().flat_map(ObservedUser::identifiers);
        held.filter(|it| Field::of(it) == field).map(|it: Identifier| it.to_string()).collect()
    };
    let fields = [Field::Upn, Field::Email, Field::EmployeeId, Field::DeviceLogin];
    let facts = fields
        .into_iter()
        .flat_map(|field| moved(field, (&written(was, field), &written(Some(is), field)), Piece::personal));
    facts.collect()
}

fn tracking(was: Option<&ObservedUser>, is: &ObservedUser) -> Option<Fact> {
    let to = Piece::from(is.tracking.word());
    match was.map(|was| was.tracking) {
        None => Some(added(Field::Tracking, to)),
        Some(was) if was != is.tracking => {
            let delta = Delta::Set { from: Some(was.word().into()), to };
            Some(fact(Field::Tracking, delta, Severity::Disruptive))
        }
        Some(_) => None,
    }
}

/// Of somebody who is new, only that they may not log in.
fn status(was: Option<&ObservedUser>, is: &ObservedUser) -> Option<Fact> {
    let (before, after) = (was.and_then(|was| was.activation), is.activation?);
    let to = Piece::from(after.word());
    match was {
        None if after == Activation::Deactivated => Some(added(Field::Status, to)),
        Some(_) if before.is_some_and(|before| before != after) => {
            let from = before.map(|before| before.word().into());
            Some(fact(Field::Status, Delta::Set { from, to }, Severity::Disruptive))
        }
        Some(_) | None => None,
    }
}

/// Agents that came, went to another user, or were deleted with what they had gathered.
fn agents(was: Option<&ObservedUser>, is: &ObservedUser) -> Vec<Fact> {
    let of = |user: Option<&ObservedUser>| -> Vec<(AgentId, Piece)> {
        let agents = user.map_or(&[][..], |user| &user.agents);
        agents.iter().map(|Agent { id, login, .. }| (*id, Piece::personal(login))).collect()
    };
    let (had, has) = (of(was), of(Some(is)));
    let is_there = |all: &[(AgentId, Piece)], id: AgentId| all.iter().any(|(one, _)| *one == id);
    let come = has
        .iter()
        .filter(|(id, _)| !is_there(&had, *id))
        .map(|(_, login)| added(Field::Agent, login.clone()));
    let gone = had.iter().filter(|(id, _)| !is_there(&has, *id)).map(|(id, login)| {
        let gone = removed(Field::Agent, login.clone());
        if is.deleted_agents.iter().any(|deleted| deleted.id == *id) {
            let remark = Some(Phrase::words("deleted with its history"));
            return Fact { severity: Severity::Irreversible, remark, ..gone };
        }
        gone
    });
    come.chain(gone).collect()
}

fn exclusion(was: Option<&ObservedExclusion>, is: Option<&ObservedExclusion>, changes: &mut Changes) {
    let object =
        |rule: &ObservedExclusion| Object::Exclusion { id: Some(rule.id), login: rule.login.clone() };
    let login = |rule: &ObservedExclusion| Piece::personal(&rule.login);
    let existence = |delta| vec![fact(Field::Existence, delta, Severity::Disruptive)];
    match (was, is) {
        (None, Some(is)) => {
            changes.push((Verb::Create, object(is)), existence(Delta::Add(login(is))), None);
        }
        (Some(was), None) => {
            changes.push((Verb::Delete, object(was)), existence(Delta::Remove(login(was))), None);
        }
        (Some(_) | None, _) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        DeletedAgent, Email, ExclusionId, GroupName, GroupSource, Login, ObservedEmail, Tracking, Writer,
    };

    fn user(id: u64, name: &str) -> ObservedUser {
        ObservedUser { display_name: Some(DisplayName::observed(name)), ..ObservedUser::new(UserId(id)) }
    }

    fn group(id: u64, name: &str, computers: Option<Vec<ComputerId>>) -> ObservedGroup {
        let name = GroupName::observed(name);
        ObservedGroup { computers, ..ObservedGroup::new(GroupId(id), name, GroupSource::App) }
    }

    /// Each change as its verb and the fields of its facts.
    fn told(before: &Observed, after: &Observed) -> Vec<(Verb, Vec<Field>)> {
        let fields = |change: &Change| change.facts.iter().map(|fact| fact.field).collect();
        between(before, after).iter().map(|change| (change.verb, fields(change))).collect()
    }

    #[test]
    fn two_readings_of_one_account_differ_in_nothing() {
        let rule = ObservedExclusion { id: ExclusionId(3), login: Login::observed(None, "svc") };
        let users = vec![user(1, "Ada"), user(2, "Bob")];
        let pairs = [(GroupId(9), UserId(1))];
        let account = Observed::new(users, vec![group(9, "R&D", None)], &pairs, vec![rule], Vec::new());
        assert_eq!(between(&account, &account.clone()), []);
    }

    #[test]
    fn every_field_of_a_user_is_compared() {
        let login = Login::observed(Some("ACME"), "ada");
        let agent = Agent {
            id: AgentId(5),
            login,
            alias: None,
            first_log: None,
            last_log: None,
            merge_pending: false,
        };
        let email = |text: &str| ObservedEmail { email: Email::observed(text), writer: Writer::Other };
        let was = ObservedUser { agents: vec![agent], emails: vec![email("a@x.example")], ..user(1, "Ada") };
        let is = ObservedUser {
            display_name: Some(DisplayName::observed("ada")),
            emails: vec![email("b@x.example")],
            agents: Vec::new(),
            deleted_agents: vec![DeletedAgent { id: AgentId(5), deleted: None }],
            tracking: Tracking::Untracked,
            primary_group: Some(GroupId(9)),
            ..was.clone()
        };
        let account =
            |user| Observed::new(vec![user], vec![group(9, "R&D", None)], &[], Vec::new(), Vec::new());
        let fields =
            vec![Field::Name, Field::Email, Field::Email, Field::Tracking, Field::Agent, Field::PrimaryGroup];
        let (before, after) = (account(was), account(is));
        assert_eq!(told(&before, &after), [(Verb::Update, fields)]);
        assert_eq!(between(&before, &after)[0].severity, Severity::Irreversible, "its history is gone");
    }

    #[test]
    fn what_comes_and_goes_is_told_with_what_it_has() {
        let rule = ObservedExclusion { id: ExclusionId(3), login: Login::observed(None, "svc") };
        let before = Observed::new(
            vec![user(1, "Ada"), user(2, "Bob")],
            vec![group(8, "Old", None), group(9, "R&D", Some(vec![ComputerId(20)]))],
            &[(GroupId(9), UserId(2))],
            Vec::new(),
            Vec::new(),
        );
        let after = Observed::new(
            vec![user(1, "Ada"), user(3, "Cy")],
            vec![group(9, "Research", Some(Vec::new())), group(10, "New", None)],
            &[(GroupId(9), UserId(1)), (GroupId(9), UserId(3)), (GroupId(10), UserId(3))],
            vec![rule],
            Vec::new(),
        );
        assert_eq!(
            told(&before, &after),
            [
                (Verb::Delete, vec![Field::Existence]),
                (Verb::Create, vec![Field::Name, Field::Tracking]),
                (Verb::Delete, vec![Field::Existence]),
                (
                    Verb::Update,
                    vec![Field::Name, Field::Member, Field::Member, Field::Member, Field::Computer]
                ),
                (Verb::Create, vec![Field::Existence, Field::Member]),
                (Verb::Create, vec![Field::Existence]),
            ]
        );
        assert_eq!(between(&before, &after)[3].members, Some(Sizes { before: 1, after: 2 }));
    }
}
