//! How is a value written among those that are there? As the import writes it, in the quotes of its neighbours.

use crate::manifest::edit::page::{Layout, Quotes};
use crate::manifest::emit::{Text, emit_text};

/// A value that a manifest is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// An identifier of a user, or the login of a computer.
    Identifier(Box<str>),
    /// A display name, or the name of a group.
    Name(Box<str>),
    /// A user by display name: `{ name: … }`.
    ByName(Box<str>),
    /// A word of the manifests.
    Word(&'static str),
}

/// A value as it stands in a file; none if no manifest can say it.
pub(super) fn written(said: &Said, quotes: Quotes, layout: Layout) -> Option<String> {
    Some(match said {
        Said::Word(word) => (*word).to_owned(),
        Said::Identifier(text) => quoted(text, &emit_text(text, Text::Identifier).ok()?, quotes, layout),
        Said::Name(text) => quoted(text, &emit_text(text, Text::Name).ok()?, quotes, layout),
        Said::ByName(text) => {
            let name = quoted(text, &emit_text(text, Text::Name).ok()?, Quotes::None, Layout::Flow);
            format!("{{ name: {name} }}")
        }
    })
}

/// What ends a plain text in brackets.
pub(super) const IN_BRACKETS: [char; 5] = [',', '[', ']', '{', '}'];

/// In the quotes that are asked for, where the text stands in them as well as in those that it needs.
fn quoted(text: &str, emitted: &str, quotes: Quotes, layout: Layout) -> String {
    let is_bare = !emitted.starts_with(['"', '\'']);
    // In double quotes it has escapes: its reader would not see all of it otherwise.
    let needs_escapes = emitted.starts_with('"') && emitted.contains('\\');
    let needs_quotes = !is_bare || (layout == Layout::Flow && text.contains(IN_BRACKETS));
    match quotes {
        _ if needs_escapes => emitted.to_owned(),
        Quotes::Double if !text.contains(['\\', '"']) => format!("\"{text}\""),
        Quotes::Single | Quotes::Double => single(text),
        Quotes::None | Quotes::Block if needs_quotes && is_bare => single(text),
        Quotes::None | Quotes::Block => emitted.to_owned(),
    }
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_in_the_quotes_of_its_neighbours_as_far_as_it_can() {
        let identifier = |text: &str| Said::Identifier(text.into());
        let name = |text: &str| Said::Name(text.into());
        for (said, quotes, layout, expected) in [
            (identifier("ada@acme.example"), Quotes::None, Layout::Block, "ada@acme.example"),
            (identifier("ada@acme.example"), Quotes::Single, Layout::Block, "'ada@acme.example'"),
            (identifier("ada@acme.example"), Quotes::Double, Layout::Flow, "\"ada@acme.example\""),
            (identifier("ACME\\ada"), Quotes::Double, Layout::Block, "'ACME\\ada'"),
            (identifier("ACME\\ada"), Quotes::None, Layout::Block, "'ACME\\ada'"),
            (name("Lovelace, Ada"), Quotes::None, Layout::Block, "Lovelace, Ada"),
            (name("Lovelace, Ada"), Quotes::None, Layout::Flow, "'Lovelace, Ada'"),
            (name("O'Hara"), Quotes::Single, Layout::Block, "'O''Hara'"),
            (name("null"), Quotes::None, Layout::Block, "\"null\""),
            (Said::ByName("Lovelace, Ada".into()), Quotes::None, Layout::Block, "{ name: 'Lovelace, Ada' }"),
            (Said::Word("untracked"), Quotes::Single, Layout::Block, "untracked"),
        ] {
            assert_eq!(written(&said, quotes, layout).as_deref(), Some(expected), "{said:?} {quotes:?}");
        }
    }
}
