//! What the manifests say, as plain data: the other side of the plan.

use jiff::civil::Date;

use crate::model::dates::Dates;
use crate::model::export::{Export, Missing};
use crate::model::foreign::AdoptableField;
use crate::model::identifier::{Email, EmployeeId, Identifier, Login, Upn};
use crate::model::name::{AttributeName, Description, DisplayName, GroupName};
use crate::model::origin::{Located, Origin};
use crate::model::platform::Platform;
use crate::model::policy::{Allowance, Policy};
use crate::model::record::{Activation, Tracking};
use crate::model::reference::Reference;
use crate::model::rule::Rule;

/// A scalar that a manifest may leave alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Managed<T> {
    /// Not said: left as it is.
    #[default]
    Leave,
    /// Said.
    Set(Located<T>),
}

impl<T> Managed<T> {
    /// What was said, if anything.
    pub fn declared(&self) -> Option<&Located<T>> {
        match self {
            Self::Leave => None,
            Self::Set(said) => Some(said),
        }
    }
}

/// A list that a manifest may leave alone, add to, or own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Members<T> {
    /// Not said: left as it is.
    #[default]
    Leave,
    /// At least these; what else is there stays.
    AtLeast(Vec<Located<T>>),
    /// Exactly these.
    Exactly(Vec<Located<T>>),
}

impl<T> Members<T> {
    /// What was said, whichever way it is meant.
    pub fn listed(&self) -> &[Located<T>] {
        match self {
            Self::Leave => &[],
            Self::AtLeast(said) | Self::Exactly(said) => said,
        }
    }
}

/// A dated, irreversible instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What is to be done.
    pub kind: OrderKind,
    /// The day somebody decided it; the record must be older.
    pub decided: Date,
    /// Why, in the author's words.
    pub reason: Option<Box<str>>,
    /// Where the order was written.
    pub origin: Origin,
    /// What of an export gives it, if a row does.
    pub row: Option<Box<OrderRow>>,
}

/// The row of an export that gives an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// The export.
    pub export: Box<str>,
    /// The cell for which it does.
    pub cell: Said,
    /// The column that says when it was decided.
    pub dated_by: Box<str>,
}

/// A cell of an export that says something of its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The cell.
    pub origin: Origin,
    /// Its column.
    pub column: Box<str>,
    /// What it says.
    pub value: Box<str>,
}

impl Order {
    /// Whether it does nothing any more, because it is older than `days` everywhere on earth.
    pub fn has_expired(&self, now: Dates, days: u32) -> bool {
        i64::from((now.earliest - self.decided).get_days()) > i64::from(days)
    }
}

/// What an order does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// Removes the record and all history; what becomes of the identifiers' rules.
    Remove(Afterwards),
    /// Erases all history up to now; the record stays.
    Erase,
}

/// What becomes of a removed user's identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afterwards {
    /// They stay on the Do Not Track list, as the account leaves them.
    StayBlocked,
    /// `unblock: true`: their rules are removed too.
    Unblock,
}

/// Whether a name alone may decide who a user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameMatch {
    /// No: an equal display name is a question.
    #[default]
    Ask,
    /// `matchName: true`: an equal display name is the same user.
    Same,
}

/// A user as the manifests say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredUser {
    /// Where the entry starts.
    pub origin: Origin,
    /// A row of an export that asks for the user, if one does: the first.
    pub row: Option<Origin>,
    /// What exports find the user by, where they do not say of what kind it is: an email, a UPN or an employee ID.
    pub lookups: Vec<Located<Reference>>,
    /// What becomes of the entry if it matches nobody.
    pub missing: Missing,
    /// The display name.
    pub display_name: Managed<DisplayName>,
    /// What the user is called where another has the display name, if an export says it.
    pub namesake: Option<Located<DisplayName>>,
    /// UPNs: the whole list, if said.
    pub upns: Members<Upn>,
    /// Emails: the whole list, if said, but for what the account adds by itself.
    pub emails: Members<Email>,
    /// Employee IDs: the whole list, if said.
    pub employee_ids: Members<EmployeeId>,
    /// Device logins: at least these.
    pub device_logins: Vec<Located<Login>>,
    /// Tracked or not.
    pub tracking: Managed<Tracking>,
    /// Whether the user may log in at a learning platform.
    pub status: Managed<Activation>,
    /// The cell of an export that says that the user is not tracked, if one does.
    pub untracked_by: Option<Box<Said>>,
    /// Groups the user is in besides those that name it.
    pub groups: Vec<Located<GroupName>>,
    /// The group that speaks for the user in reports.
    pub primary_group: Managed<GroupName>,
    /// User agents that belong to the user.
    pub agents: Vec<Located<Login>>,
    /// Attributes for group rules, several of a name where an export says that there may be; never sent.
    pub attributes: Vec<(AttributeName, Located<Box<str>>)>,
    /// Identifiers the same human had.
    pub formerly: Vec<Located<Identifier>>,
    /// Whether a name alone may match.
    pub match_name: NameMatch,
    /// Identifiers given up: they never match this user again.
    pub releases: Vec<Located<Identifier>>,
    /// Fields taken over from another integration.
    pub adopt: Vec<Located<AdoptableField>>,
    /// A dated order.
    pub order: Option<Order>,
}

