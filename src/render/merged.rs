//! How do the results of many accounts read in one comment? A table, the worst first, and below it what has to be read.
//!
//! A comment has room for a hundred accounts or so: where there are more, there are several comments.

use std::cmp::Reverse;

use crate::render::count::counted;
use crate::render::cut::{cut, is_cut};
use crate::render::escape::{code_block, code_span, tame};
use crate::render::json::{AccountResult, Counts};
use crate::render::markdown::{COMMENT, SUMMARY};
use crate::render::marker::{Marker, page_line};

/// What the markers and rows of one comment may take of it.
const ROWS: usize = 36_000;
/// What headings and sentences about what is left out may take.
const FRAME: usize = 5_000;
/// With less room than this, no part of a text is shown.
const LEAST: usize = 400;
/// What has to be read of an account may take as much, however many there are.
const SHARE: usize = 2_000;
/// What the fences around a text take.
const FENCES: usize = 300;

/// One account of many.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its name, or its folder where that can't be read.
    pub account: String,
    /// What became of it.
    pub what: What,
    /// What its review is known by, where there is one.
    pub marker: Option<Marker>,
}

/// What became of an account.
#[derive(Debug, Clone)]
pub enum What {
    /// This.
    Said(Box<AccountResult>),
    /// There is no result that could be used, and this is why.
    Unsaid(String),
    /// Nothing by this run: it was reviewed, and this run is about others.
    Reviewed,
}

/// How an account stands, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Unsaid,
    Error,
    Stopped,
    Unfinished,
    Stale,
    Blocked,
    Pending,
    Irreversible,
    Changes,
    Nothing,
}

impl Line {
    /// Whether the run is red because of it.
    pub fn is_red(&self) -> bool {
        self.standing() < Standing::Irreversible
    }

    /// Whether it has something to say.
    pub fn has_news(&self) -> bool {
        self.standing() < Standing::Nothing
    }

    fn standing(&self) -> Standing {
        let result = match &self.what {
            What::Unsaid(_) => return Standing::Unsaid,
            What::Reviewed => return Standing::Nothing,
            What::Said(result) => result,
        };
        let counts = result.counts.unwrap_or_default();
        match result.exit_code {
            0 if counts.irreversible > 0 => Standing::Irreversible,
            0 if counts.changes > 0 => Standing::Changes,
            0 => Standing::Nothing,
            3 => Standing::Blocked,
            4 => Standing::Stale,
            5 => Standing::Unfinished,
            6 => Standing::Pending,
            130 | 143 => Standing::Stopped,
            _ => Standing::Error,
        }
    }

    /// What became of it, in a word or two.
    pub fn word(&self) -> String {
        match &self.what {
            What::Unsaid(_) => "no result".to_owned(),
            What::Reviewed => "reviewed".to_owned(),
            What::Said(result) if !result.failure_reason.is_empty() => result.failure_reason.clone(),
            What::Said(result) => match (result.command.as_str(), result.counts) {
                ("apply", Some(counts)) if counts.changes > 0 => "applied".to_owned(),
                (_, Some(counts)) if counts.changes > 0 => "changes".to_owned(),
                (_, Some(_)) => "no changes".to_owned(),
                (_, None) => "valid".to_owned(),
            },
        }
    }

    /// Its row of the table.
    fn row(&self) -> String {
        let word = if self.is_red() { format!("**{}**", cell(&self.word())) } else { cell(&self.word()) };
        let (changes, irreversible) = match &self.what {
            What::Said(result) => result.counts.map_or_else(Default::default, |counts| {
                (counts.changes.to_string(), counts.irreversible.to_string())
            }),
            What::Unsaid(_) | What::Reviewed => Default::default(),
        };
        format!("| {} | {word} | {changes} | {irreversible} |\n", cell(&code_span(&self.account)))
    }

