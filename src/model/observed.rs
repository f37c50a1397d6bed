//! What the account has: the proved reading of it, as plain data.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::dates::utc_day;
use crate::model::foreign::Foreign;
use crate::model::identifier::{Domain, Email, EmployeeId, Identifier, Login, Upn};
use crate::model::name::{DisplayName, GroupName};
use crate::model::reach::Reach;
use crate::model::snapshot::HrGroup;
use crate::model::step::UserRef;
use crate::model::text::{fold, tidy};

/// A user record's number (`entityId` on the Identity API). It never changes and is never given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub u64);

/// A group's number (`groupid` on the Admin API).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u64);

/// The number of a global Do Not Track rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExclusionId(pub u64);

/// A computer's number (`deviceId` on the Admin API).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComputerId(pub u64);

/// A user agent's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentId(pub u64);

/// How often a record was changed; a write names the one it was planned against (Identity API).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

/// A position in [`Observed::users`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserIx(pub u32);

/// A position in [`Observed::groups`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupIx(pub u32);

/// Whether activity is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tracking {
    /// Collected.
    Tracked,
    /// Not collected; Do Not Track rules stand on every identifier but employee IDs.
    Untracked,
}

/// What the Users page says of a user's agents; the account derives it, and nothing writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// An agent reported within the account's threshold.
    Active,
    /// No agent did.
    Inactive,
    /// There is no agent, and so no licence.
    Unlicensed,
}

impl Status {
    /// Every status, in the order in which they are counted.
    pub const ALL: [Self; 3] = [Self::Active, Self::Inactive, Self::Unlicensed];

    /// The word for it, in answers, output and arguments alike.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Unlicensed => "unlicensed",
        }
    }
}

/// Who wrote an email last, as far as it decides whether the email counts (`Field.source` on the Identity API).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Writer {
    /// ActivTrak itself: placeholders and auto-detected emails.
    Account,
    /// A person, an integration or an API key.
    Other,
}

/// An email of a user and who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedEmail {
    /// The address.
    pub email: Email,
    /// Whether the account added it by itself.
    pub writer: Writer,
}

/// A user agent: a username on a logon domain that an installed agent reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Its number.
    pub id: AgentId,
    /// Username and logon domain.
    pub login: Login,
    /// The alias, if one was given.
    pub alias: Option<Box<str>>,
    /// Its oldest data; where the account does not say, it may be of any age.
    pub first_log: Option<Timestamp>,
    /// Its newest data.
    pub last_log: Option<Timestamp>,
    /// Whether the account is joining it with another agent (`mergePending`): such an agent is never moved.
    pub merge_pending: bool,
}

impl Agent {
    /// Whether a user who holds this name or identifier stands in the way of the agent leaving: the account refuses to move an
    /// agent whose username or alias its user still goes by.
    pub fn goes_by(&self, text: &str) -> bool {
        let text = fold(text);
        text == self.login.user.key() || self.alias.as_ref().is_some_and(|alias| text == fold(&tidy(alias)))
    }

    /// Whether it may hold data of a day or older: so it may, where the account does not say what its oldest is.
    pub fn has_data_up_to(&self, day: Date) -> bool {
        self.first_log.is_none_or(|first| utc_day(first) <= day)
    }

    /// Whether an email is the placeholder that the account makes of the agent (`username@logon_domain`).
    pub fn made(&self, email: &Email) -> bool {
        match &self.login.domain {
            Domain::Any => false,
            Domain::Named(domain) => {
                email.key().split_once('@') == Some((self.login.user.key(), domain.key()))
            }
        }
    }
}

/// A user agent whose history was deleted: it counts no licence any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedAgent {
    /// Its number.
    pub id: AgentId,
    /// When it was deleted, if the account says.
    pub deleted: Option<Timestamp>,
}

/// One record of the Users page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedUser {
    /// The record.
    pub id: UserId,
    /// Its revision when it was read.
    pub revision: Revision,
    /// When the record was made, if the account says.
    pub created: Option<Timestamp>,
    /// The display name; the account shows an identifier where there is none.
    pub display_name: Option<DisplayName>,
    /// User principal names.
    pub upns: Vec<Upn>,
    /// Email addresses.
    pub emails: Vec<ObservedEmail>,
    /// Employee IDs; the first is the primary.
    pub employee_ids: Vec<EmployeeId>,
    /// Device logins.
    pub device_logins: Vec<Login>,
    /// User agents assigned to the user.
    pub agents: Vec<Agent>,
    /// Agents whose history was deleted while they were the user's.
    pub deleted_agents: Vec<DeletedAgent>,
    /// Whether activity is collected.
    pub tracking: Tracking,
    /// The status, where the account shows one that is known.
    pub status: Option<Status>,
    /// The primary group, where the account names one.
    pub primary_group: Option<GroupId>,
    /// What integrations wrote.
    pub foreign: Foreign,
}

