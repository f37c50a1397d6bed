//! Which HR sets does a seed ask for where nothing shows users? Two, one after the other, each by manifests or an export.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rollcall::sandbox::seed::{GroupSource, User, UserId};
use rollcall::sandbox::{Seed, Setting};

use super::world::{account, limits};
use crate::dice::Dice;

/// Who is in which HR group, by name.
pub(crate) type HrSet = BTreeMap<String, BTreeSet<UserId>>;

/// An account whose key opens the HR upload, and what is asked of it.
pub(crate) struct Sets {
    pub(crate) before: Seed,
    /// First this, then that.
    pub(crate) wanted: [Wanted; 2],
}

/// A set that is asked for.
pub(crate) struct Wanted {
    pub(crate) manifests: String,
    /// The export that the manifests name, in the format of HRDC.
    pub(crate) export: String,
    /// What the account is to hold.
    pub(crate) set: HrSet,
}

impl Sets {
    pub(crate) fn of(seed: u64) -> Sets {
        let mut dice = Dice::of(seed ^ 0x4dc0_0000);
        let mut before = account(&mut dice);
        let closed = [Setting::IdentityClosed, Setting::AdminClosed];
        before.account.settings = closed[..=dice.below(2)].iter().copied().collect();
        let first = Wanted::of(&before, &BTreeSet::new(), &mut dice);
        let names = first.set.keys().cloned().collect();
        let second = Wanted::of(&before, &names, &mut dice);
        Sets { before, wanted: [first, second] }
    }
}

/// The HR groups of an account.
pub(crate) fn hr_set(account: &Seed) -> HrSet {
    let hr = account.groups.iter().filter(|group| group.source == GroupSource::Hr);
    let members = |id| account.users.iter().filter(move |user| user.groups.contains(&id)).map(|user| user.id);
    hr.map(|group| (group.name.clone(), members(group.id).collect())).collect()
}

impl Wanted {
    /// A set for an account that may have the groups of an earlier one as well.
    fn of(before: &Seed, earlier: &BTreeSet<String>, dice: &mut Dice) -> Wanted {
        let there: BTreeSet<String> = hr_set(before).into_keys().chain(earlier.iter().cloned()).collect();
        let mut set = HrSet::new();
        let mut deleted: Vec<String> = Vec::new();
        // The same groups once more, with others in them: no download shows that.
        let stays = dice.once_in(2) && !there.is_empty();
        for name in there {
            if !stays && dice.once_in(5) {
                deleted.push(name);
            } else {
                set.insert(name, members(before, dice));
            }
        }
        let new = if stays { 0 } else { dice.below(3) };
        for at in 0..new {
            set.insert(format!("New office {at}"), members(before, dice));
        }
        if set.is_empty() {
            set.insert("Only office".to_owned(), members(before, dice));
        }
        deleted.retain(|name| !set.contains_key(name));
        Wanted::said(before, set, &deleted, dice)
    }

    fn said(before: &Seed, set: HrSet, deleted: &[String], dice: &mut Dice) -> Wanted {
        let by_export = dice.once_in(2);
        let id = if dice.once_in(2) { "  id: 123456\n" } else { "" };
        let policy = limits(|| "1000");
        let mut manifests =
            format!("account:\n  name: acme\n{id}  platform: activtrak\n  region: us\n{policy}");
        let mut export = String::from("user_lookup_id,employee_id,email_address,display_name,group\n");
        let mut groups = String::new();
        if by_export {
            manifests.push_str("hr:\n  sources:\n    - { name: payroll, csv: hr/users.csv }\n");
            for (name, members) in &set {
                for user in before.users.iter().filter(|user| members.contains(&user.id)) {
                    let _ = writeln!(export, "{},,,,{name}", lookup(user, dice));
                }
            }
        } else {
            manifests.push_str("users:\n");
            for user in &before.users {
                let _ = writeln!(manifests, "  - {}", entry(user, dice));
            }
            manifests.push_str("  - { upn: nobody@acme.example }\n");
        }
        for name in deleted {
            let _ = writeln!(groups, "  - {{ name: {name}, source: hr, state: deleted }}");
        }
        for (name, members) in set.iter().filter(|_| !by_export) {
            let mut references: Vec<String> =
                members.iter().map(|id| format!("p{id}@acme.example")).collect();
            // Whom the account does not have is in no group.
            references.extend(dice.once_in(6).then(|| "nobody@acme.example".to_owned()));
            let _ =
                writeln!(groups, "  - {{ name: {name}, source: hr, members: [{}] }}", references.join(", "));
        }
        if !groups.is_empty() {
            let _ = write!(manifests, "groups:\n{groups}");
        }
        Wanted { manifests, export, set }
    }
}

/// Some users, and one at least.
fn members(before: &Seed, dice: &mut Dice) -> BTreeSet<UserId> {
    let some = before.users.iter().filter(|_| dice.once_in(3)).map(|user| user.id).collect::<BTreeSet<_>>();
    if some.is_empty() { BTreeSet::from([before.users[dice.below(before.users.len())].id]) } else { some }
}

/// What a row finds a user by.
fn lookup(user: &User, dice: &mut Dice) -> String {
    let all = user.upns.iter().chain(&user.emails).chain(&user.employee_ids);
    let all: Vec<&String> = all.map(|held| &held.value).collect();
    all[dice.below(all.len())].clone()
}

/// What manifests say of a user: some of what the account has, and now and then an address that is new to it.
fn entry(user: &User, dice: &mut Dice) -> String {
    let mut keys = vec![format!("upn: p{}@acme.example", user.id)];
    if let Some(id) = user.employee_ids.first().filter(|_| dice.once_in(2)) {
        keys.push(format!("employeeId: {}", id.value));
    }
    if dice.once_in(6) {
        keys.push(format!("email: new{}@mail.example", user.id));
    }
    if dice.once_in(3) {
        keys.push(format!("displayName: Person {}", user.id));
    }
    format!("{{ {} }}", keys.join(", "))
}

/// What the app downloads: groups, and the agents in them.
pub(crate) fn download(account: &Seed) -> String {
    let mut text = String::from(
        "group_id,group_name,group_type,member_type,member_id,member_domain,member_name,member_alias\n",
    );
    for group in &account.groups {
        let kind = match group.source {
            GroupSource::App => "ActivTrak",
            GroupSource::Hr => "HRDC",
            _ => "Azure AD",
        };
        let head = format!("{},{},{kind}", group.id, group.name);
        let users = account.users.iter().filter(|user| user.groups.contains(&group.id));
        let agents = users.flat_map(|user| &user.agents);
        let mut members: Vec<String> =
            agents.map(|it| format!("Client,{},{},{},", it.id, it.domain, it.username)).collect();
        let computers = account.computers.iter().filter(|it| group.computers.contains(&it.id));
        members.extend(computers.map(|it| format!("Device,{},{},{},", it.id, it.domain, it.name)));
        if members.is_empty() {
            members.push(",,,,".to_owned());
        }
        for member in members {
            let _ = writeln!(text, "{head},{member}");
        }
    }
    text
}
