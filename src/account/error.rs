//! Why the account could not be read, and what to do about it.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use thiserror::Error;

use crate::http::{self, StatusCode};
use crate::model::{Family, ObservedUser};

/// What is read as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// The user records.
    Users,
    /// The global Do Not Track rules.
    Exclusions,
    /// The members of one group, by its number.
    Members(u64),
    /// The list of groups.
    Groups,
    /// The audit log.
    AuditLog,
    /// The fields of users.
    UserFields,
    /// The branches of the organisation chart.
    Branches,
    /// The users of one branch, by its number.
    InBranch(u64),
    /// The courses.
    Courses,
    /// Who is in one course, by its number.
    Enrollments(u64),
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Users => f.write_str("users"),
            Self::Exclusions => f.write_str("exclusions"),
            Self::Members(group) => write!(f, "members of group {group}"),
            Self::Groups => f.write_str("groups"),
            Self::AuditLog => f.write_str("audit log"),
            Self::UserFields => f.write_str("user fields"),
            Self::Branches => f.write_str("branches"),
            Self::InBranch(branch) => write!(f, "users of branch {branch}"),
            Self::Courses => f.write_str("courses"),
            Self::Enrollments(course) => write!(f, "enrollments of course {course}"),
        }
    }
}

/// A part of a record, shown as a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// User principal names.
    Upns,
    /// Email addresses.
    Emails,
    /// Employee IDs.
    EmployeeIds,
    /// Device logins.
    DeviceLogins,
    /// User agents.
    Agents,
}

impl Part {
    /// Whether a record has any of it.
    pub(in crate::account) fn is_in(self, user: &ObservedUser) -> bool {
        match self {
            Self::Upns => !user.upns.is_empty(),
            Self::Emails => !user.emails.is_empty(),
            Self::EmployeeIds => !user.employee_ids.is_empty(),
            Self::DeviceLogins => !user.device_logins.is_empty(),
            Self::Agents => !user.agents.is_empty(),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Upns => "UPNs",
            Self::Emails => "emails",
            Self::EmployeeIds => "employee IDs",
            Self::DeviceLogins => "device logins",
            Self::Agents => "agents",
        })
    }
}

/// Why there is no reading of the account.
#[derive(Debug, Error)]
pub enum ReadError {
    /// No key for a family was given.
    #[error("no key for the {0}")]
    NoKey(Family),
    /// 401 or 403.
    #[error("the {family} refused {key} ({status})")]
    Denied {
        /// Which family.
        family: Family,
        /// The variable that holds the key.
        key: &'static str,
        /// 401 or 403.
        status: StatusCode,
        /// The answer in full.
        source: http::Error,
    },
    /// A request failed.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// A task of the reader ended without an answer.
    #[error("reading was interrupted")]
    Interrupted,
    /// The reading can't be proved complete.
    #[error("the reading can't be proved complete: {0}")]
    Unproved(Unproved),
    /// The key opens another account than the manifests name.
    #[error("the key opens account {found}, the manifests describe account {expected}")]
    WrongAccount {
        /// The number in the manifests.
        expected: u64,
        /// The number the account answers with.
        found: u64,
    },
    /// Nothing proves that the key of SCIM opens the account that the manifests name.
    #[error(
        "nothing proves that ACTIVTRAK_SCIM_KEY opens account {expected}: SCIM and the Admin API show no group in common"
    )]
    UnprovedAccount {
        /// The number in the manifests.
        expected: u64,
    },
    /// The account's number could not be read.
    #[error("the account does not say its number: the group export names no file")]
    NoAccountNumber,
    /// What opens the account was taken, and no token came of it.
    #[error("the account granted no token that can be read")]
    NoToken,
    /// Two groups would have the same number.
    #[error("two groups have UUIDs that begin with the same 53 bits: their numbers can't be told apart")]
    SameNumber,
    /// The account has no audit log that can be read.
    #[error("the account has no audit log that can be read from here")]
    NoAuditLog,
    /// Lists stand in for the account, which is not within reach.
    #[error("lists stand in for the account, and there is nothing to write to")]
    OnlyLists,
    /// A download is to stand in for a reading that the keys open.
    #[error("the {0} is open to these keys, and shows more than a download of groups")]
    Readable(Family),
    /// A download shows other HR groups than the account.
    #[error("the download and the account do not agree on HR groups, `{group}` among them")]
    OtherDownload {
        /// A group that only one of them has so.
        group: Box<str>,
    },
}

