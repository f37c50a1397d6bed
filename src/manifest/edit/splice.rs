//! Which bytes of a text are an item, a key or an entry, and where does one more go?

use std::collections::BTreeSet;
use std::ops::Range;

use crate::manifest::edit::page::{Kind, Layout, NodeIx, Page};

/// Bytes that become others.
#[derive(Debug, Clone)]
pub(super) struct Splice {
    range: Range<usize>,
    text: String,
    /// How deep what changes stands: of two that come to the same place, the deeper one goes first.
    depth: usize,
}

impl Splice {
    /// Another text in the place of a value.
    pub(super) fn replace(page: &Page<'_>, node: NodeIx, text: String) -> Self {
        Self { range: page.node(node).range.clone(), text, depth: page.depth(node) }
    }

    const fn cut(range: Range<usize>) -> Self {
        Self { range, text: String::new(), depth: 0 }
    }
}

/// The text with all splices made; none if two of them change the same bytes.
pub(super) fn text(page: &Page<'_>, mut splices: Vec<Splice>) -> Option<String> {
    // What is put in between stands before what goes from there on.
    let order = |it: &Splice| (it.range.start, !it.range.is_empty(), usize::MAX - it.depth, it.range.end);
    splices.sort_by_key(order);
    let (mut text, mut from) = (String::with_capacity(page.text.len()), 0);
    for Splice { range, text: new, .. } in &splices {
        // Two that go may share an empty line.
        let start = if new.is_empty() { range.start.max(from) } else { range.start };
        text.push_str(page.text.get(from..start)?);
        text.push_str(new);
        from = range.end.max(from);
    }
    text.push_str(page.text.get(from..)?);
    Some(text)
}

/// Whether a list in brackets becomes an empty one by one splice, so that its items need none.
pub(super) fn is_replaced_whole(page: &Page<'_>, emptied: &BTreeSet<NodeIx>, list: NodeIx) -> bool {
    emptied.contains(&list)
        && !matches!(page.node(list).kind, Kind::Sequence(Layout::Block))
        && !holds_comment(page, list)
}

/// An empty list in the place of one whose items all go.
pub(super) fn emptied(page: &Page<'_>, list: NodeIx) -> Option<Vec<Splice>> {
    match page.node(list).kind {
        Kind::Sequence(Layout::Block) => {
            let key = page.node(page.key_of(list)?).range.end;
            let colon = key + page.text.get(key..)?.find(':')? + 1;
            Some(vec![Splice { range: colon..colon, text: " []".to_owned(), depth: 0 }])
        }
        // What comments stand in it stay.
        Kind::Sequence(Layout::Flow) if holds_comment(page, list) => Some(Vec::new()),
        _ => Some(vec![Splice::replace(page, list, "[]".to_owned())]),
    }
}

fn holds_comment(page: &Page<'_>, list: NodeIx) -> bool {
    page.text.get(page.node(list).range.clone()).is_some_and(|text| text.contains('#'))
}

/// What goes of a list or mapping.
pub(super) fn removal(page: &Page<'_>, above: NodeIx, gone: &BTreeSet<NodeIx>) -> Option<Vec<Splice>> {
    match page.node(above).kind {
        Kind::Sequence(Layout::Block) => gone.iter().map(|item| block_item(page, *item)).collect(),
        Kind::Sequence(Layout::Flow) => {
            let items = page.children(above);
            flow(page, &items.iter().map(|it| (*it, page.node(*it).range.clone())).collect::<Vec<_>>(), gone)
        }
        Kind::Mapping(layout) => {
            let keys = page.keys(above);
            if keys.iter().all(|(key, _)| gone.contains(key)) {
                return None;
            }
            let range = |(key, value): &(NodeIx, NodeIx)| {
                (
                    *key,
                    page.node(*key).range.start..page.node(*value).range.end.max(page.node(*key).range.end),
                )
            };
            let parts: Vec<(NodeIx, Range<usize>)> = keys.iter().map(range).collect();
            match layout {
                Layout::Flow => flow(page, &parts, gone),
                Layout::Block => block_keys(page, &parts, gone),
            }
        }
        Kind::Scalar(_) => None,
    }
}

