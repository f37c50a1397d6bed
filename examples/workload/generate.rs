//! What is workload W(n)? The manifests and the account of a company of n users, the same bytes for the same n.
//!
//! n users with a UPN, two emails and an employee ID each; n/50 groups, every other one HR-sourced; five memberships a
//! user, three said by the groups and two by the user; ten automatic groups, each of one department in one place; n/100
//! files; and one user in a hundred whom the account has otherwise: another display name, an email too few, a membership too
//! few or too many.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Users in one file.
const FILE: usize = 100;
/// Users for each group.
const GROUP: usize = 50;
/// Groups a user is in.
const MEMBERSHIPS: usize = 5;
/// How many of them the groups list; the others are said by the user.
const LISTED: usize = 3;

const FIRST: [&str; 16] = [
    "Ada",
    "Grace",
    "Alan",
    "Zoë",
    "Barbara",
    "Edsger",
    "Frances",
    "Ken",
    "Katherine",
    "Donald",
    "Radia",
    "Tony",
    "Jean",
    "Niklaus",
    "Sophie",
    "Åsa",
];
const LAST: [&str; 12] = [
    "Lovelace", "Hopper", "Turing", "Liskov", "Dijkstra", "Allen", "Thompson", "Johnson", "Perlman", "Hoare",
    "Bartik", "Wilson",
];
const DEPARTMENTS: [&str; 8] =
    ["R&D", "Sales", "Support", "Finance", "Legal", "People", "Design", "Operations"];
const LOCATIONS: [&str; 5] = ["London", "Oslo", "Austin", "Toronto", "Sydney"];

/// Automatic groups where nothing else is asked for.
pub(crate) const AUTOMATIC: usize = 10;

/// The size of a workload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Workload {
    /// How many users.
    pub(crate) users: usize,
    /// How many automatic groups.
    pub(crate) automatic: usize,
}

/// How the account differs from the manifests in one user.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Drift {
    None,
    OtherName,
    EmailMissing,
    GroupMissing,
    GroupTooMany,
}

impl Workload {
    /// Writes `rollcall.yaml`, `teams/*.yaml` and `account.json` below `dir`, which is made if need be.
    pub(crate) fn write(self, dir: &Path) -> io::Result<()> {
        let teams = dir.join("teams");
        fs::create_dir_all(&teams)?;
        fs::write(
            dir.join("rollcall.yaml"),
            "account:\n  name: workload\n  platform: sandbox\n  seed: account.json\n",
        )?;
        for file in 0..self.users.div_ceil(FILE) {
            let mut out = BufWriter::new(File::create(teams.join(format!("team-{file:05}.yaml")))?);
            self.team(file, &mut out)?;
            out.flush()?;
        }
        let mut out = BufWriter::new(File::create(dir.join("account.json"))?);
        self.account(&mut out)?;
        out.flush()
    }

