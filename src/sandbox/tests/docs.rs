//! `docs/sandbox.md` says what the code says.

use crate::sandbox::state::State;
use crate::sandbox::{Faults, Seed, Settings};

const GUIDE: &str = include_str!("../../../docs/sandbox.md");

#[test]
fn the_guide_lists_every_fault_in_its_own_words() {
    for (name, effect) in Faults::names() {
        assert!(GUIDE.contains(&format!("| `{name}` | {effect} |")), "{name} is not in docs/sandbox.md");
    }
}

#[test]
fn the_guide_lists_every_setting_in_its_own_words() {
    for (name, effect) in Settings::names() {
        assert!(GUIDE.contains(&format!("| `{name}` | {effect} |")), "{name} is not in docs/sandbox.md");
    }
}

#[test]
fn the_account_of_the_guide_opens() {
    let example = GUIDE.split("```json").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    let seed: Seed = serde_json::from_str(example).unwrap();
    assert!(State::open(seed).is_ok());
}

#[test]
fn the_page_on_compatibility_says_of_what_is_not_known_what_to_look_at() {
    const PAGE: &str = include_str!("../../../docs/compatibility.md");
    // These say how an account is, which the account's owner knows.
    let known = ["identity-closed", "admin-closed", "no-audit-log", "no-primary-groups", "scim-page=N"];
    for (name, _) in Settings::names().into_iter().filter(|(name, _)| !known.contains(name)) {
        assert!(PAGE.contains(&format!("; `{name}` |")), "{name} is not in docs/compatibility.md");
    }
}
