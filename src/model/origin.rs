//! Where a fact was said, as an opaque number.

use std::hash::{Hash, Hasher};

/// The place a manifest says something, opaque to everything but `diag`, which resolves it to file, line and column.
///
/// It is the byte offset of the place in all sources laid end to end, files sorted by path; [`Origin::NONE`] marks what
/// no manifest says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(u32);

impl Origin {
    /// Said by no manifest: a policy's default, or the account itself.
    pub const NONE: Self = Self(u32::MAX);

    /// The origin at a byte offset in all sources laid end to end.
    pub const fn at(offset: u32) -> Self {
        Self(offset)
    }

    /// The byte offset, unless nothing said it.
    pub fn offset(self) -> Option<u32> {
        (self != Self::NONE).then_some(self.0)
    }
}

impl Default for Origin {
    fn default() -> Self {
        Self::NONE
    }
}

/// A value and where it was said. Equality, order and hash see the value only, so moving a line changes no plan.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// What was said.
    pub value: T,
    /// Where.
    pub origin: Origin,
}

impl<T> Located<T> {
    /// A value said at `origin`.
    pub const fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// A value that no file says.
    pub const fn unplaced(value: T) -> Self {
        Self::new(value, Origin::NONE)
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: f(self.value), origin: self.origin }
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Located<T> {}

impl<T: PartialOrd> PartialOrd for Located<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: Ord> Ord for Located<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}

impl<T: Hash> Hash for Located<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_does_not_count_in_equality() {
        assert_eq!(Located::new(1, Origin::at(3)), Located::new(1, Origin::NONE));
        assert_ne!(Located::new(1, Origin::at(3)), Located::new(2, Origin::at(3)));
    }
}
