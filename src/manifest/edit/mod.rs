//! How does a manifest come to say something else, while every other byte of it stays? Values, items, keys and entries are changed
//! in its text, in the style of what stands beside them.
//!
//! `page` knows the whole extent of each value, `words` how a value is written, `draft` what becomes of which list and mapping,
//! and `splice` which bytes that are.

mod change;
mod draft;
mod page;
mod splice;
#[cfg(test)]
mod tests;
mod words;

pub use crate::manifest::edit::change::{TextChange, TextEdit};
use crate::manifest::edit::draft::Draft;
use crate::manifest::edit::page::Page;
pub use crate::manifest::edit::words::Said;

/// The text with all edits made.
///
/// # Errors
/// The positions of edits that can't be made, because the text is laid out in a way that is not known here.
pub fn edited(text: &str, edits: &[TextEdit]) -> Result<String, Vec<usize>> {
    let all = || (0..edits.len()).collect();
    let page = Page::of(text).ok_or_else(all)?;
    let mut draft = Draft::new(&page);
    let taken: Vec<Option<()>> = edits.iter().map(|edit| draft.take(edit)).collect();
    let stuck: Vec<usize> = (0..).zip(&taken).filter(|(_, taken)| taken.is_none()).map(|it| it.0).collect();
    if !stuck.is_empty() {
        return Err(stuck);
    }
    draft.text().ok_or_else(all)
}

/// The text with entries added to a list at its top, each given by its lines; none where that list does not stand on lines of its
/// own, or there is none.
pub fn appended(text: &str, list: &str, entries: &[Vec<String>]) -> Option<String> {
    let page = Page::of(text)?;
    let mut draft = Draft::new(&page);
    draft.append(list, entries)?;
    draft.text()
}

/// How many entries a list at the top has; none where it does not stand on lines of its own.
pub fn entries_of(text: &str, list: &str) -> Option<usize> {
    let page = Page::of(text)?;
    let list = page.block_list(list)?;
    Some(page.children(list).len())
}
