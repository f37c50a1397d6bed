//! Is the record the one that an order was written about, and would nothing be lost that the order does not mean?

use crate::model::{
    Afterwards, Agent, Dates, DesiredUser, Key, Login, ObservedUser, Order, OrderKind, Phrase, Piece, UserIx,
    UserLabel, utc_day,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::due::decision::{Decider, named};
use crate::plan::resolve::keys::{declared, held, label};
use crate::plan::resolve::wording::key_piece;
use crate::plan::rules::blockable;

impl Decider<'_> {
    /// Why the record may not be the one that the order was written about.
    pub(super) fn doubt(
        &self,
        at: u32,
        user: &DesiredUser,
        order: &Order,
        record: &ObservedUser,
    ) -> Option<Blocker> {
        let block = |message: Phrase| unsure(order, record, message);
        let named = || named(user, order);
        let decided = order.decided;
        let spent = spent(order);
        match record.created {
            // Where it was latest, the record was made on that day already, and it may be the wrong one.
            Some(created) if Dates::of(created).latest >= decided => {
                let made = created.strftime("%Y-%m-%d %H:%M UTC");
                let message = named().then(format!(
                    " was decided on {decided}, and who holds the identifier now was made at {made}: a reused address?"
                ));
                return Some(
                    block(message)
                        .way_out_phrase(phrase!["if the order is done: take ", spent, " out"])
                        .way_out("if it means this record: decide it on a later day than the record's first"),
                );
            }
            None => {
                let message =
                    named().then(": the account does not say whether the record is older than the order");
                return Some(block(message).way_out_phrase(phrase![
                    "do it on the Users page, then take ",
                    spent,
                    " out"
                ]));
            }
            Some(_) => {}
        }
        let missing: Vec<Piece> = declared(user)
            .filter(|(key, _)| !held(record).any(|held| held == *key) && self.is_shown(*key))
            .map(|(key, _)| key_piece(key))
            .collect();
        if !missing.is_empty() {
            let message = named().then(": the record does not hold ").list(missing);
            let [this, other] = ways_out(order);
            return Some(
                block(message)
                    .way_out_phrase(phrase![format!("if it is this record: {this}")])
                    .way_out_phrase(phrase![format!("if it is another: {other}")]),
            );
        }
        if let Some(agent) = record.agents.iter().find(|agent| agent.merge_pending) {
            let message =
                named().then(": the account is merging the agent ").then(Piece::personal(&agent.login));
            return Some(
                block(message.then(" with another, and whose history it is is not settled"))
                    .way_out("wait until the account has merged it, and plan again"),
            );
        }
        contradiction(user, order, record).or_else(|| self.claim(at, user, order, record))
    }

    /// Whether an agent is to come to the record whose history is to go, be that gone already: what the agent did before, for
    /// somebody else, would go with it, in this run or in the next.
    pub(super) fn comes(&self, user: &DesiredUser, order: &Order, ix: UserIx) -> Option<Blocker> {
        if order.kind != OrderKind::Erase {
            return None;
        }
        let holder = |login: &Login| {
            let owners = self.sides.agents.owners(Key::Login(login)).map(UserIx);
            owners.into_iter().find(|owner| *owner != ix)
        };
        let (login, holder) = user.agents.iter().find_map(|it| Some((&it.value, holder(&it.value)?)))?;
        let message = phrase!["`erase` of ", label(user), " would erase the agent ", Piece::personal(login)]
            .then(" too, which comes from ")
            .then(UserLabel::of(self.observed.user(holder)));
        Some(
            unsure(order, self.observed.user(ix), message)
                .way_out("to keep what it did: erase first, and move the agent once the order is done and taken out")
                .way_out("to erase that too: move the agent first, and order the erasure in the next change"),
        )
    }

    /// Whether another entry wants something of the record.
    fn claim(&self, at: u32, user: &DesiredUser, order: &Order, record: &ObservedUser) -> Option<Blocker> {
        let block = |message: Phrase| unsure(order, record, message);
        let named = || named(user, order);
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
                .way_out("if it stays with this user: take it out of the other entry")
                .way_out("if it is handed on: put it under `releases` here, without the order, and order this in the next change")
        })
    }
}

/// Where the entry says something that does not fit its order or its record.
fn contradiction(user: &DesiredUser, order: &Order, record: &ObservedUser) -> Option<Blocker> {
    let block = |message: Phrase| unsure(order, record, message);
    let named = || named(user, order);
    // An entry with `remove` describes who goes: another name may mean that somebody else is meant. One with `erase` may rename.
    if matches!(order.kind, OrderKind::Remove(_))
        && let (Some(said), Some(name)) = (user.display_name.declared(), &record.display_name)
        && said.value != *name
    {
        let message = named().then(": the record is called ").then(Piece::personal(name));
        return Some(
            block(message)
                .way_out("if it is this record: correct the display name, or take it out of the entry")
                .way_out("if it is another: take the entry out"),
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

/// What of an entry goes once its order is done: what is left of one with `remove` would make the user anew.
const fn spent(order: &Order) -> &'static str {
    match order.kind {
        _ if order.row.is_some() => "the row",
        OrderKind::Remove(_) => "the entry",
        OrderKind::Erase => "`erase`",
    }
}

/// What to do about an order whose record lacks something: if it is the record that is meant, and if it is not.
const fn ways_out(order: &Order) -> [&'static str; 2] {
    match order.row {
        None => ["declare only identifiers that it holds", "take the entry out"],
        Some(_) => [
            "correct the row, or map no column that the record does not hold",
            "leave the row out with `unless`",
        ],
    }
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
