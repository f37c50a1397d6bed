//! `docs/sandbox.md` says what the code says.

use crate::sandbox::docebo::{Config, Faults, Seed, Settings};

const GUIDE: &str = include_str!("../../../../docs/sandbox.md");

/// The part of the guide that is about the learning platform.
fn part() -> &'static str {
    GUIDE.split("\n## The learning platform\n").nth(1).expect("the section")
}

#[test]
fn the_guide_lists_every_fault_and_every_setting_in_its_own_words() {
    for (name, does) in Faults::names().into_iter().chain(Settings::names()) {
        assert!(part().contains(&format!("| `{name}` | {does} |")), "{name} is not in docs/sandbox.md");
    }
}

#[test]
fn the_tenant_of_the_guide_opens() {
    let example =
        part().split("```json").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    let seed: Seed = serde_json::from_str(example).unwrap();
    seed.check().unwrap();
}

#[test]
fn the_guide_says_what_opens_it() {
    let credentials = Config::default().credentials;
    for text in [credentials.client_id, credentials.client_secret, credentials.username, credentials.password]
    {
        assert!(part().contains(&format!("`{text}`")), "{text}");
    }
}
