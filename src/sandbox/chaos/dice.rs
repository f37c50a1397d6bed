//! What does a seed decide? The same, whenever it is asked about the same thing.

use sha2::{Digest, Sha256};

/// Numbers that look random and follow from what they were made of: `SplitMix64` (<https://prng.di.unimi.it/splitmix64.c>).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice of a seed for a matter.
    pub(crate) fn of(seed: u64, matter: &[&[u8]]) -> Dice {
        let mut hash = Sha256::new().chain_update(seed.to_le_bytes());
        for part in matter {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut start = [0; 8];
        start.copy_from_slice(&hash.finalize()[..8]);
        Dice(u64::from_le_bytes(start))
    }

    /// The next number.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `count`; 0 if that is 0.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % (count.max(1) as u64)).unwrap_or(0)
    }

    /// Whether something happens that happens once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub(crate) fn pick<T: Copy, const N: usize>(&mut self, from: [T; N]) -> T {
        const { assert!(N > 0) }
        from[self.below(N)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_matter_gives_the_same_numbers_and_another_gives_others() {
        let numbers = |seed, matter: &[&[u8]]| {
            let mut dice = Dice::of(seed, matter);
            [0; 4].map(|_: u8| dice.below(1000))
        };
        assert_eq!(numbers(7, &[b"GET", b"/a"]), numbers(7, &[b"GET", b"/a"]));
        assert_ne!(numbers(7, &[b"GET", b"/a"]), numbers(8, &[b"GET", b"/a"]));
        assert_ne!(numbers(7, &[b"GET", b"/a"]), numbers(7, &[b"GET/", b"a"]));
    }

    #[test]
    fn what_happens_once_in_four_times_does() {
        let mut dice = Dice::of(1, &[]);
        let happened = (0..4000).filter(|_| dice.once_in(4)).count();
        assert!((900..1100).contains(&happened), "{happened}");
    }
}
