//! What does the issue of a drift check say of itself? Its first line: which account, which plan, and what the last check saw.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::github::sighting::Sighting;
use crate::model::{hex, unhex};
use crate::plan::Digest;
use crate::render::{marker_line, marker_said};

/// What the issue is about.
const DRIFT: &str = "drift";

/// What the first line of an issue says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DriftMarker {
    /// The account's name in the manifests.
    pub account: String,
    /// The commit that the account was compared with.
    pub head: Option<String>,
    /// The plan that would undo the drift; none where there is no drift, or nothing may be applied by this issue any more.
    pub digest: Option<Digest>,
    /// The signature of the plan, where there is a key for it.
    pub mac: Option<[u8; 32]>,
    /// Which differences were told last.
    pub told: Option<Digest>,
    /// What the last check saw that is told only when it is seen again.
    pub seen: Vec<Sighting>,
    /// Comments up to this one, by its number, approve nothing any more.
    pub spent: u64,
    /// How the last check ended.
    pub last: Last,
    /// When the account was last seen to be what the manifests say: whatever differs was changed after that.
    pub clean: Option<Timestamp>,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Last {
    /// The account was compared.
    #[default]
    Compared,
    /// It could not be.
    Failed,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    kind: String,
    account: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    head: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mac: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    seen: String,
    #[serde(default, skip_serializing_if = "is_zero")]
    spent: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    failed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    clean: Option<String>,
    tool: String,
}

impl DriftMarker {
    /// The line.
    pub fn line(&self) -> String {
        marker_line(&Wire {
            kind: DRIFT.to_owned(),
            account: self.account.clone(),
            head: self.head.clone(),
            digest: self.digest.map(|digest| digest.to_string()),
            mac: self.mac.map(|mac| hex(&mac)),
            told: self.told.map(|told| told.to_string()),
            seen: hex(&self.seen.concat()),
            spent: self.spent,
            failed: self.last == Last::Failed,
            clean: self.clean.map(|clean| format!("{clean:.0}")),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// What the first line of an issue says. What is broken in it is as if it were not there: somebody may have edited it, and
    /// the issue is ours all the same.
    pub fn read(issue: &str) -> Option<Self> {
        let wire = marker_said(issue.lines().next()?).filter(|wire: &Wire| wire.kind == DRIFT)?;
        let bytes = |text: Option<String>| text.and_then(|text| unhex(&text));
        Some(Self {
            account: wire.account,
            head: wire.head,
            digest: bytes(wire.digest).map(Digest),
            mac: bytes(wire.mac),
            told: bytes(wire.told).map(Digest),
            seen: wire.seen.as_bytes().chunks(8).filter_map(sighting).collect(),
            spent: wire.spent,
            last: if wire.failed { Last::Failed } else { Last::Compared },
            clean: wire.clean.and_then(|clean| clean.parse().ok()),
        })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands on a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

fn sighting(digits: &[u8]) -> Option<Sighting> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.len() == 8)?;
    u32::from_str_radix(digits, 16).ok().map(u32::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_a_check_saw_its_marker_reads_back_and_ends_where_it_ends(
            account in "(\\PC|[\u{0}-\u{1f}\u{202e}]|-->|<!--|--|##\\[x\\]|\"|\\\\){0,12}",
            seen in prop::collection::vec(any::<Sighting>(), 0..600),
            digests: [Option<[u8; 32]>; 3],
            spent: u64,
            failed: bool,
            clean in prop::option::of(-377_705_023_201_i64..=253_402_207_200),
        ) {
            let [digest, mac, told] = digests;
            let last = if failed { Last::Failed } else { Last::Compared };
            let (digest, told) = (digest.map(Digest), told.map(Digest));
            let (head, clean) = (Some("c".repeat(40)), clean.map(|at| Timestamp::from_second(at).unwrap()));
            let marker = DriftMarker { account, head, digest, mac, told, seen, spent, last, clean };
            let line = marker.line();
            prop_assert!(line.len() < 5_600, "{}", line.len());
            prop_assert!(line.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '), "{}", line);
            prop_assert_eq!(line.matches("--").count(), 2, "its own begin and end: {}", line);
            prop_assert_eq!(crate::render::Marker::read(&line), None, "no plan of a pull request");
            prop_assert_eq!(DriftMarker::read(&format!("{line}\r\nmore")), Some(marker));
        }
    }

    #[test]
    fn what_is_broken_in_a_marker_is_as_if_it_were_not_there() {
        let marker = DriftMarker { account: "a".into(), seen: vec![[1, 2, 3, 4]], ..DriftMarker::default() };
        let line = marker.line();
        let read = DriftMarker::read(&line.replace("01020304", "0102030405zz06ü")).unwrap();
        assert_eq!(read, DriftMarker { seen: vec![[1, 2, 3, 4]], ..marker.clone() });
        let read = DriftMarker::read(&line.replace("\"tool\"", "\"digest\":\"12\",\"mac\":\"x\",\"tool\""));
        assert_eq!(read, Some(marker));
        for other in [format!("\n{line}"), line.replace(":v1", ":v2"), line.replace("drift", "plan")] {
            assert_eq!(DriftMarker::read(&other), None, "{other}");
        }
    }
}
