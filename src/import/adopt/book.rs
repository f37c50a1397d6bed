//! Who is who, and which line says what, in the manifests of one round?

use std::collections::BTreeMap;

use crate::diag::{Source, Sources, Span};
use crate::import::claims::Claims;
use crate::import::references::reference_such;
use crate::manifest::edit::{Said, TextChange};
use crate::model::{
    Desired, DesiredGroup, DesiredUser, GroupName, Key, Located, Observed, ObservedUser, Origin, Phrase,
    Reference, UserId, UserIx, is_temporary,
};
use crate::phrase;

/// The two sides of a plan, and where the first one stands.
pub(super) struct Book<'a> {
    /// What the manifests say.
    pub(super) desired: &'a Desired,
    /// Where they say it.
    pub(super) sources: &'a Sources,
    /// What the account has.
    pub(super) observed: &'a Observed,
    /// Who else holds a value.
    pub(super) claims: &'a Claims<'a>,
    /// What paths of manifests begin with that are edited; nothing where all are.
    pub(super) root: &'a str,
    users: BTreeMap<Origin, usize>,
    groups: BTreeMap<Origin, usize>,
}

/// A place of a manifest.
pub(super) struct Spot<'a> {
    /// The manifest.
    pub(super) source: &'a Source,
    /// The byte in its text.
    pub(super) at: usize,
}

impl<'a> Book<'a> {
    /// Finds entries by their places.
    pub(super) fn new(
        (desired, sources): (&'a Desired, &'a Sources),
        (observed, claims): (&'a Observed, &'a Claims<'a>),
        root: &'a str,
    ) -> Self {
        let users = (0..).zip(&desired.users).map(|(at, user)| (user.origin, at)).collect();
        let groups = (0..).zip(&desired.groups).map(|(at, group)| (group.origin, at)).collect();
        Self { desired, sources, observed, claims, root, users, groups }
    }

    /// The entry of a user that begins at a place.
    pub(super) fn user(&self, origin: Origin) -> Option<&'a DesiredUser> {
        self.users.get(&origin).map(|at| &self.desired.users[*at])
    }

    /// The entry of a group that begins at a place.
    pub(super) fn group(&self, origin: Origin) -> Option<&'a DesiredGroup> {
        self.groups.get(&origin).map(|at| &self.desired.groups[*at])
    }

    /// The record of a number.
    pub(super) fn record(&self, id: UserId) -> Option<(UserIx, &'a ObservedUser)> {
        let ix = self.observed.user_ix(id)?;
        Some((ix, self.observed.user(ix)))
    }

    /// What names a record alone in a list of members, in the way in which most of the list do.
    pub(super) fn reference(&self, ix: UserIx, list: &[Located<Reference>]) -> Option<Said> {
        let alike =
            |one: &Reference, other: &Reference| std::mem::discriminant(one) == std::mem::discriminant(other);
        let many =
            |said: &&Located<Reference>| list.iter().filter(|other| alike(&said.value, &other.value)).count();
        let usual = list.iter().max_by_key(many).map(|said| &said.value);
        let is_usual = |found: &Reference| usual.is_some_and(|usual| alike(usual, found));
        let found = reference_such(self.observed, self.claims, ix, is_usual)?;
        let (text, said) = match &found {
            Reference::Name(name) => (name.as_written().to_owned(), Said::ByName(name.as_written().into())),
            other => (other.to_string(), Said::Identifier(other.to_string().into())),
        };
        (!is_temporary(&text)).then_some(said)
    }

    /// What an entry says of the primary group that a record has: nothing, where a manifest can't name it.
    pub(super) fn primary_group(&self, record: Option<&ObservedUser>) -> TextChange {
        let group = record.and_then(|record| record.primary_group).and_then(|id| self.observed.group_ix(id));
        let name = group.map(|ix| self.observed.group(ix).name.as_written());
        let name = name.filter(|name| GroupName::existing(name).is_ok());
        name.map_or(TextChange::DropKey, |name| TextChange::Say(Said::Name(name.into())))
    }

    /// Whether a reference means a record.
    pub(super) fn means(&self, reference: &Reference, ix: UserIx) -> bool {
        let record = self.observed.user(ix);
        let key = Key::from(reference);
        let name = record.display_name.as_ref().map(|name| Key::Name(name.key()));
        name == Some(key) || record.identifiers().any(|held| Key::from(&held) == key)
    }

    /// The place in a manifest that may be edited.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn spot(&self, origin: Origin) -> Result<Spot<'a>, Phrase> {
        let span = Span::at(origin).ok_or_else(|| phrase!["no line of a manifest says it"])?;
        let source = self.sources.file(span).ok_or_else(|| phrase!["no line of a manifest says it"])?;
        if source.is_table() {
            let path = source.path().to_owned();
            return Err(phrase!["a row of ", path, " says it, and that file is not ours to edit"]);
        }
        if !source.path().starts_with(self.root) {
            let path = source.path().to_owned();
            return Err(phrase![
                path,
                " says it, which stands outside the folder and may be shared by others"
            ]);
        }
        Ok(Spot { source, at: source.range(span).start })
    }
}
