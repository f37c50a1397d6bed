//! Which orders are carried out, and about which record? Once, and only against the record they were written about.

mod draft;
mod members;
mod spared;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::{
    Afterwards, Agent, Desired, DesiredUser, Identifier, Login, Observed, ObservedUser, Order, OrderKind,
    Phrase, Piece, Topic, UserIx, UserLabel, utc_day,
};
use crate::phrase;
use crate::plan::people::Person;
use crate::plan::people::doubt::key_piece;
use crate::plan::people::keys::{Key, declared, held, label};
use crate::plan::people::resolve::{Fit, Resolution};
use crate::plan::tracking::rules::Standing;
use crate::plan::types::{Blocker, BlockerCode, Manual, Notice};

pub(super) use draft::{changes, gone_fact, lifted, lifted_rules, only_removes, steps, unblock_key};
pub(super) use members::memberships;
use spared::{Blocked, Spared};

/// The orders that a plan carries out, and what is to be said of the others.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// Users to be removed, with the position of their entry.
    removed: BTreeMap<UserIx, (u32, Afterwards)>,
    /// Users whose history is to be erased, with the position of their entry.
    erased: BTreeMap<UserIx, u32>,
    /// Removed users whose rules are still to be removed, by the position of their entry.
    unblocked: Vec<u32>,
    /// The rules that are not removed with a block, by the position of the entry.
    spared: BTreeMap<u32, Spared>,
    blockers: Vec<Blocker>,
    notices: Vec<Notice>,
    /// What the keys do not carry.
    manual: Vec<Manual>,
}

impl Orders {
    /// Decides every order of the manifests.
    pub(super) fn new(desired: &Desired, observed: &Observed, sides: &Resolution<'_>, today: Date) -> Self {
        let mut orders = Self::default();
        let of_users = (0..).zip(&desired.users);
        let mut of_users =
            of_users.filter_map(|(at, user)| Some((at, user, user.order.as_ref()?))).peekable();
        if of_users.peek().is_none() {
            return orders;
        }
        let agents = (0..)
            .zip(&desired.users)
            .flat_map(|(at, user)| user.agents.iter().map(move |it| (&it.value, at)));
        let (standing, agents) = (Standing::of(&observed.exclusions), agents.collect());
        orders.spared = spared(desired, observed, sides, &standing);
        let court = Court { desired, observed, sides, standing, agents, today };
        for (at, user, order) in of_users {
            court.decide(at, user, order, &mut orders);
        }
        orders
    }

    /// What becomes of the identifiers of a person who is to be removed; none for anybody else.
    pub(super) fn removal(&self, person: Person) -> Option<Afterwards> {
        let Person::Known(ix) = person else { return None };
        self.removed.get(&ix).map(|(_, afterwards)| *afterwards)
    }

    /// The users to be removed.
    pub(super) fn removed(&self) -> impl Iterator<Item = UserIx> + '_ {
        self.removed.keys().copied()
    }

    /// The users who lose their history, be it with their record.
    pub(super) fn lose_history(&self) -> impl Iterator<Item = UserIx> + '_ {
        self.removed.keys().chain(self.erased.keys()).copied()
    }

    /// How many users have their block lifted.
    pub(super) fn unblocked(&self) -> impl Iterator<Item = u32> + '_ {
        let removed = self.removed.values().filter(|(_, afterwards)| *afterwards == Afterwards::Unblock);
        removed.map(|(at, _)| *at).chain(self.unblocked.iter().copied())
    }

    /// How many licences are freed: one an agent.
    pub(super) fn licences(&self, observed: &Observed) -> usize {
        self.lose_history().map(|ix| observed.user(ix).agents.len()).sum()
    }
}

/// The identifiers of an entry that rules can stand on.
fn blockable(user: &DesiredUser) -> impl Iterator<Item = Identifier> + '_ {
    user.identifiers().map(|said| said.value).filter(|it| !matches!(it, Identifier::EmployeeId(_)))
}

