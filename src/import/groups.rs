//! What would manifests say of one group, and which groups do they leave to others?

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::import::choices::HrGroups;
use crate::import::claims::Claims;
use crate::import::references::reference;
use crate::import::unsaid::{Kind, Made, Unsaid, parted};
use crate::import::users::said;
use crate::model::{
    Automatic, Computer, ComputerId, DeclaredSource, Description, DesiredGroup, GroupIx, GroupName,
    GroupSource, Located, Login, Managed, Members, Observed, ObservedGroup, Phrase, Piece, Population,
    Reference, Rule, Sayable, Topic, UserIx, UserLabel,
};
use crate::phrase;
use crate::plan::rule_of;

/// What entries of groups are made of.
pub(super) struct Groups<'a> {
    observed: &'a Observed,
    /// What names each user alone, by position: many are in many groups.
    references: Vec<Option<Reference>>,
    hr: HrGroups,
    /// How many groups have a name, whatever its case.
    names: BTreeMap<&'a str, usize>,
    /// Computers by their names without domain.
    computers: BTreeMap<&'a str, Vec<&'a Computer>>,
}

/// One group on its way to an entry.
struct One<'g, 'a> {
    all: &'g Groups<'a>,
    ix: GroupIx,
    group: &'a ObservedGroup,
    unsaid: Vec<Unsaid>,
}

/// What becomes of an HR group that is not declared.
const CARRIED: &str = ": every upload carries it over as it is";
/// Of a group of an unknown type.
const UNKNOWN: &str =
    ", which Rollcall does not know: where these are the HR groups, import with `--hr-group-type`";

impl<'a> Groups<'a> {
    /// What is looked up for every entry.
    pub(super) fn new(observed: &'a Observed, claims: &Claims<'_>, hr: HrGroups) -> Self {
        let users = (0..observed.users.len()).into_par_iter();
        let references = users.map(|at| reference(observed, claims, UserIx(u32::try_from(at).ok()?)));
        let mut names = BTreeMap::new();
        for group in &observed.groups {
            *names.entry(group.name.key()).or_default() += 1;
        }
        let mut computers: BTreeMap<&str, Vec<&Computer>> = BTreeMap::new();
        for computer in &observed.computers {
            computers.entry(computer.login.user.key()).or_default().push(computer);
        }
        Self { observed, references: references.collect(), hr, names, computers }
    }

    /// The entries of groups in this order; those that are left to others have none.
    pub(super) fn entries(
        &self,
        order: &[GroupIx],
        unsaid: &mut Vec<Unsaid>,
    ) -> Vec<(GroupIx, DesiredGroup)> {
        parted(order.par_iter().map(|ix| (*ix, self.entry(*ix))).collect(), unsaid)
    }

    fn entry(&self, ix: GroupIx) -> Made<DesiredGroup> {
        let mut one = One { all: self, ix, group: self.observed.group(ix), unsaid: Vec::new() };
        let entry = one.entry();
        (entry, one.unsaid)
    }

    /// What names a computer alone.
    fn computer(&self, id: ComputerId) -> Result<&'a Login, Phrase> {
        let at = self.observed.computers.binary_search_by_key(&id, |computer| computer.id);
        let Ok(at) = at else {
            return Err(phrase!["computer ", id.0.to_string(), " is not in the list of computers"]);
        };
        let login = &self.observed.computers[at].login;
        let of_name = self.computers.get(login.user.key()).into_iter().flatten();
        if of_name.filter(|computer| login.covers(&computer.login)).count() > 1 {
            return Err(phrase!["several are called ", Piece::personal(login)]);
        }
        if login.is_sayable() {
            Ok(login)
        } else {
            Err(phrase!["no manifest can say ", Piece::personal(login)])
        }
    }
}

