//! What an account is: plain data, no I/O, no serde, no spans.

mod after;
mod asked;
mod audit;
mod belonging;
mod change;
mod dates;
mod desired;
mod details;
mod difference;
mod download;
mod export;
mod foreign;
mod id;
mod identifier;
mod index;
mod key;
mod last_set;
mod mark;
mod name;
mod observed;
mod odd;
mod origin;
pub mod phrase;
mod platform;
mod policy;
mod portrait;
mod proposal;
mod reach;
mod record;
mod reference;
mod requirement;
mod rule;
mod rule_set;
mod sayable;
mod snapshot;
mod step;
mod temporary;
mod text;

pub use after::{Collision, Expected};
pub use asked::{Asked, Looked};
pub use audit::AuditEntry;
pub use belonging::{Belonging, groups_of_computers};
pub use change::{Cause, Change, Delta, Fact, Field, Note, Object, Severity, Sizes, Verb};
pub use dates::{Dates, utc_day};
pub use desired::{
    Account, Afterwards, Automatic, DeclaredSource, Desired, DesiredExclusion, DesiredGroup, DesiredUser,
    ExclusionState, GroupState, HR_GROUP_TYPE, LeaveOut, Managed, Members, NameMatch, Order, OrderKind,
    OrderRow, Population, Recreate, Said, TrackingRule,
};
pub use details::{Branch, Choice, Course, Detail, Details, FieldKind, UserField};
pub use difference::Difference;
pub use download::{Download, Earlier, Evidence, KeyProof};
pub use export::{Bounds, Condition, Export, LeftOut, Missing, Rows};
pub use foreign::AdoptableField;
pub use foreign::{Foreign, Integration};
pub use id::ChangeId;
pub use id::{AgentId, ComputerId, ExclusionId, GroupId, Revision, UserId};
pub use id::{GroupRef, StepId, UserRef};
pub use identifier::{Domain, Email, EmployeeId, Identifier, IdentifierKind, Login, Malformed, Upn};
pub use index::Index;
pub use key::Key;
pub use last_set::{LastSet, SetBy};
pub use mark::{is_temporary, without_mark};
pub use name::{AttributeName, Description, DisplayName, GroupName};
pub use observed::{
    AgentIx, Computer, ComputerIx, GroupIx, GroupSource, ListProof, Observed, ObservedExclusion,
    ObservedGroup, UserIx,
};
pub use odd::{Care, Odd, collapse, is_hidden, is_long, is_odd_space, is_zeroed, strange_in};
pub use origin::{Located, Origin};
pub use phrase::{Phrase, Piece, UserLabel};
pub use platform::{PLATFORM_WORDS, Place, Platform, Region, SANDBOX, Service, Tenant, Username};
pub use policy::{
    Allowance, AutoEmails, IdentifierLimits, Limit, Limits, Minimum, Policy, Unmanaged, UnmanagedGroups,
    UnmanagedHrGroups,
};
pub use portrait::Portrait;
pub use proposal::{Certainty, Proposal, Suggestion};
pub use reach::{Access, Family, Reach, Topic};
pub use record::{
    Activation, Agent, DeletedAgent, Level, ObservedEmail, ObservedUser, Status, Tracking, Writer,
};
pub use reference::Reference;
pub use requirement::{Must, Requirement, Whom};
pub use rule::{Below, Presence, Progress, Rule, Subject, Test, day};
pub use rule_set::{
    Comparison, ConditionKind, Deactivated, Filling, GroupCondition, MOST_CONDITIONS, MOST_SETS, RuleSet,
    USUAL_SETS, ValueKind, joined,
};
pub use sayable::{Sayable, by_its_shape, by_shape, is_of_one_domain, whole};
pub use snapshot::{HrGroup, Snapshot, hex, rows, unhex};
pub use step::{Act, Edit, Keeper, NewGroup, NewUser, Outcome, Step};
pub use text::{Folded, fold, fold_address, fold_fully, is_control, tidy, wide};
