//! Is an order carried out, and about which record?

use std::cell::OnceCell;
use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::{
    Afterwards, Dates, Desired, DesiredUser, Identifier, Key, Login, Observed, ObservedUser, Order,
    OrderKind, Origin, Phrase, Piece, Reach, Topic, UserIx, UserLabel,
};
use crate::phrase;
use crate::plan::due::lift::Lift;
use crate::plan::due::orders::{Orders, Settled};
use crate::plan::due::spared::Blocked;
use crate::plan::notice::{Manual, Notice};
use crate::plan::resolve::keys::{declared, label};
use crate::plan::resolve::resolution::{Fit, Resolution};
use crate::plan::resolve::wording::key_piece;
use crate::plan::rules::{Standing, blockable};

/// Decides every order of the manifests.
pub(in crate::plan) fn decide(
    desired: &Desired,
    observed: &Observed,
    sides: &Resolution<'_>,
    today: Dates,
) -> Orders {
    let mut orders = Orders::default();
    let of_users = (0..).zip(&desired.users);
    let mut of_users = of_users.filter_map(|(at, user)| Some((at, user, user.order.as_ref()?))).peekable();
    if of_users.peek().is_none() {
        return orders;
    }
    let agents =
        (0..).zip(&desired.users).flat_map(|(at, user)| user.agents.iter().map(move |it| (&it.value, at)));
    let (standing, agents) = (Standing::of(&observed.exclusions), agents.collect());
    let blocked = OnceCell::new();
    let decider = Decider { desired, observed, sides, standing, blocked, agents, today };
    for (at, user, order) in of_users {
        decider.order(at, user, order, &mut orders);
    }
    of_rows(&mut orders);
    elsewhere(&mut orders, &observed.reach);
    orders
}

/// Says of orders that the account has no place for who stays all the same.
fn elsewhere(orders: &mut Orders, reach: &Reach) {
    let (origins, mut about): (Vec<Origin>, Vec<Piece>) =
        std::mem::take(&mut orders.elsewhere).into_iter().unzip();
    let Some(origin) = origins.into_iter().min() else { return };
    about.sort_unstable();
    let family = reach.users();
    let message = format!(
        "the {family} takes no orders: what `remove` and `erase` say of these users is not carried out here"
    );
    orders.notices.push(Notice { origin, message: phrase![message], about });
}

/// Says of orders of rows that they do nothing any more: exports go on to name leavers, so each kind in one line.
fn of_rows(orders: &mut Orders) {
    for ((export, key, settled), (count, origin)) in std::mem::take(&mut orders.settled) {
        let users = if count == 1 { "1 user".to_owned() } else { format!("{count} users") };
        let message = phrase![format!("`{key}` of {users} by rows of {export} is {}", settled.words())];
        orders.notices.push(Notice { origin, message, about: Vec::new() });
    }
}

/// Says of an order that it does nothing any more.
fn settle(user: &DesiredUser, order: &Order, settled: Settled, orders: &mut Orders) {
    let Some(row) = &order.row else {
        let message = named(user, order).then(match settled {
            Settled::Done => " is done: remove it from the manifest",
            Settled::Expired => " has expired and does nothing: remove it from the manifest",
        });
        return orders.notices.push(Notice { origin: order.origin, message, about: Vec::new() });
    };
    let of_kind = (row.export.clone(), key(order.kind), settled);
    let (count, first) = orders.settled.entry(of_kind).or_insert((0, order.origin));
    *count += 1;
    *first = (*first).min(order.origin);
}

/// Whether it can't be seen if an order is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unseen {
    Yes,
    No,
}

/// What orders are judged by.
pub(super) struct Decider<'a> {
    pub(super) desired: &'a Desired,
    pub(super) observed: &'a Observed,
    pub(super) sides: &'a Resolution<'a>,
    pub(super) standing: Standing<'a>,
    /// Who stays blocked; looked for with the first order that lifts a block.
    pub(super) blocked: OnceCell<Blocked<'a>>,
    /// Which entry declares which agent.
    pub(super) agents: BTreeMap<&'a Login, u32>,
    pub(super) today: Dates,
}

