//! Reads and writes `account.json`.

use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserializer as _;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};

use crate::sandbox::file::{self, SeedError, records};
use crate::sandbox::seed::records::{Account, Seed};

impl Seed {
    /// Reads an account. That it could exist (unique identifiers, known groups, …) is checked when a sandbox starts.
    ///
    /// # Errors
    /// The file can't be read, is not JSON, lacks a member or has one that is unknown.
    pub fn load(path: &Path) -> Result<Seed, SeedError> {
        file::read(path)
    }

    /// What time it always is in the account of a file, if the file says so. No more is read than leads to it, and what is wrong
    /// with the file is left to [`Seed::load`].
    pub fn as_of(path: &Path) -> Option<Timestamp> {
        let mut head = Head(None);
        let file = fs::File::open(path).ok()?;
        // Ends with an error as soon as the account is found: nothing more is asked of the file.
        let _broken_off =
            serde_json::Deserializer::from_reader(io::BufReader::new(file)).deserialize_map(&mut head);
        head.0?.as_of
    }

    /// Writes the account: one record a line, in the order of the ids, and the whole file or nothing. Only its owner can
    /// read it: it may hold real people.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        file::write(path, &self.to_text()?)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// A value that JSON can't hold.
    pub fn to_text(&self) -> io::Result<Vec<u8>> {
        let Seed { version, account, users, groups, computers, exclusions, audit_log } = self;
        let mut text = Vec::new();
        text.extend_from_slice(b"{\n  \"version\": ");
        serde_json::to_writer(&mut text, version)?;
        text.extend_from_slice(b",\n  \"account\": ");
        serde_json::to_writer(&mut text, account)?;
        records(&mut text, "users", users, |user| user.id)?;
        records(&mut text, "groups", groups, |group| group.id)?;
        records(&mut text, "computers", computers, |computer| computer.id)?;
        records(&mut text, "exclusions", exclusions, |rule| rule.id)?;
        if !audit_log.is_empty() {
            records(&mut text, "auditLog", audit_log, |entry| entry.id)?;
        }
        text.extend_from_slice(b"\n}\n");
        Ok(text)
    }
}

/// Takes the account out of a file, and stops there.
struct Head(Option<Account>);

impl<'de> Visitor<'de> for &mut Head {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an account")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "account" {
                self.0 = Some(map.next_value()?);
                return Err(A::Error::custom("no more is needed"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Seed, SeedError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("account.json");
        fs::write(&path, text).unwrap();
        Seed::load(&path)
    }

    #[test]
    fn a_saved_account_reads_back_and_has_one_record_a_line() {
        let text = concat!(
            "{\n  \"version\": 1,\n  \"account\": {\"id\":7,\"name\":\"acme\"},\n  \"users\": [\n",
            "    {\"id\":1,\"revision\":5,\"created\":\"2026-01-05T10:00:00Z\",\"displayName\":\"Ana\",",
            "\"emails\":[{\"value\":\"a@x\",\"source\":\"AdminAPI\"}],\"deviceLogins\":[\"*\\\\ana\"],\"tracked\":true,",
            "\"groups\":[2],\"agents\":[{\"id\":3,\"username\":\"ana\",\"domain\":\"CORP\"}]},\n",
            "    {\"id\":2,\"revision\":1,\"created\":\"2020-01-01T00:00:00Z\",\"tracked\":false}\n  ],\n",
            "  \"groups\": [\n    {\"id\":2,\"name\":\"Finance\",\"source\":\"hr\",\"computers\":[9]}\n  ],\n",
            "  \"computers\": [\n    {\"id\":9,\"name\":\"PC\",\"domain\":\"CORP\"}\n  ],\n  \"exclusions\": []\n}\n",
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("account.json");
        read(text).unwrap().save(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the scratch file is left behind");
    }

    #[test]
    fn the_time_of_an_account_is_found_without_reading_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("account.json");
        let as_of = |text: &str| {
            fs::write(&path, text).unwrap();
            Seed::as_of(&path).map(|it| it.to_string())
        };
        let account = r#""account": {"id":7,"name":"acme","asOf":"2026-11-20T09:00:00Z"}"#;
        let found = Some("2026-11-20T09:00:00Z".to_owned());
        assert_eq!(as_of(&format!("{{\"version\":1,{account},\"users\":[}}")), found);
        assert_eq!(as_of(&format!("{{\"users\":[{{\"account\":{{}}}}],{account}}}")), found);
        assert_eq!(as_of(r#"{"version":1,"account":{"id":7,"name":"acme"}}"#), None);
        assert_eq!(as_of("no account"), None);
        assert_eq!(Seed::as_of(&folder.path().join("none")), None);
    }

    #[test]
    fn a_file_that_is_no_account_says_where_and_what_was_expected() {
        for (text, place, message) in [
            ("{\"version\":2,\"account\":{\"id\":1,\"name\":\"a\"}}", ":1:12: ", "expected 1"),
            ("{\"version\":1,\n\"acount\":{}}", ":2:8: ", "unknown field `acount`, expected one of"),
            ("{\"version\":1,\n \"account\":{\"id\":\"x\",\"name\":\"a\"}}", ":2:20: ", "expected u64"),
            (
                "{\"version\":1,\n\"account\":{\"id\":1,\"name\":\"a\"},\n\"users\":[{}]}",
                ":3:11: ",
                "missing field `id`",
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains("account.json"), "{error}");
            assert!(error.contains(place), "{error}");
            assert!(error.contains(message), "{error}");
        }
    }
}
