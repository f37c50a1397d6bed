//! What does a tenant of a sandbox know of its users besides who they are? What was read of their fields, branches and courses.

use std::collections::BTreeSet;

use crate::model::{self, Below, Detail, Details, FieldKind, Progress};
use crate::sandbox::docebo::seed::{
    Branch, BranchId, Choice, ChoiceId, Course, CourseId, Enrollment, EnrollmentStatus, Field, FieldId,
    FieldType, FieldValue, Seed, User,
};

/// The same tenant, with what was read of users besides.
pub(super) fn with(details: &Details, seed: Seed) -> Seed {
    let branch = |it: &model::Branch| Branch {
        id: BranchId(it.id),
        code: it.code.verbatim().to_owned(),
        title: it.title.to_string(),
        parent: None,
    };
    let course = |it: &model::Course| Course {
        id: CourseId(it.id),
        code: it.code.verbatim().to_owned(),
        title: it.title.to_string(),
    };
    let users: Vec<User> = seed.users.into_iter().map(|user| known(details, user)).collect();
    let lived_in: BTreeSet<BranchId> = users.iter().flat_map(|user| user.branches.iter().copied()).collect();
    let below = real(details).filter_map(|it| below(details, it)).filter(|it| lived_in.contains(&it.id));
    Seed {
        fields: details.fields.iter().map(field).collect(),
        branches: real(details).map(branch).chain(below).collect(),
        courses: details.courses.iter().map(course).collect(),
        users,
        ..seed
    }
}

/// The branches that files have: the root is in none.
fn real(details: &Details) -> impl Iterator<Item = &model::Branch> {
    details.branches.iter().filter(|it| it.id != 0)
}

/// Whether a user is in a branch, by the list that counts those below it or by the one that does not.
fn is_in(details: &Details, (branch, below): (u64, Below), user: model::UserId) -> bool {
    details.values(Detail::Branch(branch, below), user).next().is_some()
}

/// The branch below another for those who were seen somewhere below it: who is in which of those was not read.
fn below(details: &Details, it: &model::Branch) -> Option<Branch> {
    let id = below_of(details, it.id)?;
    let title = format!("below {}", it.title);
    Some(Branch { id, code: String::new(), title, parent: Some(BranchId(it.id)) })
}

/// The number of such a branch: behind those of all that there are. None where that is more than a number holds.
fn below_of(details: &Details, branch: u64) -> Option<BranchId> {
    let last = details.branches.last()?.id;
    last.checked_add(branch).map(BranchId)
}

/// A field, with what can be chosen in it by the first of its labels.
fn field(field: &model::UserField) -> Field {
    let option = |it: &model::Choice| {
        Some(Choice { id: ChoiceId(it.id), title: it.labels.first()?.verbatim().to_owned() })
    };
    let (kind, options) = match &field.kind {
        Some(FieldKind::Date) => (FieldType::Date, Vec::new()),
        Some(FieldKind::YesNo) => (FieldType::YesNo, Vec::new()),
        Some(FieldKind::Choice(choices)) => {
            (FieldType::Dropdown, choices.iter().filter_map(option).collect())
        }
        Some(FieldKind::Text | FieldKind::Other(_)) | None => (FieldType::Text, Vec::new()),
    };
    Field { id: FieldId(field.id), title: field.label.verbatim().to_owned(), kind, options }
}

/// A user with what they have in fields, the branches that they are in or below, and how far they are in courses.
fn known(details: &Details, user: User) -> User {
    let id = model::UserId(user.id.0);
    let has = |detail| details.values(detail, id).next();
    let in_field = |it: &model::UserField| {
        let text = has(Detail::Field(it.id))?;
        Some((FieldId(it.id), value(it, text)?))
    };
    let branch = |it: &model::Branch| {
        if is_in(details, (it.id, Below::LeftOut), id) {
            return Some(BranchId(it.id));
        }
        is_in(details, (it.id, Below::Counted), id).then(|| below_of(details, it.id))?
    };
    let progress = |it: &model::Course| {
        let status = status(has(Detail::Course(it.id))?)?;
        Some(Enrollment { course: CourseId(it.id), status })
    };
    let email = has(Detail::Address).map_or(user.email.clone(), str::to_owned);
    User {
        email,
        fields: details.fields.iter().filter_map(in_field).collect(),
        branches: real(details).filter_map(branch).collect(),
        enrollments: details.courses.iter().filter_map(progress).collect(),
        ..user
    }
}

/// What somebody has in a field; none where that is nothing that the field can hold.
fn value(field: &model::UserField, text: &str) -> Option<FieldValue> {
    match &field.kind {
        Some(FieldKind::YesNo) => Some(FieldValue::Chosen(if text == "yes" { 1 } else { 2 })),
        Some(FieldKind::Choice(choices)) => {
            let is_called = |it: &&model::Choice| it.labels.iter().any(|label| label.as_written() == text);
            choices.iter().find(is_called).map(|it| FieldValue::Chosen(it.id))
        }
        Some(FieldKind::Text | FieldKind::Date | FieldKind::Other(_)) | None => {
            Some(FieldValue::Text(text.to_owned()))
        }
    }
}

fn status(word: &str) -> Option<EnrollmentStatus> {
    Progress::ALL.into_iter().find(|progress| progress.word() == word).map(EnrollmentStatus::from)
}
