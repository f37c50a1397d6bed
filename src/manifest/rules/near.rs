//! Which known text is one slip of the keys away?
//!
//! Two texts one edit apart (a character more, less, other, or two swapped) share the text, or the text without one of its
//! characters. So the shortened forms of the few unknown texts go into a table, and the known ones are looked up in it:
//! the time is that of reading the known texts once, not of comparing each with each.

use rayon::prelude::*;

use crate::model::Index;

/// Longer texts are no slip of the keys.
const LONGEST: usize = 80;
/// Shorter texts are near too many others.
const SHORTEST: usize = 4;
/// So many unknown texts are compared that differ in one place.
const MOST_ALIKE: usize = 16;
/// The characters that are the same in both.
const DIGITS: std::ops::RangeInclusive<u64> = 0x30..=0x39;
/// The base of the rolling hash; any odd number with mixed bits does.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// For each unknown text the position of the known text nearest to it, the first in alphabetical order if there are several.
///
/// Texts are compared as they are given. Those that differ in digits are two numbers, not one misspelt. Of unknown texts that differ
/// in one place only the first of the alphabet are looked for: which of many is meant nobody can tell.
pub(super) fn nearest<T: AsRef<str> + Sync>(unknown: &[&str], known: &[T]) -> Vec<Option<usize>> {
    // The same slip may stand in every list.
    let mut words: Vec<&str> = unknown.to_vec();
    words.sort_unstable();
    words.dedup();
    let mut forms: Vec<(u64, usize)> = Vec::new();
    for (at, text) in words.iter().enumerate() {
        forms.extend(shortened(text).into_iter().map(|form| (form, at)));
    }
    forms.sort_unstable();
    forms.dedup();
    let mut index = Index::with_capacity(forms.len());
    for (at, (form, _)) in (0..).zip(&forms) {
        index.insert(form, at, |other| forms.get(other as usize).is_some_and(|it| it.0 == *form));
    }
    let near = |text: &str| {
        let mut near = Vec::new();
        for form in shortened(text) {
            let same = |at: u32| forms.get(at as usize).is_some_and(|it| it.0 == form);
            let Some(from) = index.find(&form, same) else { continue };
            let of_form = forms.iter().skip(from as usize).take_while(|it| it.0 == form).take(MOST_ALIKE);
            near.extend(of_form.map(|it| it.1).filter(|&at| words.get(at).is_some_and(|it| slip(it, text))));
        }
        near
    };
    // Of two known texts the first of the alphabet.
    let text = |at: usize| known.get(at).map(AsRef::as_ref);
    let first = |one: Option<usize>, other: Option<usize>| match (one, other) {
        (Some(one), Some(other)) if (text(other), other) < (text(one), one) => Some(other),
        (one, other) => one.or(other),
    };
    let none = || vec![None; words.len()];
    let nearest = (0..known.len()).into_par_iter().fold(none, |mut nearest, at| {
        for word in text(at).map(near).unwrap_or_default() {
            if let Some(slot) = nearest.get_mut(word) {
                *slot = first(*slot, Some(at));
            }
        }
        nearest
    });
    let nearest = nearest.reduce(none, |one, other| {
        one.into_iter().zip(other).map(|(one, other)| first(one, other)).collect()
    });
    let of = |word: &&str| words.binary_search(word).ok().and_then(|at| *nearest.get(at)?);
    unknown.iter().map(of).collect()
}

/// Whether two texts are one edit apart and have the same digits.
fn slip(one: &str, other: &str) -> bool {
    let digits = |text: &'_ str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    strsim::osa_distance(one, other) == 1 && digits(one) == digits(other)
}

/// The hash of a text, and of the text without each of its characters that is no digit: digits are the same in both.
fn shortened(text: &str) -> Vec<u64> {
    let chars: Vec<u64> = text.chars().take(LONGEST + 1).map(u64::from).collect();
    if !(SHORTEST..=LONGEST).contains(&chars.len()) {
        return Vec::new();
    }
    // The hash of a text is that of its start times BASE for each character behind it, plus that of its end.
    let mut forms = Vec::with_capacity(chars.len() + 1);
    let (mut end, mut shift) = (0_u64, 1_u64);
    let mut starts = Vec::with_capacity(chars.len() + 1);
    let mut start = 0_u64;
    for c in &chars {
        starts.push(start);
        start = start.wrapping_mul(BASE).wrapping_add(*c);
    }
    forms.push(start);
    for (c, start) in chars.iter().zip(&starts).rev() {
        if !DIGITS.contains(c) {
            forms.push(start.wrapping_mul(shift).wrapping_add(end));
        }
        end = end.wrapping_add(c.wrapping_mul(shift));
        shift = shift.wrapping_mul(BASE);
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] =
        ["grace@acme.example", "bob@acme.example", "u17@acme.example", "acme\\grace", "zoë@acme.example"];

    #[test]
    fn one_slip_of_the_keys_is_near() {
        for (unknown, near) in [
            ("grcae@acme.example", Some(0)),
            ("gracee@acme.example", Some(0)),
            ("grac@acme.example", Some(0)),
            ("grade@acme.example", Some(0)),
            ("bob@acme.exampel", Some(1)),
            ("acme\\grac", Some(3)),
            ("zoe@acme.example", Some(4)),
            ("bb@acme.exampel", None),
            ("u18@acme.example", None),
            ("eve@acme.example", None),
            ("", None),
        ] {
            assert_eq!(nearest(&[unknown], &KNOWN), [near], "{unknown}");
        }
    }

    #[test]
    fn of_several_the_first_in_alphabetical_order_is_nearest() {
        assert_eq!(nearest(&["anna"], &["annax", "annab", "hanna"]), [Some(1)]);
    }

    #[test]
    fn the_cost_of_looking_for_slips_grows_with_the_texts_and_not_with_their_pairs() {
        let letter = |from: u32, at: u32| char::from_u32(from + at).unwrap();
        // Numbers that differ in digits, one place in which all differ, and one word over and over.
        let known: Vec<String> = (0..8_000_u32)
            .flat_map(|at| {
                [format!("person{at:06}@acme.example"), format!("person{}@acme.example", letter(0x4e00, at))]
            })
            .collect();
        let unknown: Vec<String> = (0..8_000_u32)
            .flat_map(|at| {
                let other = letter(0x1_0000, at);
                [
                    format!("persom{at:06}@acme.example"),
                    format!("person{other}@acme.example"),
                    "persn@acme.example".into(),
                ]
            })
            .collect();
        let words: Vec<&str> = unknown.iter().map(String::as_str).collect();
        let began = std::time::Instant::now();
        let near = nearest(&words, &known);
        assert!(near.iter().step_by(3).enumerate().all(|(at, near)| *near == Some(2 * at)));
        // Pairs would be 384 million.
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    }

    #[test]
    fn many_texts_are_looked_through_at_once() {
        let known: Vec<String> = (0..20_000).map(|at| format!("user.{at}@acme.example")).collect();
        let unknown: Vec<String> = (0..2_000).map(|at| format!("usr.{at}@acme.example")).collect();
        let words: Vec<&str> = unknown.iter().map(String::as_str).collect();
        let near = nearest(&words, &known);
        assert!(near.iter().enumerate().all(|(at, near)| *near == Some(at)));
    }
}
