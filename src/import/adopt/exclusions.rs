//! What would manifests say of a global Do Not Track rule, so that a plan leaves it as it is?

use crate::import::adopt::answer::Answer;
use crate::import::adopt::book::Book;
use crate::manifest::edit::TextChange;
use crate::model::{Cause, Change, Fact, Field};

/// What is to be done about one fact of an exclusion.
pub(super) fn answer(book: &Book<'_>, change: &Change, fact: &Fact) -> Answer {
    if fact.field != Field::Existence {
        return Answer::Follows;
    }
    if let Err(why) = book.spot(change.origin) {
        return Answer::Not(why);
    }
    match fact.cause {
        Cause::Declared => Answer::edit(fact.origin, TextChange::TakeOut),
        // Somebody is declared tracked on whom it stands: which of the two holds is for a human to say.
        Cause::Consequence => Answer::edit(fact.origin, TextChange::DropKey),
        Cause::Rule | Cause::Policy | Cause::Absence => Answer::Follows,
    }
}
