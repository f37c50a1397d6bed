//! Every key is text, is no merge key, and stands once in its mapping.

use std::collections::BTreeMap;

use crate::diag::{Code, Diagnostic};
use crate::manifest::yaml::sink::Sink;
use crate::manifest::yaml::tree::{Kind, NodeIx, Style, Tree};

/// Up to so many keys, comparing each with each is faster than a tree.
const FEW: usize = 12;

/// Reports the bad keys of a mapping and refuses their nodes, so that readers skip them.
pub(super) fn check(tree: &mut Tree<'_>, mapping: NodeIx, sink: &Sink) {
    let (mut key, end) = (mapping + 1, tree.after(mapping));
    while key < end {
        if let Some(problem) = bad_key(tree, key) {
            sink.push(|| problem);
            tree.nodes[key].kind = Kind::Refused;
        }
        // A file that breaks off may end with a key.
        let value = tree.after(key);
        key = if value < end { tree.after(value) } else { end };
    }
    for (first, again) in duplicates(tree, mapping) {
        sink.push(|| twice(tree, first, again));
        tree.nodes[again].kind = Kind::Refused;
    }
}

fn bad_key(tree: &Tree<'_>, key: NodeIx) -> Option<Diagnostic> {
    let node = tree.node(key);
    let text = &*node.text;
    match node.kind {
        Kind::Scalar(Style::Plain) if text == "<<" => Some(
            Diagnostic::new(Code::MergeKey, node.span, "`<<` merges another mapping into this one")
                .help("write the keys out"),
        ),
        Kind::Scalar(_) if node.is_nothing() && !text.is_empty() => {
            let message = format!("without quotes `{text}` is no text, and no key");
            Some(
                Diagnostic::new(Code::KeyNotText, node.span, message)
                    .help(format!("put it in quotes: '{text}'")),
            )
        }
        Kind::Scalar(_) if node.is_nothing() => {
            Some(Diagnostic::new(Code::KeyNotText, node.span, "there is no key before the `:`"))
        }
        Kind::Sequence | Kind::Mapping => {
            Some(Diagnostic::new(Code::KeyNotText, node.span, "a list or mapping stands where a key belongs"))
        }
        Kind::Scalar(..) | Kind::Refused => None,
    }
}

fn twice(tree: &Tree<'_>, first: NodeIx, again: NodeIx) -> Diagnostic {
    let name = text(tree, again).unwrap_or_default();
    Diagnostic::new(Code::DuplicateKey, tree.node(again).span, format!("`{name}` stands here twice"))
        .related(tree.node(first).span, "first written here")
        .help("keep one of them")
}

/// Pairs of (first, again) for each key written more than once, in the order of the second.
fn duplicates(tree: &Tree<'_>, mapping: NodeIx) -> Vec<(NodeIx, NodeIx)> {
    let keys = || tree.children(mapping).step_by(2).filter_map(|key| Some((text(tree, key)?, key)));
    if keys().nth(FEW).is_some() {
        let mut seen = BTreeMap::new();
        return keys()
            .filter_map(|(name, key)| {
                let first = *seen.entry(name).or_insert(key);
                (first != key).then_some((first, key))
            })
            .collect();
    }
    keys()
        .enumerate()
        .filter_map(|(at, (name, key))| {
            let (_, first) = keys().take(at).find(|(earlier, _)| *earlier == name)?;
            Some((first, key))
        })
        .collect()
}

fn text<'t>(tree: &'t Tree<'_>, key: NodeIx) -> Option<&'t str> {
    let node = tree.node(key);
    matches!(node.kind, Kind::Scalar(_)).then_some(&*node.text)
}
