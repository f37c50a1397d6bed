//! What is at stake where history goes for good? Whose it is, and what each agent gathered since which day: facts, so that an approval
//! covers this person and these agents, and nobody who holds the record later.
//!
//! When a history ends is none of them: an agent that goes on reporting makes no review stale.

use crate::model::{Agent, Cause, Delta, Fact, Field, Identifier, Origin, Phrase, Piece, Severity, utc_day};
use crate::plan::after::After;
use crate::plan::people::People;
use crate::plan::person::Person;

/// Who asks for a history to go.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Asked {
    /// What brings it about.
    pub(in crate::plan) cause: Cause,
    /// Where it is asked for.
    pub(in crate::plan) origin: Origin,
}

/// One fact for the person, as the run leaves them, and one for each agent whose history goes.
pub(in crate::plan) fn facts<'a>(
    (people, after): (&People<'_>, &After),
    person: Person,
    agents: impl Iterator<Item = &'a Agent>,
    asked: Asked,
) -> Vec<Fact> {
    let fact = |value: String| Fact {
        field: Field::History,
        delta: Delta::Remove(Piece::Personal(value.into())),
        severity: Severity::Irreversible,
        cause: asked.cause,
        origin: asked.origin,
        remark: (asked.cause == Cause::Consequence).then(|| Phrase::words("with it")),
    };
    let mut agents: Vec<String> = agents.map(since).collect();
    agents.sort_unstable();
    std::iter::once(portrayed(people, after, person)).chain(agents).map(fact).collect()
}

/// A person by name and every identifier: `of Bob Stone: bob@acme.example, E0044`.
fn portrayed(people: &People<'_>, after: &After, person: Person) -> String {
    let name = after.name(people, person);
    let mut identifiers: Vec<Identifier> = after.identifiers(people, person);
    identifiers.sort_unstable();
    identifiers.dedup_by(|one, other| one.to_string() == other.to_string());
    let identifiers: Vec<String> = identifiers.iter().map(ToString::to_string).collect();
    let name = name.as_ref().map_or("a user without a name", |name| name.as_written());
    if identifiers.is_empty() {
        format!("of {name}")
    } else {
        format!("of {name}: {}", identifiers.join(", "))
    }
}

/// An agent, and since when it has gathered: `ACME\bob since 2023-04-01`.
fn since(agent: &Agent) -> String {
    match agent.first_log {
        Some(first) => format!("{} since {}", agent.login, utc_day(first)),
        None => format!("{} since nobody knows when", agent.login),
    }
}
