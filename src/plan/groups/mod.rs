//! Groups of the app and of the identity provider: created, renamed, filled and emptied; those of the app deleted, too. What
//! other sources own is never written.

mod computers;
mod near;
mod several;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Act, Cause, ChangeId, DeclaredSource, Delta, Description, DesiredGroup, Field, GroupIx, GroupName,
    GroupRef, GroupSource, GroupState, Keeper, Located, Members, NewGroup, Object, ObservedGroup, Origin,
    Phrase, Piece, Severity, Sizes, StepId, UserRef, Verb,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::deletion;
use crate::plan::draft::Draft;
use crate::plan::fact::{declared_fact, describing};
use crate::plan::groups::near::Near;
use crate::plan::hr::planned::HrDeclared;
use crate::plan::membership::sought::{Sought, sought};
use crate::plan::membership::unmatched::doubt;
use crate::plan::membership::unseen;
use crate::plan::membership::wanted::{Move, Moves, Named, Naming, Wanted, moves, naming};
use crate::plan::people::People;
use crate::plan::phase::PhaseKind;
use crate::plan::resolve::groups::{GroupFit, GroupFits, source_of, source_word};

/// Drafts every app group and answers what is declared of HR groups, sorted by name.
pub(super) fn draft<'a>(people: &People<'a>, draft: &mut Draft) -> Vec<HrDeclared<'a>> {
    let fits = GroupFits::new(people.desired, people.observed);
    let order = fits.order();
    let naming = naming(people);
    let sought = sought(people, &fits, &naming, &mut draft.findings);
    let mut sought: Vec<Option<Sought<'a>>> = sought.into_iter().map(Some).collect();
    let mut groups = Groups {
        people,
        fits,
        naming: &naming,
        freed: BTreeMap::new(),
        near: OnceCell::new(),
        draft,
        hr: Vec::new(),
    };
    for at in order {
        if let Some(sought) = sought[at].take() {
            groups.declared(at, sought);
        }
    }
    groups.named_only();
    groups.hr
}

struct Groups<'d, 'a> {
    people: &'d People<'a>,
    fits: GroupFits<'a>,
    naming: &'d Naming<'a>,
    /// The step that renames a group, and so frees its name.
    freed: BTreeMap<GroupIx, StepId>,
    /// What a new group may be mixed up with, once there is one.
    near: OnceCell<Near<'a>>,
    draft: &'d mut Draft,
    hr: Vec<HrDeclared<'a>>,
}

