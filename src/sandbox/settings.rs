//! How an account is set up: which of its APIs the keys open, and what it does where the documents leave that open.
//!
//! A fault is misbehaviour; each of these is an account that somebody may have.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One way in which accounts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Setting {
    /// 403 for everything on the Identity API.
    IdentityClosed,
    /// 403 for everything on the Admin API.
    AdminClosed,
    /// 403 for the audit log alone, as in accounts whose plan has none.
    NoAuditLog,
    /// A PATCH that would move an agent is refused: what is known of it is a guess.
    NoAgentMoves,
    /// Records show no primary group, as in accounts whose plan has none.
    NoPrimaryGroups,
    /// SCIM counts `startIndex` in records from 1, not in pages.
    ScimOffset,
    /// A SCIM list gives no more than this at once, whatever `count` asks for.
    ScimPage(usize),
    /// The SCIM list of groups holds only the groups that SCIM made.
    ScimOwnGroups,
    /// A GET of SCIM needs a `Content-Type`, as the portal says.
    ScimTyped,
    /// SCIM lists are in `Resources`.
    ScimCapitals,
    /// A SCIM PATCH path with a filter in it is refused.
    ScimPlainPaths,
    /// The `parentid` of a group is another number than its `groupid`.
    ParentIds,
    /// A field edit that removes a value by null is refused: that it removes is inferred.
    NoNullEdits,
    /// DELETE of a SCIM user removes the record.
    ScimDeleteRemoves,
    /// An HR upload none of whose rows match leaves the HR groups alone.
    HrUnmatchedKeeps,
    /// Moments are in UTC and do not say so.
    BareMoments,
    /// Answers hold only what a document declares or a live answer showed, and no nulls; moments are without an offset.
    DeclaredOnly,
}

/// How an account is set up; nothing special by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(Vec<Setting>);

/// A text that names no setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// There is no such setting.
    #[error("there is no setting {0:?}, expected one of {known}", known = Settings::names().map(|(name, _)| name).join(", "))]
    Unknown(String),
    /// The number after `=` is missing, or none.
    #[error("the setting scim-page takes a number from 1, got {0:?}")]
    Page(String),
}

impl FromStr for Setting {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Setting, SettingError> {
        if let Some(size) = text.strip_prefix("scim-page=") {
            let size = size.parse().ok().filter(|size| *size > 0);
            return size.map(Setting::ScimPage).ok_or_else(|| SettingError::Page(text.to_owned()));
        }
        Ok(match text {
            "identity-closed" => Setting::IdentityClosed,
            "admin-closed" => Setting::AdminClosed,
            "no-audit-log" => Setting::NoAuditLog,
            "no-agent-moves" => Setting::NoAgentMoves,
            "no-primary-groups" => Setting::NoPrimaryGroups,
            "scim-offset" => Setting::ScimOffset,
            "scim-own-groups" => Setting::ScimOwnGroups,
            "scim-typed" => Setting::ScimTyped,
            "scim-capitals" => Setting::ScimCapitals,
            "scim-plain-paths" => Setting::ScimPlainPaths,
            "parent-ids" => Setting::ParentIds,
            "no-null-edits" => Setting::NoNullEdits,
            "scim-delete-removes" => Setting::ScimDeleteRemoves,
            "hr-unmatched-keeps" => Setting::HrUnmatchedKeeps,
            "bare-moments" => Setting::BareMoments,
            "declared-only" => Setting::DeclaredOnly,
            _ => return Err(SettingError::Unknown(text.to_owned())),
        })
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
        match setting {
            Setting::IdentityClosed => "identity-closed".to_owned(),
            Setting::AdminClosed => "admin-closed".to_owned(),
            Setting::NoAuditLog => "no-audit-log".to_owned(),
            Setting::NoAgentMoves => "no-agent-moves".to_owned(),
            Setting::NoPrimaryGroups => "no-primary-groups".to_owned(),
            Setting::ScimOffset => "scim-offset".to_owned(),
            Setting::ScimPage(size) => format!("scim-page={size}"),
            Setting::ScimOwnGroups => "scim-own-groups".to_owned(),
            Setting::ScimTyped => "scim-typed".to_owned(),
            Setting::ScimCapitals => "scim-capitals".to_owned(),
            Setting::ScimPlainPaths => "scim-plain-paths".to_owned(),
            Setting::ParentIds => "parent-ids".to_owned(),
            Setting::NoNullEdits => "no-null-edits".to_owned(),
            Setting::ScimDeleteRemoves => "scim-delete-removes".to_owned(),
            Setting::HrUnmatchedKeeps => "hr-unmatched-keeps".to_owned(),
            Setting::BareMoments => "bare-moments".to_owned(),
            Setting::DeclaredOnly => "declared-only".to_owned(),
        }
    }
}

impl FromIterator<Setting> for Settings {
    fn from_iter<I: IntoIterator<Item = Setting>>(settings: I) -> Settings {
        Settings(settings.into_iter().collect())
    }
}

impl Settings {
    /// Every setting as it is written, and what it does.
    pub fn names() -> [(&'static str, &'static str); 17] {
        [
            ("identity-closed", "the Identity API answers 403 to every key"),
            ("admin-closed", "the Admin API answers 403 to every key"),
            ("no-audit-log", "the audit log answers 403 to every key"),
            ("no-agent-moves", "a PATCH that would move an agent is refused"),
            ("no-primary-groups", "records show no primary group"),
            ("scim-offset", "SCIM counts startIndex in records from 1, not in pages"),
            ("scim-page=N", "a SCIM list gives at most N at once"),
            ("scim-own-groups", "the SCIM list of groups holds only those that SCIM made"),
            ("scim-typed", "SCIM refuses a GET without Content-Type, which its documentation requires"),
            ("scim-capitals", "SCIM lists are in Resources, not resources"),
            ("scim-plain-paths", "a SCIM PATCH path with a filter is refused"),
            ("parent-ids", "the parentid of a group is another number than its groupid"),
            ("no-null-edits", "an edit of the Identity API that removes a value by null is refused"),
            ("scim-delete-removes", "a SCIM DELETE of a user removes the record"),
            ("hr-unmatched-keeps", "an HR upload none of whose rows match leaves the HR groups alone"),
            ("bare-moments", "moments are in UTC and do not say so"),
            (
                "declared-only",
                "answers hold only what a document declares, no nulls, and moments without an offset",
            ),
        ]
    }

    /// The same with one more.
    #[must_use]
    pub fn with(mut self, setting: Setting) -> Settings {
        self.0.push(setting);
        self
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

    /// The most a SCIM list gives at once.
    pub(crate) fn scim_page(&self) -> usize {
        let size = |setting: &Setting| if let Setting::ScimPage(size) = setting { Some(*size) } else { None };
        self.0.iter().find_map(size).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_setting_is_read_as_it_is_written_and_nothing_else() {
        for (name, _) in Settings::names() {
            let written = name.replace("=N", "=3");
            let read: Setting = written.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(String::from(read), written);
        }
        for (text, message) in [
            ("identity", "there is no setting \"identity\", expected one of identity-closed"),
            ("scim-page=0", "takes a number from 1"),
            ("scim-page=", "takes a number from 1"),
        ] {
            let error = text.parse::<Setting>().unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
