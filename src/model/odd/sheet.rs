//! What do spreadsheets make of numbers and texts that look like numbers?

use crate::model::odd::what::What;

/// What is written where a formula failed, in the languages that spreadsheets speak.
const FAILED: [&str; 20] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#CALC!",
    "#SPILL!",
    "#NV",
    "#WERT!",
    "#BEZUG!",
    "#ZAHL!",
    "#N/D",
    "#NOM?",
    "#VALEUR!",
    "#NOMBRE?",
    "#¡REF!",
    "#¡VALOR!",
    "#VALORE!",
];
/// Months as spreadsheets shorten them.
const MONTHS: [&str; 16] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mrz", "okt",
    "dez",
];
/// So many digits a spreadsheet keeps; it makes zeros of the others.
const KEPT: usize = 15;

/// Whether a text is what stands for a formula that failed.
pub(super) fn has_failed(text: &str) -> bool {
    text.starts_with('#')
        && (FAILED.contains(&text) || text.len() > 2 && text.bytes().all(|byte| byte == b'#'))
}

/// What became of an ID.
pub(super) fn find(text: &str) -> Option<What> {
    if text.starts_with('=') {
        return Some(What::Formula);
    }
    if text.starts_with(['\'', '’', '`']) || text.ends_with(['\'', '’', '`']) {
        return Some(What::Apostrophe);
    }
    if whole(text).is_some() {
        return Some(What::Decimal);
    }
    if ungrouped(text).is_some() {
        return Some(What::Thousands);
    }
    if is_rounded(text) {
        return Some(What::Rounded);
    }
    is_date(text).then_some(What::Date)
}

/// The ID that a spreadsheet was given.
pub(super) fn clean(text: &str) -> String {
    let text = text.strip_prefix('=').map_or(text, |formula| {
        let inside = formula.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        inside.unwrap_or(formula).trim().trim_matches('"')
    });
    let text = text.trim_matches(['\'', '’', '`']);
    match whole(text).or(Some(text)).and_then(|text| ungrouped(text).or_else(|| Some(text.to_owned()))) {
        Some(text) => text,
        None => text.to_owned(),
    }
}

/// `1002` of `1002.0`.
fn whole(text: &str) -> Option<&str> {
    let (whole, zeros) = text.rsplit_once(['.', ','])?;
    let grouped = || ungrouped(whole).is_some();
    (is_number(zeros)
        && zeros.len() < 3
        && zeros.bytes().all(|byte| byte == b'0')
        && (is_number(whole) || grouped()))
    .then_some(whole)
}

/// `1234567` of `1,234,567`. One dot alone may part an ID of somebody's making.
fn ungrouped(text: &str) -> Option<String> {
    [',', '\'', '’', '.'].into_iter().find_map(|separator| {
        let mut groups = text.split(separator);
        let first = groups.next().filter(|first| is_number(first) && first.len() <= 3)?;
        let rest: Vec<&str> = groups.collect();
        let least = if separator == '.' { 2 } else { 1 };
        let grouped = rest.len() >= least && rest.iter().all(|group| is_number(group) && group.len() == 3);
        grouped.then(|| format!("{first}{}", rest.concat()))
    })
}

/// `1.23E+11`
fn is_rounded(text: &str) -> bool {
    let Some((mantissa, power)) = text.split_once(['E', 'e']) else { return false };
    let (whole, fraction) = match mantissa.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let signed = power.strip_prefix('+');
    whole.len() == 1
        && is_number(whole)
        && fraction.is_none_or(is_number)
        && is_number(signed.unwrap_or(power))
        && (signed.is_some() || fraction.is_some())
}

/// `1-Mar`, `Mar-26`, `2026-05-02`, `03/01/2026`, with or without a time.
fn is_date(text: &str) -> bool {
    let day = text.split_once([' ', 'T']).filter(|(_, time)| time.contains(':')).map_or(text, |(day, _)| day);
    let parts: Vec<&str> = day.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let number =
        |text: &str, digits: std::ops::RangeInclusive<usize>| is_number(text) && digits.contains(&text.len());
    let month = |text: &str| MONTHS.contains(&&*text.to_ascii_lowercase());
    match parts[..] {
        [day, name] if month(name) => number(day, 1..=2),
        [name, rest] if month(name) => number(rest, 1..=4),
        [day, name, year] if month(name) => number(day, 1..=2) && number(year, 2..=4),
        [year, month, day] if number(year, 4..=4) => number(month, 1..=2) && number(day, 1..=2),
        [day, month, year] => number(day, 1..=2) && number(month, 1..=2) && number(year, 4..=4),
        _ => false,
    }
}

/// Whether a number has more digits than a spreadsheet keeps, and zeros for all the others: some numbers do end so.
pub fn is_zeroed(text: &str) -> bool {
    is_long(text) && text.bytes().skip(KEPT).all(|byte| byte == b'0')
}

/// Whether a number has more digits than a spreadsheet keeps.
pub fn is_long(text: &str) -> bool {
    text.len() > KEPT && is_number(text)
}

/// Whether a text that stands without quotes is a number, and another one than its digits say, to whatever else reads YAML.
pub(super) fn reads_otherwise(text: &str) -> bool {
    if !text.starts_with(['+', '-', '.']) && !text.starts_with(|first: char| first.is_ascii_digit()) {
        return false;
    }
    let digits = |text: &str, radix: u32| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    if let Some(rest) = text.strip_prefix("0x") {
        return digits(rest, 16);
    }
    if let Some(rest) = text.strip_prefix("0o") {
        return digits(rest, 8);
    }
    if let Some((mantissa, power)) = text.split_once(['e', 'E']) {
        return !mantissa.is_empty()
            && mantissa.replacen('.', "", 1).bytes().all(|byte| byte.is_ascii_digit())
            && is_number(power);
    }
    text.strip_prefix(['+', '-']).is_some_and(is_number)
        || text.contains('_') && text.split('_').all(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
