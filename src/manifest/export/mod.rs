//! HR exports: CSV files whose columns a manifest maps to users and HR groups. What do they add to what manifests declare?
//!
//! `text` decodes a file, `quotes` sees that no quote swallows rows, `table` finds the rows, `header` finds the one that names the
//! columns, `columns` finds what the manifest means, `row` reads one row, `asides` sees that it is one of a user, `sound` sees what
//! happened to its cells, `only` whether it counts, `primary` which of several is a person's, `names` and `called` what it calls its
//! user, `meanings` what its cells stand for (`met` what that came to), `leavers` what it means for its user, `people` says which rows and entries are of one
//! user, `unite` puts what they say together, and `groups` declares what rows name. No more of a file is kept than what it says.
//! `propose` suggests how to map a file that no manifest names yet, and `sheet` reads one that none maps.

mod asides;
mod called;
mod columns;
mod dates;
mod fillers;
mod flaw;
mod groups;
mod header;
mod keys;
mod leavers;
mod letters;
mod meanings;
mod met;
mod mojibake;
mod names;
mod only;
mod people;
mod primary;
mod problems;
mod propose;
mod quotes;
mod reader;
mod row;
mod sheet;
mod sound;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod unite;

pub(super) use dates::is_form_of_dates;
pub use propose::propose;
pub use sheet::{Sheet, SheetRow, sheet};

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

use crate::diag::{Code, Diagnostic, Diagnostics, Place, Sources, Table as Numbers};
use crate::manifest::declared::Declared;
use crate::manifest::export::columns::Columns;
use crate::manifest::export::flaw::{Flaw, flaw_diagnostic};
use crate::manifest::export::groups::{Named, Respelt, respell};
use crate::manifest::export::header::NoHeader;
use crate::manifest::export::met::Met;
use crate::manifest::export::mojibake::Sample;
use crate::manifest::export::people::People;
use crate::manifest::export::problems::Problems;
use crate::manifest::export::reader::{Only, Reader};
use crate::manifest::export::table::{LastLine, Table};
use crate::manifest::export::text::{Known, Shape};
use crate::manifest::files::{self, Files, Limits};
use crate::manifest::source::{Source, Values};
use crate::model::{Export, GroupName, Located, Origin, Rows};

/// Whether HR exports are read, and which files stand for which.
#[derive(Debug, Clone)]
pub enum Exports {
    /// They are not read: only what manifests say by themselves is asked for.
    Ignored,
    /// They are read; a file given here, by the source's name, stands for the one that the manifest names.
    Read(BTreeMap<Box<str>, PathBuf>),
}

impl Default for Exports {
    fn default() -> Self {
        Self::Read(BTreeMap::new())
    }
}

/// Reads every source in the order of their names, and adds what its rows say to what manifests declare.
pub(super) fn read(
    given: &BTreeMap<Box<str>, PathBuf>,
    files: &Files,
    sources: &mut Sources,
    declared: &mut Declared,
    found: &mut Diagnostics,
) {
    let mut named: BTreeMap<Box<str>, Source> = BTreeMap::new();
    for source in std::mem::take(&mut declared.sources) {
        let span = source.name.span;
        if let Some(again) = named.insert(source.name.value.clone(), source) {
            let message = format!("two sources are called `{}`", again.name.value);
            let problem = Diagnostic::new(Code::DuplicateSource, span, message);
            found.push(problem.related(again.name.span, "the other").help("give them different names"));
        }
    }
    if named.is_empty() {
        return;
    }
    let attributes = named.values().flat_map(|source| &source.attributes);
    let many = attributes.filter(|it| it.values == Values::Many).map(|it| it.name.clone()).collect();
    let mut people = People::new(std::mem::take(&mut declared.users), many);
    let mut respelt = Respelt::new();
    for source in named.values() {
        let file = match given.get(&source.name.value) {
            Some(path) => files::at_hand(path),
            None => of_manifest(source, files, sources),
        };
        match file {
            Ok(file) => {
                let (people, respelt, limits) = (&mut people, &mut respelt, files.limits());
                let mut desk = Desk { sources, declared, people, limits, respelt, found };
                desk.read(source, &file);
            }
            Err(problem) => found.push(problem),
        }
    }
    declared.users = people.into_users(found);
    respell(&mut declared.users, &respelt);
}