impl One<'_, '_> {
    /// The entry of the group; none if it is left to others.
    fn entry(&mut self) -> Option<DesiredGroup> {
        let group = self.group;
        let source = self.source()?;
        if self.all.names.get(group.name.key()).is_some_and(|groups| *groups > 1) {
            self.leave(Phrase::words(" is the name of several groups: no manifest tells them apart"));
            return None;
        }
        if GroupName::existing(group.name.as_written()).as_ref() != Ok(&group.name) {
            self.leave(Phrase::words(": no manifest can say its name"));
            return None;
        }
        let mut entry = DesiredGroup::new(Located::unplaced(group.name.clone()));
        // The app is the default.
        entry.source = (source != DeclaredSource::App).then_some(source);
        entry.description = self.description();
        if let Some(rule) = self.rule() {
            entry.population = Managed::Set(Located::unplaced(Population::Automatic));
            let rule = Some(Located::unplaced(rule));
            entry.automatic = Some(Automatic { rule, ..Automatic::default() });
            entry.members = self.by_hand();
            return Some(entry);
        }
        entry.members = match source {
            DeclaredSource::Hr => Members::Exactly(self.hr_members()?),
            DeclaredSource::App | DeclaredSource::Scim => self.members(),
        };
        if source != DeclaredSource::Scim {
            entry.computers = self.computers();
        }
        Some(entry)
    }

    fn leave(&mut self, why: Phrase) {
        self.unsaid.push(Unsaid::new(Kind::Group, phrase![Piece::plain(&self.group.name)].joined(why)));
    }

    /// The source of a group; none if it is not declared.
    fn source(&mut self) -> Option<DeclaredSource> {
        let size = self.size();
        let why = match &self.group.source {
            GroupSource::App => return Some(DeclaredSource::App),
            GroupSource::Scim => return Some(DeclaredSource::Scim),
            GroupSource::Hr if self.all.hr == HrGroups::Declare => return Some(DeclaredSource::Hr),
            GroupSource::Hr => phrase![" is an HR group", size, CARRIED],
            GroupSource::Directory => {
                phrase![" is a directory group", size, ": it is changed where it comes from"]
            }
            GroupSource::Automatic if self.rule().is_some() => return Some(DeclaredSource::App),
            GroupSource::Automatic => {
                phrase![" is a group", size, " that fills itself by conditions that no manifest can say"]
            }
            GroupSource::Foreign(kind) if kind.is_empty() => {
                phrase![" is a group", size, " of which the account does not say where it comes from"]
            }
            GroupSource::Foreign(kind) if self.all.observed.reach.absent(Topic::HrGroups).is_some() => {
                phrase![
                    " is a group",
                    size,
                    " of the type ",
                    Piece::plain(kind),
                    ": it is read, and no manifest says who is in it"
                ]
            }
            GroupSource::Foreign(kind) => {
                phrase![" is a group", size, " of the type ", Piece::plain(kind), UNKNOWN]
            }
        };
        self.leave(why);
        None
    }

    /// By which rule it fills itself, where a manifest can say it.
    fn rule(&self) -> Option<Rule> {
        let filling = self.group.filling.as_ref()?;
        rule_of(&filling.rules, &self.all.observed.details)
    }

    /// Who was put by hand into a group that fills itself: no list where that is nobody.
    fn by_hand(&mut self) -> Members<Reference> {
        match self.all.observed.by_hand(self.ix) {
            Some(nobody) if nobody.is_empty() => Members::Leave,
            Some(users) => self.listed(users.into_iter()),
            None => {
                let what =
                    ": the account does not say who was put into it by hand, so no list says it either";
                self.unsaid.push(Unsaid::new(Kind::Member, phrase![Piece::plain(&self.group.name), what]));
                Members::Leave
            }
        }
    }

    /// How many members it has, where they are seen.
    fn size(&self) -> String {
        match self.all.observed.members(self.ix).len() {
            _ if self.hides_members() => String::new(),
            1 => " of 1 member".to_owned(),
            members => format!(" of {members} members"),
        }
    }