impl DesiredUser {
    /// Whether the entry asks for nothing but that the record goes.
    pub fn only_removes(&self) -> bool {
        matches!(self.order, Some(Order { kind: OrderKind::Remove(_), .. }))
    }

    /// Whether the entry asks for nobody who is not there: of whom is to go, or may not log in.
    pub fn is_of_a_leaver(&self) -> bool {
        let deactivated = self.status.declared().is_some_and(|said| said.value == Activation::Deactivated);
        self.order.is_some() || deactivated
    }

    /// A user of whom nothing is said yet.
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            row: None,
            lookups: Vec::new(),
            missing: Missing::default(),
            display_name: Managed::Leave,
            namesake: None,
            upns: Members::Leave,
            emails: Members::Leave,
            employee_ids: Members::Leave,
            device_logins: Vec::new(),
            tracking: Managed::Leave,
            status: Managed::Leave,
            untracked_by: None,
            groups: Vec::new(),
            primary_group: Managed::Leave,
            agents: Vec::new(),
            attributes: Vec::new(),
            formerly: Vec::new(),
            match_name: NameMatch::Ask,
            releases: Vec::new(),
            adopt: Vec::new(),
            order: None,
        }
    }

    /// Every declared identifier with its place, in the account's order of kinds.
    pub fn identifiers(&self) -> impl Iterator<Item = Located<Identifier>> + '_ {
        let upns = self.upns.listed().iter().cloned().map(|said| said.map(Identifier::Upn));
        let emails = self.emails.listed().iter().cloned().map(|said| said.map(Identifier::Email));
        let ids = self.employee_ids.listed().iter().cloned().map(|said| said.map(Identifier::EmployeeId));
        let logins = self.device_logins.iter().cloned().map(|said| said.map(Identifier::DeviceLogin));
        upns.chain(emails).chain(ids).chain(logins)
    }

    /// Every identifier by which a record of the account is known as this user: those it is to have, and those it had.
    pub fn known_by(&self) -> impl Iterator<Item = Located<Identifier>> + '_ {
        self.identifiers().chain(self.formerly.iter().cloned())
    }

    /// The display name, where a record is known as this user by that alone.
    pub fn known_by_name(&self) -> Option<&Located<DisplayName>> {
        self.display_name.declared().filter(|_| self.match_name == NameMatch::Same)
    }
}

/// The source a manifest gives a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeclaredSource {
    /// The app: the default.
    App,
    /// HR snapshots.
    Hr,
    /// The identity provider's side of the account, by SCIM.
    Scim,
}

/// Whether a group is to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupState {
    /// It is.
    Present,
    /// `state: deleted`, and where that is said.
    Deleted(Origin),
}

/// What fills a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Population {
    /// Whoever puts users into it: manifests.
    Manual,
    /// The account itself, by rules that it keeps.
    Automatic,
}

impl Population {
    /// The word in manifests and sentences.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Automatic => "automatic",
        }
    }
}

/// Whether an HR group may be deleted and made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recreate {
    /// No.
    Never,
    /// `recreate: true`, and where that is said.
    Allowed(Origin),
}

/// What makes users of a group without naming them, a rule or other groups or both, with its exceptions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Automatic {
    /// Who matches.
    pub rule: Option<Located<Rule>>,
    /// The groups whose users are users of this one.
    pub of: Vec<Located<GroupName>>,
    /// Members whatever the rule and the groups say.
    pub also: Vec<Located<Reference>>,
    /// Never members by the rule or the groups.
    pub except: Vec<Located<Reference>>,
}

impl Automatic {
    /// Where it is said: the rule, or else the first of the groups.
    pub fn origin(&self) -> Origin {
        let of = || self.of.first().map(|group| group.origin);
        self.rule.as_ref().map(|rule| rule.origin).or_else(of).unwrap_or(Origin::NONE)
    }
}