impl<'a> Groups<'_, 'a> {
    fn observed(&self, ix: GroupIx) -> &'a ObservedGroup {
        self.people.observed.group(ix)
    }

    fn block(&mut self, origin: Origin, code: BlockerCode, message: Phrase, way_out: &'static str) {
        self.draft.findings.blockers.push(Blocker::new(origin, code, message).way_out(way_out));
    }

    fn declared(&mut self, at: usize, sought: Sought<'a>) {
        let (group, fit) = (&self.people.desired.groups[at], self.fits.of(at));
        let source = source_of(group.source.unwrap_or(DeclaredSource::App));
        let names = std::iter::once(&group.name).chain(group.formerly.iter().filter(|_| fit.here.is_none()));
        for name in names {
            if self.is_ambiguous((&name.value, &source), name.origin) {
                return;
            }
        }
        if let GroupState::Deleted(origin) = group.state {
            return self.deleted(group, origin);
        }
        self.stale(group, fit);
        self.draft.findings.blockers.extend(sought.blockers(self.people));
        sought.say_doubts(group, &mut self.draft.findings);
        let wanted = sought.wanted;
        if fit.here.is_none() && (self.is_near_another(group, fit, &wanted) || self.cant_be_called_so(group))
        {
            return;
        }
        let keeper = match group.source.unwrap_or(DeclaredSource::App) {
            DeclaredSource::Hr => return self.declared_hr(group, fit, wanted),
            DeclaredSource::App => Keeper::App,
            DeclaredSource::Scim if self.holds_computers(group) => return,
            DeclaredSource::Scim => Keeper::Scim,
        };
        match fit.here.or(fit.former) {
            Some(ix) => self.present(group, keeper, (ix, fit), &wanted),
            None => self.create(group, keeper, fit, &wanted),
        }
    }

    /// Whether several groups of a source have a name.
    fn is_ambiguous(&mut self, (name, source): (&GroupName, &GroupSource), origin: Origin) -> bool {
        let blocker = several::blocker(self.people.observed, &self.fits, (name, source), origin);
        let is_ambiguous = blocker.is_some();
        self.draft.findings.blockers.extend(blocker);
        is_ambiguous
    }

    /// Whether a group without one of its name is spelled almost like another. That a new one has the very members of one that
    /// no manifest mentions is only said.
    fn is_near_another(&mut self, group: &DesiredGroup, fit: GroupFit, wanted: &Wanted<'_>) -> bool {
        let people = self.people;
        let near = self.near.get_or_init(|| Near::of(people));
        if let Some(blocker) = near.spelled(people, group) {
            self.draft.findings.blockers.push(blocker);
            return true;
        }
        if let (None, Some(other)) = (fit.former, near.with_the_same_people(people, group, wanted)) {
            let name = Piece::plain(&group.name.value);
            let question = " is new and gets the very members of ";
            let way_out = ", which no manifest mentions: a rename? Then say so with `formerly`";
            self.draft.findings.notice(group.name.origin, phrase![name, question, other, way_out]);
        }
        false
    }

    /// Whether a group that is not there would have to be given a name which the account gives none.
    fn cant_be_called_so(&mut self, group: &DesiredGroup) -> bool {
        let Some(why) = group.name.value.refusal() else { return false };
        let name = Piece::plain(&group.name.value);
        let message =
            phrase!["there is no group ", name, ", and none can be given that name: it ", format!("{why}")];
        self.block(
            group.name.origin,
            BlockerCode::NotCarriedOut,
            message,
            "write the name as the account has it, or another",
        );
        true
    }

    /// Whether an identity provider's group is to hold computers, which SCIM has none of.
    fn holds_computers(&mut self, group: &DesiredGroup) -> bool {
        let (Members::Exactly(said) | Members::AtLeast(said)) = &group.computers else { return false };
        let origin = said.first().map_or(group.origin, |login| login.origin);
        let name = Piece::plain(&group.name.value);
        let message = phrase!["computers of ", name, ": a group of an identity provider holds users only"];
        self.block(origin, BlockerCode::ReadOnlyGroup, message, "put the computers into an app group");
        true
    }

    /// Former names that lead nowhere any more.
    fn stale(&mut self, group: &DesiredGroup, fit: GroupFit) {
        let Some(here) = fit.here else { return };
        let name = Piece::plain(&group.name.value);
        for former in &group.formerly {
            let other = self.fits.all_named(&former.value).find(|ix| *ix != here);
            let is_declared =
                || self.people.desired.groups.iter().any(|other| other.name.value == former.value);
            let message = match other.filter(|_| !is_declared()) {
                None => phrase!["`formerly` of ", name.clone(), " is done: remove it from the manifest"],
                Some(ix) => phrase![
                    "the account has both ",
                    name.clone(),
                    " and ",
                    Piece::plain(&self.observed(ix).name),
                    ": `formerly` is not needed any more"
                ],
            };
            self.draft.findings.notice(former.origin, message);
        }
    }

    fn declared_hr(
        &mut self,
        group: &'a DesiredGroup,
        GroupFit { here, former, .. }: GroupFit,
        wanted: Wanted<'a>,
    ) {
        if let Members::Exactly(said) | Members::AtLeast(said) = &group.computers {
            let origin = said.first().map_or(group.origin, |login| login.origin);
            self.block(
                origin,
                BlockerCode::ReadOnlyGroup,
                phrase![
                    "computers of ",
                    Piece::plain(&group.name.value),
                    ": an HR snapshot holds users only"
                ],
                "put the computers into an app group",
            );
        }
        let foreign =
            self.fits.all_named(&group.name.value).find(|ix| self.observed(*ix).source != GroupSource::Hr);
        if let Some(foreign) = foreign {
            let source = source_word(&self.observed(foreign).source);
            let message = phrase![
                "the name ",
                Piece::plain(&group.name.value),
                " is in use by a group from ",
                source,
                ": an HR snapshot would leave that group alone and create none"
            ];
            let way_out = "give the HR group another name, or delete the other group first";
            return self.block(group.name.origin, BlockerCode::SourceChange, message, way_out);
        }
        if let Some(former) =
            former.map(|ix| self.observed(ix)).filter(|former| former.source != GroupSource::Hr)
        {
            let message = phrase![
                Piece::plain(&former.name),
                " comes from ",
                source_word(&former.source),
                ", and a group can't change its source"
            ];
            let way_out = "take it out of `formerly`; delete the old group by a declaration of its own";
            return self.block(group.name.origin, BlockerCode::SourceChange, message, way_out);
        }
        self.hr.push(HrDeclared { group, here, former, wanted: Some(wanted) });
    }

    /// A group to delete: the only one of its name, or that of the source which the manifest writes.
    fn deleted(&mut self, group: &'a DesiredGroup, origin: Origin) {
        let name = &group.name.value;
        let named: Vec<GroupIx> = self.fits.all_named(name).collect();
        let written = group.source.map(source_of);
        let of_source = |ix: &&GroupIx| written.as_ref() == Some(&self.observed(**ix).source);
        let found = named.iter().find(of_source).copied();
        let ix = match (found, named.as_slice(), &written) {
            (_, [], _) => return,
            (Some(ix), ..) => ix,
            (None, [ix], None) => *ix,
            (None, [other, ..], Some(_)) => {
                let source = source_word(&self.observed(*other).source);
                let message =
                    phrase![Piece::plain(name), " comes from ", source, ", not from where `source` says"];
                let way_out = "write the source of the group that is to go";
                return self.block(origin, BlockerCode::SourceChange, message, way_out);
            }
            (None, _, None) => {
                let message = phrase!["the account has several groups called ", Piece::plain(name)];
                let way_out = "say which one is to go: `source: app` or `source: hr`";
                return self.block(origin, BlockerCode::SourceChange, message, way_out);
            }
        };
        let observed = self.observed(ix);
        match &observed.source {
            GroupSource::App => deletion::app_group(self.people, ix, Cause::Declared, origin, self.draft),
            GroupSource::Hr => {
                self.hr.push(HrDeclared { group, here: Some(ix), former: None, wanted: None });
            }
            other => {
                let message = phrase![
                    Piece::plain(&observed.name),
                    " comes from ",
                    source_word(other),
                    " and can't be deleted from here"
                ];
                self.block(origin, BlockerCode::ReadOnlyGroup, message, "delete it where it comes from");
            }
        }
    }

    fn push(&mut self, ix: GroupIx, verb: Verb, origin: Origin) -> ChangeId {
        self.draft.push_group(self.observed(ix), verb, origin)
    }

    /// The renaming that frees the name which a group is to get.
    fn freed(&self, fit: GroupFit) -> Vec<StepId> {
        fit.waits_for.and_then(|ix| self.freed.get(&ix)).copied().into_iter().collect()
    }

    fn create(&mut self, group: &'a DesiredGroup, keeper: Keeper, fit: GroupFit, wanted: &Wanted<'_>) {
        let name = &group.name;
        let object = Object::Group { id: None, name: name.value.clone(), source: keeper.source() };
        let key = format!("newgroup:{}", name.value.key());
        let change = self.draft.push(key, object, Verb::Create, group.origin);
        let delta = Delta::Add(Piece::plain(&name.value));
        self.draft.fact(change, declared_fact(Field::Existence, delta, Severity::Safe, name.origin));
        let mut new = NewGroup::from(name.value.clone());
        if let Some(said) = group.description.declared() {
            new.description = said.value.clone();
            self.describes(change, &Description::default(), said);
        }
        let act = Act::CreateGroup(keeper, new);
        let step = self.draft.step(PhaseKind::Groups, Some(change), act, self.freed(fit));
        let reference = GroupRef::New(change);
        self.join(change, (keeper, reference), &moves(self.people, None, wanted), Some(step));
        let machines = computers::moves(self.people, group, None, self.draft);
        machines.draft(change, reference, Some(step), self.draft);
    }

    /// A declared group that is there, under its name or a former one.
    fn present(
        &mut self,
        group: &'a DesiredGroup,
        keeper: Keeper,
        (ix, fit): (GroupIx, GroupFit),
        wanted: &Wanted<'_>,
    ) {
        let observed = self.observed(ix);
        if self.has_hr_namesake(group, observed) {
            return;
        }
        let renamed = observed.name.as_written() != group.name.value.as_written();
        let moves = moves(self.people, Some(ix), wanted);
        let described = redescribed(group, observed);
        let machines = computers::moves(self.people, group, Some(observed), self.draft);
        unseen::say(self.people, &group.name.value, wanted, (&moves, Some(ix)), &mut self.draft.findings);
        if !renamed && described.is_none() && moves.is_empty() && machines.is_empty() {
            return self.same_but_source(group, observed);
        }
        if observed.source != keeper.source() {
            return self.not_ours(group, observed);
        }
        let doubt = doubt(self.people, &observed.name, &wanted.unmatched(self.people), &moves.leave);
        self.draft.findings.blockers.extend(doubt);
        self.draft.findings.blockers.extend(unseen::emptied(self.people, (group, ix), &moves));
        let change = self.push(ix, Verb::Update, group.origin);
        if renamed {
            self.rename(change, (group, keeper), (ix, fit));
        }
        if let Some((from, said)) = described {
            self.describes(change, from, said);
            let (from, to) = (from.clone(), said.value.clone());
            let name = group.name.value.clone();
            let act = Act::DescribeGroup { group: observed.id, name, from, to };
            let needs = self.freed.get(&ix).filter(|_| renamed).copied();
            self.draft.step(PhaseKind::Groups, Some(change), act, needs.into_iter().collect());
        }
        let reference = GroupRef::Known(observed.id);
        self.sizes(change, ix, &moves);
        self.join(change, (keeper, reference), &moves, None);
        for leaving in &moves.leave {
            self.leave(change, (keeper, observed), leaving);
        }
        machines.draft(change, reference, None, self.draft);
    }

    /// A group that gets another name.
    fn rename(
        &mut self,
        change: ChangeId,
        (group, keeper): (&DesiredGroup, Keeper),
        (ix, fit): (GroupIx, GroupFit),
    ) {
        let observed = self.observed(ix);
        let (from, to) = (observed.name.clone(), group.name.value.clone());
        let delta = Delta::Set { from: Some(Piece::plain(&from)), to: Piece::plain(&to) };
        let fact = declared_fact(Field::Name, delta, Severity::Disruptive, group.name.origin);
        self.draft.fact(change, fact);
        let act = Act::RenameGroup { keeper, group: observed.id, from, to };
        let step = self.draft.step(PhaseKind::Groups, Some(change), act, self.freed(fit));
        self.freed.insert(ix, step);
    }

    /// The fact that a group says something else of itself.
    fn describes(&mut self, change: ChangeId, from: &Description, said: &Located<Description>) {
        if let Some((delta, severity)) = describing(from, &said.value) {
            self.draft.fact(change, declared_fact(Field::Description, delta, severity, said.origin));
        }
    }

    /// A group that shares its name with an HR group: an upload would find the wrong one, or leave its own alone.
    fn has_hr_namesake(&mut self, group: &DesiredGroup, observed: &ObservedGroup) -> bool {
        let is_hr = |ix: GroupIx| self.observed(ix).source == GroupSource::Hr;
        let namesake =
            Keeper::of(&observed.source).is_some() && self.fits.all_named(&group.name.value).any(is_hr);
        if namesake {
            let message = phrase!["an HR-sourced group is called ", Piece::plain(&group.name.value), " too"];
            let way_out = "give the other group another name, with this one under `formerly`";
            self.block(group.name.origin, BlockerCode::GroupNameTaken, message, way_out);
        }
        namesake
    }

    /// Nothing differs, but an HR group declared otherwise would differ with the next upload, and no group is a provider's by
    /// being declared so.
    fn same_but_source(&mut self, group: &DesiredGroup, observed: &ObservedGroup) {
        let is_scim = observed.source == GroupSource::Scim;
        let is_misnamed = group.source == Some(DeclaredSource::Scim) && !is_scim;
        if observed.source == GroupSource::Hr || is_misnamed {
            self.not_ours(group, observed);
        }
    }

    fn not_ours(&mut self, group: &DesiredGroup, observed: &ObservedGroup) {
        let name = Piece::plain(&observed.name);
        if group.source == Some(DeclaredSource::Scim) {
            let source = source_word(&observed.source);
            let message =
                phrase![name, " comes from ", source, ", and is declared as an identity provider's"];
            let way_out = "write the source that it has, or give the identity provider's group another name";
            return self.block(group.name.origin, BlockerCode::SourceChange, message, way_out);
        }
        if observed.source == GroupSource::Hr {
            let message = phrase![name, " is an HR-sourced group, declared as an app group"];
            let way_out = "declare it with `source: hr`, or give the app group another name";
            return self.block(group.name.origin, BlockerCode::SourceChange, message, way_out);
        }
        let message = phrase![name, " comes from ", source_word(&observed.source), " and is read-only here"];
        let way_out = match observed.source {
            GroupSource::Scim => "declare it with `source: scim`, or take what differs out of the manifest",
            _ => "change it where it comes from, or take what differs out of the manifest",
        };
        self.block(group.name.origin, BlockerCode::ReadOnlyGroup, message, way_out);
    }

    fn sizes(&mut self, change: ChangeId, ix: GroupIx, moves: &Moves) {
        if !moves.is_empty() {
            let before = self.people.observed.members(ix).len();
            let after = before + moves.join.len() - moves.leave.len();
            self.draft.sizes(change, Sizes { before, after });
        }
    }

    fn join(
        &mut self,
        change: ChangeId,
        (keeper, group): (Keeper, GroupRef),
        moves: &Moves,
        made: Option<StepId>,
    ) {
        for joining in &moves.join {
            let Some(user) = self.draft.user_ref(self.people, joining.person) else { continue };
            self.draft.fact(change, joining.joining(self.people));
            let created = match user {
                UserRef::New(_) => self.draft.person_steps.get(&joining.person).copied(),
                UserRef::Known(_) => None,
            };
            let needs = made.into_iter().chain(created).collect();
            self.draft.step(PhaseKind::Members, Some(change), Act::Join { keeper, group, user }, needs);
        }
    }

    fn leave(&mut self, change: ChangeId, (keeper, group): (Keeper, &ObservedGroup), leaving: &Move) {
        let Some(user) = self.people.record(leaving.person) else { return };
        self.draft.fact(change, leaving.leaving(self.people));
        let act = Act::Leave { keeper, group: group.id, user: user.id };
        self.draft.step(PhaseKind::Members, Some(change), act, Vec::new());
    }

    /// Groups that no manifest declares and only users name: they must be there, and only gain.
    fn named_only(&mut self) {
        let declared: BTreeSet<&str> =
            self.people.desired.groups.iter().map(|group| group.name.value.key()).collect();
        let named_only: Vec<Vec<Named<'a>>> = self
            .naming
            .iter()
            .filter(|(name, _)| !declared.contains(*name))
            .map(|(_, users)| users.clone())
            .collect();
        for users in named_only {
            let Some(first) = users.first() else { continue };
            if self.is_ambiguous((first.group, &GroupSource::App), first.origin) {
                continue;
            }
            let found = self.fits.found(first.group, &GroupSource::App);
            let (message, way_out) = match found.map(|ix| (ix, self.fits.renamed_to(ix))) {
                Some((ix, None)) => {
                    self.gain(ix, &users);
                    continue;
                }
                Some((_, Some(at))) => {
                    let (from, to) = (first.group, &self.people.desired.groups[at].name.value);
                    let message =
                        phrase![Piece::plain(from), " becomes ", Piece::plain(to), " in this very plan"];
                    (message, "name the group as it is called afterwards")
                }
                None => (
                    phrase!["no group ", Piece::plain(first.group), " in the manifests or the account"],
                    "declare the group, or correct its name",
                ),
            };
            self.block(first.origin, BlockerCode::UnknownGroup, message, way_out);
        }
    }

    fn gain(&mut self, ix: GroupIx, users: &[Named<'a>]) {
        let observed = self.observed(ix);
        let origin = users.first().map_or(Origin::NONE, |named| named.origin);
        let wanted = Wanted::named(self.people, users);
        let moves = moves(self.people, Some(ix), &wanted);
        let name = Piece::plain(&observed.name);
        match &observed.source {
            GroupSource::Hr => {
                let message =
                    phrase![name, " is an HR-sourced group: it must be declared before users can name it"];
                self.block(
                    origin,
                    BlockerCode::UnknownGroup,
                    message,
                    "declare it under `groups` with `source: hr`",
                );
            }
            _ if moves.join.is_empty() => {}
            GroupSource::App => {
                let change = self.push(ix, Verb::Update, origin);
                self.sizes(change, ix, &moves);
                self.join(change, (Keeper::App, GroupRef::Known(observed.id)), &moves, None);
            }
            other => {
                let message = phrase![name, " comes from ", source_word(other), " and is read-only here"];
                let way_out = match other {
                    GroupSource::Scim => "declare it under `groups` with `source: scim`",
                    _ => "add the user where the group comes from",
                };
                self.block(origin, BlockerCode::ReadOnlyGroup, message, way_out);
            }
        }
    }
}

/// What a group says of itself and what it is to say, where that differs and the account has a place for it.
fn redescribed<'g>(
    group: &'g DesiredGroup,
    observed: &'g ObservedGroup,
) -> Option<(&'g Description, &'g Located<Description>)> {
    let (now, said) = (observed.description.as_ref()?, group.description.declared()?);
    (*now != said.value).then_some((now, said))
}