/// An item on lines of its own, from its dash to the end of its last line.
fn block_item(page: &Page<'_>, item: NodeIx) -> Option<Splice> {
    let range = &page.node(item).range;
    let list = page.node(item).parent?;
    let before = page.children(list).into_iter().take_while(|other| *other < item).last();
    let from = match (before, page.key_of(list)) {
        (Some(before), _) => page.node(before).range.end,
        (None, Some(key)) => page.node(key).range.end,
        (None, None) => return None,
    };
    // The dash stands on the line of the item, or on one of its own above it.
    let mut start = page.line_start(range.start);
    loop {
        let line = page.text.get(start..page.line_end(start).min(range.start).max(start))?;
        if line.trim_start().starts_with('-') {
            break;
        }
        if start <= from {
            return None;
        }
        start = page.line_start(start - 1);
    }
    // What stands before it on its line is something else.
    if start < from && !page.text.get(start..from)?.trim_start().is_empty() {
        return None;
    }
    let cut = start..page.next_line(range.end);
    let is_entry = matches!(page.node(item).kind, Kind::Mapping(_));
    Some(Splice::cut(if is_entry { without_gap(page, cut) } else { cut }))
}

/// Of the empty lines around an entry that goes, the one before it goes with it: the two would stand together.
fn without_gap(page: &Page<'_>, cut: Range<usize>) -> Range<usize> {
    let is_empty = |line: Range<usize>| page.text.get(line).is_some_and(|line| line.trim().is_empty());
    let before = cut.start.checked_sub(1).map(|end| page.line_start(end)..end);
    let Some(before) = before.filter(|before| is_empty(before.clone())) else { return cut };
    let behind = cut.end..page.line_end(cut.end);
    if cut.end == page.text.len() || is_empty(behind) { before.start..cut.end } else { cut }
}

/// Keys on lines of their own. The first of an entry stands behind its dash, where the next one takes its place.
fn block_keys(
    page: &Page<'_>,
    parts: &[(NodeIx, Range<usize>)],
    gone: &BTreeSet<NodeIx>,
) -> Option<Vec<Splice>> {
    let mut cuts = Vec::new();
    let leading = parts.iter().take_while(|(key, _)| gone.contains(key)).count();
    let begins =
        |at: usize| page.text.get(page.line_start(at)..at).is_some_and(|before| before.trim().is_empty());
    let first = parts.first()?;
    let mut rest = 0;
    if leading > 0 && !begins(first.1.start) {
        let stays = &parts.get(leading)?.1;
        let last = &parts.get(leading - 1)?.1;
        let between = page.text.get(page.next_line(last.end).min(stays.start)..stays.start)?;
        if leading == 1 && between.contains('#') {
            cuts.push(Splice::cut(first.1.start..page.line_end(last.end)));
        } else {
            cuts.push(Splice::cut(first.1.start..stays.start));
        }
        rest = leading;
    }
    for (_, range) in parts.iter().skip(rest).filter(|(key, _)| gone.contains(key)) {
        if !begins(range.start) {
            return None;
        }
        cuts.push(Splice::cut(page.line_start(range.start)..page.next_line(range.end)));
    }
    Some(cuts)
}

/// Parts in brackets, each with a comma beside it.
fn flow(page: &Page<'_>, parts: &[(NodeIx, Range<usize>)], gone: &BTreeSet<NodeIx>) -> Option<Vec<Splice>> {
    let goes = |part: &(NodeIx, Range<usize>)| gone.contains(&part.0);
    let trailing = parts.iter().rev().take_while(|part| goes(part)).count();
    let kept = parts.len() - trailing;
    let mut cuts = Vec::new();
    let mut until = parts.len();
    // The last ones go with the comma before them, if nothing else stands between.
    if let (Some(last), Some(end)) = (kept.checked_sub(1).and_then(|at| parts.get(at)), parts.last()) {
        let range = last.1.end..end.1.end;
        if trailing > 0 && !page.text.get(range.clone())?.contains(['\n', '#']) {
            cuts.push(Splice::cut(range));
            until = kept;
        }
    }
    for (_, range) in parts.get(..until)?.iter().filter(|part| goes(part)) {
        cuts.push(Splice::cut(with_comma(page, range)?));
    }
    Some(cuts)
}

