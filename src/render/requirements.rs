//! How do requirements read that were judged: on a terminal, and as JUnit?

use std::borrow::Cow;
use std::io;

use crate::plan::Judged;
use crate::render::count::counted;
use crate::render::escape::visible;
use crate::render::layout::{Layout, Row, Tone};
use crate::render::view::{Detail, View};

/// What requirements were held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// An account that is what manifests say, and nothing else.
    Manifests,
    /// The account as it was read.
    Account,
}

/// All of one run.
#[derive(Debug, Clone, Copy)]
pub struct Requirements<'a> {
    /// The account's name in the manifests.
    pub account: &'a str,
    /// What they were held against.
    pub over: Over,
    /// How many users there are.
    pub users: usize,
    /// What became of each.
    pub judged: &'a [Judged],
    /// How many references mean nobody of the manifests, and so were not followed.
    pub unknown: usize,
}

/// The columns before each requirement.
const MARGIN: usize = 2;
/// The columns before who breaks it.
const WHO: usize = 4;

impl Requirements<'_> {
    /// Whether all hold.
    pub fn hold(&self) -> bool {
        self.judged.iter().all(Judged::holds)
    }

    /// What it comes to.
    fn headline(&self) -> String {
        let users = counted(self.users, "user", "users");
        let of = match self.over {
            Over::Manifests => format!("of what the manifests say ({users})"),
            Over::Account => format!("of the account as it is ({users})"),
        };
        match (self.judged.len(), self.judged.iter().filter(|it| it.holds()).count()) {
            (0, _) => "`policy.require` asks for nothing.".to_owned(),
            (1, 1) => format!("The requirement holds {of}."),
            (1, _) => format!("The requirement does not hold {of}."),
            (all, held) if all == held => format!("All {all} requirements hold {of}."),
            (all, held) => {
                let verb = if held == 1 { "holds" } else { "hold" };
                format!("{held} of {all} requirements {verb} {of}.")
            }
        }
    }
}

/// What became of one, in a few words.
fn verdict(judged: &Judged, view: &View<'_>) -> String {
    let all = judged.asked;
    match (&judged.doubt, judged.breaches.len()) {
        (Some(doubt), _) => format!("can't be told: {}", view.phrase(doubt, Detail::Full)),
        (None, 0) => format!("{all} {}", judged.counts.word(all)),
        (None, broken) => {
            let verb = if broken == 1 { "breaks" } else { "break" };
            format!("{broken} of {all} {} {verb} it", judged.counts.word(all))
        }
    }
}

/// Users whom nothing says to be among those that it is about.
fn unseen(judged: &Judged) -> Option<String> {
    let (user, are) = match judged.unseen {
        0 => return None,
        1 => ("user", "is"),
        _ => ("users", "are"),
    };
    let count = judged.unseen;
    Some(format!("{count} {user} of the account {are} in no manifest, and may be among those it is about"))
}

/// Writes what holds with counts, and everybody who breaks what does not.
pub fn text(
    out: &mut dyn io::Write,
    all: &Requirements<'_>,
    view: &View<'_>,
    layout: Layout,
) -> io::Result<()> {
    let head = Row::new(0, MARGIN).then(0, Tone::Strong, &format!("{}:", all.account));
    head.words(1, Tone::Strong, &all.headline()).write(out, layout, 0)?;
    if !all.judged.is_empty() {
        writeln!(out)?;
    }
    for judged in all.judged {
        let (sign, tone) = match (judged.holds(), &judged.doubt) {
            (true, _) => ("✓", Tone::Added),
            (false, Some(_)) => ("?", Tone::Alarm),
            (false, None) => ("✗", Tone::Alarm),
        };
        Row::new(0, WHO)
            .signed(tone, sign)
            .words(0, Tone::Strong, &judged.name)
            .words(3, Tone::Plain, &verdict(judged, view))
            .at(view.place(judged.origin))
            .write(out, layout, MARGIN)?;
        for breach in &judged.breaches {
            let who = view.piece(&breach.who, Detail::Full);
            let why = view.phrase(&breach.why, Detail::Full);
            Row::new(WHO, WHO + 2)
                .then(0, Tone::Plain, "·")
                .words(1, Tone::Plain, &format!("{who}: {why}"))
                .at(view.place(breach.origin))
                .write(out, layout, MARGIN)?;
        }
        if let Some(unseen) = unseen(judged) {
            Row::new(WHO, WHO).words(0, Tone::Quiet, &unseen).write(out, layout, MARGIN)?;
        }
    }
    if all.unknown > 0 {
        let (reference, means) =
            if all.unknown == 1 { ("reference", "means") } else { ("references", "mean") };
        writeln!(out)?;
        let words = format!(
            "{} {reference} {means} nobody of the manifests: over the account (--account) they may",
            all.unknown
        );
        Row::new(0, MARGIN).words(0, Tone::Quiet, &words).write(out, layout, 0)?;
    }
    Ok(())
}

