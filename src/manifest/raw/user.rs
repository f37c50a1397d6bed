//! `users`: one entry of the list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::manifest::raw::text::Text;
use crate::manifest::yaml::{Field, List, Map, OneOrMany};

/// A user. A key that is absent is not managed: left as it is.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::manifest) struct User {
    /// The display name, unique in the account.
    pub display_name: Field<Box<str>>,
    /// User principal names: the whole list.
    pub upn: Field<OneOrMany<Box<str>>>,
    /// Email addresses: the whole list, but for those that the account adds by itself.
    pub email: Field<OneOrMany<Box<str>>>,
    /// Employee IDs: the whole list.
    pub employee_id: Field<OneOrMany<Text>>,
    /// Device logins, `DOMAIN\user` or `*\user` for any domain: at least these.
    pub device_login: Field<OneOrMany<Box<str>>>,
    /// Whether the user is tracked.
    pub tracking: Field<Tracking>,
    /// Whether the user may log in at a learning platform. Nobody is deactivated without this word, and their learning stays.
    pub status: Field<Activation>,
    /// Names of groups the user is in, besides those that list the user. Only ever adds.
    pub groups: Field<OneOrMany<Box<str>>>,
    /// The group that speaks for the user in reports. Does not make the user a member.
    pub primary_group: Field<Box<str>>,
    /// User agents, `DOMAIN\user`: at least these; moved here if another user holds them.
    pub agents: Field<OneOrMany<Box<str>>>,
    /// Facts for group rules; never sent.
    pub attributes: Field<Map<Text>>,
    /// Removes the record and all history, for good.
    pub remove: Field<Remove>,
    /// Erases all history up to now; the record stays.
    pub erase: Field<Erase>,
    /// Identifiers the same human had.
    pub formerly: Field<OneOrMany<Text>>,
    /// Whether an equal display name is the same user.
    pub match_name: Field<bool>,
    /// Identifiers that this user gave up; they never match the user again.
    pub releases: Field<OneOrMany<Text>>,
    /// Fields taken over from another integration.
    pub adopt: Field<List<Adoptable>>,
}

/// Whether a user is tracked.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Tracking {
    /// Collected.
    Tracked,
    /// Not collected; what was collected is kept.
    Untracked,
}

/// Whether a user may log in.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Activation {
    /// They may.
    Active,
    /// They may not; what they learnt is kept.
    Deactivated,
}

/// An order to remove the record and all history, for good.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["decided"]))]
pub(in crate::manifest) struct Remove {
    /// The day it was decided, `2026-05-02`; the record must be older.
    #[schemars(extend("format" = "date"))]
    pub decided: Field<Box<str>>,
    /// Why, in your words.
    pub reason: Field<Box<str>>,
    /// Whether the Do Not Track rules that the user leaves behind are removed too; false by default.
    pub unblock: Field<bool>,
}

/// An order to erase all history up to now; the record stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[schemars(extend("required" = ["decided"]))]
pub(in crate::manifest) struct Erase {
    /// The day it was decided, `2026-05-02`; the record must be older.
    #[schemars(extend("format" = "date"))]
    pub decided: Field<Box<str>>,
    /// Why, in your words.
    pub reason: Field<Box<str>>,
}

/// A field that `adopt` can take over.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::manifest) enum Adoptable {
    /// The display name.
    DisplayName,
    /// User principal names.
    Upn,
    /// Email addresses.
    Email,
    /// Employee IDs.
    EmployeeId,
    /// Device logins.
    DeviceLogin,
}
