//! What do manifests say that the account has no place for? It is meant for another account, and is left out of this one.
//!
//! One set of people may serve several accounts, of which each takes what it has. What is left out is told in one line a topic.
//! Identifiers stay: entries are known by them, whatever the account shows. They are just never compared (`edits`).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    DeclaredSource, Desired, DesiredGroup, DesiredUser, GroupState, IdentifierKind, Located, Managed,
    Members, Must, Origin, Reach, Requirement, Topic,
};
use crate::phrase;
use crate::plan::findings::Findings;

/// The manifests without what the account has no place for, and what is said of it. Where there is nothing of that, nothing is
/// copied.
pub(super) fn left_out<'a>(desired: &'a Desired, reach: &Reach) -> (Cow<'a, Desired>, Findings) {
    if has_place_for_all(desired, reach) {
        return (Cow::Borrowed(desired), Findings::default());
    }
    let mut tally = Tally { reach, said: BTreeMap::new() };
    let mut placed = desired.clone();
    for user in &mut placed.users {
        tally.user(user);
    }
    tally.groups(&mut placed);
    if tally.has_none(Topic::Tracking) {
        for rule in std::mem::take(&mut placed.tracking) {
            tally.count(Topic::Tracking, 1, rule.origin);
        }
    }
    for required in &desired.policy.require {
        if let Some(topic) = state_of(&required.value.must).filter(|topic| tally.has_none(*topic)) {
            tally.count(topic, 1, required.origin);
        }
    }
    if tally.has_none(Topic::Exclusions) {
        for exclusion in std::mem::take(&mut placed.exclusions) {
            tally.count(Topic::Exclusions, 1, exclusion.login.origin);
        }
    }
    (Cow::Owned(placed), tally.told())
}

/// The part of the account that holds the state which a requirement asks for, if it asks for one.
const fn state_of(must: &Must) -> Option<Topic> {
    match must {
        Must::Track { .. } => Some(Topic::Tracking),
        Must::LogIn { .. } => Some(Topic::Activation),
        Must::Join { .. } | Must::Within { .. } | Must::MatchSomeone => None,
    }
}

/// Whether the account has a place for whatever is said. What a platform has or has not is looked for in what is said: most
/// accounts lack some of it, and most manifests say none.
fn has_place_for_all(desired: &Desired, reach: &Reach) -> bool {
    let absent = |topic: &Topic| reach.absent(*topic).is_some();
    let described = |group: &DesiredGroup| group.description.declared().is_some();
    let has_status = |user: &DesiredUser| user.status.declared().is_some();
    Topic::ALL.into_iter().filter(absent).all(|topic| match topic {
        Topic::Descriptions => !desired.groups.iter().any(described),
        Topic::GroupRules => !desired.groups.iter().any(|group| group.fills_itself().is_some()),
        Topic::Activation => {
            let asks = |it: &Located<Requirement>| state_of(&it.value.must) == Some(topic);
            !desired.users.iter().any(has_status) && !desired.policy.require.iter().any(asks)
        }
        Topic::UserFields | Topic::Branches | Topic::Enrollments | Topic::Addresses => {
            !desired.groups.iter().any(|group| asks_for(group, topic))
        }
        _ => false,
    })
}

/// Whether the rule of a group looks at a part of the account.
fn asks_for(group: &DesiredGroup, topic: Topic) -> bool {
    let mut asks = false;
    let rule = group.automatic.as_ref().and_then(|automatic| automatic.rule.as_ref());
    if let Some(rule) = rule {
        rule.value.subjects(&mut |subject| asks |= subject.topic() == Some(topic));
    }
    asks
}

/// How often something is said, and where first.
struct Tally<'r> {
    reach: &'r Reach,
    said: BTreeMap<Topic, (usize, Origin)>,
}

