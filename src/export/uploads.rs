//! What does a plan come to where somebody carries it out on the pages of a learning platform? Files to upload, and what no file
//! does.
//!
//! A file makes users, or puts users into a group, whether that is filled by hand or by rules; it takes nobody out, and makes,
//! renames and deletes no group ("Creating & Managing Groups", "Associating users to group via CSV files").

use std::collections::BTreeMap;

use crate::export::column::{Cell, Column, of_associations};
use crate::export::names;
use crate::export::parts::{NoParts, parts};
use crate::export::person::{Directory, Person};
use crate::export::rules::{Rules, flaw, is_formula};
use crate::model::{
    Act, ChangeId, Desired, GroupId, GroupName, GroupRef, NewGroup, Observed, Origin, Phrase, Piece, Step,
    UserId, UserLabel, UserRef, Username,
};
use crate::phrase;
use crate::plan::{Manual, Plan};

/// How many users a sentence names before it counts the rest.
const NAMED: usize = 20;
/// The folder that sentences name.
const FOLDER: &str = "associations";
/// The file of new users that sentences name.
const USERS: &str = "users.csv";

/// What is to be uploaded, and what is to be clicked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Uploads {
    /// Who is to be created, sorted by username.
    users: Vec<Person>,
    /// Where the first of them is asked for.
    users_origin: Origin,
    /// Who is to be put into groups, sorted by the names of the groups.
    groups: BTreeMap<GroupName, Group>,
}

/// A group that something is to be done with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Group {
    origin: Origin,
    made: Option<NewGroup>,
    formerly: Option<GroupName>,
    deleted: bool,
    joining: Vec<Person>,
    leaving: Vec<UserLabel>,
}

/// A file to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadFile {
    /// What it is called.
    pub name: String,
    /// The group that it is for, if it is for one.
    pub group: Option<GroupName>,
    /// How many rows it has, without its header.
    pub rows: usize,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// How many of its cells a spreadsheet would take for formulas.
    pub formulas: usize,
}

impl Uploads {
    /// What a plan comes to, where this is what usernames are.
    pub fn of(plan: &Plan, (desired, observed): (&Desired, &Observed), username: Username) -> Self {
        let directory = Directory::of(desired, username);
        let mut work = Work {
            plan,
            observed,
            directory,
            new: BTreeMap::new(),
            named: BTreeMap::new(),
            uploads: Self::default(),
        };
        for step in plan.steps() {
            work.name(step);
        }
        for step in plan.steps() {
            work.add(step);
        }
        let mut uploads = work.uploads;
        let by_username =
            |one: &Person, other: &Person| one.cell(Cell::Username).cmp(other.cell(Cell::Username));
        uploads.users.sort_by(by_username);
        for group in uploads.groups.values_mut() {
            group.joining.sort_by(by_username);
            group.leaving.sort_unstable();
        }
        uploads
    }

    /// Whether nobody is to be created.
    pub fn makes_nobody(&self) -> bool {
        self.users.is_empty()
    }

    /// The files that put users into groups.
    ///
    /// # Errors
    /// Everything in them that the platform would not take as it is.
    pub fn associations(&self, columns: &[Column], rules: &Rules) -> Result<Vec<UploadFile>, Vec<Phrase>> {
        let mut written = Written::new(columns, rules);
        for (name, group) in &self.groups {
            written.add(&names::of(name), Some(name), &group.joining);
        }
        written.done()
    }

    /// The files that make users, called so.
    ///
    /// # Errors
    /// Those of [`associations`](Self::associations).
    pub fn new_users(
        &self,
        name: &str,
        columns: &[Column],
        rules: &Rules,
    ) -> Result<Vec<UploadFile>, Vec<Phrase>> {
        let mut written = Written::new(columns, rules);
        written.add(name, None, &self.users);
        written.done()
    }

    /// What somebody does, in this order: the files as they are called unless something else is asked for, and what no file does.
    pub fn steps(&self, rules: &Rules) -> Vec<Manual> {
        let mut steps = Vec::new();
        if !self.users.is_empty() {
            let who = self.users.iter().map(|person| person.label.clone());
            let rows = counted(self.users.len(), "row", "rows");
            steps.push(Manual {
                origin: self.users_origin,
                what: listed(phrase![format!("upload {USERS}, {rows}: ")], "+ ", who),
                place: "Admin menu > Users > Import and manage > CSV".into(),
                why: phrase![format!("`rollcall export users {USERS}` writes it")],
            });
        }
        steps.extend(self.groups.iter().filter_map(|(name, group)| group.made_or_renamed(name)));
        steps.extend(self.groups.iter().filter_map(|(name, group)| upload(name, group, rules)));
        steps.extend(self.after());
        steps
    }