/// Whether it can't be seen if an order is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unseen {
    Yes,
    No,
}

/// What orders are judged by.
struct Court<'a> {
    desired: &'a Desired,
    observed: &'a Observed,
    sides: &'a Resolution<'a>,
    standing: Standing<'a>,
    /// Which entry declares which agent.
    agents: BTreeMap<&'a Login, u32>,
    today: Date,
}

impl Court<'_> {
    fn decide(&self, at: u32, user: &DesiredUser, order: &Order, orders: &mut Orders) {
        let mut notice = |message: Phrase| {
            orders.notices.push(Notice { origin: order.origin, message, about: Vec::new() });
        };
        let named = || phrase![format!("`{}` of ", key(order.kind)), label(user)];
        match (self.sides.fits[at as usize], order.kind) {
            // Why nobody knows is said where it was found out.
            (Fit::Blocked | Fit::ByHand | Fit::New | Fit::LeftOut, _) => {}
            (Fit::Gone, kind) if !self.has_expired(order) && self.is_unseen(user, kind) => {
                orders.manual.extend(self.by_hand(user, order, label(user).into(), Unseen::Yes));
            }
            (Fit::Gone, OrderKind::Remove(Afterwards::Unblock))
                if !self.has_expired(order) && self.is_blocked(user, orders.spared.get(&at)) =>
            {
                orders.unblocked.push(at);
            }
            (Fit::Gone, OrderKind::Remove(Afterwards::StayBlocked)) => {
                let seen = self.observed.reach.hidden(Topic::Exclusions).is_none();
                let open: Vec<Piece> = blockable(user)
                    .filter(|_| seen)
                    .filter(|identifier| {
                        !self.standing.on(identifier).any(|rule| rule.login.blocks(identifier))
                    })
                    .map(|identifier| Piece::personal(&identifier))
                    .collect();
                let done = named().then(" is done: take it out");
                notice(if open.is_empty() { done } else { done.then("; not blocked: ").list(open) });
            }
            (Fit::Gone, _) => notice(named().then(" is done: take it out")),
            (Fit::Record(ix), kind) => {
                let record = self.observed.user(ix);
                let seen = self.observed.reach.hidden(Topic::Agents).is_none();
                if seen && kind == OrderKind::Erase && !record.has_data_before(order.decided) {
                    return notice(named().then(" is done: take it out"));
                }
                if seen && kind == OrderKind::Erase && record.has_lost_an_agent_since(order.decided) {
                    return notice(still_older(named(), record, order.decided));
                }
                if self.has_expired(order) {
                    return notice(named().then(" has expired and does nothing: take it out"));
                }
                if let Some(blocker) = self.doubt(at, user, order, record) {
                    return orders.blockers.push(blocker);
                }
                if let Some(manual) = self.by_hand(user, order, UserLabel::of(record).into(), Unseen::No) {
                    return orders.manual.push(manual);
                }
                match kind {
                    OrderKind::Remove(afterwards) => drop(orders.removed.insert(ix, (at, afterwards))),
                    OrderKind::Erase => drop(orders.erased.insert(ix, at)),
                }
            }
        }
    }

    /// Whether the keys do not show if an order on nobody is done: its entry says who it is by device logins alone, or its rules
    /// are to go.
    fn is_unseen(&self, user: &DesiredUser, kind: OrderKind) -> bool {
        let reach = &self.observed.reach;
        let by_logins = user.identifiers().all(|said| matches!(said.value, Identifier::DeviceLogin(_)));
        (by_logins && reach.hidden(Topic::DeviceLogins).is_some())
            || (kind == OrderKind::Remove(Afterwards::Unblock) && reach.hidden(Topic::Exclusions).is_some())
    }

    /// What somebody has to do for an order that the keys do not carry.
    fn by_hand(&self, entry: &DesiredUser, order: &Order, user: Piece, unseen: Unseen) -> Option<Manual> {
        let topic = match order.kind {
            OrderKind::Remove(_) => Topic::Removal,
            OrderKind::Erase => Topic::History,
        };
        let family = self.observed.reach.unwritten(topic)?;
        let (what, place) = match order.kind {
            OrderKind::Remove(afterwards) => {
                let gone = match afterwards {
                    Afterwards::StayBlocked => ": the record and all history, for good",
                    Afterwards::Unblock => {
                        ": the record and all history, for good, and then the exclusions on the identifiers"
                    }
                };
                (phrase!["remove ", user, gone], "Delete user & data")
            }
            OrderKind::Erase => {
                let until = format!(" up to {}, for good", order.decided);
                (phrase!["erase the history of ", user, until], "Reset user data")
            }
        };
        let seen = unseen == Unseen::No && topic == Topic::Removal;
        let what = if seen { what } else { what.then(", unless that is done") };
        let logins: Vec<Piece> = declared(entry)
            .filter(|(key, _)| unseen == Unseen::No && !self.is_shown(*key))
            .map(|(key, _)| key_piece(key))
            .collect();
        let what = if logins.is_empty() { what } else { what.then(", if it holds ").list(logins) };
        Some(Manual {
            origin: order.origin,
            what,
            place: format!("Settings > Users & Groups > Users > the user > {place}").into(),
            why: phrase![format!("the {family} carries it, and is closed to these keys")],
        })
    }

    fn has_expired(&self, order: &Order) -> bool {
        let age = (self.today - order.decided).get_days();
        i64::from(age) > i64::from(self.desired.policy.orders_expire_after.value)
    }

    /// Whether a rule that is to go stands on an identifier of the entry.
    fn is_blocked(&self, user: &DesiredUser, spared: Option<&Spared>) -> bool {
        let goes = |rule: &Login| spared.is_none_or(|spared| !spared.contains(rule));
        blockable(user).any(|identifier| self.standing.on(&identifier).any(|rule| goes(&rule.login)))
    }

    /// Whether the keys would show an identifier, if a record held it.
    fn is_shown(&self, key: Key<'_>) -> bool {
        !matches!(key, Key::Login(_)) || self.observed.reach.hidden(Topic::DeviceLogins).is_none()
    }

    /// Why the record may not be the one that the order was written about.
    fn doubt(&self, at: u32, user: &DesiredUser, order: &Order, record: &ObservedUser) -> Option<Blocker> {
        let block = |message: Phrase| unsure(order, record, message);
        let named = || phrase![format!("`{}` of ", key(order.kind)), label(user)];
        let decided = order.decided;
        match record.created.map(utc_day) {
            Some(made) if made >= decided => {
                let message = named().then(format!(
                    " was decided on {decided}, and who holds the identifier now was made on {made}: a reused address?"
                ));
                return Some(
                    block(message)
                        .way_out("if the order is done: take it out")
                        .way_out("if it means this record: decide it on a later day than the record's first"),
                );
            }
            None => {
                let message =
                    named().then(": the account does not say whether the record is older than the order");
                return Some(block(message).way_out("do it on the Users page, then take the order out"));
            }
            Some(_) => {}
        }
        let missing: Vec<Piece> = declared(user)
            .filter(|(key, _)| !held(record).any(|held| held == *key) && self.is_shown(*key))
            .map(|(key, _)| key_piece(key))
            .collect();
        if !missing.is_empty() {
            let message = named().then(": the record does not hold ").list(missing);
            return Some(
                block(message)
                    .way_out("if it is this record: declare only identifiers that it holds")
                    .way_out("if it is another: take the order out"),
            );
        }
        contradiction(user, order, record).or_else(|| self.claim(at, user, order, record))
    }

    /// Whether another entry wants something of the record.
    fn claim(&self, at: u32, user: &DesiredUser, order: &Order, record: &ObservedUser) -> Option<Blocker> {
        let block = |message: Phrase| unsure(order, record, message);
        let named = || phrase![format!("`{}` of ", key(order.kind)), label(user)];
        let taken = |agent: &&Agent| self.agents.get(&agent.login).is_some_and(|owner| *owner != at);
        if let Some(agent) = record.agents.iter().find(taken) {
            let message = named().then(" would erase the agent ").then(Piece::personal(&agent.login));
            return Some(
                block(message.then(", which another entry declares"))
                    .way_out("move the agent in one change, and order this in the next"),
            );
        }
        let claimed =
            declared(user).find(|(key, _)| self.sides.declared.owners(*key).any(|owner| owner != at));
        claimed.map(|(claimed, _)| {
            block(named().then(": another entry declares ").then(key_piece(claimed)).then(" too"))
                .way_out("take it out of one of the two")
        })
    }
}

