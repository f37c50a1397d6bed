//! `hr.leaveOut` names no declared group.

use crate::diag::{Code, Diagnostics};
use crate::manifest::rules::facts::{Facts, at, span};

/// A declared group says its members itself.
pub(super) fn names_no_declared_group(facts: &Facts<'_>, found: &mut Diagnostics) {
    for left_out in &facts.declared.leave_out {
        let name = &left_out.group;
        if let Some(group) = facts.groups.find(&name.value) {
            let message = format!("the group `{}` is declared and says its members itself", name.value);
            let problem = at(Code::LeftOutAndDeclared, name.origin, message);
            let help = "take this entry out: who is not in the group's `members` leaves";
            found.push(problem.related(span(group.name.origin), "declared here").help(help));
        }
    }
}
