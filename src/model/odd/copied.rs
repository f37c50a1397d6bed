//! What stands around a text that was copied from a page, a mail or a document?

use crate::model::odd::what::{Care, What};

/// What the links and address books of mail programs begin addresses with.
const SCHEMES: [&str; 5] = ["mailto:", "smtp:", "sip:", "e-mail:", "email:"];
/// Quotes that stand around texts, as pairs.
const PAIRS: [(char, char); 12] = [
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('„', '“'),
    ('„', '”'),
    ('”', '”'),
    ('‘', '’'),
    ('‚', '‘'),
    ('«', '»'),
    ('»', '«'),
    ('‹', '›'),
];
/// Quotes that no identifier holds.
const QUOTES: [char; 10] = ['"', '“', '”', '„', '«', '»', '‘', '’', '‹', '›'];
const BRACKETS: [char; 6] = ['<', '>', '(', ')', '[', ']'];

/// The first thing that was copied with a text.
pub(super) fn find(text: &str, care: Care) -> Option<What> {
    if unquoted(text).is_some() && care != Care::EmployeeId {
        return Some(What::Quoted);
    }
    let end = |marks: &[char]| text.chars().next_back().filter(|c| marks.contains(c));
    let first = |marks: &[char]| {
        text.chars().find(|c| marks.contains(c)).filter(|c| !is_spelt_by_sheet(text, *c, care))
    };
    match care {
        Care::Name => None,
        Care::Address | Care::Shape => scheme(text)
            .map(What::Scheme)
            .or_else(|| first(&BRACKETS).map(What::Bracket))
            .or_else(|| first(&QUOTES).map(What::Quote))
            .or_else(|| first(&[',', ';', ':']).map(What::Punctuation))
            .or_else(|| end(&['.', '!', '?', '\'', '`']).map(What::Punctuation))
            .or_else(|| text.starts_with(['.', '\'', '`']).then_some(What::Punctuation('.')))
            .or_else(|| (text.contains("..") || text.contains("@.")).then_some(What::Punctuation('.'))),
        Care::Login => first(&QUOTES.map(|quote| if quote == '’' { '“' } else { quote }))
            .map(What::Quote)
            .or_else(|| first(&['<', '>']).map(What::Bracket))
            .or_else(|| end(&[',', ';']).map(What::Punctuation)),
        Care::EmployeeId => first(&QUOTES)
            .map(What::Quote)
            .or_else(|| first(&['<', '>']).map(What::Bracket))
            .or_else(|| end(&[',', ';', '.', ':']).map(What::Punctuation)),
    }
}

/// A formula and a marked text hold quotes of the spreadsheet's.
fn is_spelt_by_sheet(text: &str, quote: char, care: Care) -> bool {
    care == Care::EmployeeId && (text.starts_with('=') || quote == '’')
}

/// A text without what was copied with it.
pub(super) fn clean(text: &str, care: Care) -> String {
    let text = text.trim();
    if care == Care::Name {
        return unquoted(text).unwrap_or(text).to_owned();
    }
    let text = match (care, text.split_once('<')) {
        (Care::Address, Some((_, rest))) => rest.split('>').next().unwrap_or(rest),
        _ => text,
    };
    let text = unquoted(text).unwrap_or(text);
    let text = match scheme(text) {
        Some(scheme) => {
            let rest = text.get(scheme.len()..).unwrap_or_default();
            rest.split('?').next().unwrap_or(rest)
        }
        None => text,
    };
    if care == Care::EmployeeId && text.starts_with('=') {
        return text.to_owned();
    }
    let around = |c: char| {
        QUOTES.contains(&c)
            || matches!(c, '<' | '>' | ',' | ';' | ':')
            || care == Care::Address && (BRACKETS.contains(&c) || matches!(c, '.' | '!' | '?' | '\'' | '`'))
    };
    let text = text.trim_matches(|c: char| c == ' ' || around(c));
    let text = if care == Care::EmployeeId { text.trim_end_matches('.') } else { text };
    text.chars().map(|c| if matches!(c, '‘' | '’') { '\'' } else { c }).collect()
}

/// What a text begins with that is a scheme of links.
fn scheme(text: &str) -> Option<&'static str> {
    SCHEMES
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme)))
}

/// What stands in the quotes that a whole text stands in.
fn unquoted(text: &str) -> Option<&str> {
    PAIRS.into_iter().find_map(|(open, close)| {
        let inside = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains([open, close])).then_some(inside.trim())
    })
}
