//! What of what was written does not leave the account as it is, and so is left out?

use std::path::Path;

use crate::import::check::Objection;
use crate::import::imported::Imported;
use crate::import::place::{File, Place};
use crate::import::unsaid::{Kind, Unsaid};
use crate::model::{Observed, Phrase, Piece, UserLabel};
use crate::phrase;

impl Imported {
    /// Leaves out what is objected to, and lists why.
    ///
    /// # Errors
    /// The objections that are about no entry.
    pub fn leave_out(
        &mut self,
        observed: &Observed,
        files: &[(File, String)],
        objections: Vec<Objection>,
    ) -> Result<(), Vec<Phrase>> {
        let (mut strange, mut gone) = (Vec::new(), Vec::new());
        for Objection { place, why } in objections {
            let entry = place.and_then(|(path, line)| {
                // `users/groups.yaml` ends like `groups.yaml`.
                let named = files.iter().filter(|(file, _)| Path::new(&*path).ends_with(&*file.path));
                let (file, text) = named.max_by_key(|(file, _)| file.path.len())?;
                file.entry_at(text, line)
            });
            match entry {
                Some(entry) => gone.push((entry, why)),
                None => strange.push(why),
            }
        }
        if !strange.is_empty() || gone.is_empty() {
            return Err(strange);
        }
        gone.sort();
        gone.dedup_by_key(|(entry, _)| *entry);
        let mut unsaid = Vec::with_capacity(gone.len());
        for (entry, why) in &gone {
            let (kind, what) = self.named(observed, *entry);
            let what = phrase![what, " would not be left as it is, so nothing is said of it: "];
            unsaid.push(Unsaid::new(kind, what.joined(why.clone())));
        }
        for (entry, _) in gone.into_iter().rev() {
            match entry {
                Place::User(at) => drop(self.users.remove(at)),
                Place::Group(at) => drop(self.groups.remove(at)),
                Place::Exclusion(at) => drop(self.exclusions.remove(at)),
            }
        }
        self.say(unsaid);
        Ok(())
    }

    /// What an entry is about.
    fn named(&self, observed: &Observed, entry: Place) -> (Kind, Piece) {
        match entry {
            Place::User(at) => (Kind::User, UserLabel::of(observed.user(self.users[at].0)).into()),
            Place::Group(at) => (Kind::Group, Piece::plain(&self.groups[at].1.name.value)),
            Place::Exclusion(at) => (Kind::Exclusion, Piece::personal(&self.exclusions[at].login.value)),
        }
    }
}
