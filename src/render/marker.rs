//! By what is a comment on a pull request known again? By its first line, which nobody sees: small, whatever the plan is. A comment
//! about many accounts says first which one of several it is, and then has such a line for each account.

use serde::{Deserialize, Serialize};

use crate::model::{hex, unhex};
use crate::plan::{Digest, Plan};

/// How the line begins and ends.
const OPEN: &str = "<!-- rollcall:v1 ";
const CLOSE: &str = " -->";
/// What a comment is about: the plan of an account.
const PLAN: &str = "plan";
/// What a comment is about: the plans of many accounts.
const ACCOUNTS: &str = "accounts";

/// What the first line of a comment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The account's name in the manifests.
    pub account: String,
    /// The commit that was planned, where that is known.
    pub head: Option<String>,
    /// The plan; none where none could be made.
    pub digest: Option<Digest>,
    /// The signature of a review, where there is a key for it.
    pub mac: Option<[u8; 32]>,
    /// Whether it may still approve something.
    pub validity: Validity,
}

/// Whether a comment may still approve something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// It may.
    Open,
    /// What it showed was applied.
    Closed,
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
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    closed: bool,
    tool: String,
}

#[derive(Serialize, Deserialize)]
struct WirePage {
    kind: String,
    page: usize,
    tool: String,
}

/// The first line of a comment about many accounts, the first of several or another.
pub(super) fn page_line(page: usize) -> String {
    marker_line(&WirePage { kind: ACCOUNTS.to_owned(), page, tool: env!("CARGO_PKG_VERSION").to_owned() })
}

/// Which comment about many accounts it is; none where it is not one.
pub fn page_of(comment: &str) -> Option<usize> {
    let wire: WirePage = marker_said(comment.lines().next()?)?;
    (wire.kind == ACCOUNTS).then_some(wire.page)
}

/// What a line says that nobody sees.
pub(crate) fn marker_said<'l, T: Deserialize<'l>>(line: &'l str) -> Option<T> {
    serde_json::from_str(line.trim_end().strip_prefix(OPEN)?.strip_suffix(CLOSE)?).ok()
}

/// A line that nobody sees. Only maps with keys other than text fail to serialise, and there is none.
pub(crate) fn marker_line(wire: &impl Serialize) -> String {
    format!("{OPEN}{}{CLOSE}", plain(&serde_json::to_string(wire).unwrap_or_default()))
}

impl Marker {
    /// That of a plan of which nothing else is known.
    pub fn of(plan: &Plan) -> Self {
        Self {
            account: plan.account.to_string(),
            head: None,
            digest: Some(plan.digest),
            mac: None,
            validity: Validity::Open,
        }
    }

    /// The line.
    pub fn line(&self) -> String {
        marker_line(&Wire {
            kind: PLAN.to_owned(),
            account: self.account.clone(),
            head: self.head.clone(),
            digest: self.digest.map(|digest| digest.to_string()),
            mac: self.mac.map(|mac| hex(&mac)),
            closed: self.validity == Validity::Closed,
            tool: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// What the first line of a comment says; none where it is not ours, or of another version.
    pub fn read(comment: &str) -> Option<Self> {
        let wire = marker_said(comment.lines().next()?).filter(|wire: &Wire| wire.kind == PLAN)?;
        let digest = match wire.digest {
            Some(text) => Some(Digest(unhex(&text)?)),
            None => None,
        };
        let mac = match wire.mac {
            Some(text) => Some(unhex(&text)?),
            None => None,
        };
        let validity = if wire.closed { Validity::Closed } else { Validity::Open };
        Some(Self { account: wire.account, head: wire.head, digest, mac, validity })
    }

    /// What a comment says of every account that it is about: of one, or of many. No line counts behind the first that is none.
    pub fn all(comment: &str) -> Vec<Self> {
        match page_of(comment) {
            Some(_) => comment.lines().skip(1).map_while(Self::read).collect(),
            None => Self::read(comment).into_iter().collect(),
        }
    }
}

/// JSON in which nothing ends a comment of HTML, or acts on whoever shows it: such letters stand as escapes.
fn plain(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    let mut last = ' ';
    for c in json.chars() {
        if (c.is_ascii_graphic() || c == ' ')
            && !matches!(c, '<' | '>' | '&' | '#')
            && !(c == '-' && last == '-')
        {
            plain.push(c);
        } else {
            let mut units = [0; 2];
            plain.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
        last = c;
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_marker_is_one_small_line() {
        let marker = Marker {
            account: "acme".into(),
            head: Some("c".repeat(40)),
            digest: Some(Digest([1; 32])),
            mac: Some([2; 32]),
            validity: Validity::Open,
        };
        let line = marker.line();
        assert!(
            line.starts_with("<!-- rollcall:v1 {\"kind\":\"plan\",\"account\":\"acme\",\"head\":\"ccc"),
            "{line}"
        );
        assert!(line.len() < 400, "{line}");
    }

    #[test]
    fn only_the_first_line_is_one_and_only_of_this_version() {
        let line =
            Marker { account: "a".into(), head: None, digest: None, mac: None, validity: Validity::Open }
                .line();
        assert!(Marker::read(&format!("{line}\r\nmore")).is_some());
        for other in [
            format!("\n{line}"),
            format!(" {line}"),
            format!("x\n{line}"),
            format!("{line} x"),
            line.replace(":v1", ":v2"),
            line.replace("plan", "drift"),
            line.replace("\"tool\"", "\"digest\":\"12\",\"tool\""),
            String::new(),
        ] {
            assert_eq!(Marker::read(&other), None, "{other}");
        }
    }

    #[test]
    fn a_comment_about_many_accounts_has_a_line_for_each_and_ends_them_where_it_begins_to_speak() {
        let of = |account: &str| Marker {
            account: account.into(),
            head: None,
            digest: None,
            mac: None,
            validity: Validity::Open,
        };
        let (one, two, page) = (of("a").line(), of("b").line(), page_line(2));
        let many = format!("{page}\n{one}\r\n{two}\n### Rollcall\n{}\n", of("c").line());
        assert_eq!((page_of(&many), Marker::read(&many)), (Some(2), None));
        assert_eq!(Marker::all(&many), [of("a"), of("b")]);
        assert_eq!(
            Marker::all(&format!("{one}\n{two}\n")),
            [of("a")],
            "a comment about one is about no other"
        );
        assert_eq!(page_of(&one), None);
        assert_eq!(Marker::all(&format!("x\n{page}\n{one}\n")), []);
        assert_eq!(page_of(&page.replace("accounts", "plan")), None);
    }

    proptest! {
        #[test]
        fn whatever_an_account_is_called_its_marker_reads_back_and_ends_where_it_ends(
            account in "(\\PC|[\u{0}-\u{1f}\u{80}-\u{9f}\u{202e}]|-->|--!>|<!--|--|##\\[x\\]|\"|\\\\){0,12}",
            closed: bool,
        ) {
            let validity = if closed { Validity::Closed } else { Validity::Open };
            let marker = Marker { account, head: Some("h".into()), digest: Some(Digest([7; 32])), mac: None, validity };
            let line = marker.line();
            prop_assert!(line.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '), "{}", line);
            prop_assert_eq!(line.matches("--").count(), 2, "its own begin and end: {}", line);
            prop_assert_eq!(crate::render::through(line.as_bytes()), line.as_bytes(), "the door has nothing to do");
            prop_assert_eq!(Marker::read(&line), Some(marker));
        }
    }
}