impl ObservedUser {
    /// A tracked record with nothing but a number, as one that was just made.
    pub fn new(id: UserId) -> Self {
        Self {
            id,
            revision: Revision(1),
            created: None,
            display_name: None,
            upns: Vec::new(),
            emails: Vec::new(),
            employee_ids: Vec::new(),
            device_logins: Vec::new(),
            agents: Vec::new(),
            deleted_agents: Vec::new(),
            tracking: Tracking::Tracked,
            status: Some(Status::Unlicensed),
            primary_group: None,
            foreign: Foreign::default(),
        }
    }

    /// Every identifier, in the account's order of kinds.
    pub fn identifiers(&self) -> impl Iterator<Item = Identifier> + '_ {
        let upns = self.upns.iter().cloned().map(Identifier::Upn);
        let emails = self.emails.iter().map(|email| Identifier::Email(email.email.clone()));
        let ids = self.employee_ids.iter().cloned().map(Identifier::EmployeeId);
        let logins = self.device_logins.iter().cloned().map(Identifier::DeviceLogin);
        upns.chain(emails).chain(ids).chain(logins)
    }

    /// The identifier the account shows the user by: UPN, else email, employee ID, device login ("Display ID selection"), as it
    /// writes it.
    pub fn display_id(&self) -> Option<String> {
        None.or_else(|| self.upns.first().map(ToString::to_string))
            .or_else(|| self.emails.first().map(|email| email.email.to_string()))
            .or_else(|| self.employee_ids.first().map(ToString::to_string))
            .or_else(|| self.device_logins.first().map(Login::as_display_id))
    }

    /// The oldest and the newest data of all agents; none if no agent has reported.
    pub fn history(&self) -> Option<(Timestamp, Timestamp)> {
        let moments = || self.agents.iter().flat_map(|agent| [agent.first_log, agent.last_log]).flatten();
        Some((moments().min()?, moments().max()?))
    }

    /// The agents that may hold data of a day or older. What began to be gathered only after an agent was deleted, on that day or
    /// later, is newer: the day was over for what was deleted.
    pub fn with_data_up_to(&self, day: Date) -> impl Iterator<Item = &Agent> {
        let deleted = self.deleted_agents.iter().filter_map(|agent| agent.deleted);
        let erased = deleted.filter(|deleted| utc_day(*deleted) >= day).max();
        let is_newer =
            move |agent: &Agent| agent.first_log.zip(erased).is_some_and(|(first, erased)| first >= erased);
        self.agents.iter().filter(move |agent| agent.has_data_up_to(day) && !is_newer(agent))
    }

    /// Whether an agent may hold data of a day or older.
    pub fn has_data_up_to(&self, day: Date) -> bool {
        self.with_data_up_to(day).next().is_some()
    }

    /// Whether an agent was deleted on a day or after it.
    pub fn has_lost_an_agent_since(&self, day: Date) -> bool {
        let deleted = self.deleted_agents.iter().filter_map(|agent| agent.deleted);
        deleted.into_iter().any(|deleted| utc_day(deleted) >= day)
    }

    /// Whether the user goes by the username or alias of an agent: by name, UPN, email or employee ID. The account then refuses to
    /// move the agent away (support article 47730807225115).
    pub fn keeps(&self, agent: &Agent) -> bool {
        self.display_name.as_ref().is_some_and(|name| agent.goes_by(name.said()))
            || self.upns.iter().any(|upn| agent.goes_by(upn.said()))
            || self.emails.iter().any(|held| agent.goes_by(held.email.said()))
            || self.employee_ids.iter().any(|id| agent.goes_by(id.said()))
    }

    /// Whether the account made an email up: it is a placeholder, or looks like one whose agent is not there any more or not
    /// shown. One that the account detected is an address like any other.
    pub fn is_made_up(&self, held: &ObservedEmail) -> bool {
        let (_, domain) = held.email.key().rsplit_once('@').unwrap_or_default();
        self.is_placeholder(&held.email) || held.writer == Writer::Account && !domain.contains('.')
    }

    /// Whether an email is the placeholder that the account made from one of the user's agents (`username@logon_domain`).
    pub fn is_placeholder(&self, email: &Email) -> bool {
        self.agents.iter().any(|agent| agent.made(email))
    }

    /// Whether the account added an email by itself: a placeholder, or one that it detected.
    pub fn is_automatic(&self, email: &Email) -> bool {
        let by_account = |held: &ObservedEmail| held.email == *email && held.writer == Writer::Account;
        self.emails.iter().any(by_account) || self.is_placeholder(email)
    }
}

/// Where a group comes from, and so what may change it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupSource {
    /// Made in the app or by the Admin API (type 1).
    App,
    /// Made by HR snapshots (`typename` is `account.hrGroupType`).
    Hr,
    /// Active Directory or Azure AD: read-only.
    Directory,
    /// Made by an identity provider over SCIM.
    Scim,
    /// Anything else, by the name the account gives it: read-only.
    Foreign(Box<str>),
}

/// A group of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedGroup {
    /// Its number.
    pub id: GroupId,
    /// Its name.
    pub name: GroupName,
    /// Its source.
    pub source: GroupSource,
    /// Its computers, sorted; `None` where they were not asked for.
    pub computers: Option<Vec<ComputerId>>,
}