impl From<Unproved> for ReadError {
    fn from(unproved: Unproved) -> Self {
        Self::Unproved(unproved)
    }
}

impl ReadError {
    /// What the account said, in words that may name anybody.
    pub fn answer_text(&self) -> Option<String> {
        match self {
            Self::Http(source) | Self::Denied { source, .. } => source.answer_text(),
            Self::NoKey(_)
            | Self::Interrupted
            | Self::Unproved(_)
            | Self::WrongAccount { .. }
            | Self::UnprovedAccount { .. }
            | Self::NoAccountNumber
            | Self::NoToken
            | Self::SameNumber
            | Self::NoAuditLog
            | Self::OnlyLists
            | Self::Readable(_)
            | Self::OtherDownload { .. } => None,
        }
    }

    /// Whether reading again may succeed: what was read contradicts itself.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unproved(unproved) if unproved.may_pass())
    }

    /// Whether the account has nothing of the kind, or not for this key: no key, 403, and what says that there is no such call.
    pub fn is_closed(&self) -> bool {
        match self {
            Self::NoKey(_) | Self::NoAuditLog => true,
            Self::Denied { status, .. } => *status == StatusCode::FORBIDDEN,
            Self::Http(error) => error.status().is_some_and(is_absent),
            Self::Interrupted
            | Self::Unproved(_)
            | Self::WrongAccount { .. }
            | Self::UnprovedAccount { .. }
            | Self::NoAccountNumber
            | Self::NoToken
            | Self::SameNumber
            | Self::OnlyLists
            | Self::Readable(_)
            | Self::OtherDownload { .. } => false,
        }
    }

    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        if let Self::Http(error) = self {
            return error.hint().map(Cow::Owned);
        }
        self.words_of_advice().map(Cow::Borrowed)
    }

    /// For how long the account asks to be left alone, where that is longer than a run waits unless it is told to.
    pub fn asks_to_be_left_alone(&self) -> Option<Duration> {
        match self {
            Self::Http(http::Error::Status { retry_after, status, .. })
                if matches!(*status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) =>
            {
                retry_after.filter(|asked| *asked > http::USUAL_PATIENCE)
            }
            _ => None,
        }
    }

    fn words_of_advice(&self) -> Option<&'static str> {
        match self {
            Self::NoKey(Family::Identity) => {
                Some("set ACTIVTRAK_TOKEN or ACTIVTRAK_API_KEY, or ACTIVTRAK_SCIM_KEY for what SCIM carries")
            }
            Self::NoKey(Family::Scim) => Some("set ACTIVTRAK_SCIM_KEY"),
            Self::NoKey(Family::Learning) => Some("set DOCEBO_CLIENT_ID and DOCEBO_CLIENT_SECRET"),
            Self::NoKey(_) => Some("set ACTIVTRAK_API_KEY"),
            Self::Denied { family: Family::Identity, .. } => Some(
                "key or region: check account.region, and that the key was made by an Admin; the Identity API may need \
                 ACTIVTRAK_TOKEN. Where no key opens it, ACTIVTRAK_SCIM_KEY carries a part, and HR groups go by `--observed FILE` \
                 (docs/compatibility.md)",
            ),
            Self::Denied { family: Family::Scim, .. } => Some(
                "key or region: check account.region and ACTIVTRAK_SCIM_KEY, which is made with the SCIM integration and \
                 is no API key",
            ),
            Self::Denied { family: Family::Learning, .. } => Some(
                "check the app under API and SSO > API Credentials, that it may use this grant, and what its user may see there",
            ),
            Self::NoToken => {
                Some("check that DOCEBO_URL is the address of the platform, and not of a page before it")
            }
            Self::SameNumber => {
                Some("this is next to impossible: look at the two groups, and please tell us")
            }
            Self::Denied { .. } => {
                Some("key or region: check account.region, and that the key was made by an Admin")
            }
            Self::Unproved(unproved) if unproved.may_pass() => {
                Some("someone else may be changing the account at this moment: run again")
            }
            Self::WrongAccount { .. } => Some("check account.id and which account the key belongs to"),
            Self::UnprovedAccount { .. } => {
                Some("make a group that both show, through the SCIM integration, or take account.id out")
            }
            Self::Readable(Family::Scim) => {
                Some("take --observed out, or ACTIVTRAK_SCIM_KEY out of the environment")
            }
            Self::Readable(_) => Some("take --observed out"),
            Self::OtherDownload { .. } => {
                Some("make a newer download, in the account that ACTIVTRAK_API_KEY was made in")
            }
            Self::NoAccountNumber => Some("take account.id out, or check the key's rights on the Admin API"),
            Self::Http(_) | Self::Interrupted | Self::Unproved(_) | Self::NoAuditLog | Self::OnlyLists => {
                None
            }
        }
    }
}