    /// One file: its users, and the groups that fall to it.
    fn team(self, file: usize, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "users:")?;
        for user in (file * FILE..self.users).take(FILE) {
            self.user(user, out)?;
        }
        let files = self.users.div_ceil(FILE);
        let mut groups = (file..self.groups()).step_by(files).peekable();
        let mut automatic = (file..self.automatic).step_by(files).peekable();
        if groups.peek().is_some() || automatic.peek().is_some() {
            writeln!(out, "groups:")?;
        }
        for group in groups {
            self.group(group, out)?;
        }
        for automatic in automatic {
            let (department, location) = rule(automatic);
            writeln!(out, "  - name: Automatic {automatic}")?;
            writeln!(
                out,
                "    match: {{ all: [{{ department: {department} }}, {{ location: {location} }}] }}"
            )?;
        }
        Ok(())
    }

    fn user(self, user: usize, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "  - displayName: {}", name(user))?;
        writeln!(out, "    upn: {}", upn(user))?;
        writeln!(out, "    email: [{}, {}]", email(user), alias(user))?;
        writeln!(out, "    employeeId: {}", employee_id(user))?;
        if self.automatic > 0 {
            let (department, location) = (department(user), location(user));
            writeln!(out, "    attributes: {{ department: {department}, location: {location} }}")?;
        }
        let groups: Vec<String> = self.memberships(user).skip(LISTED).map(group_name).collect();
        if groups.is_empty() { Ok(()) } else { writeln!(out, "    groups: [{}]", groups.join(", ")) }
    }

    fn group(self, group: usize, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "  - name: {}", group_name(group))?;
        if is_hr(group) {
            writeln!(out, "    source: hr")?;
        }
        let mut members = self.listed(group).peekable();
        if members.peek().is_none() {
            return writeln!(out, "    members: []");
        }
        writeln!(out, "    members:")?;
        for user in members {
            match user % 3 {
                0 => writeln!(out, "      - {}", email(user))?,
                1 => writeln!(out, "      - {}", employee_id(user))?,
                _ => writeln!(out, "      - {}", upn(user))?,
            }
        }
        Ok(())
    }

    fn groups(self) -> usize {
        (self.users / GROUP).max(1)
    }

    /// How far apart a user's groups are: an odd number, so that some are HR-sourced and some not.
    fn apart(self) -> usize {
        (self.groups() / MEMBERSHIPS).saturating_sub(1) | 1
    }

    /// The groups of a user, each once: neighbours share theirs.
    fn memberships(self, user: usize) -> impl Iterator<Item = usize> {
        let (groups, apart) = (self.groups(), self.apart());
        (0..MEMBERSHIPS.min(groups)).map(move |at| (user / 10 + at * apart) % groups)
    }

    /// The users that a group lists: the inverse of the first [`LISTED`] memberships.
    fn listed(self, group: usize) -> impl Iterator<Item = usize> {
        let (groups, apart) = (self.groups(), self.apart());
        let tens = self.users.div_ceil(10);
        (0..LISTED.min(groups)).flat_map(move |at| {
            let first = (group + groups - at * apart % groups) % groups;
            (first..tens).step_by(groups).flat_map(move |ten| (ten * 10..self.users).take(10))
        })
    }

    /// The account, in the sandbox's seed format.
    fn account(self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{{\"version\":1,\"account\":{{\"id\":100001,\"name\":\"workload\"}},\n\"groups\":[")?;
        let all = self.groups() + self.automatic;
        for group in 0..all {
            let (name, source) = match group.checked_sub(self.groups()) {
                Some(automatic) => (format!("Automatic {automatic}"), "app"),
                None => (group_name(group), if is_hr(group) { "hr" } else { "app" }),
            };
            let comma = if group + 1 < all { "," } else { "" };
            writeln!(
                out,
                "{{\"id\":{},\"name\":\"{name}\",\"source\":\"{source}\"}}{comma}",
                group_id(group)
            )?;
        }
        writeln!(out, "],\n\"users\":[")?;
        for user in 0..self.users {
            self.record(user, out)?;
            writeln!(out, "{}", if user + 1 < self.users { "," } else { "" })?;
        }
        writeln!(out, "]}}")
    }

    fn record(self, user: usize, out: &mut impl Write) -> io::Result<()> {
        let drift = drift(user);
        let mut groups: Vec<usize> = self.memberships(user).collect();
        match drift {
            Drift::GroupMissing if groups.len() > 1 => drop(groups.pop()),
            Drift::GroupTooMany => {
                let mut others = (0..self.groups()).map(|at| (user / 10 + at) % self.groups());
                groups.extend(others.find(|group| !groups.contains(group)));
            }
            _ => {}
        }
        let automatic = (0..self.automatic).filter(|&at| rule(at) == (department(user), location(user)));
        groups.extend(automatic.map(|at| self.groups() + at));
        let name = if drift == Drift::OtherName { format!("Formerly {user}") } else { name(user) };
        let emails = match drift {
            Drift::EmailMissing => format!("\"{}\"", email(user)),
            _ => format!("\"{}\",\"{}\"", email(user), alias(user)),
        };
        let groups: Vec<String> = groups.into_iter().map(|group| group_id(group).to_string()).collect();
        write!(
            out,
            "{{\"id\":{},\"displayName\":\"{name}\",\"upns\":[\"{}\"],\"emails\":[{emails}],\
             \"employeeIds\":[\"{}\"],\"tracked\":true,\"groups\":[{}]}}",
            200_001 + user,
            upn(user),
            employee_id(user),
            groups.join(","),
        )
    }
}

/// One user in a hundred differs, each kind in turn.
fn drift(user: usize) -> Drift {
    if user % 100 != 7 {
        return Drift::None;
    }
    match user / 100 % 4 {
        0 => Drift::OtherName,
        1 => Drift::EmailMissing,
        2 => Drift::GroupMissing,
        _ => Drift::GroupTooMany,
    }
}

fn name(user: usize) -> String {
    format!("{} {} {user}", FIRST[user % FIRST.len()], LAST[user / FIRST.len() % LAST.len()])
}

fn upn(user: usize) -> String {
    format!("{}.{user}@acme.example", LAST[user / FIRST.len() % LAST.len()].to_lowercase())
}

fn email(user: usize) -> String {
    format!("{}.{user}@mail.acme.example", LAST[user / FIRST.len() % LAST.len()])
}

fn alias(user: usize) -> String {
    format!("u{user}@acme.example")
}

fn employee_id(user: usize) -> String {
    format!("E{user:07}")
}

fn department(user: usize) -> &'static str {
    DEPARTMENTS[user % DEPARTMENTS.len()]
}

fn location(user: usize) -> &'static str {
    LOCATIONS[user % LOCATIONS.len()]
}

/// What the members of an automatic group have in common.
fn rule(automatic: usize) -> (&'static str, &'static str) {
    (DEPARTMENTS[automatic % DEPARTMENTS.len()], LOCATIONS[automatic % LOCATIONS.len()])
}

fn group_name(group: usize) -> String {
    format!("{} team {group}", LOCATIONS[group % LOCATIONS.len()])
}

fn group_id(group: usize) -> usize {
    3001 + group
}

fn is_hr(group: usize) -> bool {
    group % 2 == 1
}
