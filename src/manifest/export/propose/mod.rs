//! What may the columns of an export mean? A mapping that is proposed, with why; nothing is guessed in silence.
//!
//! `kinds` knows what systems call their columns, `looks` what is in them, `page` how texts are written.

mod kinds;
mod looks;
mod page;

use std::fs::File;
use std::path::Path;

use crate::diag::{Code, Diagnostic, Place};
use crate::manifest::export::flaw::{Flaw, flaw_diagnostic};
use crate::manifest::export::problems::name;
use crate::manifest::export::propose::kinds::{Kind, Standing, standing};
use crate::manifest::export::propose::looks::{Looks, look};
use crate::manifest::export::propose::page::{list, scalar};
use crate::manifest::export::table::Table;
use crate::manifest::export::text::{Known, Shape};
use crate::model::{Certainty, Proposal, Suggestion};

/// In so many lines a header is looked for.
const MOST: u64 = 30;
/// Columns of more different words are none of a few.
const FEW: usize = 20;
/// So many values are shown.
const SHOWN: usize = 8;
/// So many columns of a header have to be known.
const ENOUGH: usize = 2;

/// Proposes a mapping for an export.
///
/// # Errors
/// The file can't be read as an export, or no line of it names columns that find anybody.
pub fn propose(path: &Path) -> Result<Proposal, Diagnostic> {
    let file = path.display().to_string();
    let of_file = |flaw: Flaw| flaw_diagnostic(flaw, None, &file, None);
    let open = || File::open(path).map_err(|error| of_file(error.into()));
    let shape = Shape::of(&mut open()?, None).map_err(of_file)?;
    let below = |lines: u64| Table::open(File::open(path)?, shape, lines, None);
    let Some(mut table) = header(below).map_err(of_file)? else {
        let message = format!("none of the first {MOST} lines names columns that people are known by");
        let help = "say what the columns are by yourself: docs/manifest.md, Exports of an HR system";
        return Err(Diagnostic::new(Code::UnknownColumn, Place::file(&*file), message).help(help));
    };
    let header = table.first;
    let (looks, rows) = look(&mut table).map_err(of_file)?;
    let mut draft = Draft { columns: table.header, looks, suggestions: Vec::new() };
    draft.file(path, &file, header, shape);
    draft.users().map_err(|message| {
        let help =
            "export a column of emails, UPNs or employee IDs too: by one of them the account knows its users";
        Diagnostic::new(Code::UnknownColumn, Place::file(&*file), message).help(help)
    })?;
    draft.names();
    draft.groups();
    draft.attributes();
    draft.rows();
    Ok(Proposal {
        file: file.into(),
        header,
        rows,
        name: source_name(path).into(),
        suggestions: draft.suggestions,
    })
}

/// The line that names most columns that are known; the lower one of two, as one of keys may stand above one of labels.
fn header<R: std::io::Read>(below: impl Fn(u64) -> Result<Table<R>, Flaw>) -> Result<Option<Table<R>>, Flaw> {
    let (mut above, mut best, mut most) = (0, None, ENOUGH - 1);
    while above < MOST {
        let table = match below(above) {
            Ok(table) => table,
            Err(Flaw::Empty) if above > 0 => break,
            Err(flaw) if above == 0 => return Err(flaw),
            Err(_) => break,
        };
        let known = table.header.iter().filter(|column| kinds::of(column).is_some()).count();
        above = table.first;
        if known > most || (known == most && best.is_some()) {
            (best, most) = (Some(table), known);
        }
    }
    Ok(best)
}

/// A name for the source, of its file's.
fn source_name(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let words = stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("export-{name}") }
}

/// A proposal that is being made.
struct Draft {
    columns: Vec<String>,
    looks: Vec<Looks>,
    suggestions: Vec<Suggestion>,
}

/// A column that may mean something.
#[derive(Clone, Copy)]
struct Candidate<'d> {
    name: &'d str,
    looks: &'d Looks,
    rank: usize,
}

impl Draft {
    fn propose(&mut self, yaml: impl Into<String>, why: impl Into<String>) {
        let (yaml, why) = (yaml.into().into(), why.into().into());
        self.suggestions.push(Suggestion { yaml, certainty: Certainty::Proposed, why });
    }

    fn ask(&mut self, yaml: impl Into<String>, why: impl Into<String>) {
        let (yaml, why) = (yaml.into().into(), why.into().into());
        self.suggestions.push(Suggestion { yaml, certainty: Certainty::Asked, why });
    }