    /// What no file does, in the order in which somebody does it.
    pub fn clicks(&self) -> Vec<Manual> {
        let before = self.groups.iter().filter_map(|(name, group)| group.made_or_renamed(name));
        before.chain(self.after()).collect()
    }

    /// What no file does, and what is done after files are uploaded.
    fn after(&self) -> impl Iterator<Item = Manual> {
        let left = self.groups.iter().filter_map(|(name, group)| group.left(name));
        left.chain(self.groups.iter().filter_map(|(name, group)| group.gone(name)))
    }
}

fn upload(name: &GroupName, group: &Group, rules: &Rules) -> Option<Manual> {
    group.joining.first()?;
    let columns = of_associations();
    let mut written = Written::new(&columns, rules);
    written.add(&names::of(name), Some(name), &group.joining);
    let files: Vec<String> = written.files.iter().map(|file| format!("{FOLDER}/{}", file.name)).collect();
    let rows = counted(group.joining.len(), "row", "rows");
    let what = match &files[..] {
        // What is wrong with its rows is said where the file is written.
        [] => phrase!["upload the file of ", Piece::plain(name), format!(", {rows}: ")],
        files => Phrase::words("upload ").list(files.iter().map(Piece::plain)).then(format!(", {rows}: ")),
    };
    Some(Manual {
        origin: group.origin,
        what: listed(what, "+ ", group.joining.iter().map(|person| person.label.clone())),
        place: "Admin menu > Groups > the group > Manage group associations via CSV".into(),
        why: phrase![format!("`rollcall export associations {FOLDER}` writes it")],
    })
}

impl Group {
    fn made_or_renamed(&self, name: &GroupName) -> Option<Manual> {
        let shown = Piece::plain(name);
        let (what, place) = match (&self.made, &self.formerly) {
            (Some(new), _) => {
                let what = phrase!["make the group ", shown, ", populated manually"];
                let described = Piece::plain(&new.description);
                let what = if new.description.is_empty() {
                    what
                } else {
                    what.then(", described as: ").then(described)
                };
                (what, "Admin menu > Groups > the plus button")
            }
            (None, Some(formerly)) => (
                phrase!["rename the group ", Piece::plain(formerly), " to ", shown],
                "Admin menu > Groups > the group > Properties",
            ),
            (None, None) => return None,
        };
        let why = Phrase::words("no CSV file makes a group or renames one");
        Some(Manual { origin: self.origin, what, place: place.into(), why })
    }

    fn left(&self, name: &GroupName) -> Option<Manual> {
        self.leaving.first()?;
        let what = phrase!["take out of ", Piece::plain(name), ": "];
        Some(Manual {
            origin: self.origin,
            what: listed(what, "- ", self.leaving.iter().cloned()),
            place: "Admin menu > Groups > the group > Users".into(),
            why: Phrase::words("a CSV file puts users into a group, and takes nobody out"),
        })
    }

    fn gone(&self, name: &GroupName) -> Option<Manual> {
        self.deleted.then(|| Manual {
            origin: self.origin,
            what: phrase!["delete the group ", Piece::plain(name)],
            place: "Admin menu > Groups > the group > Delete".into(),
            why: Phrase::words("no CSV file deletes a group"),
        })
    }
}

/// `+ Ada, + Bob and 7 more`.
fn listed(mut sentence: Phrase, sign: &'static str, who: impl ExactSizeIterator<Item = UserLabel>) -> Phrase {
    let more = who.len().saturating_sub(NAMED);
    for (at, label) in who.take(NAMED).enumerate() {
        if at > 0 {
            sentence = sentence.then(", ");
        }
        sentence = sentence.then(sign).then(label);
    }
    if more > 0 { sentence.then(format!(" and {more} more")) } else { sentence }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Files that are being made, and what is wrong with what is to be in them.
struct Written<'a> {
    columns: &'a [Column],
    rules: &'a Rules,
    files: Vec<UploadFile>,
    flaws: Vec<Phrase>,
}

impl<'a> Written<'a> {
    const fn new(columns: &'a [Column], rules: &'a Rules) -> Self {
        Self { columns, rules, files: Vec::new(), flaws: Vec::new() }
    }