/// A part in brackets with the comma behind it, and with its line where it stands alone there.
fn with_comma(page: &Page<'_>, range: &Range<usize>) -> Option<Range<usize>> {
    let blank = |c: char| c == ' ' || c == '\t';
    let behind = page.text.get(range.end..)?;
    let comma = behind.trim_start_matches(blank).strip_prefix(',');
    let end = comma.map_or(range.end, |rest| page.text.len() - rest.len());
    let line = page.line_start(range.start);
    let rest = page.text.get(end..page.line_end(end))?.trim_start_matches(blank);
    let is_alone = page.text.get(line..range.start)?.trim().is_empty();
    if is_alone && (rest.is_empty() || rest.starts_with('#')) {
        return Some(line..page.next_line(end));
    }
    let spaces = page.text.get(end..)?;
    Some(range.start..end + spaces.len() - spaces.trim_start_matches(blank).len())
}

/// Items behind the last one of a list on lines of its own.
pub(super) fn items(page: &Page<'_>, list: NodeIx, items: &[Vec<String>]) -> Option<Splice> {
    let all = page.children(list);
    let (first, end) = (*all.first()?, *all.last()?);
    let cut = block_item(page, first)?;
    let line = page.text.get(cut.range.start..)?;
    let indent: String = line.chars().take_while(|c| c.is_whitespace() && *c != '\n').collect();
    let lines = items.iter().flat_map(|lines| {
        lines
            .iter()
            .enumerate()
            .map(|(at, line)| if at == 0 { format!("- {line}") } else { format!("  {line}") })
    });
    Some(lines_behind(page, (list, page.node(end).range.end), &indent, lines))
}

/// Keys behind the last one of a mapping.
pub(super) fn keys(page: &Page<'_>, mapping: NodeIx, keys: &[Vec<String>]) -> Option<Splice> {
    let all = page.keys(mapping);
    let ((first, _), (_, last)) = (*all.first()?, *all.last()?);
    let end = page.node(last).range.end;
    if page.node(mapping).kind == Kind::Mapping(Layout::Flow) {
        let text = keys.iter().flat_map(|lines| [", ".to_owned(), lines.join(" ")]).collect();
        return Some(Splice { range: end..end, text, depth: page.depth(mapping) });
    }
    let start = page.node(first).range.start;
    let before = page.text.get(page.line_start(start)..start)?;
    if !before.chars().all(|c| matches!(c, ' ' | '-')) {
        return None;
    }
    let indent = " ".repeat(before.len());
    Some(lines_behind(page, (mapping, end), &indent, keys.iter().flatten().cloned()))
}

/// Lines behind the one that a value ends in.
fn lines_behind(
    page: &Page<'_>,
    (above, end): (NodeIx, usize),
    indent: &str,
    lines: impl Iterator<Item = String>,
) -> Splice {
    let at = page.next_line(end);
    let line_break = page.line_break();
    let is_ended = page.text.get(..at).is_some_and(|text| text.ends_with('\n'));
    let line = |line: String| {
        let (before, behind) = if is_ended { ("", line_break) } else { (line_break, "") };
        format!("{before}{indent}{line}{behind}")
    };
    Splice { range: at..at, text: lines.map(line).collect(), depth: page.depth(above) }
}

/// Items behind the last one that stays of a list in brackets.
pub(super) fn in_brackets(
    page: &Page<'_>,
    list: NodeIx,
    texts: &[String],
    gone: &BTreeSet<NodeIx>,
) -> Option<Vec<Splice>> {
    let depth = page.depth(list);
    let range = &page.node(list).range;
    let stays = page.children(list).into_iter().rfind(|item| !gone.contains(item));
    let Some(stays) = stays else {
        let at = range.start + 1;
        return Some(vec![Splice { range: at..at, text: texts.join(", "), depth }]);
    };
    let stays = &page.node(stays).range;
    let line = page.line_start(stays.start);
    let indent = page.text.get(line..stays.start)?;
    let is_by_lines = indent.trim().is_empty() && line > range.start;
    if !is_by_lines {
        let text = texts.iter().flat_map(|text| [", ", text]).collect();
        return Some(vec![Splice { range: stays.end..stays.end, text, depth }]);
    }
    let behind = page.text.get(stays.end..)?.trim_start_matches([' ', '\t']);
    let has_comma = behind.starts_with(',');
    let line_break = page.line_break();
    let at = if has_comma { page.text.len() - behind.len() + 1 } else { stays.end };
    // Behind a comma the comment of its line stays where it is.
    let at = if has_comma { page.line_end(at) } else { at };
    let (before, behind) = if has_comma { ("", ",") } else { (",", "") };
    let text = texts.iter().flat_map(|text| [before, line_break, indent, text, behind]).collect();
    Some(vec![Splice { range: at..at, text, depth }])
}
