//! What is taken over of an account?

use std::borrow::Cow;

use rayon::prelude::*;

use crate::import::choices::Choices;
use crate::import::claims::Claims;
use crate::import::exclusions::{self, Standing};
use crate::import::groups::{self, Groups};
use crate::import::unsaid::{Kind, Unsaid, parted};
use crate::import::users::Users;
use crate::model::{
    Belonging, DesiredExclusion, DesiredGroup, DesiredUser, GroupIx, Observed, Piece, Topic, UserIx,
};
use crate::phrase;

/// Of primary groups.
const CHOSEN: &str = "no API says whether somebody chose them; they are written as if (`--primary-groups leave` leaves them to the account)";
/// Of emails that nobody wrote.
const AUTOMATIC: &str = "they count only where they are written";
/// Of agents.
const AGENTS: &str = "they come and go by themselves; write `agents` where one is to be another user's";

/// What manifests say of an account, and what they don't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Entries of users, sorted by name.
    pub users: Vec<(UserIx, DesiredUser)>,
    /// Entries of groups, sorted by name.
    pub groups: Vec<(GroupIx, DesiredGroup)>,
    /// Entries of exclusions, sorted.
    pub exclusions: Vec<DesiredExclusion>,
    /// What no entry says, sorted by kind.
    pub unsaid: Vec<Unsaid>,
}

impl Imported {
    /// Takes over all that manifests can say.
    pub fn of(observed: &Observed, choices: Choices) -> Self {
        let claims = Claims::of(observed);
        let mut unsaid = Vec::new();
        let users = users(observed, &claims, choices, &mut unsaid);
        let groups =
            Groups::new(observed, &claims, choices.hr).entries(&groups::by_name(observed), &mut unsaid);
        let exclusions = exclusions::entries(observed, &mut unsaid);
        let mut imported = Self { users, groups, exclusions, unsaid };
        imported.summed(observed);
        imported
    }

    /// Whether nothing is taken over.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty() && self.exclusions.is_empty()
    }

    /// What is said of the account as a whole, or of many things at once.
    fn summed(&mut self, observed: &Observed) {
        self.unsaid.extend(hidden(observed));
        let chosen = self.users.iter().filter(|(_, user)| user.primary_group.declared().is_some()).count();
        let automatic = self.users.iter().map(|(ix, user)| left_emails(observed, *ix, user)).sum();
        let agents = observed.users.iter().map(|user| user.agents.len()).sum();
        for (kind, count, what, why) in [
            (Kind::PrimaryGroups, chosen, "primary groups of users in several groups", CHOSEN),
            (
                Kind::AutomaticEmails,
                automatic,
                "emails that the account made of agents or detected",
                AUTOMATIC,
            ),
            (Kind::Agents, agents, "agents", AGENTS),
        ] {
            if count > 0 {
                self.unsaid.push(Unsaid::new(kind, phrase![what, format!(" ({count}): "), why]));
            }
        }
        self.sort();
    }

    /// Adds what is not said.
    pub fn say(&mut self, unsaid: impl IntoIterator<Item = Unsaid>) {
        self.unsaid.extend(unsaid);
        self.sort();
    }

    /// By kind; within one, as it was found.
    fn sort(&mut self) {
        self.unsaid.sort_by_key(|unsaid| unsaid.kind);
    }
}

/// What the keys don't show.
pub fn hidden(observed: &Observed) -> impl Iterator<Item = Unsaid> + '_ {
    Topic::ALL.into_iter().filter(|topic| is_taken_over(*topic)).filter_map(|topic| {
        // What has no place in the account is nothing that it has.
        let reach = &observed.reach;
        let family = Piece::plain(&reach.hidden(topic).filter(|_| reach.absent(topic).is_none())?);
        let what = phrase!["not seen: ", topic.subject(), " (the ", family, " is closed to these keys)"];
        Some(Unsaid::new(Kind::Hidden, what))
    })
}

/// The entries of all users, sorted by name.
fn users(
    observed: &Observed,
    claims: &Claims<'_>,
    choices: Choices,
    unsaid: &mut Vec<Unsaid>,
) -> Vec<(UserIx, DesiredUser)> {
    let all = Users {
        observed,
        claims,
        belonging: Belonging::of(observed),
        standing: Standing::of(observed),
        primary: choices.primary,
    };
    let made = by_name(observed).into_par_iter().map(|ix| (ix, all.entry(ix))).collect();
    parted(made, unsaid)
}

/// The order of entries: as people look for somebody, and the same as long as nobody is renamed.
fn by_name(observed: &Observed) -> Vec<UserIx> {
    let name = |ix: UserIx| {
        let user = observed.user(ix);
        let name = user.display_name.as_ref().map(|name| Cow::Borrowed(name.key()));
        name.or_else(|| user.display_id().map(|id| Cow::Owned(id.to_lowercase()))).unwrap_or_default()
    };
    let count = u32::try_from(observed.users.len()).unwrap_or(u32::MAX);
    let mut named: Vec<_> = (0..count).into_par_iter().map(UserIx).map(|ix| (name(ix), ix)).collect();
    named.par_sort_unstable();
    named.into_iter().map(|(_, ix)| ix).collect()
}

/// Emails of a record that its entry does not list although it could.
fn left_emails(observed: &Observed, ix: UserIx, user: &DesiredUser) -> usize {
    let record = observed.user(ix);
    let automatic = record.emails.iter().filter(|held| record.is_automatic(&held.email));
    automatic.filter(|held| !user.emails.listed().iter().any(|said| said.value == held.email)).count()
}

/// Whether a topic is a part of what import takes over.
fn is_taken_over(topic: Topic) -> bool {
    !matches!(
        topic,
        Topic::UsersWithoutEmail | Topic::Writers | Topic::Agents | Topic::History | Topic::Removal
    )
}
