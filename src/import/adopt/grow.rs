//! Which of many can be taken together, if not all can?

/// What was taken, and what could not be.
pub(super) struct Grown<T, S, E> {
    /// Those that were taken.
    pub(super) good: Vec<T>,
    /// What came of them; none if nothing was tried, or nothing could be taken.
    pub(super) best: Option<S>,
    /// Those that could not be, each with why.
    pub(super) refused: Vec<(T, E)>,
}

/// Takes as many as go together beside those that are taken already, by halves: few are refused, so few tries are needed.
pub(super) fn grow<T: Clone, S, E>(
    mut good: Vec<T>,
    all: Vec<T>,
    mut attempt: impl FnMut(&[T]) -> Result<S, E>,
) -> Grown<T, S, E> {
    let (mut best, mut refused) = (None, Vec::new());
    let mut pending = vec![all];
    while let Some(some) = pending.pop() {
        if some.is_empty() {
            continue;
        }
        let mut together: Vec<T> = good.clone();
        together.extend(some.iter().cloned());
        match attempt(&together) {
            Ok(done) => {
                best = Some(done);
                good = together;
            }
            Err(why) if some.len() == 1 => refused.extend(some.into_iter().zip([why])),
            Err(_) => {
                let (first, second) = some.split_at(some.len() / 2);
                pending.push(second.to_vec());
                pending.push(first.to_vec());
            }
        }
    }
    Grown { good, best, refused }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_those_that_do_not_go_are_taken() {
        let mut tries = 0;
        let grown = grow(Vec::new(), (1..=64).collect(), |some: &[u32]| {
            tries += 1;
            some.iter().find(|it| **it % 30 == 0).map_or(Ok(some.len()), |it| Err(*it))
        });
        assert_eq!((grown.best, grown.refused), (Some(62), vec![(30, 30), (60, 60)]));
        assert!(tries < 30, "{tries}");
        assert!(grow(Vec::new(), Vec::new(), |_: &[u32]| Err::<(), ()>(())).best.is_none());
    }
}
