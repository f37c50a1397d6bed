//! What does a report say of an HR set that the account does not show whole, and of users whom an upload changed?

use crate::apply::{Altered, GroupShown, Presence, Report};
use crate::model::{Field, Piece, UserLabel};
use crate::render::count::counted;
use crate::render::layout::{Row, Tone};
use crate::render::view::{Detail, View};
use crate::render::words;

/// How many users a group names.
const NAMED: usize = 8;

/// A row for each group that is not as it was sent, one for the others, and one for everything that was altered.
pub(crate) fn rows(report: &Report, view: &View<'_>) -> Vec<Row> {
    let (whole, other): (Vec<&GroupShown>, Vec<&GroupShown>) =
        report.set.iter().partition(|group| group.is_whole());
    let mut rows: Vec<Row> = other.into_iter().map(|group| self::group(group, view)).collect();
    if !whole.is_empty() {
        let said = format!("{} as sent", counted(whole.len(), "group is", "groups are"));
        rows.push(Row::new(0, 4).signed(Tone::Added, "✓").then(0, Tone::Plain, &said));
    }
    rows.extend(report.altered.iter().map(|altered| self::altered(altered, view)));
    rows
}

fn group(group: &GroupShown, view: &View<'_>) -> Row {
    let members = counted(group.sent, "member", "members");
    let said = match group.presence {
        Presence::Absent => format!("not there yet, {members} sent"),
        Presence::StillThere => "still there, and is to be gone".to_owned(),
        Presence::There => format!("{} of {members} there", group.seen()),
    };
    let row = Row::new(0, 4).signed(Tone::Changed, "…").then(0, Tone::Strong, group.name.as_written());
    let row = row.words(3, Tone::Plain, &said);
    if group.presence != Presence::There {
        return row;
    }
    [("missing", &group.missing), ("still there", &group.surplus)]
        .into_iter()
        .filter(|(_, users)| !users.is_empty())
        .fold(row, |row, (word, users)| row.words(3, Tone::Plain, &format!("{word}: {}", named(users, view))))
}

fn named(users: &[UserLabel], view: &View<'_>) -> String {
    let shown: Vec<String> = users.iter().take(NAMED).map(|user| view.user(user, Detail::Name)).collect();
    let more = match users.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more (`--json FILE` lists them)"),
    };
    format!("{}{more}", shown.join(", "))
}

fn altered(altered: &Altered, view: &View<'_>) -> Row {
    let value = |piece: &Piece| view.piece(piece, Detail::Name).into_owned();
    let expected = altered.expected.as_ref().map_or_else(|| "none".to_owned(), value);
    let said = match (&altered.found, altered.field) {
        (_, Field::Existence) => "the record is gone".to_owned(),
        (None, field) => format!("{} {expected} is gone", words::label(field)),
        (Some(found), field) => format!("{} was {expected}, is {}", words::label(field), value(found)),
    };
    Row::new(0, 4)
        .signed(Tone::Alarm, "✗")
        .then(0, Tone::Strong, &view.user(&altered.user, Detail::Full))
        .words(3, Tone::Plain, &said)
}