    /// Columns of a kind that say anything, the most likely first. A name that two columns have means neither.
    fn of(&self, kind: Kind) -> Vec<Candidate<'_>> {
        let columns = self.columns.iter().zip(&self.looks).filter_map(|(name, looks)| {
            let (_, rank) = kinds::of(name).filter(|(it, _)| *it == kind)?;
            let is_one = self.columns.iter().filter(|other| *other == name).count() == 1;
            (is_one && looks.filled > 0).then_some(Candidate { name, looks, rank })
        });
        let mut columns: Vec<Candidate<'_>> = columns.collect();
        columns.sort_by_key(|it| it.rank);
        columns
    }

    fn file(&mut self, path: &Path, file: &str, header: u64, shape: Shape) {
        let csv = if path.is_relative() { file.to_owned() } else { base(path) };
        self.propose(format!("csv: {}", scalar(&csv)), "The path is relative to the manifest.");
        if header > 1 {
            let why = format!("Line {header} names the columns; what stands above it is not read.");
            self.propose(format!("header: {header}"), why);
        }
        if shape.known == Known::Guessed {
            let why = "The text is not UTF-8. It is most likely Windows-1252; if names look wrong in a plan, it is another.";
            self.ask("encoding: windows-1252", why);
        }
    }

    /// What finds the users, and what is known of them.
    fn users(&mut self) -> Result<(), String> {
        let addresses = |it: &Candidate<'_>| it.looks.are(it.looks.addresses, 90);
        let emails = [Kind::Email, Kind::Upn].into_iter().flat_map(|kind| self.of(kind)).filter(addresses);
        let emails: Vec<Candidate<'_>> = emails.collect();
        let numbers =
            self.of(Kind::EmployeeId).into_iter().filter(|it| !it.looks.are(it.looks.addresses, 10));
        let number = numbers.into_iter().next();
        let rows = self.looks.iter().map(|looks| looks.filled).max().unwrap_or_default();
        let (finders, why) = finders(emails.first(), number.as_ref(), rows)?;
        let others: Vec<String> = emails.iter().skip(1).map(|it| it.name.to_owned()).collect();
        let email = emails.first().map(|it| it.name.to_owned());
        let number = number.map(|it| it.name.to_owned());
        let again = finders.first().and_then(|finder| self.again(finder));
        let user =
            if let [one] = &finders[..] { scalar(one) } else { list(finders.iter().map(String::as_str)) };
        self.propose(format!("user: {user}"), why);
        for other in others {
            let other = name(&other).into_owned();
            self.ask("", format!("{other} holds addresses too: by which does the account know its users?"));
        }
        self.fields(email.as_deref(), number.as_deref(), again);
        if let Some(rows) = again {
            self.several_rows(rows);
        }
        Ok(())
    }

    /// What the account gets to know of its users; `again` is how many rows one of them has.
    fn fields(&mut self, email: Option<&str>, number: Option<&str>, again: Option<u64>) {
        let mut fields = self.display_name();
        fields.extend(email.map(|email| {
            let is_upn = kinds::of(email).is_some_and(|it| it.0 == Kind::Upn);
            format!("  {}: {}", if is_upn { "upn" } else { "email" }, scalar(email))
        }));
        if fields.is_empty() {
            return self.ask("", "No column says a name, and `fields` says what else is known of users.");
        }
        self.propose(
            format!("fields:\n{}", fields.join("\n")),
            "What the account gets to know of its users.",
        );
        let Some(number) = number else { return };
        if self.again(number).is_some() && again.is_none() {
            let number = name(number).into_owned();
            return self
                .ask("", format!("{number} says the same in rows of several users: it is no employee ID."));
        }
        let why = "Adds the number to users who lack it. Is it the employee ID that the account has, or is to have?";
        self.ask(format!("  employeeId: {}", scalar(number)), why);
    }

    /// How many rows say the same in a column, if any do.
    fn again(&self, column: &str) -> Option<u64> {
        let at = self.columns.iter().position(|it| it == column)?;
        let looks = self.looks.get(at).filter(|looks| !looks.is_unique())?;
        looks.counted().first().map(|(_, count)| *count)
    }

    /// Rows of one user: which counts?
    fn several_rows(&mut self, rows: u64) {
        let why = format!(
            "Up to {rows} rows are of one user: all of them count, and must not contradict each other."
        );
        let primary = self.of(Kind::Primary).first().map(|it| (it.name.to_owned(), yes(it.looks)));
        match primary {
            Some((column, Some(yes))) => {
                let why = format!(
                    "Up to {rows} rows are of one user: the primary one counts, and the others do not."
                );
                self.propose(
                    format!("primary: {{ column: {}, is: {} }}", scalar(&column), scalar(&yes)),
                    why,
                );
            }
            Some((column, None)) => {
                self.ask(
                    format!("primary: {{ column: {}, is: '…' }}", scalar(&column)),
                    format!("{why} Which cell says that a row is the primary one?"),
                );
            }
            None => self.ask("", why),
        }
    }

    /// The line of the display name.
    fn display_name(&self) -> Vec<String> {
        let first = |kind: Kind| self.of(kind).first().copied();
        if let (Some(given), Some(last)) = (first(Kind::FirstName), first(Kind::LastName))
            && !given.name.contains(['{', '}'])
            && !last.name.contains(['{', '}'])
        {
            return vec![format!(
                "  displayName: {}",
                scalar(&format!("{{{}}} {{{}}}", given.name, last.name))
            )];
        }
        let Some(name) = first(Kind::Name) else { return Vec::new() };
        let column = scalar(name.name);
        if name.looks.are(name.looks.commas, 90) {
            return vec![format!("  displayName: {{ column: {column}, order: last-first }}")];
        }
        vec![format!("  displayName: {column}")]
    }

    /// What is to be known of names.
    fn names(&mut self) {
        let whole = self.of(Kind::Name).first().map(|it| it.name.to_owned());
        let in_parts = !self.of(Kind::FirstName).is_empty() && !self.of(Kind::LastName).is_empty();
        if let Some(whole) = whole.filter(|_| in_parts) {
            self.ask("", format!("{} says a name too: are users called by it?", name(&whole)));
        }
    }

    /// The columns that name groups: the most likely is proposed.
    fn groups(&mut self) {
        let groups: Vec<(String, usize, Option<&'static str>)> = self
            .of(Kind::Group)
            .iter()
            .filter(|it| it.looks.values.len() > 1)
            .map(|it| (it.name.to_owned(), it.looks.values.len(), it.looks.pattern()))
            .collect();
        let manager = self.manager().map(|(yaml, why)| (format!("  - {yaml}"), why));
        let Some(((first, count, pattern), others)) = groups.split_first() else {
            self.ask(
                "groups: [{ column: … }]",
                "No column is one of teams or places, as far as its name says.",
            );
            return;
        };
        let of = |column: &str, pattern: Option<&str>| {
            let pattern = pattern.map_or(String::new(), |pattern| format!(", pattern: '{pattern}'"));
            format!("  - {{ column: {}{pattern} }}", scalar(column))
        };
        let more =
            if pattern.is_some() { "; the pattern takes the name out of cells that say more" } else { "" };
        let why = format!("{first} says {count} different things{more}.");
        self.propose(format!("groups:\n{}", of(first, *pattern)), why);
        for (other, count, pattern) in others {
            self.ask(of(other, *pattern), format!("{other} says {count} different things: groups too?"));
        }
        if let Some((yaml, why)) = manager {
            self.ask(yaml, why);
        }
    }

    /// Groups by manager, whose numbers or addresses are those of other rows.
    fn manager(&self) -> Option<(String, String)> {
        let manager = self.of(Kind::Manager).first().copied()?;
        let keys = [Kind::EmployeeId, Kind::Email, Kind::Upn].into_iter().flat_map(|kind| self.of(kind));
        let key = keys.max_by_key(|key| manager.looks.found_in(key.looks))?;
        let found = manager.looks.found_in(key.looks);
        let column = scalar(manager.name);
        let name = self
            .display_name()
            .first()
            .map(|line| line.trim().trim_start_matches("displayName: ").to_owned());
        match name.filter(|_| manager.looks.are(found, 80)) {
            Some(name) => Some((
                format!(
                    "{{ column: {column}, lookup: {{ column: {}, value: {name} }}, name: 'Team of {{}}' }}",
                    scalar(key.name)
                ),
                format!(
                    "{} holds what {} does: teams by the names of their managers?",
                    manager.name, key.name
                ),
            )),
            None => Some((
                format!("{{ column: {column}, name: 'Team of {{}}' }}"),
                format!("{} names managers, as far as its name says: teams by them?", manager.name),
            )),
        }
    }

    /// Dates that rules could ask for.
    fn attributes(&mut self) {
        let Some((column, forms)) =
            self.of(Kind::HireDay).first().map(|it| (it.name.to_owned(), it.looks.forms()))
        else {
            return;
        };
        let attribute = format!("attributes: {{ hired: {} }}", scalar(&column));
        match forms[..] {
            [form] => self.ask(
                format!("{attribute}\ndates: {{ hired: {} }}", scalar(form)),
                "For groups by rules, as of everybody hired since a day.",
            ),
            [] => self.ask(
                attribute,
                format!("{column} says days in no form that is known: `dates` says how they are written."),
            ),
            _ => {
                let why = format!(
                    "Every day in {column} can be written in {}: which is it?",
                    forms.join(" or in ")
                );
                self.ask(
                    format!(
                        "{attribute}\ndates: {{ hired: {} }}",
                        forms.first().map_or_else(String::new, |form| scalar(form))
                    ),
                    why,
                );
            }
        }
    }

    /// Which rows count, and what they mean for their users.
    fn rows(&mut self) {
        let status = self.of(Kind::Status).first().map(|it| {
            let counted: Vec<(String, u64)> =
                it.looks.counted().into_iter().map(|(text, count)| (text.to_owned(), count)).collect();
            (it.name.to_owned(), counted)
        });
        let Some((column, counted)) = status else {
            return self.ask(
                "where: { … }",
                "No column says whether somebody has left, as far as its name says: does every row count?",
            );
        };
        if counted.len() > FEW {
            let why = format!("{column} says {} different things: does every row count?", counted.len());
            return self.ask(format!("where: {{ {}: [ … ] }}", scalar(&column)), why);
        }
        let shown: Vec<String> =
            counted.iter().take(SHOWN).map(|(text, count)| format!("{text} ({count})")).collect();
        let said = format!("{column} says {}.", shown.join(", "));
        let which = |wanted: Standing| {
            let values = counted.iter().filter(move |(text, _)| standing(text) == wanted);
            values.map(|(text, _)| text.as_str()).collect::<Vec<_>>()
        };
        let (left, away, unknown) = (which(Standing::Left), which(Standing::Away), which(Standing::Unknown));
        let key = scalar(&column);
        if left.is_empty() || left.len() == counted.len() {
            self.ask(format!("unless: {{ {key}: [ … ] }}"), format!("{said} Which of these have left?"));
        } else {
            self.propose(
                format!("unless: {{ {key}: {} }}", list(left.iter().copied())),
                format!("{said} Who has left does not count."),
            );
            self.leavers(&key, &list(left));
        }
        if !unknown.is_empty() {
            self.ask(
                "",
                format!("What does {} mean? It counts, until `unless` lists it.", unknown.join(", ")),
            );
        }
        if !away.is_empty() {
            let why = "Stops the tracking of who is away; nothing here starts it again.";
            self.ask(format!("untracked: {{ {key}: {} }}", list(away)), why);
        }
        self.ask(
            "unmatched: list",
            "A row that matches nobody in the account blocks the plan; `list` names it and leaves it out.",
        );
    }

    /// Removing who has left can't be undone, so it is asked.
    fn leavers(&mut self, status: &str, left: &str) {
        let day = self.of(Kind::LeavingDay).first().map(|it| (it.name.to_owned(), it.looks.forms()));
        let Some((column, forms)) = day else { return };
        let form = match forms[..] {
            ["%Y-%m-%d"] => String::new(),
            [form] => format!(", form: {}", scalar(form)),
            _ => ", form: '…'".to_owned(),
        };
        let why = "Instead of `unless`: removes who has left, with all history, for good. Each plan that does so needs an approval.";
        let decided = if form.is_empty() {
            scalar(&column)
        } else {
            format!("{{ column: {}{form} }}", scalar(&column))
        };
        self.ask(format!("remove: {{ where: {{ {status}: {left} }}, decided: {decided} }}"), why);
    }
}

