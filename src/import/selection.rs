//! What would manifests say of a part of an account, besides what they say already?

use std::collections::BTreeMap;

use crate::import::choices::{Choices, HrGroups, PrimaryGroups};
use crate::import::claims::{Claims, claimed};
use crate::import::exclusions::{self, Standing};
use crate::import::groups::Groups;
use crate::import::unsaid::{Kind, Unsaid};
use crate::import::users::Users;
use crate::manifest::{EmitError, Entries, emit_entries};
use crate::model::{
    Belonging, Desired, DesiredExclusion, DesiredGroup, DesiredUser, GroupIx, Identifier, Key, Located,
    Managed, Members, Observed, Origin, Phrase, Piece, Tracking, UserIx, UserLabel,
};

/// How much an entry says of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All that the account has and a manifest can say.
    Whole,
    /// An identifier that says who it is, and that nobody is to track them.
    Untrack,
}

/// Entries of a part of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    users: Vec<DesiredUser>,
    groups: Vec<DesiredGroup>,
    exclusions: Vec<DesiredExclusion>,
    /// What is not among them because an entry is there already, and where.
    pub declared: Vec<(Origin, Phrase)>,
    /// What no entry says.
    pub unsaid: Vec<Unsaid>,
}

/// Both choices as `rollcall import` has them where nobody says otherwise.
const CHOICES: Choices = Choices { hr: HrGroups::Declare, primary: PrimaryGroups::Write };

impl Selection {
    /// Entries of users.
    pub fn of_users(
        (observed, listed): (&Observed, &[UserIx]),
        desired: Option<&Desired>,
        extent: Extent,
    ) -> Self {
        let claims = Claims::of(observed);
        let all = Users {
            observed,
            claims: &claims,
            belonging: Belonging::of(observed),
            standing: Standing::of(observed),
            primary: CHOICES.primary,
        };
        let identifiers: Vec<(Identifier, Origin)> = desired.map(declared_identifiers).unwrap_or_default();
        let mut declared: BTreeMap<Key<'_>, Origin> =
            identifiers.iter().map(|(identifier, origin)| (claimed(identifier), *origin)).collect();
        declared.extend(desired.into_iter().flat_map(declared_names));
        let mut selection = Self::default();
        for ix in listed {
            let record = observed.user(*ix);
            let by_name = || declared.get(&Key::Name(record.display_name.as_ref()?.key())).copied();
            let entry = record.identifiers().find_map(|held| declared.get(&claimed(&held)).copied());
            let entry = entry.or_else(by_name);
            if let Some(origin) = entry {
                selection.declared.push((origin, Phrase(vec![UserLabel::of(record).into()])));
                continue;
            }
            let (entry, unsaid) = all.entry(*ix);
            match extent {
                Extent::Whole => {
                    selection.users.extend(entry);
                    selection.unsaid.extend(unsaid);
                }
                Extent::Untrack => {
                    // Of the rest nothing is said, and so nothing of it is missing.
                    selection.unsaid.extend(unsaid.into_iter().filter(|it| it.kind == Kind::User));
                    selection.users.extend(entry.map(untracked));
                }
            }
        }
        selection
    }

    /// Entries of groups.
    pub fn of_groups((observed, listed): (&Observed, &[GroupIx]), desired: Option<&Desired>) -> Self {
        let claims = Claims::of(observed);
        let groups = desired.iter().flat_map(|desired| &desired.groups);
        let declared: BTreeMap<&str, Origin> = groups
            .flat_map(|group| std::iter::once(&group.name).chain(&group.formerly))
            .map(|name| (name.value.key(), name.origin))
            .collect();
        let mut selection = Self::default();
        let mut undeclared = Vec::new();
        for ix in listed {
            let name = &observed.group(*ix).name;
            match declared.get(name.key()) {
                Some(origin) => selection.declared.push((*origin, Phrase(vec![Piece::plain(name)]))),
                None => undeclared.push(*ix),
            }
        }
        let groups = Groups::new(observed, &claims, CHOICES.hr).entries(&undeclared, &mut selection.unsaid);
        selection.groups = groups.into_iter().map(|(_, group)| group).collect();
        selection
    }

    /// Entries of global Do Not Track rules.
    pub fn of_exclusions(observed: &Observed, desired: Option<&Desired>) -> Self {
        let mut selection = Self::default();
        let entries = exclusions::entries(observed, &mut selection.unsaid);
        for entry in entries {
            let rules = desired.iter().flat_map(|desired| &desired.exclusions);
            match rules.map(|rule| &rule.login).find(|login| login.value == entry.login.value) {
                Some(login) => {
                    let what = Phrase(vec![Piece::personal(&login.value)]);
                    selection.declared.push((login.origin, what));
                }
                None => selection.exclusions.push(entry),
            }
        }
        selection
    }

    /// Whether there is no entry to write.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty() && self.exclusions.is_empty()
    }

    /// The entries, in a manifest of their own.
    ///
    /// # Errors
    /// What the YAML writer refuses.
    pub fn text(&self) -> Result<String, EmitError> {
        emit_entries(&Entries {
            users: self.users.iter().collect(),
            groups: self.groups.iter().collect(),
            exclusions: self.exclusions.iter().collect(),
        })
    }
}

/// Users with an entry. Who is in rows of exports alone has none yet.
fn with_entry(desired: &Desired) -> impl Iterator<Item = &DesiredUser> {
    desired.users.iter().filter(|user| user.row != Some(user.origin))
}

/// Every identifier by which a record is known as a user of the manifests, and the entry.
fn declared_identifiers(desired: &Desired) -> Vec<(Identifier, Origin)> {
    let of_user = |user| DesiredUser::known_by(user).map(|said| (said.value, user.origin));
    with_entry(desired).flat_map(of_user).collect()
}

/// Every display name by which alone a record is known as a user of the manifests, and the entry.
fn declared_names(desired: &Desired) -> impl Iterator<Item = (Key<'_>, Origin)> {
    with_entry(desired).filter_map(|user| Some((Key::Name(user.known_by_name()?.value.key()), user.origin)))
}

/// The same user by identifiers of one kind, and untracked.
fn untracked(entry: DesiredUser) -> DesiredUser {
    let mut user = DesiredUser::new(entry.origin);
    if entry.employee_ids != Members::Leave {
        user.employee_ids = entry.employee_ids;
    } else if entry.upns != Members::Leave {
        user.upns = entry.upns;
    } else if entry.emails != Members::Leave {
        user.emails = entry.emails;
    } else {
        user.device_logins = entry.device_logins;
    }
    user.tracking = Managed::Set(Located::unplaced(Tracking::Untracked));
    user
}