/// The file that a source names, relative to its manifest.
fn of_manifest(source: &Source, files: &Files, sources: &Sources) -> Result<files::Named, Diagnostic> {
    let Some(csv) = &source.csv else {
        let message = format!("the source `{}` has no file", source.name.value);
        let help =
            format!("name one, `csv: …`, or give it on the command line: `--hr {}=FILE`", source.name.value);
        return Err(Diagnostic::new(Code::NoExport, source.span, message).help(help));
    };
    files.export(&files::beside(sources, csv.span, &csv.value), &csv.span.into())
}

/// How keys and certificates begin, whose lines all could be employee IDs.
const KEY: &str = "-----BEGIN";

/// What reading adds to.
struct Desk<'d> {
    sources: &'d mut Sources,
    declared: &'d mut Declared,
    people: &'d mut People,
    limits: Limits,
    respelt: &'d mut Respelt,
    found: &'d mut Diagnostics,
}

impl Desk<'_> {
    fn read(&mut self, source: &Source, file: &files::Named) {
        if let Err(problem) = self.try_read(source, file) {
            self.found.push(problem);
        }
    }

    fn try_read(&mut self, source: &Source, file: &files::Named) -> Result<(), Diagnostic> {
        let Opened { mut table, numbers, known, shape } = self.open(source, file)?;
        let Some(columns) = Columns::find(source, &table, numbers, self.found) else { return Ok(()) };
        let met = columns.readings.iter().map(|reading| {
            let again = || Table::open(File::open(&file.file)?, shape, table.first - 1, source.delimiter);
            let met = again().and_then(|mut rows| Met::of(reading, &mut rows));
            met.map_err(|flaw| flaw_diagnostic(flaw, Some(source), &file.shown, Some(numbers)))
        });
        let met = met.collect::<Result<Vec<Met>, Diagnostic>>()?;
        let mut reader = Reader {
            source,
            columns,
            header: table.header.clone(),
            numbers,
            problems: Problems::of(&file.shown),
            rows: Rows::default(),
            groups: Named::default(),
            end: Origin::NONE,
            asides: Vec::new(),
            short: None,
            sample: Sample::default(),
            long: BTreeMap::new(),
            only: Only::default(),
            others: Vec::new(),
            met,
            remarks: BTreeMap::new(),
        };
        let ended = loop {
            match table.next() {
                Ok(Some(row)) => {
                    if self.people.of_rows() > self.limits.people {
                        break Err(too_many(file, self.limits.people));
                    }
                    if let Some((user, letters)) = reader.user(&row) {
                        self.people.join(user, letters, &mut reader.problems);
                    }
                }
                Ok(None) => break Ok(()),
                Err(flaw) => break Err(flaw_diagnostic(flaw, Some(source), &file.shown, Some(numbers))),
            }
        };
        primary::take_others(self.people, &mut reader);
        reader.report_zeroed();
        reader.report_unmet();
        reader.report_names();
        reader.report_meanings();
        reader.only.forget(|left| self.people.has_row(&left.who));
        self.people.end_export(&mut reader.problems);
        if ended.is_ok() {
            reader.ends(table.last_line(), known);
            self.declare(reader, file, table.sha256());
        } else {
            self.found.join(reader.problems.into_found());
        }
        ended
    }

    /// Opens an export, with its header where the source says.
    fn open(&mut self, source: &Source, file: &files::Named) -> Result<Opened, Diagnostic> {
        let of_file = |flaw: Flaw| flaw_diagnostic(flaw, Some(source), &file.shown, None);
        let open = || File::open(&file.file).map_err(|error| of_file(error.into()));
        let bytes = open()?.metadata().map_err(|error| of_file(error.into()))?.len();
        if bytes > self.limits.export {
            let message = format!("this file has {bytes} bytes, at most {} are read", self.limits.export);
            return Err(Diagnostic::new(Code::TooLarge, Place::file(&*file.shown), message)
                .help("leave out of the export what no source maps"));
        }
        let declared = source.encoding.as_ref().map(|encoding| encoding.value);
        let shape = Shape::of(&mut open()?, declared).map_err(of_file)?;
        let below = |lines: u64| Table::open(File::open(&file.file)?, shape, lines, source.delimiter);
        let table = header::open(source, &file.shown, below).map_err(|why| match why {
            NoHeader::Flaw(flaw) => of_file(flaw),
            NoHeader::Elsewhere(problem) => problem,
        })?;
        if table.header.iter().any(|name| name.starts_with(KEY)) {
            let message = format!("`{}` is a key, and no export", file.shown);
            let span = source.csv.as_ref().map_or(source.span, |csv| csv.span);
            return Err(Diagnostic::new(Code::NotATable, span, message).help("name the export"));
        }
        let numbers = self
            .sources
            .add_table(&*file.shown, shape.lines, table.header.len())
            .map_err(|_| too_large(file))?;
        match header::elsewhere(source, &table, below) {
            Some(above) => {
                Err(header::misplaced_columns(source, problems::span(numbers.row(table.first)), above))
            }
            None => Ok(Opened { table, numbers, known: shape.known, shape }),
        }
    }

    /// Declares what an export says, once all of it is read.
    fn declare(&mut self, reader: Reader<'_>, file: &files::Named, sha256: [u8; 32]) {
        let Reader { source, mut problems, rows, groups, asides, only, .. } = reader;
        let rows = Rows { footers: asides.len() as u64, ..rows };
        whole(source, rows, &groups, file, &mut problems);
        let groups = groups.declare(&mut self.declared.groups, self.respelt, &mut problems);
        self.declared.exports.push(Export {
            origin: source.span.origin(),
            name: source.name.value.clone(),
            file: (*file.shown).into(),
            sha256,
            rows,
            attributes: source.attributes.iter().map(|attribute| attribute.name.clone()).collect(),
            groups,
            left_out: only.into_left(),
            bounds: source.bounds(),
        });
        self.found.join(problems.into_found());
    }
}

