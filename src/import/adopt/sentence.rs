//! How is a difference said, with both sides?

use crate::model::{Cause, Change, Delta, Fact, Field, Object, Phrase, Piece, Verb};
use crate::phrase;

/// One fact of a plan as a difference of manifests and account.
pub(super) fn sentence(change: &Change, fact: &Fact) -> Phrase {
    let object = match &change.object {
        Object::User(label) => label.clone().into(),
        Object::Group { name, .. } => Piece::plain(name),
        Object::Exclusion { login, .. } => Piece::personal(login),
    };
    match change.verb {
        Verb::Create => return phrase![object, ": in the manifests, and not in the account"],
        Verb::Delete => return phrase![object, ": in the account, and to go by the manifests"],
        Verb::Update => {}
    }
    let of = phrase![object, ": ", fact.field.word()];
    let told = |piece: &Piece| phrase![" ", piece.clone()];
    match &fact.delta {
        Delta::Remove(_) if matches!(fact.field, Field::History | Field::Block) => {
            of.joined(phrase![" that an order is about"])
        }
        Delta::Add(value) | Delta::Remove(value) | Delta::Set { to: value, .. }
            if !matches!(fact.cause, Cause::Declared | Cause::Rule) =>
        {
            of.joined(told(value)).then(" becomes otherwise by what the manifests say")
        }
        Delta::Add(value) => of.joined(told(value)).then(" in the manifests, and not in the account"),
        Delta::Remove(value) => of.joined(told(value)).then(" in the account, and not in the manifests"),
        Delta::Set { from: None, to } => {
            of.joined(told(to)).then(" in the manifests, and none in the account")
        }
        Delta::Set { from: Some(from), to } => {
            let manifests = told(to).then(" in the manifests, ");
            of.joined(manifests).then(from.clone()).then(" in the account")
        }
    }
}
