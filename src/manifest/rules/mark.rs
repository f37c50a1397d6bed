//! Which words stand at a place?

use crate::diag::{Sources, Span};

/// Longer words are marked in part.
const LONGEST: usize = 512;

/// Stretches an empty span over the text that starts there: a quoted text, or a plain one up to what ends it on its line.
///
/// A plain text in a flow list ends at a comma; one in a block may hold commas and is then marked in part.
pub(super) fn word(span: Span, sources: &Sources) -> Span {
    if span.end > span.start {
        return span;
    }
    let Some(source) = sources.file(span).filter(|source| !source.is_table()) else { return span };
    let range = source.range(span);
    let rest = source.text().get(range.start..).unwrap_or_default();
    // A list of everybody may stand in one line: no mark is longer than a name.
    let rest = rest.get(..rest.floor_char_boundary(LONGEST)).unwrap_or(rest);
    let line = rest.lines().next().unwrap_or_default();
    let length = match line.chars().next() {
        Some(quote @ ('"' | '\'')) => line[1..].find(quote).map_or(line.len(), |end| end + 2),
        _ => plain(line),
    };
    source.span(range.start..range.start + length)
}

fn plain(line: &str) -> usize {
    let ends = [": ", " #", ",", "]", "}"].into_iter().filter_map(|end| line.find(end));
    let end = ends.min().unwrap_or(line.len());
    let text = line.get(..end).unwrap_or(line).trim_end();
    text.strip_suffix(':').unwrap_or(text).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_at_a_place_are_marked_to_their_end() {
        for (text, word) in [
            ("ada@acme.example, E1]", "ada@acme.example"),
            ("name: Ada", "name"),
            ("'ACME\\ada', x", "'ACME\\ada'"),
            ("R&D London  # ours", "R&D London"),
            ("{ group: X }", "{ group"),
            ("members:\n", "members"),
            ("'open", "'open"),
            ("", ""),
        ] {
            let mut sources = Sources::default();
            sources.add("a.yaml", text).unwrap();
            let span = super::word(Span::new(0, 0), &sources);
            assert_eq!(&text[span.start as usize..span.end as usize], word);
        }
    }
}
