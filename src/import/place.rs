//! Where does an entry stand in what was written?

/// A file of entries of one kind, by their places in `Imported`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path below the folder, with `/`.
    pub path: Box<str>,
    /// Its entries, in order.
    pub entries: Vec<Place>,
}

/// An entry, by its kind and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In `Imported::users`.
    User(usize),
    /// In `Imported::groups`.
    Group(usize),
    /// In `Imported::exclusions`.
    Exclusion(usize),
}

/// How an entry of a list begins, as manifests are written here.
const ENTRY: &str = "  - ";

impl File {
    /// The entry that a line of its text belongs to.
    pub(super) fn entry_at(&self, text: &str, line: usize) -> Option<Place> {
        let before = text.lines().take(line).filter(|line| line.starts_with(ENTRY)).count();
        self.entries.get(before.checked_sub(1)?).copied()
    }

    /// How many entries of each kind it has: users, groups, exclusions.
    pub fn counts(&self) -> [usize; 3] {
        let of = |is: fn(&Place) -> bool| self.entries.iter().filter(|place| is(place)).count();
        [
            of(|place| matches!(place, Place::User(_))),
            of(|place| matches!(place, Place::Group(_))),
            of(|place| matches!(place, Place::Exclusion(_))),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_belongs_to_the_entry_above_it() {
        let file = File { path: "groups.yaml".into(), entries: vec![Place::Group(4), Place::Group(7)] };
        let text = "groups:\n  - name: A\n    members:\n      - E1\n  - name: B\n";
        assert_eq!(file.entry_at(text, 1), None);
        assert_eq!(file.entry_at(text, 4), Some(Place::Group(4)));
        assert_eq!(file.entry_at(text, 5), Some(Place::Group(7)));
    }
}
