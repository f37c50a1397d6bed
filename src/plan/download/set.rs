//! The HR set where nobody is read: every group declared, every member said, and sent unless the last upload was the same file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    Act, Cause, ChangeId, Delta, DesiredGroup, Download, Fact, Field, GroupIx, GroupName, GroupSource,
    GroupState, Object, Origin, Phrase, Piece, Recreate, Severity, Snapshot, Verb,
};
use crate::phrase;
use crate::plan::blocker::{Blocker, BlockerCode};
use crate::plan::download::file::{Named, Names, csv};
use crate::plan::download::settle::{Settled, settle};
use crate::plan::draft::Draft;
use crate::plan::fact::declared_fact;
use crate::plan::hr::planned::HrDeclared;
use crate::plan::hr::upload::{empty_set, unknown_sources};
use crate::plan::membership::wanted::{Wanted, Whole, moves};
use crate::plan::people::{People, origin};
use crate::plan::person::Person;
use crate::plan::phase::PhaseKind;
use crate::plan::planned_set::{Fate, PlannedSnapshot, SetGroup};

/// How many users a sentence names before it counts the rest.
const NAMED: usize = 20;

/// What becomes of the set.
pub(super) struct Drafted {
    /// The upload, if there is one.
    pub(super) upload: Option<PlannedSnapshot>,
    /// The file of a set that is not sent.
    pub(super) standing: Option<Arc<[u8]>>,
    /// Whom a row names, and with which values.
    pub(super) carried: BTreeMap<Person, Named>,
}

/// A group of the set.
struct Member<'a> {
    group: &'a DesiredGroup,
    here: Option<GroupIx>,
    wanted: &'a Wanted<'a>,
    rows: Vec<Named>,
}