/// Whether a status says that there is no such call.
pub(in crate::account) fn is_absent(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE)
}

/// What keeps a reading from being proved complete, with the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unproved {
    /// Two pages of one listing name different totals.
    #[error("{listing}: the total went from {first} to {then} between pages")]
    TotalMoved {
        /// Which listing.
        listing: Listing,
        /// On the first page.
        first: usize,
        /// On a later page.
        then: usize,
    },
    /// A page holds fewer or more rows than it must.
    #[error("{listing}: page {page} holds {rows} rows instead of {wanted}")]
    PageLength {
        /// Which listing.
        listing: Listing,
        /// Counted from 1.
        page: usize,
        /// Rows on it.
        rows: usize,
        /// Rows that must be on it.
        wanted: usize,
    },
    /// A row came twice, so another is missing.
    #[error("{listing}: number {id} is listed twice, so another one is missing")]
    Twice {
        /// Which listing.
        listing: Listing,
        /// The row's number.
        id: u64,
    },
    /// The total would take more pages than any account has.
    #[error(
        "{listing}: the account counts {total} and gives {size} a page; more than {most} pages are not read"
    )]
    TooManyPages {
        /// Which listing.
        listing: Listing,
        /// The total.
        total: usize,
        /// Rows on a page.
        size: usize,
        /// The most pages that are read.
        most: usize,
    },
    /// The account has groups, and no user came with any.
    #[error(
        "memberships were left out: group {group} has {counted} members, and the listing of users shows {read}"
    )]
    MembershipsLeftOut {
        /// A group with members.
        group: u64,
        /// Members that the account counts.
        counted: usize,
        /// Members in the listing.
        read: usize,
    },
    /// A group's members and its independent count disagree.
    #[error("members of group {group}: {read} read, and the account counts {counted}")]
    MemberCount {
        /// The group's number.
        group: u64,
        /// Members that were read.
        read: usize,
        /// Members that the account counts.
        counted: usize,
    },
    /// Two lists of who is in a branch disagree.
    #[error("users of branch {branch}: {read} are listed for it, and {counted} of all users are in it")]
    BranchCount {
        /// The branch's number.
        branch: u64,
        /// Users that the branch lists.
        read: usize,
        /// Users of all who are in it.
        counted: usize,
    },
    /// Not all branches below one were listed.
    #[error("branches: not as many are listed below branch {branch} as there are by its place")]
    BranchesBelow {
        /// The branch's number.
        branch: u64,
    },
    /// A field that is chosen from does not say what can be chosen.
    #[error("user field {field} is chosen from, and does not say what can be chosen")]
    NoOptions {
        /// The field's number.
        field: u64,
    },
    /// An enrollment does not say whose it is, or of which course.
    #[error("an enrollment of course {course} does not say whose it is, or of which course")]
    NamelessEnrollment {
        /// The course's number.
        course: u64,
    },
    /// A user is in a group that the list of groups does not hold.
    #[error("user {user} is in group {group}, which the list of groups does not hold")]
    UnknownGroup {
        /// The user's number.
        user: u64,
        /// The group's number.
        group: u64,
    },
    /// A group has another name or type in the users listing than in the list of groups.
    #[error("group {group} is `{listed}` in the list of groups and `{seen}` on user {user}")]
    GroupDiffers {
        /// The group's number.
        group: u64,
        /// A user who shows it.
        user: u64,
        /// Name and type in the list.
        listed: Box<str>,
        /// Name and type on the user.
        seen: Box<str>,
    },
    /// The members of another group were answered.
    #[error("asked for the members of group {asked}, answered those of group {answered}")]
    OtherGroup {
        /// The group that was asked for.
        asked: u64,
        /// The group in the answer.
        answered: u64,
    },
    /// Another record was answered.
    #[error("asked for record {asked}, answered record {answered}")]
    OtherRecord {
        /// The record that was asked for.
        asked: u64,
        /// The record in the answer.
        answered: u64,
    },
    /// A record came without a part of which it had something.
    #[error("record {record} came without its {part}")]
    PartLeftOut {
        /// The record's number.
        record: u64,
        /// Which part.
        part: Part,
    },
    /// A group came without its computers, which is not to say that it has none.
    #[error("group {group} came without its computers")]
    NoComputers {
        /// The group's number.
        group: u64,
    },
    /// A search gave fewer or more records than it counted.
    #[error("a search gave {found} records and counted {counted}")]
    SearchCount {
        /// Records in the answer.
        found: usize,
        /// Records by the answer's own count.
        counted: usize,
    },
    /// Adding one to the place asked for gave neither the next page nor the next record.
    #[error("{listing}: place 2 is neither the second page nor the second record")]
    Places {
        /// Which listing.
        listing: Listing,
    },
    /// Two APIs show a group by different names: the keys may be those of two accounts.
    #[error(
        "group {group} is `{listed}` on the Admin API and `{seen}` on SCIM: are the keys of one account?"
    )]
    GroupNames {
        /// The group's number.
        group: u64,
        /// Its name on the Admin API.
        listed: Box<str>,
        /// Its name on SCIM.
        seen: Box<str>,
    },
    /// Nothing tells how many rows a list has.
    #[error("{listing}: the account does not say how many there are")]
    Untold {
        /// Which listing.
        listing: Listing,
    },
    /// A group came without the members that belong to it.
    #[error("group {group} came without its members")]
    NoMembers {
        /// The group's number.
        group: u64,
    },
    /// A group holds a user that the list of users does not.
    #[error("group {group} holds user {user}, whom the list of users does not")]
    UnknownMember {
        /// The group's number.
        group: u64,
        /// The user's number.
        user: u64,
    },
    /// A user says to be in a group that does not hold the user.
    #[error("user {user} is in group {group}, whose members do not hold the user")]
    MemberMissing {
        /// The user's number.
        user: u64,
        /// The group's number.
        group: u64,
    },
    /// The list of groups and the account's count of them disagree.
    #[error("the list of groups holds {listed}, the account counts {counted}")]
    GroupCount {
        /// Groups in the list.
        listed: usize,
        /// Groups by a summary, a total, or another list.
        counted: usize,
    },
}

impl Unproved {
    /// Whether another actor changing the account during the reading explains it, so that reading again may succeed.
    pub(in crate::account) fn may_pass(&self) -> bool {
        match self {
            Self::TotalMoved { .. }
            | Self::PageLength { .. }
            | Self::Twice { .. }
            | Self::MemberCount { .. }
            | Self::BranchCount { .. }
            | Self::BranchesBelow { .. }
            | Self::UnknownGroup { .. }
            | Self::GroupDiffers { .. }
            | Self::UnknownMember { .. }
            | Self::MemberMissing { .. }
            | Self::GroupNames { .. }
            | Self::GroupCount { .. }
            | Self::SearchCount { .. } => true,
            Self::TooManyPages { .. }
            | Self::MembershipsLeftOut { .. }
            | Self::OtherGroup { .. }
            | Self::OtherRecord { .. }
            | Self::PartLeftOut { .. }
            | Self::NoComputers { .. }
            | Self::Places { .. }
            | Self::Untold { .. }
            | Self::NoOptions { .. }
            | Self::NamelessEnrollment { .. }
            | Self::NoMembers { .. } => false,
        }
    }
}