/// The columns that find the users, and why.
fn finders(
    email: Option<&Candidate<'_>>,
    number: Option<&Candidate<'_>>,
    rows: u64,
) -> Result<(Vec<String>, String), String> {
    Ok(match (email, number) {
        (None, None) => {
            return Err(
                "no column holds emails, UPNs or employee IDs, as far as its name and cells say".into()
            );
        }
        (Some(email), Some(number)) if email.looks.filled < rows => {
            let missing = rows - email.looks.filled;
            let why = format!("{} is empty in {missing} rows, which {} finds.", email.name, number.name);
            (vec![email.name.to_owned(), number.name.to_owned()], why)
        }
        (Some(email), _) => {
            let why = "It holds addresses, and by an address the account knows its users.";
            (vec![email.name.to_owned()], why.to_owned())
        }
        (None, Some(number)) => {
            let why = "No column holds addresses. The account has to know its users by these numbers.";
            (vec![number.name.to_owned()], why.to_owned())
        }
    })
}

/// The cell that says that a row is the primary one.
fn yes(looks: &Looks) -> Option<String> {
    let counted = looks.counted();
    let is_yes =
        |text: &str| matches!(&*text.to_lowercase(), "yes" | "y" | "true" | "1" | "primary" | "ja" | "x");
    counted.iter().find(|(text, _)| is_yes(text)).map(|(text, _)| (*text).to_owned())
}

fn base(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
