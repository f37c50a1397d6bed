//! Whose is a value? What another integration set last is overwritten only where the entry says `adopt`.

use crate::model::{
    AdoptableField, DesiredUser, Edit, Fact, Integration, Key, Located, ObservedUser, Origin, Phrase, Piece,
    UserLabel,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::findings::Findings;
use crate::plan::people::People;
use crate::plan::resolve::keys::{label, releases};
use crate::plan::resolve::resolution::Fit;

/// Says which `adopt` has nothing to take over: nothing there was set by an integration, or it was taken over before.
pub(in crate::plan) fn stale(people: &People<'_>) -> Findings {
    let mut findings = Findings::default();
    for (user, fit) in people.desired.users.iter().zip(&people.resolution.fits) {
        let foreign = |field| match fit {
            Fit::Record(record) => people.observed.user(*record).has_foreign(field),
            Fit::New => false,
            Fit::Gone | Fit::Blocked | Fit::ByHand | Fit::LeftOut => true,
        };
        for field in user.adopt.iter().filter(|field| !foreign(field.value)) {
            let what = format!("`adopt: {}` of ", field.value.key());
            let why = " has nothing to take over, as no other integration set it last: take it out";
            findings.notice(field.origin, phrase![what, label(user), why]);
        }
    }
    findings
}

/// Blocks edits that would overwrite what an integration set, field by field, unless the entry adopts the field.
pub(in crate::plan) fn check(
    user: &DesiredUser,
    record: &ObservedUser,
    edits: &[Located<Edit>],
) -> Vec<Blocker> {
    let mut lost: Vec<Overwritten<'_>> =
        edits.iter().filter_map(|edit| Overwritten::by(edit, user, record)).collect();
    lost.retain(|one| !user.adopt.iter().any(|adopted| adopted.value == one.field));
    lost.sort_by_key(|one| one.field);
    lost.chunk_by(|one, other| one.field == other.field)
        .filter_map(|of_field| blocker(record, of_field))
        .collect()
}

/// A fact with the integration whose value it takes away, if there is one.
pub(in crate::plan) fn attributed(record: &ObservedUser, edit: &Edit, mut fact: Fact) -> Fact {
    if let Some(by) = writer(record, edit) {
        fact.remark.get_or_insert_with(|| phrase!["last set by ", Piece::plain(by)]);
    }
    fact
}

/// A value of an integration that an edit takes away.
struct Overwritten<'a> {
    field: AdoptableField,
    value: Piece,
    /// What stands there instead; a removed value leaves nothing.
    to: Option<Piece>,
    by: &'a Integration,
    origin: Origin,
    /// What leaves it as it is.
    leave: String,
}

impl<'a> Overwritten<'a> {
    fn by(edit: &Located<Edit>, user: &DesiredUser, record: &'a ObservedUser) -> Option<Self> {
        let by = writer(record, &edit.value)?;
        let (field, value, to) = match &edit.value {
            Edit::Name { to, .. } => {
                let name = record.display_name.as_ref()?;
                (AdoptableField::DisplayName, Piece::personal(name), Some(Piece::personal(to)))
            }
            Edit::Remove(held) => (AdoptableField::of(held), Piece::personal(held), None),
            Edit::Add(_) | Edit::NoEmployeeId => return None,
        };
        let leave = match &edit.value {
            Edit::Remove(held) if releases(user, Key::from(held)) => "take it out of `releases`".to_owned(),
            Edit::Remove(_) => format!("list it too, or take `{}` out of the entry", field.key()),
            Edit::Name { .. } | Edit::Add(_) | Edit::NoEmployeeId => {
                format!("take `{}` out of the entry", field.key())
            }
        };
        Some(Self { field, value, to, by, origin: edit.origin, leave })
    }
}

/// The integration whose value an edit takes away.
fn writer<'a>(record: &'a ObservedUser, edit: &Edit) -> Option<&'a Integration> {
    match edit {
        Edit::Name { .. } => record.name_written_by(),
        Edit::Remove(identifier) => record.written_by(identifier),
        Edit::Add(_) | Edit::NoEmployeeId => None,
    }
}

fn blocker(record: &ObservedUser, lost: &[Overwritten<'_>]) -> Option<Blocker> {
    let first = lost.first()?;
    let mut writers: Vec<&Integration> = lost.iter().map(|one| one.by).collect();
    writers.sort_unstable();
    writers.dedup();
    let writers = || writers.iter().map(Piece::plain);
    let key = first.field.key();
    let message = phrase![format!("`{key}` of "), UserLabel::of(record), ": "]
        .list(lost.iter().map(|one| one.value.clone()))
        .then(if lost.len() == 1 { " was last set by " } else { " were last set by " })
        .list(writers());
    let message = match &first.to {
        Some(to) => message.then(" and would become ").then(to.clone()),
        None => message.then(" and would be removed"),
    };
    let mut blocker = Blocker::new(first.origin, BlockerCode::ForeignField, message);
    let leave = Phrase::words("to leave it to ").list(writers());
    blocker.ways_out = vec![
        phrase![format!("to take it over: `adopt: [{key}]` on the entry")],
        leave.then(format!(": {}", first.leave)),
    ];
    Some(blocker)
}
