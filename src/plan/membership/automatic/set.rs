//! A set of users, a bit each: what rules are computed with.

/// Positions below a fixed size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) struct Set {
    words: Vec<u64>,
    size: usize,
}

const BITS: usize = u64::BITS as usize;

impl Set {
    /// Nobody, of `size`.
    pub(in crate::plan) fn none(size: usize) -> Self {
        Self { words: vec![0; size.div_ceil(BITS)], size }
    }

    /// Everybody, of `size`.
    pub(in crate::plan) fn all(size: usize) -> Self {
        Self::none(size).not()
    }

    /// How many there could be.
    pub(in crate::plan) fn size(&self) -> usize {
        self.size
    }

    pub(in crate::plan) fn insert(&mut self, at: u32) {
        let at = at as usize;
        self.words[at / BITS] |= 1 << (at % BITS);
    }

    pub(in crate::plan) fn and(mut self, other: &Self) -> Self {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
        self
    }

    pub(in crate::plan) fn or(mut self, other: &Self) -> Self {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
        self
    }

    pub(in crate::plan) fn not(mut self) -> Self {
        self.words.iter_mut().for_each(|word| *word = !*word);
        if let Some(last) = self.words.last_mut().filter(|_| !self.size.is_multiple_of(BITS)) {
            *last &= (1 << (self.size % BITS)) - 1;
        }
        self
    }

    pub(in crate::plan) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Its positions, ascending.
    pub(in crate::plan) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).step_by(BITS).zip(&self.words).flat_map(|(from, word)| {
            let rest = |word: &u64| Some(word & word.wrapping_sub(1)).filter(|rest| *rest != 0);
            let words = std::iter::successors(Some(*word).filter(|word| *word != 0), rest);
            words.map(move |word| from + word.trailing_zeros())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(size: usize, of: &[u32]) -> Set {
        let mut set = Set::none(size);
        for at in of {
            set.insert(*at);
        }
        set
    }

    #[test]
    fn sets_meet_join_and_turn_round_within_their_size() {
        let (one, other) = (set(130, &[0, 63, 64, 129]), set(130, &[63, 100]));
        assert_eq!(one.clone().and(&other), set(130, &[63]));
        assert_eq!(one.clone().or(&other).iter().collect::<Vec<_>>(), [0, 63, 64, 100, 129]);
        assert_eq!(one.clone().not().iter().count(), 126);
        assert_eq!(one.clone().not().not(), one);
        assert!(Set::all(64).not().is_empty());
        assert_eq!(Set::all(3).iter().collect::<Vec<_>>(), [0, 1, 2]);
    }
}
