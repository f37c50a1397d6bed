//! Reading what the platform knows of users besides who they are, as far as manifests look at it, and proving it.
//!
//! Who is in a branch is asked for in two ways, which have to agree: a list that ignored what it was asked for would put everybody
//! into a group.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::account::docebo::authorized::AuthorizedClient;
use crate::account::docebo::facts::{
    BRANCHES, COURSES, FIELDS, OLD_COURSES, OLD_ENROLLMENTS, USER_ORDER, USERS, branch_users, enrollments,
    field, is_no_call,
};
use crate::account::docebo::list::{Source, all};
use crate::account::docebo::read;
use crate::account::docebo::shapes::{
    FilledUser, WholeField, WireBranch, WireCourse, WireEnrollment, WireField, held_texts,
};
use crate::account::docebo::wire::{Envelope, Row, User};
use crate::account::error::{Listing, ReadError, Unproved};
use crate::http::Request;
use crate::model::{
    Asked, Below, Branch, Course, Detail, Details, FieldKind, Looked, Progress, UserField, UserId,
};

/// What is held of a thing by whom.
type Held = (Detail, UserId, Vec<Box<str>>);

/// Every user, and what is asked for of them.
pub(super) async fn users(
    client: &Arc<AuthorizedClient>,
    asked: &Asked,
) -> Result<(Vec<User>, Details), ReadError> {
    // What rules of groups name is read as well: it has to be said what they ask.
    let unnamed = asked.rules == Looked::Never;
    let branches = if asked.branches.is_empty() && unnamed { Vec::new() } else { branches(client).await? };
    let courses = if asked.courses.is_empty() && unnamed { Vec::new() } else { courses(client).await? };
    let fields = if asked.fields.is_empty() && unnamed { Vec::new() } else { fields(client, asked).await? };
    let mut held: Vec<Held> = Vec::new();
    let mut unsaid: Vec<(Detail, UserId)> = Vec::new();
    for (code, below) in &asked.branches {
        for branch in branches.iter().filter(|branch| branch.code == *code) {
            let here = Detail::Branch(branch.id, *below);
            let users = in_branch(client, (branch, *below)).await?;
            held.extend(users.into_iter().map(|user| (here, user, vec![branch.code.as_written().into()])));
        }
    }
    for course in courses.iter().filter(|course| asked.courses.contains(&course.code)) {
        enrolled(client, course, (&mut held, &mut unsaid)).await?;
    }
    let users = if asked.fields.is_empty() || fields.is_empty() {
        read::users(client).await?
    } else {
        let source = Source::of(USERS, Listing::Users).by(USER_ORDER);
        let users = all::<FilledUser>(client, source).await?;
        for field in fields.iter().filter(|field| asked.fields.contains(&field.label)) {
            filled(&users, field, (&mut held, &mut unsaid));
        }
        users.into_iter().map(|user| user.user).collect()
    };
    if asked.addresses == Looked::At {
        for user in &users {
            match &user.email {
                Some(email) if email.trim().is_empty() => {}
                Some(email) => held.push((Detail::Address, user.id, vec![email.trim().into()])),
                None => unsaid.push((Detail::Address, user.id)),
            }
        }
    }
    let details = Details::of(fields, branches, courses).holding(held).without(unsaid);
    Ok((users, details))
}

/// Every field; of those that are asked for what can be chosen in them, too.
async fn fields(client: &Arc<AuthorizedClient>, asked: &Asked) -> Result<Vec<UserField>, ReadError> {
    let listed = all::<WireField>(client, Source::of(FIELDS, Listing::UserFields)).await?;
    let mut fields: Vec<UserField> = listed.iter().map(WireField::field).collect();
    for one in fields.iter_mut().filter(|field| asked.fields.contains(&field.label)) {
        choices(client, one).await?;
    }
    Ok(fields)
}