/// Writes a suite of JUnit, as CI systems read it: a case for each requirement.
pub fn junit(out: &mut dyn io::Write, all: &Requirements<'_>, view: &View<'_>) -> io::Result<()> {
    let doubtful = all.judged.iter().filter(|it| it.doubt.is_some()).count();
    let broken = all.judged.iter().filter(|it| !it.holds()).count() - doubtful;
    let (suite, tests) = (xml(all.account), all.judged.len());
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites>\n  <testsuite name=\"{suite}\" tests=\"{tests}\" failures=\"{broken}\" errors=\"{doubtful}\">"
    )?;
    for judged in all.judged {
        let place = view
            .locate(judged.origin)
            .map(|at| format!(" file=\"{}\" line=\"{}\"", xml(at.source.path()), at.line));
        let (name, place) = (xml(&judged.name), place.unwrap_or_default());
        let said = verdict(judged, view);
        write!(out, "    <testcase classname=\"policy.require\" name=\"{name}\"{place}")?;
        if judged.holds() {
            writeln!(out, "/>")?;
            continue;
        }
        let kind = if judged.doubt.is_some() { "error" } else { "failure" };
        write!(out, ">\n      <{kind} message=\"{}\">", xml(&said))?;
        for breach in &judged.breaches {
            let who = view.piece(&breach.who, Detail::Full);
            write!(out, "\n{}", xml(&format!("{who}: {}", view.phrase(&breach.why, Detail::Full))))?;
        }
        writeln!(out, "</{kind}>\n    </testcase>")?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

/// A text in XML, where no name can be markup, and no character is one that XML does not take.
fn xml(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in visible(text).chars() {
        let named: Cow<'_, str> = match c {
            '&' => "&amp;".into(),
            '<' => "&lt;".into(),
            '>' => "&gt;".into(),
            '"' => "&quot;".into(),
            '\'' => "&apos;".into(),
            '\u{fffe}' | '\u{ffff}' => c.escape_unicode().to_string().into(),
            _ => c.to_string().into(),
        };
        shown.push_str(&named);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Sources;
    use crate::model::{Origin, Phrase, Piece};
    use crate::plan::{Breach, Counts, Side};
    use crate::render::Redaction;

    fn judged(name: &str, breaches: &[(&str, &'static str)], doubt: Option<&'static str>) -> Judged {
        let breach = |(who, why): &(&str, &'static str)| Breach {
            who: Piece::personal(who),
            why: Phrase::words(why),
            origin: Origin::NONE,
        };
        Judged {
            name: name.into(),
            origin: Origin::NONE,
            side: Side::Head,
            counts: Counts::Users,
            asked: 3,
            breaches: breaches.iter().map(breach).collect(),
            unseen: 0,
            doubt: doubt.map(Phrase::words),
            groups: Vec::new(),
        }
    }

    fn shown(
        write: impl Fn(&mut dyn io::Write, &Requirements<'_>, &View<'_>) -> io::Result<()>,
        judged: &[Judged],
    ) -> String {
        let all = Requirements { account: "acme", over: Over::Account, users: 3, judged, unknown: 0 };
        let mut out = Vec::new();
        write(&mut out, &all, &View::new(&Sources::default(), Redaction::Off)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_holds_is_counted_and_who_breaks_the_rest_is_named() {
        let all = [
            judged("a", &[], None),
            judged("b", &[("Ada", "tracked"), ("Bob", "tracked")], None),
            judged("c", &[], Some("users are not read")),
        ];
        let text = shown(|out, all, view| text(out, all, view, Layout::default()), &all);
        assert_eq!(
            text,
            "acme: 1 of 3 requirements holds of the account as it is (3 users).\n\n  ✓ a   3 users\n  ✗ b   2 of 3 users break it\n      \
             · Ada: tracked\n      · Bob: tracked\n  ? c   can't be told: users are not read\n"
        );
    }

    #[test]
    fn no_name_is_markup_in_junit() {
        let all =
            [judged("a<b & \"c\"", &[("<!-- ]]> \u{1}'", "tracked")], None), judged("d", &[], Some("x"))];
        let text = shown(junit, &all);
        assert!(text.contains("tests=\"2\" failures=\"1\" errors=\"1\""), "{text}");
        assert!(text.contains("name=\"a&lt;b &amp; &quot;c&quot;\""), "{text}");
        assert!(!text.contains("<!--") && !text.contains("]]>") && !text.contains('\u{1}'), "{text}");
    }
}
