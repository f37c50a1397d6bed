//! Which groups do HR exports feed, and which of their rows match nobody?

use crate::model::{DesiredGroup, DesiredUser, EmployeeId, Export, Reference, Rule, Subject, Topic};
use crate::plan::people::People;
use crate::plan::resolve::resolution::Fit;
use crate::plan::resolve::wording::is_of_rows;

/// Whether a row is of nobody who is seen: of nobody at all, or maybe of somebody by an employee ID that the keys don't show.
pub(in crate::plan) fn is_unmatched(people: &People<'_>, at: u32) -> bool {
    let user = &people.desired.users[at as usize];
    match people.resolution.fits[at as usize] {
        Fit::LeftOut => true,
        Fit::New | Fit::ByHand => {
            let hidden = people.observed.reach.hidden(Topic::MoreEmployeeIds).is_some();
            hidden && is_of_rows(user) && numbers(user).next().is_some()
        }
        Fit::Record(_) | Fit::Gone | Fit::Blocked => false,
    }
}

/// Whether rows of an export decide who is in a group: they name it, or say what its rule looks at.
pub(in crate::plan) fn feeds(export: &Export, group: &DesiredGroup) -> bool {
    let name = &group.name.value;
    let is_named = export.groups.binary_search_by(|named| named.value.cmp(name)).is_ok();
    let rule = group.automatic.as_ref().and_then(|automatic| automatic.rule.as_ref());
    is_named || rule.is_some_and(|rule| looks_at(&rule.value, export))
}

/// Whether a rule looks at an attribute that an export gives.
fn looks_at(rule: &Rule, export: &Export) -> bool {
    match rule {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().any(|rule| looks_at(&rule.value, export)),
        Rule::Not(rule) => looks_at(&rule.value, export),
        Rule::Is { subject: Subject::Attribute(name), .. } => export.attributes.contains(name),
        Rule::Is { .. } => false,
    }
}

/// Exports by file and name, as sentences have them.
pub(in crate::plan) fn files<'e>(exports: impl IntoIterator<Item = &'e Export>) -> Vec<String> {
    exports.into_iter().map(|export| format!("{} ({})", export.file, export.name)).collect()
}

/// Every employee ID of a row.
pub(in crate::plan) fn numbers(user: &DesiredUser) -> impl Iterator<Item = &EmployeeId> {
    let lookups = user.lookups.iter().filter_map(|lookup| match &lookup.value {
        Reference::EmployeeId(id) => Some(id),
        Reference::Address(_) | Reference::DeviceLogin(_) | Reference::Slashed(..) | Reference::Name(_) => {
            None
        }
    });
    user.employee_ids.listed().iter().map(|id| &id.value).chain(lookups)
}
