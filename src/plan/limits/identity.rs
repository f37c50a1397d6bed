//! Of how many users does a plan change the name or the identifiers? One column of a spreadsheet that slipped by a row changes
//! all of them, and each of those changes looks like an ordinary one.

use crate::model::{DisplayName, Edit, Identifier, IdentifierKind, ObservedUser, Phrase, UserIx};
use crate::plan::after::After;
use crate::plan::people::People;
use crate::plan::violation::LimitKind;

/// A count, to be held against its limit.
pub(super) struct Shifted {
    /// Which limit.
    pub(super) kind: LimitKind,
    /// The kind of identifiers.
    pub(super) of: Option<Phrase>,
    /// How many users change.
    pub(super) planned: usize,
    /// Of how many that the manifests name.
    pub(super) whole: usize,
}

/// How many users get another name, and others of each kind of identifiers. A user who had none before changes nothing: that
/// is how an account is filled.
pub(super) fn shifts(people: &People<'_>, after: &After) -> Vec<Shifted> {
    let count =
        |kind, of, changes: &dyn Fn(&ObservedUser, &[Edit]) -> bool, had: &dyn Fn(&ObservedUser) -> bool| {
            let edits = after.edited();
            let planned =
                edits.filter(|(person, edits)| people.record(*person).is_some_and(|it| changes(it, edits)));
            let entries = (0..).map(UserIx).zip(&people.resolution.entries);
            let named = entries.filter(|(ix, entry)| entry.is_some() && had(people.observed.user(*ix)));
            Shifted { kind, of, planned: planned.count(), whole: named.count() }
        };
    let renames = count(LimitKind::Renames, None, &is_renamed, &|record| record.display_name.is_some());
    let of_a_kind = |kind| {
        let of = Some(Phrase::words(words(kind)));
        count(LimitKind::Identifiers(kind), of, &|record, edits| is_shifted(record, edits, kind), &|record| {
            has(record, kind)
        })
    };
    std::iter::once(renames).chain(IdentifierKind::ALL.map(of_a_kind)).collect()
}

/// The name that an interrupted run left in place of one is none of its own.
fn is_renamed(record: &ObservedUser, edits: &[Edit]) -> bool {
    let before = record.display_name.as_ref().map(DisplayName::as_written);
    edits.iter().any(
        |edit| matches!(edit, Edit::Name { to, .. } if before.is_some_and(|name| name != to.as_written())),
    )
}

/// Whether a user loses an identifier of a kind, or gets one more beside those there are. Device logins come by themselves, so
/// that one more is nothing.
fn is_shifted(record: &ObservedUser, edits: &[Edit], kind: IdentifierKind) -> bool {
    let comes = |value: &Identifier| edits.iter().any(|edit| matches!(edit, Edit::Add(it) if it == value));
    let loses = |edit: &Edit| match edit {
        Edit::Remove(value) => value.kind() == kind && !is_automatic(record, value) && !comes(value),
        Edit::NoEmployeeId => kind == IdentifierKind::EmployeeId,
        Edit::Name { .. } | Edit::Add(_) => false,
    };
    let gains = |edit: &Edit| match edit {
        Edit::Add(value) => value.kind() == kind && !record.identifiers().any(|held| held == *value),
        Edit::Remove(_) | Edit::NoEmployeeId | Edit::Name { .. } => false,
    };
    let gain_counts = kind != IdentifierKind::DeviceLogin && has(record, kind);
    edits.iter().any(loses) || (gain_counts && edits.iter().any(gains))
}

/// Whether a record holds an identifier of a kind that somebody gave it.
fn has(record: &ObservedUser, kind: IdentifierKind) -> bool {
    match kind {
        IdentifierKind::Upn => !record.upns.is_empty(),
        IdentifierKind::Email => record.emails.iter().any(|held| !record.is_automatic(&held.email)),
        IdentifierKind::EmployeeId => !record.employee_ids.is_empty(),
        IdentifierKind::DeviceLogin => !record.device_logins.is_empty(),
    }
}

/// Whether the account made an identifier up.
fn is_automatic(record: &ObservedUser, value: &Identifier) -> bool {
    matches!(value, Identifier::Email(email) if record.is_automatic(email))
}

fn words(kind: IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::Upn => "UPNs",
        IdentifierKind::Email => "emails",
        IdentifierKind::EmployeeId => "employee IDs",
        IdentifierKind::DeviceLogin => "device logins",
    }
}