/// Where the entry says something that does not fit its order or its record.
fn contradiction(user: &DesiredUser, order: &Order, record: &ObservedUser) -> Option<Blocker> {
    let block = |message: Phrase| unsure(order, record, message);
    let named = || phrase![format!("`{}` of ", key(order.kind)), label(user)];
    // An entry with `remove` describes who goes: another name may mean that somebody else is meant. One with `erase` may rename.
    if matches!(order.kind, OrderKind::Remove(_))
        && let (Some(said), Some(name)) = (user.display_name.said(), &record.display_name)
        && said.value != *name
    {
        let message = named().then(": the record is called ").then(Piece::personal(name));
        return Some(
            block(message)
                .way_out("if it is this record: correct the display name, or take it out of the entry")
                .way_out("if it is another: take the order out"),
        );
    }
    if order.kind == OrderKind::Remove(Afterwards::Unblock) && blockable(user).next().is_none() {
        let message = named().then(": no rule stands on an employee ID, so `unblock` would lift nothing");
        return Some(
            block(message)
                .way_out("declare the identifiers to be unblocked")
                .way_out("or take `unblock` out: the identifiers stay blocked"),
        );
    }
    None
}

/// A blocker that shows the record in question.
fn unsure(order: &Order, record: &ObservedUser, message: Phrase) -> Blocker {
    let made = match record.created {
        Some(created) => format!("; made on {}", utc_day(created)),
        None => "; when it was made is not known".to_owned(),
    };
    let identifiers = record.identifiers().map(|identifier| Piece::personal(&identifier));
    let candidate = phrase![UserLabel::of(record), " with "].list(identifiers).then(made);
    Blocker::new(order.origin, BlockerCode::UnsureOrder, message).between([candidate])
}

