//! What is taken over of a group download, which shows agents and not whose they are?

use crate::import::choices::HrGroups;
use crate::import::claims::Claims;
use crate::import::groups::{Groups, by_name};
use crate::import::imported::Imported;
use crate::import::unsaid::{Kind, Unsaid};
use crate::model::{Login, Observed, Phrase, Piece};
use crate::phrase;

/// Of members that are named by username and logon domain.
const BY_LOGIN: &str = "members are named by the username and logon domain of their agents: the file has nothing else of them. A plan takes \
                        each for the user who has it as a device login, and asks about those whom it does not find";

impl Imported {
    /// Takes over the groups of a download. HR groups are left to be carried over: no HR file names anybody by an agent.
    pub fn of_roster(account: &Observed, [agents, computers]: [&[Login]; 2]) -> Self {
        let claims = Claims::of(account);
        let mut unsaid = Vec::new();
        let groups = Groups::new(account, &claims, HrGroups::Carry).entries(&by_name(account), &mut unsaid);
        if groups.iter().any(|(_, group)| !group.members.listed().is_empty()) {
            unsaid.push(Unsaid::new(Kind::MembersByLogin, Phrase::words(BY_LOGIN)));
        }
        for (what, logins) in [("agents", agents), ("computers", computers)] {
            if !logins.is_empty() {
                let what = phrase![what, format!(" in no group ({}): ", logins.len())];
                unsaid.push(Unsaid::new(Kind::InNoGroup, what.list(logins.iter().map(Piece::personal))));
            }
        }
        let mut imported = Self { users: Vec::new(), groups, exclusions: Vec::new(), unsaid: Vec::new() };
        imported.say(unsaid);
        imported
    }
}
