//! What becomes of each list and mapping of a manifest, when all edits are taken together?

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::edit::change::{TextChange, TextEdit};
use crate::manifest::edit::page::{Kind, Layout, NodeIx, Page, Quotes};
use crate::manifest::edit::splice::{self, Splice};
use crate::manifest::edit::words::{IN_BRACKETS, Said, written};

/// Keys whose list only adds: an empty one says nothing, so that the key goes with its last item.
const ONLY_ADDS: [&str; 8] =
    ["groups", "agents", "deviceLogin", "formerly", "releases", "adopt", "also", "except"];
/// Keys that take a list even of one.
const LISTS: [&str; 4] = ["members", "also", "except", "computers"];
/// Lists of entries at the top.
const ENTRIES: [&str; 3] = ["users", "groups", "exclusions"];

/// A key that a mapping gets, and what it says.
type NewKey = (&'static str, Vec<Said>);

/// Edits of one manifest, by the value that they are about.
pub(super) struct Draft<'p, 't> {
    page: &'p Page<'t>,
    /// Values that become others.
    replaced: BTreeMap<NodeIx, String>,
    /// Items and keys that go, and values that stand alone and go as the only item of a list.
    gone: BTreeSet<NodeIx>,
    /// What lists get, or values that stand alone.
    added: BTreeMap<NodeIx, Vec<Said>>,
    /// What mappings get.
    keys: BTreeMap<NodeIx, Vec<NewKey>>,
    /// Entries that lists get, by their lines.
    entries: BTreeMap<NodeIx, Vec<Vec<String>>>,
    /// Lists of which nothing is left.
    emptied: BTreeSet<NodeIx>,
}

/// A value in a list.
enum Item {
    /// An item.
    Of(NodeIx),
    /// A value that stands alone in the place of a list.
    Lone(NodeIx),
}

impl<'p, 't> Draft<'p, 't> {
    /// Nothing changes yet.
    pub(super) fn new(page: &'p Page<'t>) -> Self {
        Self {
            page,
            replaced: BTreeMap::new(),
            gone: BTreeSet::new(),
            added: BTreeMap::new(),
            keys: BTreeMap::new(),
            entries: BTreeMap::new(),
            emptied: BTreeSet::new(),
        }
    }

    /// Takes one edit in; none if its place is not what it should be.
    pub(super) fn take(&mut self, edit: &TextEdit) -> Option<()> {
        let page = self.page;
        match &edit.change {
            TextChange::Say(said) => {
                let scalar = page.scalar_at(edit.at)?;
                let whole = match self.item(scalar) {
                    Item::Of(item) if page.keys(item).len() == 1 => item,
                    Item::Of(_) | Item::Lone(_) => scalar,
                };
                self.replace(whole, said)?;
            }
            TextChange::TakeOut => {
                let (Item::Of(node) | Item::Lone(node)) = self.item(page.scalar_at(edit.at)?);
                self.gone.insert(node);
            }
            TextChange::DropKey => {
                self.gone.insert(page.key_of(page.scalar_at(edit.at)?)?);
            }
            TextChange::TakeOutEntry => {
                self.gone.insert(page.entry_at(edit.at)?);
            }
            TextChange::Add(key, said) => {
                let entry = page.entry_at(edit.at)?;
                match page.value(entry, key) {
                    Some((_, list)) => self.added.entry(list).or_default().push(said.clone()),
                    None => self.new_key(entry, key, said),
                }
            }
            TextChange::Set(key, said) => {
                let entry = page.entry_at(edit.at)?;
                match page.value(entry, key) {
                    Some((_, value)) => self.replace(value, said)?,
                    None => self.new_key(entry, key, said),
                }
            }
            TextChange::Drop(key) => {
                let entry = page.entry_at(edit.at)?;
                self.gone.extend(page.value(entry, key).map(|(key, _)| key));
            }
        }
        Some(())
    }

    /// Adds entries to a list at the top.
    pub(super) fn append(&mut self, list: &str, entries: &[Vec<String>]) -> Option<()> {
        let list = self.page.block_list(list)?;
        self.entries.entry(list).or_default().extend_from_slice(entries);
        Some(())
    }

    /// The item that a text is, or that it says alone; a key of an entry is none.
    fn item(&self, scalar: NodeIx) -> Item {
        let page = self.page;
        let is_item = |node: NodeIx| page.list_of(node).is_some();
        if is_item(scalar) {
            return Item::Of(scalar);
        }
        let above = page.node(scalar).parent;
        let is_entry = |node: NodeIx| page.list_of(node).is_some_and(|list| ENTRIES[..2].contains(&list));
        match above.filter(|above| is_item(*above) && !is_entry(*above)) {
            Some(above) => Item::Of(above),
            None => Item::Lone(scalar),
        }
    }

    fn new_key(&mut self, entry: NodeIx, key: &'static str, said: &Said) {
        let keys = self.keys.entry(entry).or_default();
        match keys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, all)) => all.push(said.clone()),
            None => keys.push((key, vec![said.clone()])),
        }
    }

    /// Puts a value in the place of another that is no list on lines of its own.
    fn replace(&mut self, node: NodeIx, said: &Said) -> Option<()> {
        let quotes = match self.page.node(node).kind {
            Kind::Scalar(quotes) => quotes,
            Kind::Sequence(Layout::Flow) | Kind::Mapping(Layout::Flow) => Quotes::None,
            Kind::Mapping(Layout::Block) if self.page.keys(node).len() == 1 => Quotes::None,
            Kind::Sequence(Layout::Block) | Kind::Mapping(Layout::Block) => return None,
        };
        self.replaced.insert(node, written(said, quotes, self.layout(node))?);
        Some(())
    }

    /// Whether a node stands in brackets.
    fn layout(&self, node: NodeIx) -> Layout {
        let above = std::iter::successors(self.page.node(node).parent, |at| self.page.node(*at).parent);
        let flow = [Kind::Sequence(Layout::Flow), Kind::Mapping(Layout::Flow)];
        let mut kinds = above.map(|at| self.page.node(at).kind);
        if kinds.any(|kind| flow.contains(&kind)) { Layout::Flow } else { Layout::Block }
    }

    /// The text with all edits made; none if it is laid out in a way that is not known here.
    pub(super) fn text(mut self) -> Option<String> {
        self.forget_what_goes_anyway();
        self.settle_lists()?;
        self.forget_what_goes_anyway();
        splice::text(self.page, self.splices()?)
    }

    /// What stands in something that goes needs no edit of its own.
    fn forget_what_goes_anyway(&mut self) {
        let page = self.page;
        let whole = |node: &NodeIx| {
            let mapping =
                page.node(*node).parent.filter(|above| page.list_of(*node).is_none() && *above != *node);
            let value = mapping.and_then(|above| page.keys(above).into_iter().find(|(key, _)| key == node));
            value.map_or(*node, |(_, value)| value)
        };
        let goes: Vec<(NodeIx, NodeIx)> = self.gone.iter().map(|node| (*node, whole(node))).collect();
        let is_in = |at: NodeIx| {
            goes.iter().any(|(node, whole)| {
                at != *node && (at == *whole || page.is_below(at, *node) || page.is_below(at, *whole))
            })
        };
        self.gone.retain(|at| !is_in(*at));
        self.replaced.retain(|at, _| !is_in(*at));
        self.added.retain(|at, _| !is_in(*at));
        self.keys.retain(|at, _| !is_in(*at) && !goes.iter().any(|(node, _)| node == at));
        self.emptied.retain(|at| !is_in(*at));
    }

    /// What goes and what comes in one list is a replacement; a list of which nothing is left is empty, or goes with its key.
    fn settle_lists(&mut self) -> Option<()> {
        let page = self.page;
        let lists: BTreeSet<NodeIx> = self.gone.iter().filter_map(|node| self.list(*node)).collect();
        for list in lists.into_iter().chain(self.added.keys().copied().collect::<Vec<_>>()) {
            let is_lone = matches!(page.node(list).kind, Kind::Scalar(_));
            let items = if is_lone { vec![list] } else { page.children(list) };
            let mut coming = self.added.remove(&list).unwrap_or_default();
            for item in &items {
                if coming.is_empty() || !self.gone.contains(item) {
                    continue;
                }
                self.gone.remove(item);
                let said = coming.remove(0);
                self.replace(*item, &said)?;
            }
            let is_empty = items.iter().all(|item| self.gone.contains(item));
            if !coming.is_empty() {
                self.added.insert(list, coming);
            } else if is_empty && !items.is_empty() && !self.entries.contains_key(&list) {
                self.empty(list)?;
            }
        }
        Some(())
    }

    /// The list that something which goes is in, or stands for.
    fn list(&self, node: NodeIx) -> Option<NodeIx> {
        if self.page.list_of(node).is_some() {
            return self.page.node(node).parent;
        }
        self.page.key_of(node).map(|_| node)
    }

    fn empty(&mut self, list: NodeIx) -> Option<()> {
        let key = self.page.key_of(list)?;
        let is_at_the_top = self.page.depth(key) == 1;
        self.gone.remove(&list);
        if !is_at_the_top && ONLY_ADDS.contains(&&*self.page.node(key).text) {
            self.gone.insert(key);
        } else {
            self.emptied.insert(list);
        }
        Some(())
    }

    /// The bytes that change.
    fn splices(&self) -> Option<Vec<Splice>> {
        let page = self.page;
        let mut splices = Vec::new();
        for (node, text) in &self.replaced {
            let more = self.added.get(node);
            let text = match more {
                Some(more) => Self::list_in_brackets(text.clone(), more)?,
                None => text.clone(),
            };
            splices.push(Splice::replace(page, *node, text));
        }
        for (node, said) in self.added.iter().filter(|(node, _)| !self.replaced.contains_key(node)) {
            splices.extend(self.addition(*node, said)?);
        }
        for list in &self.emptied {
            splices.extend(splice::emptied(page, *list)?);
        }
        let mut groups: BTreeMap<NodeIx, BTreeSet<NodeIx>> = BTreeMap::new();
        for node in &self.gone {
            let above = page.node(*node).parent?;
            groups.entry(above).or_default().insert(*node);
        }
        for (above, gone) in
            groups.iter().filter(|(above, _)| !splice::is_replaced_whole(page, &self.emptied, **above))
        {
            splices.extend(splice::removal(page, *above, gone)?);
        }
        for (mapping, keys) in &self.keys {
            let lines = keys.iter().map(|(key, said)| self.key_lines(*mapping, key, said));
            let lines: Vec<Vec<String>> = lines.collect::<Option<_>>()?;
            splices.push(splice::keys(page, *mapping, &lines)?);
        }
        for (list, entries) in &self.entries {
            splices.push(splice::items(page, *list, entries)?);
        }
        Some(splices)
    }

    /// How values get into a list, or beside a value that stands alone.
    fn addition(&self, node: NodeIx, said: &[Said]) -> Option<Vec<Splice>> {
        let page = self.page;
        Some(match page.node(node).kind {
            Kind::Scalar(quotes) => {
                let raw = page.text.get(page.node(node).range.clone())?;
                let stays = quotes != Quotes::Block && !(quotes == Quotes::None && raw.contains(IN_BRACKETS));
                let first = if stays {
                    raw.to_owned()
                } else {
                    format!("'{}'", page.node(node).text.replace('\'', "''"))
                };
                vec![Splice::replace(page, node, Self::list_in_brackets(first, said)?)]
            }
            Kind::Sequence(layout) => {
                let neighbour =
                    page.children(node).into_iter().rev().find_map(|it| match page.node(it).kind {
                        Kind::Scalar(quotes) => Some(quotes),
                        Kind::Sequence(_) | Kind::Mapping(_) => None,
                    });
                let quotes = neighbour.unwrap_or(Quotes::None);
                let texts = said.iter().map(|said| written(said, quotes, layout));
                let texts: Vec<String> = texts.collect::<Option<_>>()?;
                match layout {
                    Layout::Flow => splice::in_brackets(page, node, &texts, &self.gone)?,
                    Layout::Block => {
                        let lines: Vec<Vec<String>> = texts.into_iter().map(|text| vec![text]).collect();
                        vec![splice::items(page, node, &lines)?]
                    }
                }
            }
            Kind::Mapping(_) => return None,
        })
    }

    fn list_in_brackets(first: String, more: &[Said]) -> Option<String> {
        let quotes = match first.chars().next() {
            Some('\'') => Quotes::Single,
            Some('"') => Quotes::Double,
            _ => Quotes::None,
        };
        let more = more.iter().map(|said| written(said, quotes, Layout::Flow));
        let all: Vec<String> = std::iter::once(Some(first)).chain(more).collect::<Option<_>>()?;
        Some(format!("[{}]", all.join(", ")))
    }

    /// The lines of a key, in the layout of the entry's other lists.
    fn key_lines(&self, mapping: NodeIx, key: &str, said: &[Said]) -> Option<Vec<String>> {
        let page = self.page;
        let is_flow = page.node(mapping).kind == Kind::Mapping(Layout::Flow);
        let mut lists = page.keys(mapping).into_iter().filter_map(|(_, value)| match page.node(value).kind {
            Kind::Sequence(layout) => Some(layout),
            Kind::Scalar(_) | Kind::Mapping(_) => None,
        });
        let is_list = said.len() > 1 || LISTS.contains(&key);
        let layout = lists.next_back().unwrap_or(if said.len() > 3 { Layout::Block } else { Layout::Flow });
        let within =
            if is_flow || (is_list && layout == Layout::Flow) { Layout::Flow } else { Layout::Block };
        let texts = said.iter().map(|said| written(said, Quotes::None, within));
        let texts: Vec<String> = texts.collect::<Option<_>>()?;
        Some(match (is_list, within) {
            (false, _) => vec![format!("{key}: {}", texts.first()?)],
            (true, Layout::Flow) => vec![format!("{key}: [{}]", texts.join(", "))],
            (true, Layout::Block) => {
                let items = texts.into_iter().map(|text| format!("  - {text}"));
                std::iter::once(format!("{key}:")).chain(items).collect()
            }
        })
    }
}
