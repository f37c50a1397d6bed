//! How a tenant is set up, and what it does where no document says what tenants do.
//!
//! A fault is misbehaviour; each of these is a tenant that somebody may have.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// One way in which tenants differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Setting {
    /// Ids are numbers, not texts.
    NumericIds,
    /// Groups are made at `/audiences/v1/audiences`, and nothing is at `/audiences/v1/audience`.
    PluralCreate,
    /// Pages are counted from 0.
    PagesFromZero,
    /// The list of fields calls their ids `id_field`.
    IdField,
    /// The list of fields is a bare array.
    BareFields,
    /// Users are shown as older versions do: without uuid, without the branches of one user.
    OldUsers,
    /// The level of a user is a path.
    LevelPaths,
    /// In the list of users, what was chosen in a field is shown by its name.
    FieldLabels,
    /// Without `node_id`, all branches are listed.
    FlatBranches,
    /// Nothing about courses and enrollments is at `/learn/v1`.
    NewCourses,
    /// Nothing is at `/course/v1`.
    OldCourses,
    /// Who has not begun a course is `subscribed`.
    Subscribed,
    /// The status of an enrollment is a number.
    StatusNumbers,
    /// In the list of a group's users, their id is called `idst`.
    Idst,
    /// `relation_type` is capitalised.
    RelationCapitals,
    /// Rules whose form no document has are written in another one.
    OtherRules,
    /// A group has ten sets of conditions at most, not fifty.
    TenSets,
    /// 403 for everything about groups.
    GroupsClosed,
    /// Rules are looked at so many seconds after what they are about has changed.
    Recompute(u32),
}

/// The settings that are nothing but a name, with what each does.
const PLAIN: [(Setting, &str, &str); 18] = [
    (Setting::NumericIds, "numeric-ids", "ids in answers are numbers, not texts"),
    (
        Setting::PluralCreate,
        "plural-create",
        "groups are made at /audiences/v1/audiences, and the other path is 404",
    ),
    (Setting::PagesFromZero, "pages-from-zero", "pages are counted from 0; otherwise page 0 is page 1"),
    (Setting::IdField, "id-field", "the list of fields calls their ids id_field"),
    (Setting::BareFields, "bare-fields", "the list of fields is a bare array, without counts"),
    (Setting::OldUsers, "old-users", "users come without uuid and fullname, and one user without branches"),
    (Setting::LevelPaths, "level-paths", "the level of a user is a path, /framework/level/user"),
    (
        Setting::FieldLabels,
        "field-labels",
        "lists of users show what was chosen in a field by its name, not its number",
    ),
    (
        Setting::FlatBranches,
        "flat-branches",
        "without node_id all branches are listed, not those below the root",
    ),
    (
        Setting::NewCourses,
        "new-courses",
        "courses and enrollments are at /course/v1 alone, and /learn/v1 is 404",
    ),
    (
        Setting::OldCourses,
        "old-courses",
        "courses and enrollments are at /learn/v1 alone, and /course/v1 is 404",
    ),
    (Setting::Subscribed, "subscribed", "who has not begun a course is subscribed, not enrolled"),
    (
        Setting::StatusNumbers,
        "status-numbers",
        "the status of an enrollment is a number: 0 enrolled, 1 in progress, 2 completed, 3 suspended, -2 waiting",
    ),
    (Setting::Idst, "idst", "the users of a group have their id in idst, not in user_id"),
    (
        Setting::RelationCapitals,
        "relation-capitals",
        "relation_type is Manual or Automatic, not in small letters",
    ),
    (Setting::OtherRules, "other-rules", "rules whose form no document has are written in another one"),
    (Setting::TenSets, "ten-sets", "a group has at most 10 sets of conditions, not 50"),
    (Setting::GroupsClosed, "groups-closed", "everything about groups answers 403"),
];

/// How a tenant is set up; nothing special by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(Vec<Setting>);

/// A text that names no setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// There is no such setting.
    #[error("there is no setting {0:?} of a learning platform, expected one of {known}", known = Settings::names().iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "))]
    Unknown(String),
    /// The number after `=` is missing, or none.
    #[error("the setting recompute takes whole seconds, got {0:?}")]
    Seconds(String),
}

impl FromStr for Setting {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Setting, SettingError> {
        if let Some(seconds) = text.strip_prefix("recompute=") {
            let seconds = seconds.parse().map(Setting::Recompute);
            return seconds.map_err(|_| SettingError::Seconds(text.to_owned()));
        }
        let found = PLAIN.into_iter().find(|(_, name, _)| *name == text);
        found.map(|(setting, ..)| setting).ok_or_else(|| SettingError::Unknown(text.to_owned()))
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, PLAIN.iter().find(|(setting, ..)| setting == self)) {
            (Setting::Recompute(seconds), _) => write!(f, "recompute={seconds}"),
            (_, found) => f.write_str(found.map_or("", |(_, name, _)| name)),
        }
    }
}

impl TryFrom<String> for Setting {
    type Error = SettingError;

    fn try_from(text: String) -> Result<Setting, SettingError> {
        text.parse()
    }
}

impl From<Setting> for String {
    fn from(setting: Setting) -> String {
        setting.to_string()
    }
}

impl FromIterator<Setting> for Settings {
    fn from_iter<I: IntoIterator<Item = Setting>>(settings: I) -> Settings {
        Settings(settings.into_iter().collect())
    }
}

impl Settings {
    /// Every setting as it is written, and what it does.
    pub fn names() -> Vec<(&'static str, &'static str)> {
        let recompute =
            ("recompute=SECONDS", "rules are looked at that much later than what they are about has changed");
        PLAIN.iter().map(|(_, name, does)| (*name, *does)).chain([recompute]).collect()
    }

    /// Reads the values of `--setting`.
    ///
    /// # Errors
    /// One of them names no setting.
    pub fn parse<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Result<Settings, SettingError> {
        texts.into_iter().map(|text| text.as_ref().parse()).collect()
    }

    /// These and those.
    #[must_use]
    pub(crate) fn and(mut self, others: &Settings) -> Settings {
        self.0.extend(&others.0);
        self
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them is this.
    pub fn has(&self, setting: Setting) -> bool {
        self.0.contains(&setting)
    }

    /// How much later rules are looked at than what they are about has changed.
    pub(crate) fn recompute(&self) -> SignedDuration {
        let delay =
            |setting: &Setting| if let Setting::Recompute(delay) = setting { Some(*delay) } else { None };
        SignedDuration::from_secs(self.0.iter().find_map(delay).unwrap_or_default().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_setting_is_read_as_it_is_written_and_nothing_else() {
        for (name, _) in Settings::names() {
            let written = name.replace("=SECONDS", "=3600");
            let read: Setting = written.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(String::from(read), written);
        }
        for (text, message) in [
            (
                "scim-page=3",
                "there is no setting \"scim-page=3\" of a learning platform, expected one of numeric-ids",
            ),
            ("recompute=soon", "takes whole seconds"),
            ("recompute", "there is no setting"),
        ] {
            let error = text.parse::<Setting>().unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
