//! Which guards do the manifests go without, and which line would set them?

use crate::model::{Desired, Origin, Platform};
use crate::phrase;
use crate::plan::findings::Findings;

/// Says which line names the account, and which bound is still that of a new repository.
///
/// `number` is the account's, as far as the keys show it.
pub(in crate::plan) fn unset(desired: &Desired, number: Option<u64>) -> Findings {
    let mut findings = Findings::default();
    account_unnamed(desired, number, &mut findings);
    declared_users_unbounded(desired, &mut findings);
    findings
}

/// A key of another account is an error where manifests say which account they are of. A sandbox is started from the very file that
/// they name: there is no other.
fn account_unnamed(desired: &Desired, number: Option<u64>, findings: &mut Findings) {
    let account = &desired.account;
    let (Some(number), None, Platform::Region(..)) = (number, &account.id, &account.platform) else {
        return;
    };
    let message = format!(
        "no manifest says which account this is: write `id: {number}` below `account`, and a key of another one is an error"
    );
    findings.notice(account.origin, phrase![message]);
}

/// `declaredUsers: 0` is how a repository begins. Left there, manifests that lose all their users are no error.
fn declared_users_unbounded(desired: &Desired, findings: &mut Findings) {
    let (declared, minimum) = (desired.users.len(), &desired.policy.minimum.declared_users);
    if declared == 0 || minimum.value > 0 || minimum.origin == Origin::NONE {
        return;
    }
    let (users, are) = if declared == 1 { ("user", "is") } else { ("users", "are") };
    let least = worth_noticing(declared);
    let message = format!(
        "{declared} {users} {are} declared: write `declaredUsers: {least}` here, and manifests that lose them are an error"
    );
    findings.notice(minimum.origin, phrase![message]);
}

/// Four fifths: leavers pass, a lost file does not.
const fn worth_noticing(declared: usize) -> usize {
    let most = declared - declared.div_ceil(5);
    if most == 0 { 1 } else { most }
}

#[cfg(test)]
mod tests {
    use super::worth_noticing;

    #[test]
    fn the_minimum_to_write_leaves_room_for_leavers_and_is_never_nobody() {
        let written = [(1, 1), (2, 1), (5, 4), (38, 30), (10_000, 8_000)];
        for (declared, least) in written {
            assert_eq!(worth_noticing(declared), least, "{declared}");
        }
    }
}
