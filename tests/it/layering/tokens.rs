//! Which modules, `use` lines, paths and exported macros does a piece of Rust have? Comments and strings have none.

use std::iter::Peekable;

use proc_macro2::{Delimiter, TokenStream, TokenTree, token_stream};

use super::imports::Tests;

/// One thing that a module has to do with others.
pub(super) enum Item {
    /// `mod name;`, or with its text in braces.
    Module(String, Option<TokenStream>),
    /// One name that a `use` brings in.
    Use(Written),
    /// A path of two names or more, anywhere else.
    Path(Written),
    /// `#[macro_export] macro_rules! name`.
    Macro(String),
}

/// A path as it is written.
pub(super) struct Written {
    pub(super) names: Vec<String>,
    pub(super) line: usize,
    /// What a `use` calls it.
    pub(super) alias: Option<String>,
}

/// What a module has to do with others, in the order of its text.
pub(super) fn items(tokens: TokenStream, tests: Tests) -> Vec<Item> {
    let mut found = Vec::new();
    scan(tokens, tests, &mut found);
    found
}

/// The tokens of a text as they follow each other, without comments of documentation, and without what is compiled for tests alone.
pub(super) fn without_comments_and_tests(tokens: TokenStream) -> Vec<TokenTree> {
    let mut found = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if !punct(&token, '#') {
            found.push(token);
            continue;
        }
        let inner = tokens.next_if(|it| punct(it, '!'));
        let Some(TokenTree::Group(group)) = tokens.peek().cloned() else { continue };
        let text = group.stream().to_string().replace(' ', "");
        match &*text {
            "cfg(test)" if inner.is_none() => {
                tokens.next();
                skip_item(&mut tokens);
            }
            _ if text.starts_with("doc=") => {
                tokens.next();
            }
            _ => {}
        }
    }
    found
}

type Tokens = Peekable<token_stream::IntoIter>;

fn scan(tokens: TokenStream, tests: Tests, found: &mut Vec<Item>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut exported = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(it) if it.as_char() == '#' => {
                let text = attribute(&mut tokens);
                exported |= text == "macro_export";
                if text == "cfg(test)" && tests == Tests::LeftOut {
                    skip_item(&mut tokens);
                }
            }
            // A global path, or a name after something that is no name: `<T as A>::b`.
            TokenTree::Punct(it) if it.as_char() == ':' && separator(&mut tokens) => {
                tokens.next_if(|it| matches!(it, TokenTree::Ident(_)));
            }
            TokenTree::Ident(it) if it == "pub" => {
                tokens.next_if(parenthesised);
            }
            TokenTree::Ident(it) if it == "use" => used(&mut tokens, &[], found),
            TokenTree::Ident(it) if it == "mod" => module(&mut tokens, found),
            TokenTree::Ident(it) if it == "macro_rules" && exported => {
                exported = false;
                found.extend(tokens.nth(1).map(|name| Item::Macro(name.to_string())));
            }
            TokenTree::Ident(it) => path(&it, &mut tokens, found),
            TokenTree::Group(group) => scan(group.stream(), tests, found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn parenthesised(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(it) if it.delimiter() == Delimiter::Parenthesis)
}

fn punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(it) if it.as_char() == sign)
}

/// Takes the second `:` of a `::` whose first was taken.
fn separator(tokens: &mut Tokens) -> bool {
    tokens.next_if(|it| punct(it, ':')).is_some()
}

/// The text of an attribute whose `#` was taken, without its spaces.
fn attribute(tokens: &mut Tokens) -> String {
    tokens.next_if(|it| punct(it, '!'));
    match tokens.next_if(|it| matches!(it, TokenTree::Group(_))) {
        Some(TokenTree::Group(group)) => group.stream().to_string().replace(' ', ""),
        _ => String::new(),
    }
}

/// Takes an item to its end: the braces of its body, or its semicolon. A `use` may have braces before it.
fn skip_item(tokens: &mut Tokens) {
    let mut used = false;
    for token in tokens {
        used |= matches!(&token, TokenTree::Ident(it) if *it == "use");
        let body = matches!(&token, TokenTree::Group(it) if it.delimiter() == Delimiter::Brace);
        if punct(&token, ';') || body && !used {
            return;
        }
    }
}

/// `name;` or `name { … }` after a `mod`.
fn module(tokens: &mut Tokens, found: &mut Vec<Item>) {
    let Some(name) = tokens.next_if(|it| matches!(it, TokenTree::Ident(_))) else { return };
    let body = match tokens.next() {
        Some(TokenTree::Group(group)) => Some(group.stream()),
        _ => None,
    };
    found.push(Item::Module(name.to_string(), body));
}

/// A path that starts with a name; one name alone is none.
fn path(first: &proc_macro2::Ident, tokens: &mut Tokens, found: &mut Vec<Item>) {
    let mut names = vec![first.to_string()];
    let line = first.span().start().line;
    while tokens.peek().is_some_and(|it| punct(it, ':')) {
        tokens.next();
        if !separator(tokens) {
            break;
        }
        match tokens.next_if(|it| matches!(it, TokenTree::Ident(_))) {
            Some(name) => names.push(name.to_string()),
            None => break,
        }
    }
    if names.len() > 1 {
        found.push(Item::Path(Written { names, line, alias: None }));
    }
}

/// The tree after a `use`, below what leads to it; up to its `;`, `,` or end.
fn used(tokens: &mut Tokens, above: &[String], found: &mut Vec<Item>) {
    let mut names = above.to_vec();
    let (mut line, mut alias) = (0, None);
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(it) if it == "as" => alias = tokens.next().map(|it| it.to_string()),
            TokenTree::Ident(it) if it == "self" && !names.is_empty() => line = it.span().start().line,
            TokenTree::Ident(it) => {
                line = it.span().start().line;
                names.push(it.to_string());
            }
            TokenTree::Group(group) => {
                let mut inner = group.stream().into_iter().peekable();
                while inner.peek().is_some() {
                    used(&mut inner, &names, found);
                }
                line = 0;
            }
            // `use<'a>` in a type is another word.
            TokenTree::Punct(it) if it.as_char() == '<' => return,
            TokenTree::Punct(it) if matches!(it.as_char(), ';' | ',') => break,
            TokenTree::Punct(it) => {
                if it.as_char() == '*' {
                    line = it.span().start().line;
                }
            }
            TokenTree::Literal(_) => {}
        }
    }
    // What ends in braces was told inside them.
    if line > 0 {
        let alias = alias.or_else(|| names.last().cloned());
        found.push(Item::Use(Written { names, line, alias }));
    }
}