impl<'a> Member<'a> {
    /// Its name in the file: one that is there is named byte for byte as the account has it.
    fn name(&self, people: &People<'a>) -> &'a str {
        match self.here {
            Some(ix) => people.observed.group(ix).name.verbatim(),
            None => self.group.name.value.as_written(),
        }
    }
}

/// Drafts the set and its upload.
pub(super) fn draft(
    people: &People<'_>,
    download: &Download,
    declared: &[HrDeclared<'_>],
    draft: &mut Draft,
) -> Drafted {
    let mut set = Set { people, download, draft, carried: BTreeMap::new() };
    let (staying, leaving) = set.split(declared);
    set.undeclared(declared, &leaving);
    let nothing = |carried| Drafted { upload: None, standing: None, carried };
    if staying.is_empty() && leaving.is_empty() {
        return nothing(set.carried);
    }
    set.draft.findings.blockers.extend(unknown_sources(people));
    if staying.iter().all(|member| member.rows.is_empty()) {
        set.draft.findings.blockers.push(empty_set());
        return nothing(set.carried);
    }
    let rows = staying.iter().map(|member| (member.name(people), &*member.rows)).collect();
    let (csv, sha256) = csv(&rows);
    let is_there = leaving.is_empty() && staying.iter().all(|member| member.here.is_some());
    if let Settled::Shown(earlier) = settle(download, &sha256, set.draft)
        && earlier.sha256 == sha256
        && is_there
    {
        return Drafted { upload: None, standing: Some(csv), carried: set.carried };
    }
    let mut groups: Vec<SetGroup> = staying.iter().map(|member| set.stays(member)).collect();
    groups.extend(leaving.iter().map(|(ix, origin, remark)| set.leaves(*ix, *origin, remark.clone())));
    groups.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    let carried = set.carried;
    let snapshot = Arc::new(Snapshot { csv, sha256, before: Vec::new(), after: Vec::new() });
    draft.step(PhaseKind::Snapshot, None, Act::Upload(Arc::clone(&snapshot)), Vec::new());
    Drafted { upload: Some(PlannedSnapshot { snapshot, groups }), standing: None, carried }
}

/// A group that leaves the set, who asks for it, and a word beside it.
type Leaving = (GroupIx, Origin, Option<Phrase>);

struct Set<'d, 'a> {
    people: &'d People<'a>,
    download: &'d Download,
    draft: &'d mut Draft,
    carried: BTreeMap<Person, Named>,
}

impl<'d, 'a> Set<'d, 'a> {
    fn block(&mut self, origin: Origin, code: BlockerCode, message: Phrase, way_out: &'static str) {
        self.draft.findings.blockers.push(Blocker::new(origin, code, message).way_out(way_out));
    }

    /// Which groups the file has rows of, and which it leaves out.
    fn split(&mut self, declared: &'d [HrDeclared<'a>]) -> (Vec<Member<'d>>, Vec<Leaving>) {
        let people = self.people;
        let names = Names::new(people);
        let (mut staying, mut leaving) = (Vec::new(), Vec::new());
        for hr in declared {
            let Some(wanted) = &hr.wanted else {
                if let (Some(ix), GroupState::Deleted(origin)) = (hr.here, &hr.group.state) {
                    leaving.push((ix, *origin, None));
                }
                continue;
            };
            if let (None, Some(former)) = (hr.here, hr.former) {
                leaving.extend(self.recreated(hr.group, former));
            }
            if let Some(ix) = hr.here {
                self.known(hr.group, ix, wanted);
            }
            if wanted.persons().len() == 0 {
                let message = phrase![
                    Piece::plain(&hr.group.name.value),
                    " would have no members, and no row: that would delete it"
                ];
                let way_out = "give it members, or declare it with `state: deleted`";
                self.block(hr.group.origin, BlockerCode::EmptyHrGroup, message, way_out);
            }
            let rows = wanted.persons().filter_map(|person| self.row(&names, hr.group, person)).collect();
            let mut member = Member { group: hr.group, here: hr.here, wanted, rows };
            member.rows.sort_unstable();
            staying.push(member);
        }
        (staying, leaving)
    }

    /// An HR group can't be renamed: the old one is deleted and a new one made, if the manifest says so.
    fn recreated(&mut self, group: &DesiredGroup, former: GroupIx) -> Option<Leaving> {
        let name = Piece::plain(&group.name.value);
        if let Recreate::Allowed(origin) = group.recreate {
            return Some((former, origin, Some(phrase!["made anew as ", name])));
        }
        let old = Piece::plain(&self.people.observed.group(former).name);
        let message = phrase![old, " would be renamed to ", name, ", and an HR group can't be"];
        let way_out = "say `recreate: true` to delete it and make a new one, or keep the name";
        self.block(group.name.origin, BlockerCode::HrRename, message, way_out);
        None
    }

    /// A group that is there: its file must say all of it.
    fn known(&mut self, group: &DesiredGroup, ix: GroupIx, wanted: &Wanted<'_>) {
        let observed = self.people.observed.group(ix);
        let name = Piece::plain(&observed.name);
        if observed.name.as_written() != group.name.value.as_written() {
            let to = Piece::plain(&group.name.value);
            let message = phrase![name.clone(), " would be renamed to ", to, ", and an HR group can't be"];
            let way_out = "write the name as the account has it";
            self.block(group.name.origin, BlockerCode::HrRename, message, way_out);
        }
        if wanted.whole() == Whole::No {
            let message = phrase![
                name,
                " keeps members that no manifest says, and who they are can't be read: an upload would take them out"
            ];
            let way_out = "say its whole `members`, a `match`, or `membersOf` groups that manifests say whole, without `membership: additive`";
            self.block(group.origin, BlockerCode::UnreadMembers, message, way_out);
        }
        if group.automatic.as_ref().is_some_and(|automatic| automatic.rule.is_some()) {
            let message = phrase![
                "the rule of ",
                Piece::plain(&group.name.value),
                " sees users of manifests only: whoever else is in the group leaves it"
            ];
            self.draft.findings.notice(group.origin, message);
        }
    }

    fn row(&mut self, names: &Names<'_>, group: &DesiredGroup, person: Person) -> Option<Named> {
        if let Some(named) = names.of(person) {
            self.carried.insert(person, named.clone());
            return Some(named);
        }
        let message = phrase![
            self.people.label(person),
            " of ",
            Piece::plain(&group.name.value),
            " has no UPN, email or employee ID in the manifests that is theirs alone"
        ];
        let at = origin(self.people, person);
        self.block(at, BlockerCode::NoLookupValue, message, "give the user a UPN, email or employee ID");
        None
    }

    /// Every HR group must be declared: members that are not read can't be sent again.
    fn undeclared(&mut self, declared: &[HrDeclared<'_>], leaving: &[Leaving]) {
        let said: BTreeSet<GroupIx> = declared
            .iter()
            .flat_map(|hr| [hr.here, hr.former])
            .flatten()
            .chain(leaving.iter().map(|(ix, ..)| *ix))
            .collect();
        let groups = (0..).map(GroupIx).zip(&self.people.observed.groups);
        let undeclared: Vec<&GroupName> = groups
            .filter(|(ix, group)| group.source == GroupSource::Hr && !said.contains(ix))
            .map(|(_, group)| &group.name)
            .collect();
        for name in undeclared {
            let message = phrase![
                "the HR group ",
                Piece::plain(name),
                " is in no manifest, and its members can't be read and so not be carried over"
            ];
            self.draft.findings.blockers.push(
                Blocker::new(Origin::NONE, BlockerCode::UndeclaredHrGroup, message)
                    .way_out("declare it with `source: hr` and all its members")
                    .way_out("or declare it with `state: deleted`, if it is to go"),
            );
        }
    }

    fn push(&mut self, ix: GroupIx, verb: Verb, origin: Origin) -> ChangeId {
        self.draft.push_group(self.people.observed.group(ix), verb, origin)
    }

    fn leaves(&mut self, ix: GroupIx, origin: Origin, remark: Option<Phrase>) -> SetGroup {
        let name = self.people.observed.group(ix).name.clone();
        let change = self.push(ix, Verb::Delete, origin);
        let delta = Delta::Remove(Piece::plain(&name));
        let (severity, cause) = (Severity::Irreversible, Cause::Absence);
        self.draft.fact(change, Fact { field: Field::Existence, delta, severity, cause, origin, remark });
        let agents = self.download.agents_in(ix);
        let depends = "alarms, goals, blocking, schedules and viewable groups may depend on it";
        self.draft.note(change, phrase![format!("{} in it now; {depends}", counted(agents, "agent"))]);
        SetGroup { name, fate: Fate::DeletedByAbsence, before: agents, after: 0, change: Some(change) }
    }

    fn stays(&mut self, member: &Member<'_>) -> SetGroup {
        let after = member.rows.len();
        let Some(ix) = member.here else { return self.added(member, after) };
        let origin = member.group.origin;
        let change = self.push(ix, Verb::Update, origin);
        let to = Piece::from(format!("exactly {}", counted(after, "user")));
        let delta = Delta::Set { from: Some(Piece::from("not read")), to };
        self.draft.fact(change, declared_fact(Field::Member, delta, Severity::Disruptive, origin));
        let persons = member.wanted.persons();
        let more = persons.len().saturating_sub(NAMED);
        let named = persons.take(NAMED).map(|person| Piece::from(self.people.label(person)));
        let mut note = Phrase::words("holds after this: ").list(named);
        if more > 0 {
            note = note.then(format!(" and {more} more (`--out-snapshot FILE` has all)"));
        }
        self.draft.note(change, note);
        let name = self.people.observed.group(ix).name.clone();
        let before = self.download.agents_in(ix);
        SetGroup { name, fate: Fate::Unread, before, after, change: Some(change) }
    }

    fn added(&mut self, member: &Member<'_>, after: usize) -> SetGroup {
        let said = &member.group.name;
        let object = Object::Group { id: None, name: said.value.clone(), source: GroupSource::Hr };
        let key = format!("newgroup:{}", said.value.key());
        let change = self.draft.push(key, object, Verb::Create, member.group.origin);
        let delta = Delta::Add(Piece::plain(&said.value));
        self.draft.fact(change, declared_fact(Field::Existence, delta, Severity::Safe, said.origin));
        for joining in &moves(self.people, None, member.wanted).join {
            self.draft.fact(change, joining.joining(self.people));
        }
        SetGroup { name: said.value.clone(), fate: Fate::Added, before: 0, after, change: Some(change) }
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
