//! What do HRDC's columns of one letter say of a user, and the conditions of other exports? `y` in one row and `n` in another is a
//! question, whatever either does.

use crate::diag::{Code, Diagnostic};
use crate::manifest::export::problems::{CORRECT, contradiction, problem, span};
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
    /// Whether `untracked`, `remove` and `erase` of a source mean the user.
    pub(super) untracked: Letter,
    pub(super) remove: Letter,
    pub(super) erase: Letter,
}

impl Letters {
    /// What an entry says against a letter that by itself changes nothing.
    pub(super) fn of_entry(user: &DesiredUser) -> Self {
        let tracking = user.tracking.declared().filter(|tracking| tracking.value == Tracking::Untracked);
        let track = Letter { yes: None, no: tracking.map(|tracking| tracking.origin) };
        Self { track, ..Self::default() }
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.track = self.track.join(other.track);
        self.delete = self.delete.join(other.delete);
        self.untracked = self.untracked.join(other.untracked);
        self.remove = self.remove.join(other.remove);
        self.erase = self.erase.join(other.erase);
    }

    /// What is said both ways, and was not before.
    pub(super) fn contradictions(&self, before: &[Self]) -> impl Iterator<Item = Diagnostic> {
        let new = move |of: fn(&Self) -> Letter| {
            of(self).both().filter(|_| before.iter().all(|letters| of(letters).both().is_none()))
        };
        let letter = move |name, of: fn(&Self) -> Letter| {
            new(of).map(|[yes, no]| {
                let (said, known) = if yes.origin > no.origin { (yes, no) } else { (no, yes) };
                contradiction(name, &said, &known, CORRECT)
            })
        };
        let condition = move |key, of: fn(&Self) -> Letter| new(of).map(|both| of_some_rows(key, both));
        letter("`track`", |letters| letters.track)
            .into_iter()
            .chain(letter("`delete_user`", |letters| letters.delete))
            .chain(condition("untracked", |letters| letters.untracked))
            .chain(condition("remove", |letters| letters.remove))
            .chain(condition("erase", |letters| letters.erase))
    }
}

/// A condition means one row of a user, and not another.
fn of_some_rows(key: &str, [yes, no]: [Located<&'static str>; 2]) -> Diagnostic {
    let message = format!("`{key}` means this row, and not another row of the same user");
    problem(Code::ConflictingRows, yes.origin, message).related(span(no.origin), "not this one").help(
        "correct one of the rows; if it is one person in two positions, say which row counts: `primary: …`",
    )
}
