//! What is not declared is not almost something declared.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::rules::directory::{Claim, Key};
use crate::manifest::rules::facts::{Facts, at, span};
use crate::manifest::rules::near;
use crate::model::{Folded, Located, Origin, Reference};

/// References to users; what the account alone has is fine.
pub(super) fn in_references(facts: &Facts<'_>, found: &mut Diagnostics) {
    let listed = facts.lists.par_iter().flatten_iter();
    let unknown: Vec<_> = listed.filter(|it| it.user.is_none()).map(|it| it.reference).collect();
    if unknown.is_empty() {
        return;
    }
    for shape in [Shape::Address, Shape::DeviceLogin, Shape::EmployeeId, Shape::Name] {
        let of_shape: Vec<_> = unknown.iter().copied().filter(|it| Shape::of(&it.value) == shape).collect();
        if !of_shape.is_empty() {
            misspelt(facts, shape, &of_shape, found);
        }
    }
    found.extend(unknown.iter().filter_map(|it| bare_name(facts, it)));
}

/// What kind of thing is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Address,
    DeviceLogin,
    EmployeeId,
    Name,
}

impl Shape {
    fn of(reference: &Reference) -> Self {
        match reference {
            Reference::Address(_) => Self::Address,
            Reference::DeviceLogin(_) | Reference::Slashed(..) => Self::DeviceLogin,
            Reference::EmployeeId(_) => Self::EmployeeId,
            Reference::Name(_) => Self::Name,
        }
    }

    /// The text of a claim of this shape.
    fn text(self, key: Key<'_>) -> Option<Cow<'_, str>> {
        match (self, key) {
            (Self::Address, Key::Address(text)) | (Self::Name, Key::Name(text)) => Some(text.into()),
            (Self::EmployeeId, Key::EmployeeId(text)) => Some(plain_id(text).into()),
            (Self::DeviceLogin, Key::DeviceLogin(login)) => Some(login.to_string().to_lowercase().into()),
            _ => None,
        }
    }
}

fn misspelt(facts: &Facts<'_>, shape: Shape, unknown: &[&Located<Reference>], found: &mut Diagnostics) {
    let claims: Vec<(Cow<'_, str>, &Claim<'_>)> =
        facts.users.claims().filter_map(|claim| Some((shape.text(claim.key)?, claim))).collect();
    let words: Vec<Cow<'_, str>> =
        unknown.iter().map(|it| shape.text(Key::of(&it.value)).unwrap_or_default()).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let near = if shape == Shape::EmployeeId {
        equal(&words, &claims)
    } else {
        let known: Vec<&str> = claims.iter().map(|(text, _)| text.as_ref()).collect();
        near::nearest(&words, &known)
    };
    for (reference, near) in unknown.iter().zip(near) {
        if let Some((_, claim)) = near.and_then(|at| claims.get(at)) {
            found.push(problem(
                &reference.value.to_string(),
                &shown(claim.key),
                reference.origin,
                claim.origin,
            ));
        }
    }
}

/// Employee IDs are numbers: near is what differs in case, separators or leading zeros only.
fn equal(words: &[&str], claims: &[(Cow<'_, str>, &Claim<'_>)]) -> Vec<Option<usize>> {
    let mut known = BTreeMap::new();
    for (at, (text, _)) in claims.iter().enumerate() {
        known.entry(text.as_ref()).or_insert(at);
    }
    words.iter().map(|word| known.get(word).copied()).collect()
}

/// An employee ID without case, separators and leading zeros of its numbers.
fn plain_id(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut zeros = 0;
    let mut in_number = false;
    for c in text.to_lowercase().chars().filter(|c| c.is_alphanumeric()) {
        if c == '0' && !in_number {
            zeros += 1;
            continue;
        }
        if zeros > 0 && !c.is_ascii_digit() {
            plain.push('0');
        }
        zeros = 0;
        in_number = c.is_ascii_digit();
        plain.push(c);
    }
    if zeros > 0 {
        plain.push('0');
    }
    plain
}

/// A display name where an employee ID is read.
fn bare_name(facts: &Facts<'_>, it: &Located<Reference>) -> Option<Diagnostic> {
    let Reference::EmployeeId(id) = &it.value else { return None };
    let name = Folded::new(id.as_written());
    let claim = facts.users.find(Key::Name(name.key()))?;
    let message = format!("`{id}` reads as an employee ID, and a user has it as display name");
    let problem = at(Code::MaybeMisspelt, it.origin, message).related(span(claim.origin), "this user?");
    Some(problem.help(format!("write `{{ name: {id} }}`, or one of the user's identifiers")))
}

/// Groups that users name, and those that groups copy.
pub(super) fn in_group_names(facts: &Facts<'_>, found: &mut Diagnostics) {
    let users = facts.declared.users.par_iter();
    let named = users.flat_map_iter(|user| user.groups.iter().chain(user.primary_group.declared()));
    let copying = facts.declared.groups.par_iter().filter_map(|group| group.automatic.as_ref());
    let named = named.chain(copying.flat_map_iter(|it| &it.of));
    let unknown: Vec<_> = named.filter(|name| facts.groups.find(&name.value).is_none()).collect();
    if unknown.is_empty() {
        return;
    }
    let words: Vec<&str> = unknown.iter().map(|it| it.value.key()).collect();
    let groups = &facts.declared.groups;
    let known: Vec<&str> = groups.iter().map(|group| group.name.value.key()).collect();
    for (name, near) in unknown.iter().zip(near::nearest(&words, &known)) {
        if let Some(group) = near.and_then(|at| groups.get(at)) {
            let near = group.name.value.as_written();
            found.push(problem(name.value.as_written(), near, name.origin, group.name.origin));
        }
    }
}

fn shown(key: Key<'_>) -> String {
    match key {
        Key::Address(text) | Key::EmployeeId(text) | Key::Name(text) => text.to_owned(),
        Key::DeviceLogin(login) | Key::Agent(login) => login.to_string(),
    }
}

fn problem(said: &str, near: &str, origin: Origin, declared: Origin) -> Diagnostic {
    at(Code::MaybeMisspelt, origin, format!("`{said}` is not declared, and `{near}` is"))
        .related(span(declared), "declared here")
        .help(format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn employee_ids_are_near_if_case_separators_or_leading_zeros_differ() {
        for (one, other) in [("E0001", "e1"), ("00-12", "12"), ("A 7", "a-07"), ("100", "0100"), ("0", "000")]
        {
            assert_eq!(plain_id(one), plain_id(other), "{one} and {other}");
        }
        for (one, other) in [("E1", "E10"), ("E101", "E11"), ("E2", "E3"), ("0a", "a")] {
            assert_ne!(plain_id(one), plain_id(other), "{one} and {other}");
        }
    }
}