    fn hides_members(&self) -> bool {
        let topic = match self.group.source {
            GroupSource::Scim => Topic::ScimGroups,
            GroupSource::Hr => Topic::HrGroups,
            GroupSource::App | GroupSource::Directory | GroupSource::Automatic | GroupSource::Foreign(_) => {
                Topic::Members
            }
        };
        self.all.observed.reach.hidden(topic).is_some()
    }

    /// What names each of these users alone, sorted, and whom nothing does.
    fn named(&self, members: impl Iterator<Item = UserIx>) -> (Vec<Reference>, Vec<UserLabel>) {
        let (mut named, mut unnamed) = (Vec::new(), Vec::new());
        for member in members {
            match self.all.references.get(member.0 as usize).and_then(Option::as_ref) {
                Some(reference) => named.push(reference.clone()),
                None => unnamed.push(UserLabel::of(self.all.observed.user(member))),
            }
        }
        named
            .sort_by_cached_key(|reference| (matches!(reference, Reference::Name(_)), reference.to_string()));
        (named, unnamed)
    }

    /// The members of a group that is written directly: at least those whom something names.
    fn members(&mut self) -> Members<Reference> {
        if self.hides_members() {
            return Members::Leave;
        }
        let observed = self.all.observed;
        self.listed(observed.members(self.ix))
    }

    /// A list of these users: at least those whom something names.
    fn listed(&mut self, users: impl Iterator<Item = UserIx>) -> Members<Reference> {
        let (named, unnamed) = self.named(users);
        if unnamed.is_empty() {
            return Members::Exactly(said(named));
        }
        for label in unnamed {
            let why = ": nothing names them alone, so the list only adds (`membership: additive`)";
            let what = phrase![label, " in ", Piece::plain(&self.group.name), why];
            self.unsaid.push(Unsaid::new(Kind::Member, what));
        }
        if named.is_empty() { Members::Leave } else { Members::AtLeast(said(named)) }
    }

    /// The members of an HR group, which a file has to name all.
    fn hr_members(&mut self) -> Option<Vec<Located<Reference>>> {
        if self.hides_members() {
            self.leave(phrase![" is an HR group whose members are not seen", CARRIED]);
            return None;
        }
        let (named, unnamed) = self.named(self.all.observed.members(self.ix));
        if let Some(label) = unnamed.into_iter().next() {
            self.leave(phrase![" is an HR group, and nothing names ", label, " in it alone", CARRIED]);
            return None;
        }
        if named.is_empty() {
            self.leave(phrase![" is an HR group without members, which no HR file can hold"]);
            return None;
        }
        Some(said(named))
    }

    /// What the group says of itself, if anything.
    fn description(&self) -> Managed<Description> {
        let said = self.group.description.clone().filter(|said| !said.is_empty());
        said.map_or(Managed::Leave, |said| Managed::Set(Located::unplaced(said)))
    }

    /// The computers of a group, if it has any and all can be named.
    fn computers(&mut self) -> Members<Login> {
        let Some(held) = self.group.computers.as_deref().filter(|held| !held.is_empty()) else {
            return Members::Leave;
        };
        let mut logins = Vec::with_capacity(held.len());
        for id in held {
            match self.all.computer(*id) {
                Ok(login) => logins.push(login.clone()),
                Err(why) => {
                    let what = phrase!["the computers of ", Piece::plain(&self.group.name), ": "].joined(why);
                    self.unsaid.push(Unsaid::new(Kind::Computers, what));
                    return Members::Leave;
                }
            }
        }
        logins.sort_by_cached_key(ToString::to_string);
        Members::Exactly(said(logins))
    }
}

/// The groups of an account, sorted by name.
pub(super) fn by_name(observed: &Observed) -> Vec<GroupIx> {
    let mut order: Vec<GroupIx> = (0..).map(GroupIx).zip(&observed.groups).map(|(ix, _)| ix).collect();
    order.sort_by_key(|ix| (observed.group(*ix).name.key(), *ix));
    order
}
