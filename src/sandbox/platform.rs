//! Which platform is a file's account of? The learning platform's has `platform`; ActivTrak's has `account`, and the other none.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Deserializer as _;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};

use crate::sandbox::chaos::Chaos;
use crate::sandbox::docebo::{self, Docebo};
use crate::sandbox::faults::Faults;
use crate::sandbox::redaction::Redactor;
use crate::sandbox::settings::Settings;

/// A platform that the sandbox emulates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// ActivTrak.
    ActivTrak,
    /// The learning platform.
    Docebo,
}

/// Names, and what each does.
type Named = Vec<(&'static str, &'static str)>;

impl Platform {
    /// Every platform.
    pub const ALL: [Platform; 2] = [Platform::ActivTrak, Platform::Docebo];

    /// What manifests call it.
    pub fn word(self) -> &'static str {
        match self {
            Platform::ActivTrak => "activtrak",
            Platform::Docebo => "docebo",
        }
    }

    /// What a number makes of an account of it.
    #[must_use]
    pub fn temper(self, chaos: Chaos) -> Chaos {
        match self {
            Platform::ActivTrak => chaos,
            Platform::Docebo => Docebo::temper(chaos),
        }
    }

    /// What is shown of requests to somebody who is not to know who is in the account.
    pub fn redactor(self) -> Redactor {
        match self {
            Platform::ActivTrak => Redactor::default(),
            Platform::Docebo => docebo::redactor(),
        }
    }

    /// The ways in which it misbehaves when it is told to.
    pub fn faults(self) -> Named {
        match self {
            Platform::ActivTrak => Faults::names().to_vec(),
            Platform::Docebo => docebo::Faults::names().to_vec(),
        }
    }

    /// What an account may be set up as.
    pub fn settings(self) -> Named {
        match self {
            Platform::ActivTrak => Settings::names().to_vec(),
            Platform::Docebo => docebo::Settings::names(),
        }
    }

    /// The platform of a file. No more is read than leads to it, and what is wrong with the file is left to whoever loads it.
    pub fn of(path: &Path) -> Platform {
        let mut head = Head(Platform::ActivTrak);
        if let Ok(file) = File::open(path) {
            // Ends with an error as soon as either member is found: nothing more is asked of the file.
            let _broken_off =
                serde_json::Deserializer::from_reader(BufReader::new(file)).deserialize_map(&mut head);
        }
        head.0
    }
}

/// Looks for the member that tells, and stops there.
struct Head(Platform);

impl<'de> Visitor<'de> for &mut Head {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an account")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.0 = match key.as_str() {
                "platform" => Platform::Docebo,
                "account" => Platform::ActivTrak,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            return Err(A::Error::custom("no more is needed"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_by_one_member_which_platform_it_is_of() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("account.json");
        for (text, platform) in [
            (r#"{"version":1,"platform":"docebo","tenant":"acme"}"#, Platform::Docebo),
            (r#"{"users":[{"platform":"x"}],"platform":"docebo"}"#, Platform::Docebo),
            (r#"{"version":1,"account":{"name":"acme","platform":"docebo"}}"#, Platform::ActivTrak),
            (r#"{"version":1,"account":{"name":"acme"},"users":[no more is read"#, Platform::ActivTrak),
            ("no account", Platform::ActivTrak),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(Platform::of(&path), platform, "{text}");
        }
        assert_eq!(Platform::of(&folder.path().join("none")), Platform::ActivTrak);
    }
}
