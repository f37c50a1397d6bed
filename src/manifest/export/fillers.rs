//! Does a cell that identifies or names somebody say anything? Systems and people write fillers where they know nothing.

/// What a text comes to in a cell that identifies or names somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// What it says.
    Something,
    /// Nothing: nobody is called so.
    Nothing,
    /// Nothing, most often; but somebody may be called so.
    Doubtful,
}

/// Longer texts are no fillers.
const LONGEST: usize = 24;
/// Nobody's name, ID or address.
const NOTHING: [&str; 27] = [
    "null",
    "nil",
    "none",
    "nan",
    "undefined",
    "n/a",
    "n.a.",
    "n.a",
    "n/d",
    "k.a.",
    "s/n",
    "tbd",
    "tba",
    "tbc",
    "t.b.d.",
    "t.b.a.",
    "not available",
    "not applicable",
    "not assigned",
    "not provided",
    "not set",
    "no value",
    "no email",
    "to be determined",
    "to be defined",
    "to be confirmed",
    "to be announced",
];
/// What may be somebody's name or ID and hardly ever is.
const DOUBTFUL: [&str; 13] = [
    "na",
    "nd",
    "unknown",
    "vacant",
    "pending",
    "missing",
    "blank",
    "empty",
    "dummy",
    "test",
    "default",
    "tbh",
    "to be hired",
];
/// The names of addresses that are nobody's.
const NOBODY: [&str; 9] =
    ["none", "null", "noemail", "no-email", "nomail", "no-mail", "unknown", "noreply", "no-reply"];

/// What a text says, that is trimmed and not empty.
pub(super) fn says(text: &str) -> Says {
    if text.len() > LONGEST && !text.contains('@') {
        return Says::Something;
    }
    let is_one = |list: &[&str], text: &str| list.iter().any(|filler| filler.eq_ignore_ascii_case(text));
    if let Some((name, _)) = text.split_once('@') {
        return if is_one(&NOBODY, name) { Says::Doubtful } else { Says::Something };
    }
    let bare = text.trim_matches(['(', ')', '<', '>', '[', ']', '{', '}', '*', '"', '\'']);
    if !bare.chars().any(char::is_alphanumeric) || is_one(&NOTHING, bare) {
        return Says::Nothing;
    }
    if is_one(&DOUBTFUL, bare) || is_all_alike(bare) { Says::Doubtful } else { Says::Something }
}

/// `0`, `0000`, `99999`, `xxx`: what is typed where a form wants something.
fn is_all_alike(text: &str) -> bool {
    let all = |wanted: u8, least: usize| {
        text.len() >= least && text.bytes().all(|it| it.eq_ignore_ascii_case(&wanted))
    };
    all(b'0', 1) || all(b'9', 4) || all(b'x', 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systems_write_for_nothing_says_nothing() {
        for text in [
            "NULL", "-", "--", "—", "?", "...", "n/a", "N/A", "None", "(none)", "<NULL>", "TBD", "t.b.d.",
            "#",
        ] {
            assert_eq!(says(text), Says::Nothing, "{text}");
        }
    }

    #[test]
    fn what_may_be_somebodys_is_asked() {
        for text in [
            "0",
            "0000",
            "99999",
            "9999",
            "NA",
            "unknown",
            "XXX",
            "none@acme.example",
            "NoReply@acme.example",
        ] {
            assert_eq!(says(text), Says::Doubtful, "{text}");
        }
    }

    #[test]
    fn people_and_their_numbers_say_something() {
        for text in [
            "Ada",
            "Nell Null",
            "Nona",
            "E0",
            "10",
            "99",
            "1001",
            "90000",
            "ada@acme.example",
            "nullmann@acme.example",
            "Ng",
            "Xi",
            "李",
            "EMP/0001",
            "A-1",
            "Tba Smith",
        ] {
            assert_eq!(says(text), Says::Something, "{text}");
        }
    }
}