    /// Makes the files of one list of people.
    fn add(&mut self, name: &str, group: Option<&GroupName>, people: &[Person]) {
        let before = self.flaws.len();
        for person in people {
            self.check(person);
        }
        if self.flaws.len() > before {
            return;
        }
        let header: Vec<&str> = self.columns.iter().map(|column| &*column.header).collect();
        let cells = |person: &'_ Person| -> Vec<String> {
            self.columns.iter().map(|column| person.cell(column.cell).to_owned()).collect()
        };
        let rows: Vec<Vec<String>> = people.iter().map(cells).collect();
        let texts = rows.iter().map(|row| row.iter().map(String::as_str).collect());
        let parts = match parts(&header, texts, self.rules.most_bytes) {
            Ok(parts) => parts,
            Err(NoParts::Long(at)) => {
                let who = people.get(at).map_or_else(|| Piece::from("a row"), |it| it.label.clone().into());
                let words =
                    format!(": the row is longer than {} bytes, which no file holds", self.rules.most_bytes);
                return self.flaws.push(phrase![who, words]);
            }
            Err(NoParts::Csv(error)) => return self.flaws.push(phrase![error.to_string()]),
        };
        let (of, mut from) = (parts.len(), 0);
        for (at, part) in parts.into_iter().enumerate() {
            let cells = rows.iter().skip(from).take(part.rows).flatten();
            let formulas = cells.filter(|cell| is_formula(cell)).count();
            from += part.rows;
            let name = names::part(name, at, of);
            self.files.push(UploadFile {
                name,
                group: group.cloned(),
                rows: part.rows,
                bytes: part.bytes,
                formulas,
            });
        }
    }

    fn check(&mut self, person: &Person) {
        for column in self.columns {
            let text = person.cell(column.cell);
            let of_email = || self.rules.flaw_of_email(text).filter(|_| column.cell == Cell::Email);
            if let Some(flaw) = flaw(text).or_else(of_email) {
                let header = format!(" ({})", column.header);
                self.flaws.push(flaw.then(header));
            }
        }
    }

    fn done(mut self) -> Result<Vec<UploadFile>, Vec<Phrase>> {
        if self.flaws.is_empty() {
            return Ok(self.files);
        }
        self.flaws.sort_unstable();
        self.flaws.dedup();
        Err(self.flaws)
    }
}

/// A plan that is being taken apart.
struct Work<'a> {
    plan: &'a Plan,
    observed: &'a Observed,
    directory: Directory<'a>,
    /// Who is to be created, by change.
    new: BTreeMap<ChangeId, Person>,
    /// What groups are called in the end.
    named: BTreeMap<GroupRef, GroupName>,
    uploads: Uploads,
}

impl Work<'_> {
    /// Takes from a step who is new, and what groups are called.
    fn name(&mut self, step: &Step) {
        match (&step.act, step.change) {
            (Act::CreateUser(new), Some(change)) => {
                let person = self.directory.to_be(new);
                self.new.extend(person.map(|person| (change, person)));
            }
            (Act::CreateGroup(_, new), Some(change)) => {
                self.named.insert(GroupRef::New(change), new.name.clone());
            }
            (Act::RenameGroup { group, to, .. }, _) => {
                self.named.insert(GroupRef::Known(*group), to.clone());
            }
            _ => {}
        }
    }

    fn add(&mut self, step: &Step) {
        let origin = step.change.map_or(Origin::NONE, |change| self.plan.change(change).origin);
        match &step.act {
            Act::CreateUser(_) => {
                let person = step.change.and_then(|change| self.new.get(&change)).cloned();
                if self.uploads.users.is_empty() {
                    self.uploads.users_origin = origin;
                }
                self.uploads.users.extend(person);
            }
            Act::CreateGroup(_, new) => self.group(new.name.clone(), origin).made = Some(new.clone()),
            Act::RenameGroup { from, to, .. } => {
                self.group(to.clone(), origin).formerly = Some(from.clone());
            }
            Act::DeleteGroup { name, .. } => self.group(name.clone(), origin).deleted = true,
            Act::Join { group, user, .. } => {
                if let (Some(name), Some(person)) = (self.called(*group), self.person(*user)) {
                    self.group(name, origin).joining.push(person);
                }
            }
            Act::Leave { group, user, .. } => {
                if let (Some(name), Some(label)) = (self.called(GroupRef::Known(*group)), self.label(*user)) {
                    self.group(name, origin).leaving.push(label);
                }
            }
            _ => {}
        }
    }

    fn group(&mut self, name: GroupName, origin: Origin) -> &mut Group {
        self.uploads.groups.entry(name).or_insert_with(|| Group { origin, ..Group::default() })
    }

    /// What a group is called in the end.
    fn called(&self, group: GroupRef) -> Option<GroupName> {
        let there = |id: GroupId| Some(self.observed.group(self.observed.group_ix(id)?).name.clone());
        self.named.get(&group).cloned().or_else(|| match group {
            GroupRef::Known(id) => there(id),
            GroupRef::New(_) => None,
        })
    }

    fn person(&self, user: UserRef) -> Option<Person> {
        match user {
            UserRef::New(change) => self.new.get(&change).cloned(),
            UserRef::Known(id) => self.directory.known(self.observed.user(self.observed.user_ix(id)?)),
        }
    }

    fn label(&self, user: UserId) -> Option<UserLabel> {
        self.observed.user_ix(user).map(|ix| UserLabel::of(self.observed.user(ix)))
    }
}
