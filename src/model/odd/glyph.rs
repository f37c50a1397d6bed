//! Which characters does nobody see, or take for others?

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizer;

use crate::model::odd::what::{Care, What};
use crate::model::text::is_control;

/// Cyrillic and Greek letters that look like Latin ones.
const LOOK_ALIKES: [(char, char); 57] = [
    ('а', 'a'),
    ('с', 'c'),
    ('ԁ', 'd'),
    ('е', 'e'),
    ('һ', 'h'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ӏ', 'l'),
    ('о', 'o'),
    ('р', 'p'),
    ('ԛ', 'q'),
    ('ѕ', 's'),
    ('ԝ', 'w'),
    ('х', 'x'),
    ('у', 'y'),
    ('А', 'A'),
    ('В', 'B'),
    ('С', 'C'),
    ('Е', 'E'),
    ('Н', 'H'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('К', 'K'),
    ('М', 'M'),
    ('О', 'O'),
    ('Р', 'P'),
    ('Ѕ', 'S'),
    ('Т', 'T'),
    ('Ԝ', 'W'),
    ('Х', 'X'),
    ('У', 'Y'),
    ('Ё', 'Ë'),
    ('ё', 'ë'),
    ('Ї', 'Ï'),
    ('ї', 'ï'),
    ('ο', 'o'),
    ('ν', 'v'),
    ('ι', 'i'),
    ('ρ', 'p'),
    ('α', 'a'),
    ('υ', 'u'),
    ('κ', 'k'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
    ('к', 'k'),
];

/// The zeros of decimal digits that are no ASCII digits.
const ZEROS: [char; 8] =
    ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{be6}', '\u{e50}'];

/// The first character of a text that deceives.
pub(super) fn find(text: &str, care: Care) -> Option<What> {
    if text.contains("  ") {
        return Some(What::Spaces);
    }
    if text.is_ascii() {
        return text.chars().find(|c| is_control(*c)).map(What::Control);
    }
    let eastern = care == Care::Name && text.chars().any(is_eastern);
    let mut before = None;
    for c in text.chars() {
        let what = match c {
            '\u{fffd}' => Some(What::Lost),
            '\u{3000}' if eastern => None,
            _ if is_control(c) => Some(What::Control(c)),
            _ if is_hidden(c) || is_joiner_astray(c, before, care) => Some(What::Invisible(c)),
            _ if is_odd_space(c) => Some(What::Space(c)),
            _ if is_form(c, care) && !(eastern && is_wide(c)) => Some(What::Form(c)),
            _ => None,
        };
        if what.is_some() {
            return what;
        }
        before = Some(c);
    }
    words(text).find_map(stranger).or_else(|| posing(text, care)).map(What::Scripts)
}

/// A text without what deceives, as far as it can be told what was meant.
pub(super) fn clean(text: &str, care: Care) -> String {
    let eastern = care == Care::Name && text.chars().any(is_eastern);
    let mut cleaned = String::with_capacity(text.len());
    let mut before = None;
    for c in text.chars() {
        match c {
            '\u{3000}' if eastern => cleaned.push(c),
            _ if is_hidden(c) || is_joiner_astray(c, before, care) => {}
            _ if is_odd_space(c) || c.is_ascii_whitespace() => cleaned.push(' '),
            _ if is_control(c) => {}
            _ if is_form(c, care) && !(eastern && is_wide(c)) => cleaned.push_str(&plain(c)),
            _ => cleaned.push(c),
        }
        before = Some(c);
    }
    if posing(&cleaned, care).is_some() {
        return cleaned.chars().map(latin).collect();
    }
    let strange: Vec<String> =
        words(&cleaned).filter(|word| stranger(word).is_some()).map(str::to_owned).collect();
    for word in strange {
        let one: String = if Script::most(&word) == Some(Script::Latin) {
            word.chars().map(latin).collect()
        } else {
            word.chars().map(other).collect()
        };
        cleaned = cleaned.replace(&word, &one);
    }
    cleaned
}

/// What takes no room, and makes of one text two that look alike. Joiners are none of these: names of some scripts need them.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Every space but the plain one.
pub fn is_odd_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// A joiner or variation selector that has nothing to join or vary: identifiers have none at all.
fn is_joiner_astray(c: char, before: Option<char>, care: Care) -> bool {
    let plain = |c: char| c.is_ascii() || c.is_whitespace() || Script::of(c).is_some();
    match c {
        '\u{200c}' | '\u{200d}' => care != Care::Name || before.is_none_or(plain),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {
            care != Care::Name || before.is_none_or(|c| c.is_alphabetic() && plain(c))
        }
        _ => false,
    }
}

/// Han, Kana or Hangul: among them wide letters, brackets and spaces are at home.
fn is_eastern(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// A full-width form.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{ff01}'..='\u{ff5e}')
}

/// Another form of a plain character, which looks like it: full-width, mathematical, a ligature; a dash or digit of another kind
/// in an identifier.
fn is_form(c: char, care: Care) -> bool {
    let everywhere =
        matches!(c, '\u{2011}' | '\u{fb00}'..='\u{fb06}' | '\u{1d400}'..='\u{1d7ff}') || is_wide(c);
    let dash = matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}');
    let digit = care != Care::Login && c.is_numeric() && digit(c).is_some();
    everywhere || care != Care::Name && (dash || digit)
}

/// The plain form of a character.
fn plain(c: char) -> Cow<'static, str> {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => "-".into(),
        _ => match digit(c) {
            Some(digit) => digit.to_string().into(),
            None => ComposingNormalizer::new_nfkc().normalize(c.encode_utf8(&mut [0; 4])).into_owned().into(),
        },
    }
}