/// What every order to unblock spares.
fn spared(
    desired: &Desired,
    observed: &Observed,
    sides: &Resolution<'_>,
    standing: &Standing<'_>,
) -> BTreeMap<u32, Spared> {
    let unblocks = |user: &DesiredUser| {
        user.order.as_ref().is_some_and(|order| order.kind == OrderKind::Remove(Afterwards::Unblock))
    };
    let mut ordered = (0..).zip(&desired.users).filter(|(_, user)| unblocks(user)).peekable();
    if ordered.peek().is_none() {
        return BTreeMap::new();
    }
    let blocked = Blocked::new(desired, observed, sides);
    ordered.map(|(at, user)| (at, blocked.spared(user, standing))).collect()
}

/// The key that writes an order.
const fn key(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Remove(_) => "remove",
        OrderKind::Erase => "erase",
    }
}

/// An erasure that was carried out and left data: to be known, and not to be repeated.
fn still_older(named: Phrase, record: &ObservedUser, decided: Date) -> Phrase {
    let agents = record.agents.iter().filter(|agent| agent.has_data_before(decided));
    let agents = agents.map(|agent| Piece::personal(&agent.login));
    named
        .then(format!(" was carried out, and data older than {decided} is still there, of "))
        .list(agents)
        .then(": it is not erased again; look at the user in the app, and take the order out")
}
