//! Which differences were there at the check before? What comes and goes is no alarm: it is told once it was seen twice in a row.

use sha2::{Digest as _, Sha256};

use crate::github::review::ReviewKey;
use crate::model::{Change, Delta, Fact, GroupSource, Object, Phrase, Piece, Severity, UserLabel};
use crate::plan::{Digest, Plan};

/// So many differences are remembered: the line that holds them stays small. More at once are no passing matter, and are told at
/// once.
const MOST: usize = 500;
/// What is hashed, so that no hash of another kind of thing is one of these.
const KIND: &str = "rollcall:v1:difference";

/// A difference as an issue remembers it: too short to read from it who it is about.
pub type Sighting = [u8; 4];

/// What makes a difference of one account and repository none of another's; with a key nobody can even try a guess.
#[derive(Debug, Clone, Copy)]
pub struct Salt<'a> {
    /// `owner/name`
    pub repository: &'a str,
    /// The account's name in the manifests.
    pub account: &'a str,
    /// The key that reviews are signed with, where there is one.
    pub key: Option<&'a ReviewKey>,
}

/// Whether an HR upload may still be processed: what HR groups are like is then not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upload {
    /// One may.
    UnderWay,
    /// None.
    None,
}

/// What a check makes of the differences that it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sightings {
    /// What the next check has to know: every difference that is told only when it is seen again, sorted.
    pub seen: Vec<Sighting>,
    /// How many of them are there for the first time, and not told.
    pub fresh: usize,
    /// Which differences are told; none where there are none.
    pub told: Option<Digest>,
}

/// Sorts the differences into those that are told and those that wait for the next check. `before` is what that before saw.
///
/// Told at once is what is disruptive or can't be undone, and what stands against the plan.
pub fn sightings(plan: &Plan, before: &[Sighting], salt: Salt<'_>, upload: Upload) -> Sightings {
    let (mut seen, mut fresh, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for change in plan.changes.iter().filter(|change| upload == Upload::None || !is_of_hr(change)) {
        for fact in &change.facts {
            let print = print(change, fact, salt);
            if fact.severity > Severity::Safe {
                told.push(print);
                continue;
            }
            let [one, two, three, four, ..] = print;
            let sighting = [one, two, three, four];
            seen.push(sighting);
            if before.contains(&sighting) { told.push(print) } else { fresh.push(print) }
        }
    }
    if seen.len() > MOST {
        told.append(&mut fresh);
    }
    seen.sort_unstable();
    seen.truncate(MOST);
    told.extend(plan.blockers.iter().map(|it| hashed(salt, &[it.code.name(), &said(&it.message)])));
    if upload == Upload::None && !plan.violations.is_empty() {
        told.extend(plan.broken.iter().map(|print| print.0));
    }
    told.sort_unstable();
    let digest = Sha256::digest(told.concat());
    Sightings { seen, fresh: fresh.len(), told: (!told.is_empty()).then(|| Digest(digest.into())) }
}

/// Whether it is about a group that HR uploads make.
fn is_of_hr(change: &Change) -> bool {
    matches!(change.object, Object::Group { source: GroupSource::Hr, .. })
}

/// The same for the same difference, whatever manifest or line asks for the opposite.
fn print(change: &Change, fact: &Fact, salt: Salt<'_>) -> [u8; 32] {
    let object = match &change.object {
        Object::User(label) => user(label),
        Object::Group { id: Some(id), .. } => format!("group:{}", id.0),
        Object::Group { id: None, name, .. } => format!("new group:{}", name.key()),
        Object::Exclusion { login, .. } => format!("exclusion:{login}"),
    };
    let (kind, from, to) = match &fact.delta {
        Delta::Add(value) => ("add", String::new(), piece(value)),
        Delta::Remove(value) => ("remove", piece(value), String::new()),
        Delta::Set { from, to } => ("set", from.as_ref().map(piece).unwrap_or_default(), piece(to)),
    };
    hashed(salt, &[&object, fact.field.word(), kind, &from, &to])
}

fn user(label: &UserLabel) -> String {
    match (label.record, label.display_id.as_deref().or(label.name.as_deref())) {
        (Some(record), _) => format!("user:{}", record.0),
        (None, shown) => format!("new user:{}", shown.unwrap_or_default()),
    }
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Plain(words) => words.clone().into_owned(),
        Piece::Personal(text) => text.to_string(),
        Piece::User(label) => user(label),
    }
}

