//! Is this the whole picture? Fewer users or groups than the policy's minimum, or a protected object nobody has: no plan.

use crate::model::Said;
use crate::plan::people::People;
use crate::plan::people::keys::Key;
use crate::plan::types::{Context, NotWhole};

/// Refuses sides that are too small to be whole: the greater minimum of head and base counts.
pub(super) fn check(people: &People<'_>, context: &Context<'_>) -> Result<(), Vec<NotWhole>> {
    let mut reasons = Vec::new();
    let policy = &people.desired.policy;
    let minimum = &policy.minimum;
    let base = context.base.map(|base| &base.policy.minimum);
    let greater = |head: &Said<u64>, base: Option<&Said<u64>>| {
        base.map_or(head.value, |base| base.value.max(head.value))
    };
    let found = people.observed.users.len() as u64;
    let least = greater(&minimum.users, base.map(|base| &base.users));
    if found < least {
        reasons.push(NotWhole::Users { found, minimum: least, origin: minimum.users.origin });
    }
    let found = people.observed.groups.len() as u64;
    let least = greater(&minimum.groups, base.map(|base| &base.groups));
    if found < least {
        reasons.push(NotWhole::Groups { found, minimum: least, origin: minimum.groups.origin });
    }
    let found = people.desired.users.len() as u64;
    let least = greater(&minimum.declared_users, base.map(|base| &base.declared_users));
    if found < least {
        reasons.push(NotWhole::Declared { found, minimum: least, origin: minimum.declared_users.origin });
    }
    for protected in &policy.protected_users {
        let key = Key::from(&protected.value);
        let (declared, observed) = (&people.resolution.declared, &people.resolution.observed);
        if declared.owner(key).is_none() && observed.owner(key).is_none() {
            reasons.push(NotWhole::Protected { what: "user", origin: protected.origin });
        }
    }
    for protected in &policy.protected_groups {
        let declared = people.desired.groups.iter().any(|group| group.name.value == protected.value);
        let observed = people.observed.groups.iter().any(|group| group.name == protected.value);
        if !declared && !observed {
            reasons.push(NotWhole::Protected { what: "group", origin: protected.origin });
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}