/// Reads what can be chosen in a field, where anything can.
async fn choices(client: &AuthorizedClient, one: &mut UserField) -> Result<(), ReadError> {
    if let Some(FieldKind::Choice(known)) = &mut one.kind
        && known.is_empty()
    {
        let answer = client.send(Request::get(field(one.id))).await?;
        let choices = answer.json::<Envelope<WholeField>>()?.data.choices();
        *known = choices.ok_or(Unproved::NoOptions { field: one.id })?;
    }
    Ok(())
}

/// Reads what can be chosen in the fields of these numbers too.
pub(super) async fn chosen_from(
    client: &AuthorizedClient,
    details: &mut Details,
    numbers: &BTreeSet<u64>,
) -> Result<(), ReadError> {
    for one in details.fields.iter_mut().filter(|field| numbers.contains(&field.id)) {
        choices(client, one).await?;
    }
    Ok(())
}

/// What users have in a field. Where some rows tell and some do not, those that don't have nothing there; where none does, nobody
/// can tell.
fn filled(
    users: &[FilledUser],
    field: &UserField,
    (held, unsaid): (&mut Vec<Held>, &mut Vec<(Detail, UserId)>),
) {
    let here = Detail::Field(field.id);
    let is_told = users.iter().any(|user| user.value(field.id).is_some());
    let none = FieldKind::Other(Box::default());
    let kind = field.kind.as_ref().unwrap_or(&none);
    for row in users {
        let id = row.user.id;
        match row.value(field.id).map(|value| held_texts(kind, &value)) {
            Some(Some(texts)) if texts.is_empty() => {}
            Some(Some(texts)) => held.push((here, id, texts)),
            None if is_told => {}
            Some(None) | None => unsaid.push((here, id)),
        }
    }
}

/// Every branch. Where not all are listed at once, those below each are asked for: as a nested set they tell how many there are.
async fn branches(client: &Arc<AuthorizedClient>) -> Result<Vec<Branch>, ReadError> {
    let top = Source::of(BRANCHES, Listing::Branches).with("flattened", "1".to_owned());
    let mut found: BTreeMap<u64, WireBranch> = BTreeMap::new();
    for branch in all::<WireBranch>(client, top).await? {
        found.insert(branch.number(), branch);
    }
    let mut asked: BTreeSet<u64> = BTreeSet::new();
    while let Some(above) = found.values().find(|it| !asked.contains(&it.number()) && !is_whole(it, &found)) {
        let id = above.number();
        asked.insert(id);
        let below = Source::of(BRANCHES, Listing::Branches).with("node_id", id.to_string());
        for branch in all::<WireBranch>(client, below).await? {
            found.entry(branch.number()).or_insert(branch);
        }
    }
    if let Some(short) = found.values().find(|branch| branch.place().is_some() && !is_whole(branch, &found)) {
        return Err(Unproved::BranchesBelow { branch: short.number() }.into());
    }
    Ok(found.values().map(WireBranch::branch).collect())
}

/// Whether as many branches are known below one as there are; of one that does not say where it is, nobody knows.
fn is_whole(branch: &WireBranch, found: &BTreeMap<u64, WireBranch>) -> bool {
    let Some((left, right)) = branch.place() else { return false };
    let is_below = |other: &&WireBranch| other.place().is_some_and(|(from, to)| left < from && to < right);
    let there = right.saturating_sub(left).saturating_sub(1) / 2;
    found.values().filter(is_below).count() as u64 == there
}

/// Who is in a branch, by two lists that have to agree.
async fn in_branch(
    client: &Arc<AuthorizedClient>,
    (branch, below): (&Branch, Below),
) -> Result<Vec<UserId>, ReadError> {
    let listing = Listing::InBranch(branch.id);
    let (only, reach) = match below {
        Below::LeftOut => ("1", "1"),
        Below::Counted => ("0", "2"),
    };
    let of_branch = Source::of(&branch_users(branch.id), listing)
        .by(USER_ORDER)
        .with("only_first_level", only.to_owned());
    let of_users = Source::of(USERS, listing)
        .by(USER_ORDER)
        .with("branch_id", branch.id.to_string())
        .with("selection_status", reach.to_owned());
    let ids = |users: Vec<User>| users.into_iter().map(|user| user.id).collect::<BTreeSet<UserId>>();
    let (one, other) = (ids(all(client, of_branch).await?), ids(all(client, of_users).await?));
    if one != other {
        return Err(Unproved::BranchCount { branch: branch.id, read: one.len(), counted: other.len() }.into());
    }
    Ok(one.into_iter().collect())
}