fn said(phrase: &Phrase) -> String {
    phrase.0.iter().map(piece).collect()
}

fn hashed(salt: Salt<'_>, parts: &[&str]) -> [u8; 32] {
    let parts = [&[KIND, salt.repository, salt.account], parts].concat();
    if let Some(key) = salt.key {
        return key.hash(&parts);
    }
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part);
    }
    sha.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Secret;
    use crate::model::{Cause, ChangeId, Field, Origin, UserId, Verb};
    use crate::plan::sample;

    const SALT: Salt<'_> = Salt { repository: "acme/accounts", account: "acme", key: None };

    /// A plan that gives a record an email back.
    fn plan(name: &str, record: u64, email: &str, severity: Severity) -> Plan {
        let label = UserLabel { name: Some(name.into()), display_id: None, record: Some(UserId(record)) };
        let fact = Fact {
            field: Field::Email,
            delta: Delta::Add(Piece::personal(&email)),
            severity,
            cause: Cause::Declared,
            origin: Origin::NONE,
            remark: None,
        };
        let change = Change {
            id: ChangeId(0),
            object: Object::User(label),
            verb: Verb::Update,
            severity,
            origin: Origin::NONE,
            facts: vec![fact],
            members: None,
            notes: Vec::new(),
        };
        Plan { changes: vec![change], ..sample::empty() }
    }

    fn first(plan: &Plan, salt: Salt<'_>) -> Sightings {
        sightings(plan, &[], salt, Upload::None)
    }

    #[test]
    fn a_difference_is_known_again_and_is_none_of_another_account_person_or_key() {
        let ada = plan("Ada", 1, "ada@acme.example", Severity::Safe);
        let seen = first(&ada, SALT).seen;
        let again = sightings(&ada, &seen, SALT, Upload::None);
        assert_eq!((again.seen.clone(), again.fresh, again.told.is_some()), (seen.clone(), 0, true));
        let renamed = plan("Ada King", 1, "ada@acme.example", Severity::Safe);
        assert_eq!(first(&renamed, SALT).seen, seen, "whatever the record is called");
        let key = ReviewKey::new(&Secret::parse(&"k".repeat(32)).unwrap()).unwrap();
        let other = plan("Ada", 2, "ada@acme.example", Severity::Safe);
        for (plan, salt) in [
            (&ada, Salt { repository: "acme/account", ..SALT }),
            (&ada, Salt { account: "other", ..SALT }),
            (&ada, Salt { key: Some(&key), ..SALT }),
            (&other, SALT),
            (&plan("Ada", 1, "a@acme.example", Severity::Safe), SALT),
        ] {
            let other = sightings(plan, &seen, salt, Upload::None);
            assert_eq!((other.fresh, other.told), (1, None), "{salt:?}");
        }
    }

    #[test]
    fn what_is_not_safe_waits_for_no_second_check_and_needs_no_remembering() {
        for severity in [Severity::Disruptive, Severity::Irreversible] {
            let found = first(&plan("Ada", 1, "ada@acme.example", severity), SALT);
            assert_eq!((found.seen, found.fresh), (Vec::new(), 0));
            assert!(found.told.is_some());
        }
        let nothing = first(&sample::empty(), SALT);
        assert_eq!(nothing, Sightings { seen: Vec::new(), fresh: 0, told: None });
    }
}