impl Tally<'_> {
    fn has_none(&self, topic: Topic) -> bool {
        self.reach.absent(topic).is_some()
    }

    fn count(&mut self, topic: Topic, times: usize, origin: Origin) {
        if times == 0 {
            return;
        }
        let (count, first) = self.said.entry(topic).or_insert((0, origin));
        *count += times;
        *first = (*first).min(origin);
    }

    /// Takes out of an entry what has no place, but for its identifiers.
    fn user(&mut self, user: &mut DesiredUser) {
        if self.has_none(Topic::Tracking)
            && let Managed::Set(said) = std::mem::take(&mut user.tracking)
        {
            self.count(Topic::Tracking, 1, said.origin);
            user.untracked_by = None;
        }
        if self.has_none(Topic::Activation)
            && let Managed::Set(said) = std::mem::take(&mut user.status)
        {
            self.count(Topic::Activation, 1, said.origin);
        }
        if self.has_none(Topic::Agents) {
            let agents = std::mem::take(&mut user.agents);
            self.count(Topic::Agents, agents.len(), agents.first().map_or(user.origin, |it| it.origin));
        }
        if self.has_none(Topic::PrimaryGroups)
            && let Managed::Set(group) = std::mem::take(&mut user.primary_group)
        {
            self.count(Topic::PrimaryGroups, 1, group.origin);
        }
        if self.has_none(Topic::Writers) {
            let adopted = std::mem::take(&mut user.adopt);
            self.count(Topic::Writers, adopted.len(), adopted.first().map_or(user.origin, |it| it.origin));
        }
        for kind in IdentifierKind::ALL {
            let said = user.identifiers().filter(|said| said.value.kind() == kind);
            let origins: Vec<Origin> = said.map(|said| said.origin).collect();
            // Where one is shown, it is the only one that a user has.
            let kept = usize::from(!self.has_none(Topic::of(kind)));
            let beyond = origins.get(kept..).unwrap_or_default();
            if let Some(first) = beyond.first() {
                self.count(Topic::of(kind), beyond.len(), *first);
            }
        }
    }

    /// Takes out groups of sources that have no place, and computers; who names such a group does not name it any more.
    fn groups(&mut self, placed: &mut Desired) {
        let mut gone: BTreeSet<Box<str>> = BTreeSet::new();
        placed.groups.retain(|group| {
            let topic = match group.source {
                Some(DeclaredSource::Hr) => Topic::HrGroups,
                Some(DeclaredSource::Scim) => Topic::ScimGroups,
                Some(DeclaredSource::App) | None => return true,
            };
            if !self.has_none(topic) {
                return true;
            }
            // One that is not to be there is not.
            self.count(topic, usize::from(group.state == GroupState::Present), group.origin);
            gone.insert(group.name.value.key().into());
            false
        });
        for user in &mut placed.users {
            user.groups.retain(|group| !gone.contains(group.value.key()));
        }
        if self.has_none(Topic::HrGroups) {
            placed.leave_out.clear();
        }
        placed.groups.iter_mut().for_each(|group| {
            self.computed_here(group);
            self.undecided(group);
        });
        if self.has_none(Topic::Descriptions) {
            for group in &mut placed.groups {
                if let Managed::Set(said) = std::mem::take(&mut group.description) {
                    self.count(Topic::Descriptions, 1, said.origin);
                }
            }
        }
        if self.has_none(Topic::Computers) {
            for group in &mut placed.groups {
                let computers = std::mem::replace(&mut group.computers, Members::Leave);
                self.count(Topic::Computers, computers.listed().len(), group.origin);
            }
        }
    }

    /// Lets a group hold whom Rollcall puts in where no group fills itself. An email is an identifier there.
    fn computed_here(&mut self, group: &mut DesiredGroup) {
        if !self.has_none(Topic::GroupRules) {
            return;
        }
        let Some(origin) = group.fills_itself() else { return };
        // One that is not to be there is not filled by anybody.
        self.count(Topic::GroupRules, usize::from(group.state == GroupState::Present), origin);
        group.population = Managed::Leave;
        if let Some(rule) = group.automatic.as_mut().and_then(|automatic| automatic.rule.as_mut()) {
            rule.value.look_at_emails();
        }
    }

    /// Takes out a rule that looks at what has no place. Nobody can tell who matches, so nobody enters by it and nobody leaves.
    fn undecided(&mut self, group: &mut DesiredGroup) {
        // Whom the account puts in is none of what is computed here.
        if group.fills_itself().is_some() {
            return;
        }
        let Some(automatic) = &mut group.automatic else { return };
        let Some(rule) = &automatic.rule else { return };
        let mut absent = Vec::new();
        rule.value.subjects(&mut |subject| {
            absent.extend(subject.topic().filter(|topic| self.reach.absent(*topic).is_some()));
        });
        // A rule over identifiers is decided by what entries say of them.
        absent.retain(|topic| topic.is_of_platform());
        if absent.is_empty() {
            return;
        }
        for topic in absent {
            self.count(topic, 1, rule.origin);
        }
        automatic.rule = None;
        let members = std::mem::replace(&mut group.members, Members::Leave);
        let also = std::mem::take(&mut automatic.also);
        group.members = Members::AtLeast(members.listed().iter().cloned().chain(also).collect());
        if automatic.of.is_empty() {
            group.automatic = None;
        }
    }

    fn told(mut self) -> Findings {
        let mut findings = Findings::default();
        for (topic, (count, origin)) in std::mem::take(&mut self.said) {
            let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
            let (family, subject) = (self.reach.users(), topic.subject());
            let has = if self.has_none(topic) {
                format!("the {} has no place for {subject}", family.account())
            } else {
                format!("the {family} has one username a user, and no place for other {subject}")
            };
            let said = match topic {
                Topic::UserFields | Topic::Branches | Topic::Enrollments => {
                    format!("asked for {times}, and nobody enters or leaves a group by it")
                }
                Topic::GroupRules => format!("asked for {times}, and who belongs to one is computed here"),
                _ => format!("said {times}, and left out"),
            };
            findings.notice(origin, phrase![format!("{has}: {said}")]);
        }
        findings
    }
}
