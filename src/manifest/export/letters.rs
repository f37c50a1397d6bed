//! What do HRDC's columns of one letter say of a user? `y` in one row and `n` in another is a question, whatever either does.

use crate::diag::Diagnostic;
use crate::manifest::export::problems::{CORRECT, contradiction};
use crate::model::{DesiredUser, Located, Origin, Tracking};

/// What one column says of one user, and where first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Letter {
    pub(super) yes: Option<Origin>,
    pub(super) no: Option<Origin>,
}

impl Letter {
    fn join(self, other: Self) -> Self {
        Self { yes: self.yes.or(other.yes), no: self.no.or(other.no) }
    }

    /// Where both are said.
    fn both(self) -> Option<[Located<&'static str>; 2]> {
        Some([Located::new("y", self.yes?), Located::new("n", self.no?)])
    }
}

/// What the columns say of one user.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Letters {
    pub(super) track: Letter,
    pub(super) delete: Letter,
}

impl Letters {
    /// What an entry says against a letter that by itself changes nothing.
    pub(super) fn of_entry(user: &DesiredUser) -> Self {
        let tracking = user.tracking.declared().filter(|tracking| tracking.value == Tracking::Untracked);
        let track = Letter { yes: None, no: tracking.map(|tracking| tracking.origin) };
        Self { track, delete: Letter::default() }
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.track = self.track.join(other.track);
        self.delete = self.delete.join(other.delete);
    }

    /// What is said both ways, and was not before.
    pub(super) fn contradictions(&self, before: &[Self]) -> impl Iterator<Item = Diagnostic> {
        let new = move |name, of: fn(&Self) -> Letter| {
            let both = of(self).both().filter(|_| before.iter().all(|letters| of(letters).both().is_none()));
            both.map(|[yes, no]| {
                let (said, known) = if yes.origin > no.origin { (yes, no) } else { (no, yes) };
                contradiction(name, &said, &known, CORRECT)
            })
        };
        new("`track`", |letters| letters.track)
            .into_iter()
            .chain(new("`delete_user`", |letters| letters.delete))
    }
}
