//! The manifests are the whole picture: not nothing, and not fewer than expected.

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::rules::facts::{Facts, span};
use crate::model::Origin;

/// Nothing at all is a wrong folder, not a wish.
pub(super) fn something_is_declared(facts: &Facts<'_>, found: &mut Diagnostics) {
    if is_empty(facts) {
        let message = "the manifests declare no user, no group and no exclusion";
        let help = "check the path, or declare something";
        found.push(Diagnostic::new(Code::NothingDeclared, facts.path.clone(), message).help(help));
    }
}

/// Fewer users than `policy.minimum.declaredUsers` are half a picture.
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
    declared.users.is_empty() && declared.groups.is_empty() && declared.exclusions.is_empty()
}