    /// What has to be read, and what else there is.
    fn texts(&self) -> (&str, &str) {
        match &self.what {
            What::Said(result) => (&result.urgent, &result.rest),
            What::Unsaid(why) => (why, ""),
            What::Reviewed => ("", ""),
        }
    }
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The worst first.
pub fn sort(lines: &mut [Line]) {
    let counts = |line: &Line| match &line.what {
        What::Said(result) => result.counts.unwrap_or_default(),
        What::Unsaid(_) | What::Reviewed => Counts::default(),
    };
    lines.sort_by_cached_key(|line| {
        let counts = counts(line);
        (line.standing(), Reverse((counts.irreversible, counts.changes)), line.account.clone())
    });
}

/// The comments, for lines in their order; one where there are no lines.
pub fn comments(lines: &[Line], run: &str) -> Vec<String> {
    let mut pages: Vec<&[Line]> = Vec::new();
    let mut rest = lines;
    while !rest.is_empty() || pages.is_empty() {
        let mut room = ROWS;
        let fits = rest.iter().take_while(|line| {
            let size = line.row().len() + line.marker.as_ref().map_or(0, |it| it.line().len() + 1);
            let is_room = size <= room;
            room = room.saturating_sub(size);
            is_room
        });
        // A page without a line would be followed by another.
        let (page, behind) = rest.split_at(fits.count().max(1).min(rest.len()));
        pages.push(page);
        rest = behind;
    }
    let of = pages.len();
    let comment = |(at, page): (usize, &&[Line])| {
        let number = at + 1;
        let mut head = format!("{}\n", page_line(number));
        for marker in page.iter().filter_map(|line| line.marker.as_ref()) {
            head.extend([marker.line().as_str(), "\n"]);
        }
        body(head, (lines, page), (number, of), (run, COMMENT))
    };
    pages.iter().enumerate().map(comment).collect()
}

/// The summary of a step, for lines in their order.
pub fn summary(lines: &[Line], run: &str) -> String {
    body(String::new(), (lines, lines), (1, 1), (run, SUMMARY))
}

/// A page: what all come to, the table, and the texts as far as there is room.
fn body(
    mut page: String,
    (all, lines): (&[Line], &[Line]),
    (number, of): (usize, usize),
    (run, room): (&str, usize),
) -> String {
    let which = if of == 1 { String::new() } else { format!(" ({number} of {of})") };
    let head = format!(
        "### Rollcall: {}{which}\n\n**{}** All of it is in {run}.\n",
        counted(all.len(), "account", "accounts"),
        total(all)
    );
    page.push_str(&head);
    if !lines.is_empty() {
        page.push_str("\n| account | | changes | can't be undone |\n|---|---|---|---|\n");
        page.extend(lines.iter().map(Line::row));
    }
    let mut room = room.saturating_sub(page.len() + FRAME);
    let shown: Vec<&Line> = lines.iter().filter(|line| line.has_news()).collect();
    // What has to be read comes before what is safe, whichever account it is of, and no account takes the room of all others.
    let share = (room / shown.len().max(1)).max(SHARE);
    let urgent: Vec<Option<String>> = shown.iter().map(|line| urgent(line, share, &mut room)).collect();
    let rest = shown.iter().map(|line| rest(line, &mut room));
    let mut left = 0;
    for (urgent, rest) in urgent.iter().zip(rest) {
        match urgent {
            Some(urgent) => page.extend(["\n", urgent, rest.as_deref().unwrap_or(LEFT_OUT)]),
            None => left += 1,
        }
    }
    if left > 0 {
        let those = counted(left, "account", "accounts");
        page.extend(["\n**The changes of ", &those, " do not fit here.** They are in ", run, ".\n"]);
    }
    page
}

/// How the part of a comment begins that is about one account.
const HEADING: &str = "#### ";
/// What stands in the place of what else changes, where there is no room for it.
const LEFT_OUT: &str = "\n… other lines left out here\n";

/// What has to be read of an account, below its name; none where there is no room for it.
fn urgent(line: &Line, share: usize, room: &mut usize) -> Option<String> {
    let headline = match &line.what {
        What::Said(result) if !result.headline.is_empty() => format!("{}\n\n", code_span(&result.headline)),
        _ => String::new(),
    };
    let head = format!("{HEADING}{}\n\n{headline}", code_span(&line.account));
    fitted((&head, &cut(line.texts().0, share), ""), room)
}

/// What else changes, folded; none where there is no room for it.
fn rest(line: &Line, room: &mut usize) -> Option<String> {
    match line.texts().1 {
        "" => Some(String::new()),
        rest => fitted(("\n<details><summary>More</summary>\n\n", rest, "\n</details>\n"), room),
    }
}

/// A text with what stands around it, within the room that is left, cut at the end of a line; none where there is too little.
fn fitted((head, text, foot): (&str, &str, &str), room: &mut usize) -> Option<String> {
    let text = tame(text);
    let least = text.len().min(LEAST);
    let more = room.checked_sub(head.len() + foot.len() + FENCES + least)?;
    let text = cut(&text, least + more);
    let block = if text.is_empty() { String::new() } else { code_block("diff", &text) };
    let part = format!("{head}{block}{foot}");
    *room = room.saturating_sub(part.len());
    Some(part)
}

/// What all accounts come to.
fn total(lines: &[Line]) -> String {
    let red = lines.iter().filter(|line| line.is_red()).count();
    let counts = lines.iter().filter_map(|line| match &line.what {
        What::Said(result) => result.counts,
        What::Unsaid(_) | What::Reviewed => None,
    });
    let (mut accounts, mut changes, mut irreversible) = (0, 0_usize, 0_usize);
    for of in counts {
        accounts += usize::from(of.changes > 0);
        changes = changes.saturating_add(of.changes);
        irreversible = irreversible.saturating_add(of.irreversible);
    }
    let red = if red == 0 { "None is red.".to_owned() } else { format!("{red} red.") };
    match (lines.len(), changes) {
        (0, _) => "Nothing changed of any account.".to_owned(),
        (_, 0) => format!("{red} No changes."),
        (_, _) => format!(
            "{red} {} in {}, {irreversible} can't be undone.",
            counted(changes, "change", "changes"),
            counted(accounts, "account", "accounts")
        ),
    }
}

/// What a comment about many accounts shows of one of them, below its heading; none where it shows nothing, or not all.
pub fn part_of<'c>(comment: &'c str, account: &str) -> Option<&'c str> {
    let heading = format!("{HEADING}{}", code_span(account));
    let (mut from, mut at, mut fence): (Option<usize>, usize, Option<&str>) = (None, 0, None);
    for line in comment.split_inclusive('\n') {
        let text = line.trim_end();
        if let Some(open) = fence {
            fence = Some(open).filter(|open| text != *open);
        } else if text == heading {
            from = Some(at + line.len());
        } else if text.starts_with(HEADING) && from.is_some() {
            break;
        } else {
            let ticks = &text[..text.len() - text.trim_start_matches('`').len()];
            fence = Some(ticks).filter(|ticks| ticks.len() >= 3);
        }
        at += line.len();
    }
    comment.get(from?..at).filter(|part| !is_cut(part))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::marker::Validity;

    fn line(account: &str, exit_code: u8, texts: [&str; 3]) -> Line {
        let result = AccountResult {
            version: 1,
            repository: "acme/accounts".into(),
            commit: None,
            key: "key".into(),
            account: Some(account.into()),
            command: "plan".into(),
            exit_code,
            failure_reason: if exit_code == 0 { String::new() } else { "blocked".into() },
            counts: Some(Counts { changes: 1, ..Counts::default() }),
            digest: None,
            mac: None,
            headline: texts[0].into(),
            urgent: texts[1].into(),
            rest: texts[2].into(),
        };
        let marker = Marker {
            account: account.into(),
            head: None,
            digest: None,
            mac: Some([7; 32]),
            validity: Validity::Open,
        };
        Line { account: account.into(), what: What::Said(Box::new(result)), marker: Some(marker) }
    }

    #[test]
    fn what_is_shown_of_an_account_is_found_again_unless_some_of_it_was_left_out() {
        let lines = [line("a", 0, ["1 change.", "! x\n#### `b`\n", "~ y"]), line("b", 0, ["", "! z", ""])];
        let comment = comments(&lines, "[run](u)").remove(0);
        let part = part_of(&comment, "a").unwrap();
        assert!(part.contains("! x") && part.contains("~ y") && !part.contains("! z"), "{part}");
        assert!(part_of(&comment, "b").unwrap().contains("! z"));
        assert_eq!(part_of(&comment, "c"), None);
        let long = "! a line\n".repeat(10_000);
        let lines = [line("a", 0, ["", &long, "~ y"]), line("b", 0, ["", "! z", ""])];
        let comment = comments(&lines, "[run](u)").remove(0);
        assert_eq!(part_of(&comment, "a"), None);
        assert!(part_of(&comment, "b").unwrap().contains("! z"), "no account takes the room of another");
    }

    #[test]
    fn the_worst_stands_first() {
        let mut lines =
            [line("green", 0, [""; 3]), line("stopped", 143, [""; 3]), line("blocked", 3, [""; 3])];
        sort(&mut lines);
        let names: Vec<&str> = lines.iter().map(|line| line.account.as_str()).collect();
        assert_eq!(names, ["stopped", "blocked", "green"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_accounts_say_each_is_in_one_comment_that_is_not_too_long(
            said in prop::collection::vec(("[\\PC\u{202e}|`#<>-]{1,40}", 0_u8..8, "(\\PC|[`\n<!@|-]){0,4000}"), 0..150),
        ) {
            let lines: Vec<Line> =
                said.iter().map(|(account, code, text)| line(account, *code, [text, text, text])).collect();
            let comments = comments(&lines, "[run](u)");
            let mut known: Vec<String> = Vec::new();
            for comment in &comments {
                prop_assert!(comment.len() <= COMMENT, "{}", comment.len());
                known.extend(Marker::all(comment).into_iter().map(|marker| marker.account));
            }
            prop_assert_eq!(known, said.into_iter().map(|(account, ..)| account).collect::<Vec<_>>());
        }
    }
}
