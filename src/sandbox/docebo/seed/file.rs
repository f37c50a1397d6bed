//! Reads and writes the file of a tenant.

use std::io;
use std::path::Path;

use crate::sandbox::docebo::seed::records::Seed;
use crate::sandbox::file::{self, SeedError, records};

impl Seed {
    /// Reads a tenant. That it could exist (unique usernames, known branches, …) is checked when it is served.
    ///
    /// # Errors
    /// The file can't be read, is not JSON, lacks a member or has one that is unknown.
    pub fn load(path: &Path) -> Result<Seed, SeedError> {
        file::read(path)
    }

    /// Writes the tenant: one record a line, in the order of the ids, and the whole file or nothing. Only its owner can read it:
    /// it may hold real people.
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
        let Seed { version, platform, tenant, as_of, settings, users, fields, branches, courses, groups } =
            self;
        let mut text = Vec::new();
        text.extend_from_slice(b"{\n  \"version\": ");
        serde_json::to_writer(&mut text, version)?;
        text.extend_from_slice(b",\n  \"platform\": ");
        serde_json::to_writer(&mut text, platform)?;
        text.extend_from_slice(b",\n  \"tenant\": ");
        serde_json::to_writer(&mut text, tenant)?;
        if let Some(as_of) = as_of {
            text.extend_from_slice(b",\n  \"asOf\": ");
            serde_json::to_writer(&mut text, as_of)?;
        }
        if !settings.is_empty() {
            text.extend_from_slice(b",\n  \"settings\": ");
            serde_json::to_writer(&mut text, settings)?;
        }
        records(&mut text, "users", users, |user| user.id)?;
        // Fields are shown in the order that the file has them in.
        records(&mut text, "fields", fields, |_| ())?;
        records(&mut text, "branches", branches, |branch| branch.id)?;
        records(&mut text, "courses", courses, |course| course.id)?;
        records(&mut text, "groups", groups, |group| group.uuid.clone())?;
        text.extend_from_slice(b"\n}\n");
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const TEXT: &str = r#"{
  "version": 1,
  "platform": "docebo",
  "tenant": "acme",
  "asOf": "2026-11-20T09:00:00Z",
  "settings": ["numeric-ids"],
  "users": [
    {"id":7,"uuid":"u-7","username":"ada","firstName":"Ada","email":"ada@acme.example","active":true,"level":"poweruser","fields":{"2":11,"5":"E1"},"branches":[1],"enrollments":[{"course":5,"status":"completed"}],"created":"2026-01-05T10:00:00Z","lastAccess":"2026-02-01T09:00:00Z"},
    {"id":8,"uuid":"u-8","username":"bob","active":false}
  ],
  "fields": [
    {"id":5,"title":"Number","type":"text"},
    {"id":2,"title":"Department","type":"dropdown","options":[{"id":11,"title":"R&D"}]}
  ],
  "branches": [
    {"id":1,"code":"HQ","title":"Head office"}
  ],
  "courses": [
    {"id":5,"code":"DRV-101","title":"Driver Safety"}
  ],
  "groups": [
    {"uuid":"g-1","name":"Drivers","type":"automatic","excludeDeactivated":true,"ruleset":{"match":"all","sets":[[{"enrollment":{"course":5,"status":"completed"}},{"field":{"id":2,"operator":"equals","values":[11]}}],[{"email":{"contains":"@acme"}},{"branch":{"descendants":[1]}},{"raw":{"type":"New","payload":{"x":1}}}]]},"members":[8],"computed":[7]}
  ]
}
"#;

    #[test]
    fn a_saved_tenant_reads_back_and_has_one_record_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("learning.json");
        fs::write(&path, TEXT).unwrap();
        Seed::load(&path).unwrap().save(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), TEXT);
    }

    #[test]
    fn a_file_that_is_no_tenant_says_where_and_what_was_expected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("learning.json");
        for (text, place, message) in [
            (
                "{\"version\":1,\"platform\":\"moodle\"}",
                ":1:32: ",
                "unknown variant `moodle`, expected `docebo`",
            ),
            ("{\"version\":1,\"platform\":\"docebo\"}", ":1:33: ", "missing field `tenant`"),
            (
                "{\"version\":1,\"platform\":\"docebo\",\"tenant\":\"a\",\n\"users\":[{\"id\":1,\"username\":\"a\",\"mail\":\"x\"}]}",
                ":2:38: ",
                "unknown field `mail`",
            ),
            (
                "{\"version\":1,\"platform\":\"docebo\",\"tenant\":\"a\",\n\"groups\":[{\"name\":\"A\",\"ruleset\":{\"sets\":[[{\"mood\":{}}]]}}]}",
                ":2:49: ",
                "unknown variant `mood`",
            ),
        ] {
            fs::write(&path, text).unwrap();
            let error = Seed::load(&path).unwrap_err().to_string();
            assert!(error.contains(place) && error.contains(message), "{error}");
        }
    }
}