impl Decider<'_> {
    fn order(&self, at: u32, user: &DesiredUser, order: &Order, orders: &mut Orders) {
        if self.observed.reach.absent(topic(order.kind)).is_some() {
            let is_there = matches!(self.sides.fits[at as usize], Fit::Record(_));
            if is_there && !self.has_expired(order) {
                orders.elsewhere.push((order.origin, label(user).into()));
            }
            return;
        }
        match self.sides.fits[at as usize] {
            // Why nobody knows is said where it was found out.
            Fit::Blocked | Fit::ByHand | Fit::New | Fit::LeftOut => {}
            Fit::Gone => self.decide_on_nobody(at, user, order, orders),
            Fit::Record(ix) => self.decide_on(ix, (at, user, order), orders),
        }
    }

    /// An order on whom nobody is any more: done, but for the rules that it may have left.
    fn decide_on_nobody(&self, at: u32, user: &DesiredUser, order: &Order, orders: &mut Orders) {
        let done = |orders: &mut Orders, words: &'static str, list: Vec<Piece>| {
            if list.is_empty() {
                return settle(user, order, Settled::Done, orders);
            }
            let out = if order.row.is_some() { "" } else { ": remove it from the manifest" };
            let message = named(user, order).then(format!(" is done{out}")).then(words).list(list);
            orders.notices.push(Notice { origin: order.origin, message, about: Vec::new() });
        };
        if !self.has_expired(order) && self.is_unseen(user, order.kind) {
            return orders.manual.extend(self.by_hand(user, order, label(user).into(), Unseen::Yes));
        }
        match order.kind {
            OrderKind::Remove(Afterwards::Unblock) if !self.has_expired(order) => {
                let rest = self.lift(user).rest();
                if rest.rules().is_empty() {
                    let others = rest.others().iter().map(Piece::personal).collect();
                    done(orders, "; still blocked by ", others);
                } else {
                    orders.unblocked.insert(at, rest);
                }
            }
            OrderKind::Remove(Afterwards::StayBlocked) => {
                let seen = self.observed.reach.hidden(Topic::Exclusions).is_none();
                let is_open = |identifier: &Identifier| {
                    !self.standing.on(identifier).any(|rule| rule.login.blocks(identifier))
                };
                let open = blockable(user).filter(|identifier| seen && is_open(identifier));
                let open = open.map(|identifier| Piece::personal(&identifier)).collect();
                done(orders, "; not blocked: ", open);
            }
            OrderKind::Remove(Afterwards::Unblock) | OrderKind::Erase => {
                done(orders, "", Vec::new());
            }
        }
    }

    /// An order on a record of the account.
    fn decide_on(&self, ix: UserIx, (at, user, order): (u32, &DesiredUser, &Order), orders: &mut Orders) {
        let (record, kind) = (self.observed.user(ix), order.kind);
        if let Some(blocker) = self.comes(user, order, ix).filter(|_| !self.has_expired(order)) {
            return orders.blockers.push(blocker);
        }
        let seen = self.observed.reach.hidden(Topic::Agents).is_none();
        if seen && kind == OrderKind::Erase && !record.has_data_up_to(order.decided) {
            return settle(user, order, Settled::Done, orders);
        }
        if seen && kind == OrderKind::Erase && record.has_lost_an_agent_since(order.decided) {
            let message = still_older(named(user, order), record, order.decided);
            return orders.notices.push(Notice { origin: order.origin, message, about: Vec::new() });
        }
        if self.has_expired(order) {
            return settle(user, order, Settled::Expired, orders);
        }
        if let Some(blocker) = self.doubt(at, user, order, record) {
            return orders.blockers.push(blocker);
        }
        if let Some(manual) = self.by_hand(user, order, UserLabel::of(record).into(), Unseen::No) {
            if kind != OrderKind::Erase {
                orders.removed_by_hand.insert(ix);
            }
            return orders.manual.push(manual);
        }
        match kind {
            OrderKind::Remove(afterwards) => {
                if afterwards == Afterwards::Unblock {
                    orders.unblocked.insert(at, self.lift(user));
                }
                orders.removed.insert(ix, (at, afterwards));
            }
            OrderKind::Erase => drop(orders.erased.insert(ix, at)),
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
        let topic = topic(order.kind);
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
        order.has_expired(self.today, self.desired.policy.orders_expire_after.value)
    }

    /// What is lifted of an entry.
    fn lift(&self, user: &DesiredUser) -> Lift {
        let blocked = self.blocked.get_or_init(|| Blocked::new(self.desired, self.observed, self.sides));
        Lift::new(user, blocked.spared(user), self.desired, &self.standing)
    }

    /// Whether the keys would show an identifier, if a record held it.
    pub(super) fn is_shown(&self, key: Key<'_>) -> bool {
        !matches!(key, Key::Login(_)) || self.observed.reach.hidden(Topic::DeviceLogins).is_none()
    }
}

/// An order by its key and its user: `` `erase` of Carol ``.
pub(super) fn named(user: &DesiredUser, order: &Order) -> Phrase {
    phrase![format!("`{}` of ", key(order.kind)), label(user)]
}

/// The part of the account that an order is about.
const fn topic(kind: OrderKind) -> Topic {
    match kind {
        OrderKind::Remove(_) => Topic::Removal,
        OrderKind::Erase => Topic::History,
    }
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
    let agents = record.with_data_up_to(decided);
    let agents = agents.map(|agent| Piece::personal(&agent.login));
    named
        .then(format!(" was carried out, and data up to {decided} (UTC) is still there, of "))
        .list(agents)
        .then(": it is not erased again; look at the user in the app, and take the order out")
}
