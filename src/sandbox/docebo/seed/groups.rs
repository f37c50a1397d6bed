//! What is a group of the learning platform, which its API calls an audience?

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::sandbox::docebo::seed::ids::{UserId, Uuid};
use crate::sandbox::docebo::seed::rules::RuleSet;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Group {
    /// What it is known by; made of its place where a file does not say it.
    #[serde(default, skip_serializing_if = "Uuid::is_unsaid")]
    pub uuid: Uuid,
    /// What it is called; two groups may be called the same.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// How it gets its users; chosen when it is made.
    #[serde(default, rename = "type")]
    pub population: Population,
    /// Words that people sort groups by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Whether its rules pass deactivated users over. By hand they can be added all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exclude_deactivated: bool,
    /// Who belongs to it; of automatic groups alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruleset: Option<RuleSet>,
    /// Who was added by hand.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub members: BTreeSet<UserId>,
    /// Who its rules matched when they were last looked at; none: they are looked at when the tenant starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computed: Option<BTreeSet<UserId>>,
    /// When it was last written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
}

/// How a group gets its users.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Population {
    /// By hand.
    #[default]
    Manual,
    /// By rules, and by hand besides.
    Automatic,
}

impl Population {
    /// The word on the wire.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Population::Manual => "manual",
            Population::Automatic => "automatic",
        }
    }
}

impl Group {
    /// A group with nobody in it.
    pub fn new(uuid: Uuid, name: impl Into<String>, population: Population) -> Group {
        Group {
            uuid,
            name: name.into(),
            description: String::new(),
            population,
            labels: Vec::new(),
            exclude_deactivated: false,
            ruleset: None,
            members: BTreeSet::new(),
            computed: None,
            updated: None,
        }
    }

    /// Whether a user is in it, and if so, whether somebody put them there.
    pub(crate) fn relation(&self, user: UserId) -> Option<Population> {
        let is_computed = || self.computed.as_ref().is_some_and(|computed| computed.contains(&user));
        if self.members.contains(&user) {
            Some(Population::Manual)
        } else {
            is_computed().then_some(Population::Automatic)
        }
    }

    /// Everybody in it.
    pub(crate) fn everybody(&self) -> BTreeSet<UserId> {
        self.members.iter().chain(self.computed.iter().flatten()).copied().collect()
    }

    /// What its name is in addresses.
    pub(crate) fn slug(&self) -> String {
        let words = self.name.to_lowercase();
        let words: Vec<&str> =
            words.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        words.join("-")
    }
}