/// A group as the manifests say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredGroup {
    /// Where the entry starts.
    pub origin: Origin,
    /// Its name.
    pub name: Located<GroupName>,
    /// Names it had: a rename, not delete and create.
    pub formerly: Vec<Located<GroupName>>,
    /// Of a group that only exports declare: other ways in which rows write its name, sorted.
    pub spellings: Vec<Located<GroupName>>,
    /// Its source, where one is written; the app is the default.
    pub source: Option<DeclaredSource>,
    /// What it says of itself.
    pub description: Managed<Description>,
    /// What fills it: manifests, where nothing is said.
    pub population: Managed<Population>,
    /// Whether it is to be there.
    pub state: GroupState,
    /// Whether an HR group may be made anew.
    pub recreate: Recreate,
    /// Its users: with those who name the group, the whole list (or at least these, if additive).
    pub members: Members<Reference>,
    /// Its rule, and the groups that it copies.
    pub automatic: Option<Automatic>,
    /// Its computers: the whole list, if said.
    pub computers: Members<Login>,
}

impl DesiredGroup {
    /// The groups whose users are users of this one.
    pub fn copied(&self) -> &[Located<GroupName>] {
        self.automatic.as_ref().map_or(&[], |automatic| &automatic.of)
    }

    /// Whether the account is to fill it, and where that is said.
    pub fn fills_itself(&self) -> Option<Origin> {
        self.population.declared().filter(|said| said.value == Population::Automatic).map(|said| said.origin)
    }

    /// The rule that decides who belongs to it.
    pub fn rule(&self) -> Option<&Located<Rule>> {
        self.automatic.as_ref().and_then(|automatic| automatic.rule.as_ref())
    }

    /// A group of which nothing is said yet but its name, where that stands.
    pub fn new(name: Located<GroupName>) -> Self {
        Self {
            origin: name.origin,
            name,
            formerly: Vec::new(),
            spellings: Vec::new(),
            source: None,
            description: Managed::Leave,
            population: Managed::Leave,
            state: GroupState::Present,
            recreate: Recreate::Never,
            members: Members::Leave,
            automatic: None,
            computers: Members::Leave,
        }
    }
}

/// Who is tracked, or not, by what they are: said of everybody who matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackingRule {
    /// Where the rule starts.
    pub origin: Origin,
    /// Who matches.
    pub rule: Located<Rule>,
    /// Whether they are tracked.
    pub state: Tracking,
    /// Why, in the author's words.
    pub because: Option<Box<str>>,
}

/// Whether an exclusion is to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExclusionState {
    /// It is.
    Present,
    /// `state: absent`.
    Absent,
}

/// A global Do Not Track rule as the manifests say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredExclusion {
    /// Who, and where.
    pub login: Located<Login>,
    /// Whether it is to be there.
    pub state: ExclusionState,
}

/// A carried member that a snapshot may leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaveOut {
    /// The HR group.
    pub group: Located<GroupName>,
    /// Its member.
    pub user: Located<Reference>,
}

/// What the account calls the type of HR-sourced groups, unless `hrGroupType` says otherwise.
pub const HR_GROUP_TYPE: &str = "HRDC";

/// The account that the manifests describe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Where it is declared.
    pub origin: Origin,
    /// Its name in output and comments.
    pub name: Located<Box<str>>,
    /// Its number, where accounts have one: a key that opens another account is an error.
    pub id: Option<Located<u64>>,
    /// Where it is kept.
    pub platform: Platform,
    /// What inferred API calls may be used for.
    pub allow: Vec<Located<Allowance>>,
    /// The `typename` of HR-sourced groups; `HRDC` by default.
    pub hr_group_type: Box<str>,
}

/// Everything the manifests say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desired {
    /// The account.
    pub account: Account,
    /// Limits, protections, and what becomes of what no manifest mentions.
    pub policy: Policy,
    /// Users, in the order of files and lines.
    pub users: Vec<DesiredUser>,
    /// Groups, in the order of files and lines.
    pub groups: Vec<DesiredGroup>,
    /// Rules about who is tracked, in the order of files and lines.
    pub tracking: Vec<TrackingRule>,
    /// Exclusions, in the order of files and lines.
    pub exclusions: Vec<DesiredExclusion>,
    /// `hr.leaveOut`.
    pub leave_out: Vec<LeaveOut>,
    /// HR exports, sorted by name.
    pub exports: Vec<Export>,
}