/// The value of a digit of another script.
fn digit(c: char) -> Option<u32> {
    let zero = ZEROS.into_iter().find(|zero| (*zero..=c).count() <= 10 && *zero <= c)?;
    Some(u32::from(c) - u32::from(zero))
}

/// Alphabets that share shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    Coptic,
}

impl Script {
    fn of(c: char) -> Option<Self> {
        Some(match c {
            'A'..='Z'
            | 'a'..='z'
            | '\u{1e00}'..='\u{1eff}'
            | '\u{2c60}'..='\u{2c7f}'
            | '\u{a720}'..='\u{a7ff}' => Self::Latin,
            '\u{c0}'..='\u{24f}' if c.is_alphabetic() => Self::Latin,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Self::Greek,
            '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{a640}'..='\u{a69f}' => Self::Cyrillic,
            '\u{530}'..='\u{58f}' => Self::Armenian,
            '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => Self::Cherokee,
            '\u{2c80}'..='\u{2cff}' => Self::Coptic,
            _ => return None,
        })
    }

    /// The one that most letters of a word are of, the first of several.
    fn most(word: &str) -> Option<Self> {
        let of = |script| word.chars().filter(|c| Self::of(*c) == Some(script)).count();
        let all = [Self::Latin, Self::Greek, Self::Cyrillic, Self::Armenian, Self::Cherokee, Self::Coptic];
        all.into_iter().rev().max_by_key(|script| of(*script))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_ascii())
}

/// Which letters of a word are of another alphabet than most of it.
pub fn strange_in(word: &str) -> impl Fn(char) -> bool + use<> {
    let most = if word.is_ascii() { None } else { Script::most(word) };
    move |c| most.is_some() && Script::of(c).is_some_and(|script| Some(script) != most)
}

/// A letter of a word that is of another alphabet than most of it.
fn stranger(word: &str) -> Option<char> {
    let strange = strange_in(word);
    word.chars().find(|c| strange(*c))
}

/// A letter of another alphabet in an identifier all of whose letters pass for Latin ones.
fn posing(text: &str, care: Care) -> Option<char> {
    if care == Care::Name {
        return None;
    }
    let foreign = |c: &char| Script::of(*c).is_some_and(|script| script != Script::Latin);
    let first = text.chars().find(foreign)?;
    text.chars().filter(foreign).all(|c| latin(c) != c).then_some(first)
}

/// The Latin letter that looks like this one.
fn latin(c: char) -> char {
    LOOK_ALIKES.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to)
}

/// The Cyrillic letter that looks like this Latin one.
fn other(c: char) -> char {
    LOOK_ALIKES
        .iter()
        .find(|(from, to)| *to == c && Script::of(*from) == Some(Script::Cyrillic))
        .map_or(c, |it| it.0)
}