/// An export before its first row is read.
struct Opened {
    table: Table<File>,
    numbers: Numbers,
    known: Known,
    shape: Shape,
}

impl Reader<'_> {
    /// Looks whether the file ends as one does that is whole, and is in the encoding that it was taken for.
    fn ends(&mut self, last_line: LastLine, known: Known) {
        if let Some(line) = self.short.filter(|_| last_line == LastLine::Open) {
            let message = "the file ends with this row, without a line break, and cells of it are missing";
            self.problems.at(Code::BrokenRow, self.numbers.row(line), message, row::SHORT);
        }
        if let Some((name, whole)) = self.groups.broken_off(self.end).filter(|_| last_line == LastLine::Open)
        {
            self.problems.push(broken_off(name, whole));
        }
        if let Some(guess) = std::mem::take(&mut self.sample).guess().filter(|_| known == Known::Guessed) {
            self.problems.push(guess);
        }
    }
}

/// Whether an export is the whole picture.
fn whole(source: &Source, rows: Rows, groups: &Named, file: &files::Named, problems: &mut Problems) {
    if rows.read == 0 {
        let message = match rows.left_out {
            0 => "no row names a user".to_owned(),
            left_out => format!("no row counts: `where` and `unless` leave out all {left_out}"),
        };
        let help = "export it again; a source without users is no source";
        problems.push(Diagnostic::new(Code::EmptyExport, Place::file(&*file.shown), message).help(help));
        return;
    }
    let mut expect = |what: &str, found: u64, least: Option<&crate::manifest::yaml::Spanned<u64>>| {
        if let Some(least) = least.filter(|least| found < least.value) {
            let message =
                format!("{what} in {}: {found}, and at least {} are expected", file.shown, least.value);
            let help = "see what became of the others; if they are really gone, lower the number";
            problems.push(Diagnostic::new(Code::TooFewRows, least.span, message).help(help));
        }
    };
    expect("rows", rows.read, source.expect.rows.as_ref());
    expect("groups", groups.count(), source.expect.groups.as_ref());
}

/// The file ends within a row, as far as can be seen: of a cut in the last cell nothing else tells.
fn broken_off(name: &Located<GroupName>, whole: &Located<GroupName>) -> Diagnostic {
    let message = format!(
        "the file ends with `{}`, without a line break, and other rows say `{}`: it may break off here",
        name.value, whole.value
    );
    problems::problem(Code::BrokenRow, name.origin, message)
        .related(problems::span(whole.origin), "said here")
        .help("export it again; if the row is whole, end it with a line break")
}

fn too_many(file: &files::Named, most: usize) -> Diagnostic {
    let message = format!("the exports name more than {most} people whom no manifest does");
    let help = "leave out with `where`, or out of the file, who is nobody of the account";
    Diagnostic::new(Code::TooLarge, Place::file(&*file.shown), message).help(help)
}

fn too_large(file: &files::Named) -> Diagnostic {
    let message = "this file and all others have more cells than can be numbered";
    let help = "leave out of the export what no source maps";
    Diagnostic::new(Code::TooLarge, Place::file(&*file.shown), message).help(help)
}