/// Every course, by the newer service or, where there is none, the older.
async fn courses(client: &Arc<AuthorizedClient>) -> Result<Vec<Course>, ReadError> {
    let listed: Vec<WireCourse> =
        either(client, Source::of(COURSES, Listing::Courses), Source::of(OLD_COURSES, Listing::Courses))
            .await?;
    Ok(listed.iter().map(WireCourse::course).collect())
}

/// Who is in a course, and how far. A row of another course is none of this one, whatever was asked for.
async fn enrolled(
    client: &Arc<AuthorizedClient>,
    course: &Course,
    (held, unsaid): (&mut Vec<Held>, &mut Vec<(Detail, UserId)>),
) -> Result<(), ReadError> {
    let (here, listing) = (Detail::Course(course.id), Listing::Enrollments(course.id));
    let old = Source::of(OLD_ENROLLMENTS, listing).with("id_course[]", course.id.to_string());
    let rows: Vec<WireEnrollment> = either(client, Source::of(&enrollments(course.id), listing), old).await?;
    for row in rows {
        let (Some(user), Some(of)) = (row.user(), row.course()) else {
            return Err(Unproved::NamelessEnrollment { course: course.id }.into());
        };
        if of != course.id {
            continue;
        }
        let words = row.progress().map_or("of a status that is not known", Progress::word);
        held.push((here, user, vec![words.into()]));
        if row.progress().is_none() {
            unsaid.push((here, user));
        }
    }
    Ok(())
}

/// A list of one service or, where there is no such call, of the other.
async fn either<T>(client: &Arc<AuthorizedClient>, one: Source, other: Source) -> Result<Vec<T>, ReadError>
where
    T: DeserializeOwned + Row + Send + 'static,
{
    match all(client, one).await {
        Err(ReadError::Http(error)) if is_no_call(error.status()) => all(client, other).await,
        listed => listed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Folded;

    #[test]
    fn a_row_without_a_field_has_nothing_there_unless_no_row_tells() {
        let row = |json: &str| serde_json::from_str::<FilledUser>(json).unwrap();
        let field = UserField { id: 4, label: Folded::new("ID"), kind: Some(FieldKind::Text) };
        let told =
            [row(r#"{"user_id":1,"username":"a","field_4":"E-1"}"#), row(r#"{"user_id":2,"username":"b"}"#)];
        let (mut held, mut unsaid) = (Vec::new(), Vec::new());
        filled(&told, &field, (&mut held, &mut unsaid));
        assert_eq!(held, [(Detail::Field(4), UserId(1), vec!["E-1".into()])]);
        assert_eq!(unsaid, []);
        let untold = [row(r#"{"user_id":1,"username":"a","field_5":"E-1"}"#)];
        filled(&untold, &field, (&mut Vec::new(), &mut unsaid));
        assert_eq!(unsaid, [(Detail::Field(4), UserId(1))]);
    }

    #[test]
    fn a_branch_tells_how_many_are_below_it() {
        let branch = |id: u64, left: u64, right: u64| -> (u64, WireBranch) {
            let json =
                serde_json::json!({ "id": id, "title": "B", "i_left": left, "i_right": right.to_string() });
            (id, serde_json::from_value(json).unwrap())
        };
        let all: BTreeMap<u64, WireBranch> = [branch(1, 1, 6), branch(2, 2, 3)].into();
        assert!(!is_whole(&all[&1], &all) && is_whole(&all[&2], &all));
        let all: BTreeMap<u64, WireBranch> = [branch(1, 1, 6), branch(2, 2, 3), branch(3, 4, 5)].into();
        assert!(all.values().all(|one| is_whole(one, &all)));
    }
}
