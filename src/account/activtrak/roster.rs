//! The app's group download as who is in which group: agents by username and logon domain, as no other column says whose they are.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;

use crate::account::activtrak::download::{BadDownload, read_download};
use crate::model::{Computer, ComputerId, GroupId, Login, Observed, ObservedGroup, ObservedUser, UserId};

/// What a download shows of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// Its groups with their members: for each agent a user with the device login that the agent reports by.
    pub account: Observed,
    /// The agents that are in no group, sorted.
    pub agents_in_none: Vec<Login>,
    /// The computers that are in no group, sorted.
    pub computers_in_none: Vec<Login>,
}

/// The members of a download; `hr` is the type of HR-sourced groups.
///
/// # Errors
/// The first thing that such a download can't say.
pub fn read_roster(bytes: &[u8], hr: &str) -> Result<Roster, BadDownload> {
    let (groups, _) = read_download(bytes, hr)?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let header = reader.headers().cloned().unwrap_or_default();
    let at = |column: &'static str| {
        let found = header.iter().position(|name| name.trim().eq_ignore_ascii_case(column));
        found.ok_or(BadDownload::Column(column, "is missing"))
    };
    let columns =
        [at("group_id")?, at("member_type")?, at("member_id")?, at("member_domain")?, at("member_name")?];
    let mut members = Members::default();
    let mut record = StringRecord::new();
    // All that can be wrong with a row was said above.
    while reader.read_record(&mut record).unwrap_or_default() {
        members.row(columns.map(|at| record.get(at).unwrap_or_default().trim()));
    }
    Ok(members.roster(groups.groups))
}

/// What the rows say so far.
#[derive(Default)]
struct Members {
    agents: BTreeMap<u64, Login>,
    computers: BTreeMap<u64, Login>,
    /// Group, agent.
    users: BTreeSet<(u64, u64)>,
    /// Group, computer.
    machines: BTreeSet<(u64, u64)>,
}

impl Members {
    fn row(&mut self, [group, kind, member, domain, name]: [&str; 5]) {
        let Ok(member) = member.parse() else { return };
        let login = Login::observed(Some(domain), name);
        let is_agent = kind.eq_ignore_ascii_case("client");
        let (all, pairs) = if is_agent {
            (&mut self.agents, &mut self.users)
        } else {
            (&mut self.computers, &mut self.machines)
        };
        all.insert(member, login);
        pairs.extend(group.parse().ok().map(|group| (group, member)));
    }

    fn roster(self, mut groups: Vec<ObservedGroup>) -> Roster {
        for group in &mut groups {
            let of = self.machines.range((group.id.0, 0)..=(group.id.0, u64::MAX));
            group.computers = Some(of.map(|(_, computer)| ComputerId(*computer)).collect());
        }
        let in_none = |all: &BTreeMap<u64, Login>, pairs: &BTreeSet<(u64, u64)>| {
            let grouped: BTreeSet<u64> = pairs.iter().map(|(_, member)| *member).collect();
            let alone = all.iter().filter(|(member, _)| !grouped.contains(member));
            let mut alone: Vec<Login> = alone.map(|(_, login)| login.clone()).collect();
            alone.sort_by_cached_key(ToString::to_string);
            alone
        };
        let agents_in_none = in_none(&self.agents, &self.users);
        let computers_in_none = in_none(&self.computers, &self.machines);
        let memberships: Vec<_> =
            self.users.iter().map(|(group, agent)| (GroupId(*group), UserId(*agent))).collect();
        let user = |(id, login)| ObservedUser { device_logins: vec![login], ..ObservedUser::new(UserId(id)) };
        let users = self.agents.into_iter().map(user).collect();
        let computer = |(id, login)| Computer { id: ComputerId(id), login };
        let computers = self.computers.into_iter().map(computer).collect();
        let account = Observed::new(users, groups, &memberships, Vec::new(), computers);
        Roster { account, agents_in_none, computers_in_none }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_with_their_logins_and_those_in_no_group_are_named() {
        let file = "\u{feff}group_id,group_name,group_type,member_type,member_id,member_domain,member_name,member_alias\r\n\
            7,Team,ActivTrak,Client,1,ACME,ada,Ada\r\n7,Team,ActivTrak,Device,1,ACME,PC-1,\r\n\
            8,Empty,ActivTrak,,,,,\r\n,,,Client,2,ACME,cy,\r\n,,,Device,2,ACME,PC-2,\r\n";
        let roster = read_roster(file.as_bytes(), "HRDC").unwrap();
        let login = |name| Login::observed(Some("ACME"), name);
        assert_eq!(roster.account.users[0].device_logins, [login("ada")]);
        assert_eq!(roster.account.memberships.len(), 1);
        let computers: Vec<_> =
            roster.account.groups.iter().map(|it| it.computers.clone().unwrap()).collect();
        assert_eq!(computers, [vec![ComputerId(1)], Vec::new()]);
        assert_eq!(
            (roster.agents_in_none, roster.computers_in_none),
            (vec![login("cy")], vec![login("PC-2")])
        );
        let narrow = "group_id,group_name,group_type,member_type,member_id\n7,Team,ActivTrak,Client,1\n";
        let error = read_roster(narrow.as_bytes(), "HRDC").unwrap_err().to_string();
        assert!(error.contains("`member_domain` is missing"), "{error}");
        assert!(read_roster(b"", "HRDC").is_err());
    }
}