/// A computer agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computer {
    /// Its number.
    pub id: ComputerId,
    /// Its logon domain, where it has one, and its name.
    pub login: Login,
}

/// A global Do Not Track rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedExclusion {
    /// Its number.
    pub id: ExclusionId,
    /// Who is not tracked, and where.
    pub login: Login,
}

/// How it is known that the list of groups has all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListProof {
    /// The account's own count says so.
    #[default]
    Counted,
    /// The account names no count: only groups that some user is in, or that SCIM shows, are known to be there.
    Uncounted,
}

/// A proved reading of the account. Built by [`Observed::new`], which sorts, so that pages in any order give the same value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// Users, sorted by record.
    pub users: Vec<ObservedUser>,
    /// Groups, sorted by number.
    pub groups: Vec<ObservedGroup>,
    /// How it is known that these are all groups.
    pub groups_proof: ListProof,
    /// Who is in which group, sorted by group, then user.
    pub memberships: Vec<(GroupIx, UserIx)>,
    /// Global Do Not Track rules, sorted by number.
    pub exclusions: Vec<ObservedExclusion>,
    /// Computers, sorted by number; empty where no manifest asks for any.
    pub computers: Vec<Computer>,
    /// What the keys show of the account and can change in it: what is missing above may only be hidden.
    pub reach: Reach,
}

impl Observed {
    /// Sorts and joins what was read. Memberships that name an unknown user or group are left out: the reader refuses such
    /// readings before it comes here.
    pub fn new(
        mut users: Vec<ObservedUser>,
        mut groups: Vec<ObservedGroup>,
        memberships: &[(GroupId, UserId)],
        mut exclusions: Vec<ObservedExclusion>,
        mut computers: Vec<Computer>,
    ) -> Self {
        users.sort_unstable_by_key(|user| user.id);
        groups.sort_unstable_by_key(|group| group.id);
        exclusions.sort_unstable_by_key(|exclusion| exclusion.id);
        computers.sort_unstable_by_key(|computer| computer.id);
        let reach = Reach::everything();
        let groups_proof = ListProof::default();
        let mut observed =
            Self { users, groups, groups_proof, memberships: Vec::new(), exclusions, computers, reach };
        let mut pairs: Vec<(GroupIx, UserIx)> = memberships
            .iter()
            .filter_map(|&(group, user)| Some((observed.group_ix(group)?, observed.user_ix(user)?)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        observed.memberships = pairs;
        observed
    }

    /// The same reading by keys that open less.
    #[must_use]
    pub fn within(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// The same reading, its groups proved in this way.
    #[must_use]
    pub fn groups_by(mut self, proof: ListProof) -> Self {
        self.groups_proof = proof;
        self
    }

    /// Where a record is.
    pub fn user_ix(&self, id: UserId) -> Option<UserIx> {
        let at = self.users.binary_search_by_key(&id, |user| user.id).ok()?;
        u32::try_from(at).ok().map(UserIx)
    }

    /// Where a group is.
    pub fn group_ix(&self, id: GroupId) -> Option<GroupIx> {
        let at = self.groups.binary_search_by_key(&id, |group| group.id).ok()?;
        u32::try_from(at).ok().map(GroupIx)
    }

    /// The user at a position.
    pub fn user(&self, ix: UserIx) -> &ObservedUser {
        &self.users[ix.0 as usize]
    }

    /// The group at a position.
    pub fn group(&self, ix: GroupIx) -> &ObservedGroup {
        &self.groups[ix.0 as usize]
    }

    /// The members of a group, sorted by record.
    pub fn members(&self, group: GroupIx) -> impl ExactSizeIterator<Item = UserIx> + Clone + '_ {
        let from = self.memberships.partition_point(|pair| pair.0 < group);
        let to = from + self.memberships[from..].partition_point(|pair| pair.0 == group);
        self.memberships[from..to].iter().map(|pair| pair.1)
    }

    /// Whether a user is a member of a group.
    pub fn is_member(&self, group: GroupIx, user: UserIx) -> bool {
        self.memberships.binary_search(&(group, user)).is_ok()
    }

    /// The group of a name, whatever its case.
    pub fn group_named(&self, name: &GroupName) -> Option<GroupIx> {
        let at = self.groups.iter().position(|group| group.name == *name)?;
        u32::try_from(at).ok().map(GroupIx)
    }

    /// Every HR-sourced group with its members, sorted by name.
    pub fn hr_set(&self) -> Vec<HrGroup> {
        let members = |group| self.members(group).map(|user| UserRef::Known(self.user(user).id)).collect();
        let mut set: Vec<HrGroup> = (0..)
            .zip(&self.groups)
            .filter(|(_, group)| group.source == GroupSource::Hr)
            .map(|(at, group)| HrGroup { name: group.name.clone(), members: members(GroupIx(at)) })
            .collect();
        set.sort_unstable_by(|left, right| left.name.cmp(&right.name));
        set
    }

    /// The computer that a login names: the same name, on its domain or on any.
    pub fn computers_named<'a>(&'a self, login: &'a Login) -> impl Iterator<Item = &'a Computer> + 'a {
        self.computers.iter().filter(move |computer| login.covers(&computer.login))
    }
}
