//! The manifests are the whole picture: not nothing, and not fewer than expected.

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::rules::facts::{Facts, span};
use crate::model::{Origin, Policy, UnmanagedGroups, UnmanagedHrGroups};

/// Nothing at all is a wrong folder, not a wish; unless the policy says in as many words that nobody has to be declared, and nothing
/// would be deleted for it.
pub(super) fn something_is_declared(facts: &Facts<'_>, found: &mut Diagnostics) {
    if !is_empty(facts) {
        return;
    }
    let deletion = deletes_the_unmanaged(facts.policy);
    let help = match (is_wanted(facts.policy), deletion) {
        (true, None) => return,
        (true, Some(key)) => format!(
            "declare a group: `{key}` deletes every group that no manifest mentions, and here none is mentioned; \
             `minimum.declaredUsers: 0` does not allow that"
        ),
        (false, _) => "check the path, or declare something; manifests that are to declare nothing yet say \
                       `policy: { minimum: { declaredUsers: 0 } }`"
            .to_owned(),
    };
    let message = "the manifests declare no user, no group and no exclusion";
    found.push(Diagnostic::new(Code::NothingDeclared, facts.path.clone(), message).help(help));
}

/// Whether a manifest says that nobody has to be declared.
fn is_wanted(policy: &Policy) -> bool {
    let minimum = &policy.minimum.declared_users;
    minimum.value == 0 && minimum.origin != Origin::NONE
}

/// What makes the policy delete groups that no manifest mentions.
fn deletes_the_unmanaged(policy: &Policy) -> Option<&'static str> {
    if policy.unmanaged_groups.value == UnmanagedGroups::Delete {
        return Some("policy.unmanaged.groups: delete");
    }
    let by_absence = policy.unmanaged_hr_groups.value == UnmanagedHrGroups::DeleteByAbsence;
    by_absence.then_some("policy.unmanaged.hrGroups: deleteByAbsence")
}

/// Fewer users than `policy.minimum.declaredUsers` are incomplete manifests.
pub(super) fn is_as_large_as_expected(facts: &Facts<'_>, found: &mut Diagnostics) {
    let (declared, minimum) = (facts.declared.users.len(), &facts.policy.minimum.declared_users);
    if is_empty(facts) || declared as u64 >= minimum.value {
        return;
    }
    let message = format!("declared users: {declared}, and at least {} are expected", minimum.value);
    let place = match minimum.origin {
        Origin::NONE => facts.path.clone(),
        origin => span(origin).into(),
    };
    let help = "bring the missing manifests back, or lower `policy.minimum.declaredUsers`";
    found.push(Diagnostic::new(Code::TooFewUsers, place, message).help(help));
}

fn is_empty(facts: &Facts<'_>) -> bool {
    let declared = facts.declared;
    declared.users.is_empty()
        && declared.groups.is_empty()
        && declared.exclusions.is_empty()
        && declared.tracking.is_empty()
}
