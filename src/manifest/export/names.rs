//! How does a row call somebody? Its cells put together as the source says, without what systems add, the first name first.

use std::borrow::Cow;

use crate::manifest::export::columns::Name;
use crate::manifest::source::{NameForm, NameOrder, Part};
use crate::model::{collapse, fold};

/// What stands behind a family name and is no first name.
const SUFFIXES: [&str; 9] = ["jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "dds"];

/// A name as a row makes it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Spelt {
    /// The name; empty if no cell says anything.
    pub(super) text: String,
    /// What is to be known about it.
    pub(super) remark: Option<Remark>,
    /// Whether something was cut off of it.
    pub(super) is_cut: bool,
}

/// What is to be known about a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Remark {
    /// All of its cells are empty.
    Empty,
    /// Some of its cells are empty.
    Partial,
    /// It should have a comma, and has none.
    NoComma,
    /// It has more commas than anybody can read.
    Commas,
}

/// Puts a name together.
pub(super) fn spell<'r>(name: &Name<'_>, mut cell: impl FnMut(usize) -> Option<Cow<'r, str>>) -> Spelt {
    let (mut text, mut said, mut missing) = (String::new(), 0, 0);
    for part in &name.parts {
        match part {
            Part::Text(part) => text.push_str(part),
            Part::Cell(column) => match cell(*column) {
                Some(cell) => {
                    said += 1;
                    text.push_str(&cell);
                }
                None => missing += 1,
            },
            Part::Name => {}
        }
    }
    if said == 0 {
        // A column alone that says nothing is an empty cell like any other.
        let remark = (missing > 1).then_some(Remark::Empty);
        return Spelt { remark, ..Spelt::default() };
    }
    if missing > 0 {
        text = text.replace("()", "").replace("[]", "");
    }
    let text = collapse(&text).into_owned();
    let Some(form) = name.form else { return Spelt { text, ..Spelt::default() } };
    let whole = text.trim_matches(if missing > 0 { &[' ', ',', ';', '-', '/'][..] } else { &[' '][..] });
    let short = cut(whole, form);
    let is_cut = short.len() < whole.len();
    let (text, remark) = match form.order {
        NameOrder::FirstLast => (short.to_owned(), None),
        NameOrder::LastFirst => first_last(short),
    };
    let remark = if missing > 0 { Some(Remark::Partial) } else { remark };
    Spelt { text, remark, is_cut }
}

/// A name without what systems add at its end.
fn cut<'t>(name: &'t str, form: &NameForm) -> &'t str {
    let mut short = name;
    while let Some(shorter) = form.cut.iter().find_map(|ending| without(short, ending)) {
        short = shorter;
    }
    short
}

/// What stands before an ending, if a name has it and is more than that.
fn without<'t>(name: &'t str, ending: &str) -> Option<&'t str> {
    let spaces = name.char_indices().filter(|(_, c)| c.is_whitespace());
    let mut ends = spaces.map(|(at, _)| name.split_at(at));
    let (before, _) = ends.find(|(_, end)| *fold(end.trim()) == *ending)?;
    Some(before.trim_end()).filter(|before| !before.is_empty())
}

/// `Ada Lovelace`, of `Lovelace, Ada`.
fn first_last(name: &str) -> (String, Option<Remark>) {
    let parts: Vec<&str> = name.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_suffix = |part: &str| SUFFIXES.contains(&&*fold(&part.replace('.', "")));
    match parts[..] {
        [one] => (one.to_owned(), one.contains(char::is_whitespace).then_some(Remark::NoComma)),
        [last, suffix] if is_suffix(suffix) => (format!("{last} {suffix}"), None),
        [last, first] => (format!("{first} {last}"), None),
        [last, first, suffix] if is_suffix(suffix) => (format!("{first} {last} {suffix}"), None),
        [last, suffix, first] if is_suffix(suffix) => (format!("{first} {last} {suffix}"), None),
        [] => (name.to_owned(), None),
        _ => (name.to_owned(), Some(Remark::Commas)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Span;
    use crate::manifest::source::Template;
    use crate::manifest::yaml::{Spanned, Written};

    fn form(order: NameOrder) -> NameForm {
        let said = Spanned { value: "x".into(), span: Span::new(0, 0), written: Written::Plain };
        let cut = vec!["(on leave)".into(), "[c]".into()];
        NameForm { template: Template(Vec::new()), said, order, cut }
    }

    fn spelt(order: NameOrder, parts: Vec<Part<usize>>, cells: &[&str]) -> Spelt {
        let form = form(order);
        let name = Name { parts, form: Some(&form) };
        spell(&name, |at| Some(Cow::Borrowed(cells[at])).filter(|cell| !cell.is_empty()))
    }

    #[test]
    fn a_last_name_that_stands_first_is_put_last() {
        for (cell, name, remark) in [
            ("Lovelace, Ada", "Ada Lovelace", None),
            ("van der Berg ,  Anna Maria", "Anna Maria van der Berg", None),
            ("King, Martin, Jr.", "Martin King Jr.", None),
            ("King, Jr., Martin", "Martin King Jr.", None),
            ("King, III", "King III", None),
            ("Prince", "Prince", None),
            ("Lovelace,", "Lovelace", None),
            ("Ada Lovelace", "Ada Lovelace", Some(Remark::NoComma)),
            ("a, b, c, d", "a, b, c, d", Some(Remark::Commas)),
            ("Lovelace, Ada (On Leave)", "Ada Lovelace", None),
        ] {
            let spelt = spelt(NameOrder::LastFirst, vec![Part::Cell(0)], &[cell]);
            assert_eq!((spelt.text.as_str(), spelt.remark), (name, remark), "{cell}");
        }
    }

    #[test]
    fn what_systems_add_to_a_name_is_cut_off_at_its_end_alone() {
        for (cell, name, is_cut) in [
            ("Ada Lovelace (On Leave)", "Ada Lovelace", true),
            ("Ada Lovelace (ON  LEAVE) [C]", "Ada Lovelace", true),
            ("Ada (On Leave) Lovelace", "Ada (On Leave) Lovelace", false),
            ("Ada Lovelace (Oslo)", "Ada Lovelace (Oslo)", false),
            ("(On Leave)", "(On Leave)", false),
        ] {
            let spelt = spelt(NameOrder::FirstLast, vec![Part::Cell(0)], &[cell]);
            assert_eq!((spelt.text.as_str(), spelt.is_cut), (name, is_cut), "{cell}");
        }
    }

    #[test]
    fn an_empty_part_leaves_no_trace_of_what_surrounds_it() {
        let parts = || vec![Part::Cell(0), Part::Text(" (".into()), Part::Cell(1), Part::Text(")".into())];
        assert_eq!(spelt(NameOrder::FirstLast, parts(), &["Ada", "x"]).text, "Ada (x)");
        let partial = spelt(NameOrder::FirstLast, parts(), &["Ada", ""]);
        assert_eq!((partial.text.as_str(), partial.remark), ("Ada", Some(Remark::Partial)));
        let empty = spelt(NameOrder::FirstLast, parts(), &["", ""]);
        assert_eq!((empty.text.as_str(), empty.remark), ("", Some(Remark::Empty)));
        assert_eq!(spelt(NameOrder::FirstLast, vec![Part::Cell(0)], &[""]), Spelt::default());
    }
}
