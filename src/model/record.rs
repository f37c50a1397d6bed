//! What was read of a user: one record of the Users page with its agents.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::dates::utc_day;
use crate::model::foreign::{AdoptableField, Foreign, Integration};
use crate::model::id::{AgentId, GroupId, Revision, UserId};
use crate::model::identifier::{Domain, Email, EmployeeId, Identifier, Login, Upn};
use crate::model::last_set::{LastSet, SetBy};
use crate::model::name::DisplayName;
use crate::model::text::{fold, tidy};

/// Whether activity is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tracking {
    /// Collected.
    Tracked,
    /// Not collected; Do Not Track rules stand on every identifier but employee IDs.
    Untracked,
}

impl Tracking {
    /// The word for it in output and fingerprints.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tracked => "tracked",
            Self::Untracked => "untracked",
        }
    }
}

/// Whether a user of a learning platform may log in. Deactivated, they stay with all that they learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Activation {
    /// They may.
    Active,
    /// They may not.
    Deactivated,
}

impl Activation {
    /// The word for it in manifests, output and fingerprints.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deactivated => "deactivated",
        }
    }
}

/// What a user may do on a learning platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Learn.
    User,
    /// Administer a part of it.
    PowerUser,
    /// Administer all of it.
    Superadmin,
}

impl Level {
    /// What they are called in a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::User => "a user",
            Self::PowerUser => "a power user",
            Self::Superadmin => "a superadmin",
        }
    }
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
    /// Whether the user may log in, where the account shows it.
    pub activation: Option<Activation>,
    /// What the user may do, where the account shows it.
    pub level: Option<Level>,
    /// The primary group, where the account names one.
    pub primary_group: Option<GroupId>,
    /// What integrations wrote.
    pub foreign: Foreign,
    /// What people and keys wrote, of a record as it was read.
    pub last_set: LastSet,
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
            activation: None,
            level: None,
            primary_group: None,
            foreign: Foreign::default(),
            last_set: LastSet::default(),
        }
    }

    /// The status, of whichever kind the account has.
    pub fn status_word(&self) -> Option<&'static str> {
        self.status.map(Status::word).or(self.activation.map(Activation::word))
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
        self.display_name.as_ref().is_some_and(|name| agent.goes_by(name.as_written()))
            || self.upns.iter().any(|upn| agent.goes_by(upn.as_written()))
            || self.emails.iter().any(|held| agent.goes_by(held.email.as_written()))
            || self.employee_ids.iter().any(|id| agent.goes_by(id.as_written()))
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

impl ObservedUser {
    /// The integration that wrote the display name last, if one did.
    pub fn name_written_by(&self) -> Option<&Integration> {
        self.foreign.writer(AdoptableField::DisplayName, 0)
    }

    /// The integration that wrote an identifier last, if one did.
    pub fn written_by(&self, identifier: &Identifier) -> Option<&Integration> {
        if self.foreign.is_empty() {
            return None;
        }
        self.foreign.writer(AdoptableField::of(identifier), self.place_of(identifier)?)
    }

    /// Who wrote the display name last, of a record as it was read, where no integration did.
    pub fn name_set_by(&self) -> Option<SetBy> {
        self.last_set.writer(AdoptableField::DisplayName, 0)
    }

    /// Who wrote an identifier last, of a record as it was read, where no integration did.
    pub fn set_by(&self, identifier: &Identifier) -> Option<SetBy> {
        self.last_set.writer(AdoptableField::of(identifier), self.place_of(identifier)?)
    }

    /// Whether an integration wrote any value last.
    pub fn is_foreign(&self) -> bool {
        !self.foreign.is_empty()
    }

    /// Whether an integration wrote any value of a field last.
    pub fn has_foreign(&self, field: AdoptableField) -> bool {
        self.foreign.is_in(field)
    }

    /// Where an identifier is among those of its kind.
    pub(in crate::model) fn place_of(&self, identifier: &Identifier) -> Option<usize> {
        match identifier {
            Identifier::Upn(upn) => self.upns.iter().position(|held| held == upn),
            Identifier::Email(email) => self.emails.iter().position(|held| held.email == *email),
            Identifier::EmployeeId(id) => self.employee_ids.iter().position(|held| held == id),
            Identifier::DeviceLogin(login) => self.device_logins.iter().position(|held| held == login),
        }
    }
}
