//! How does a value of a plan become text? The one place that knows about redaction.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::diag::{Location, Sources};
use crate::model::{GroupSource, Login, Origin, Phrase, Piece, UserLabel, fold, hex, tidy};
use crate::plan::Digest;
use crate::render::way_back::quoted;

/// Whether personal data is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redaction {
    /// As it is.
    Off,
    /// People by name; of every address only the beginnings: `a***@a***.example`.
    Addresses,
    /// Every person, identifier, login and computer as a stable pseudonym.
    On,
}

impl Redaction {
    /// Words of the account, which may name anybody: withheld as a whole where personal data is not shown.
    pub fn words_of_the_account(self, words: &str) -> Cow<'_, str> {
        match self {
            Self::Off => Cow::Borrowed(words),
            Self::Addresses => masked(words),
            Self::On => Cow::Borrowed("(the account's words are withheld: --redact)"),
        }
    }
}

/// How much of a user is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The display name, which is unique in an account.
    Name,
    /// Name and Display ID, as the app shows a user.
    Full,
    /// The same and the record's number, to tell candidates apart.
    Record,
}

/// What a reader may see: places of origins, and personal data or pseudonyms for it.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    sources: &'a Sources,
    redaction: Redaction,
    aim: Aim<'a>,
}

/// The command line that makes a plan again, for the command that approves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aim<'a> {
    /// What carries it out: `apply` or `rollback`, or over lists what writes the files.
    pub command: &'a str,
    /// What it was made of; none for the folder that a command works on unless it is told.
    pub path: Option<&'a Path>,
    /// Its options, as a shell takes them, each after a blank.
    pub options: &'a str,
}

impl<'a> View<'a> {
    /// A view on values that came from these manifests.
    pub const fn new(sources: &'a Sources, redaction: Redaction) -> Self {
        Self { sources, redaction, aim: Aim { command: "apply", path: None, options: "" } }
    }

    /// The same view of a plan that was made in another way.
    #[must_use]
    pub const fn aimed(self, aim: Aim<'a>) -> Self {
        Self { aim, ..self }
    }

    /// The command that approves exactly a plan.
    pub(crate) fn approval(&self, digest: &Digest) -> String {
        let Aim { command, path, options } = self.aim;
        let path = path.map_or_else(String::new, |path| format!(" {}", quoted(&path.display().to_string())));
        format!("rollcall {command}{path}{options} --approve {digest}")
    }

    /// Whether personal data is shown.
    pub const fn redaction(&self) -> Redaction {
        self.redaction
    }

    /// The same view with people by name, for comparing what is not shown.
    pub(crate) const fn unredacted(&self) -> Self {
        Self { redaction: Redaction::Off, ..*self }
    }

    /// Where something was said, unless no manifest says it.
    pub fn locate(&self, origin: Origin) -> Option<Location<'a>> {
        self.sources.locate_origin(origin)
    }

    /// The same as `file:line`.
    pub fn place(&self, origin: Origin) -> Option<String> {
        self.locate(origin).map(|at| format!("{}:{}", at.source.path(), at.line))
    }

    /// One piece of a sentence or one value of a fact.
    pub fn piece<'p>(&self, piece: &'p Piece, detail: Detail) -> Cow<'p, str> {
        match piece {
            Piece::Plain(words) => Cow::Borrowed(words),
            Piece::Personal(text) => self.personal(text),
            Piece::User(label) => Cow::Owned(self.user(label, detail)),
        }
    }

    /// A sentence. What it says of a user elsewhere is not said with their name once more.
    pub fn phrase(&self, phrase: &Phrase, detail: Detail) -> String {
        let said: BTreeSet<&str> = phrase.0.iter().filter_map(Piece::as_personal).collect();
        let mut text = String::new();
        for piece in &phrase.0 {
            match piece {
                Piece::User(label) if self.redaction != Redaction::On && !said.is_empty() => {
                    text.push_str(&self.user(&unsaid(label, &said), detail));
                }
                _ => text.push_str(&self.piece(piece, detail)),
            }
        }
        text
    }

    /// A user.
    pub fn user(&self, label: &UserLabel, detail: Detail) -> String {
        let shown = match self.redaction {
            Redaction::On => pseudonym("user", &key_of(label)),
            Redaction::Off | Redaction::Addresses => {
                match (label.name.as_deref(), label.display_id.as_deref()) {
                    (Some(name), Some(id)) if detail != Detail::Name && name != id => {
                        format!("{} <{}>", self.personal(name), self.personal(id))
                    }
                    (Some(one), _) | (None, Some(one)) => self.personal(one).into_owned(),
                    (None, None) => return key_of(label),
                }
            }
        };
        match label.record {
            Some(record) if detail == Detail::Record => format!("{shown} (record {})", record.0),
            _ => shown,
        }
    }

    /// The login of a user, an agent or a computer.
    pub fn login(&self, login: &Login) -> String {
        self.personal(&login.to_string()).into_owned()
    }

    /// An identifier, a name or a login of a person.
    pub(crate) fn personal<'p>(&self, text: &'p str) -> Cow<'p, str> {
        match self.redaction {
            Redaction::Off => Cow::Borrowed(text),
            Redaction::Addresses => masked(text),
            Redaction::On => Cow::Owned(pseudonym("id", text)),
        }
    }
}

/// The word for a group's source before `group`.
pub(crate) fn source_word(source: &GroupSource) -> &str {
    match source {
        GroupSource::App => "app",
        GroupSource::Hr => "HR",
        GroupSource::Directory => "directory",
        GroupSource::Scim => "SCIM",
        GroupSource::Automatic => "automatic",
        GroupSource::Foreign(name) => name,
    }
}

/// A label without the half of it that is said elsewhere.
fn unsaid(label: &UserLabel, said: &BTreeSet<&str>) -> UserLabel {
    let is_said = |text: &Option<Box<str>>| text.as_deref().is_some_and(|text| said.contains(text));
    let UserLabel { name, display_id, record } = label.clone();
    match (name, display_id) {
        (Some(name), id) if is_said(&id) => UserLabel { name: Some(name), display_id: None, record },
        (name, Some(id)) if is_said(&name) => UserLabel { name: None, display_id: Some(id), record },
        (name, display_id) => UserLabel { name, display_id, record },
    }
}

/// What makes two labels the same person: the record, else the Display ID, else the name.
fn key_of(label: &UserLabel) -> String {
    match (label.record, label.display_id.as_deref().or(label.name.as_deref())) {
        (Some(record), _) => format!("record {}", record.0),
        (None, Some(text)) => text.to_owned(),
        (None, None) => "unnamed user".to_owned(),
    }
}

/// The text with the addresses in it masked: of what stands before the `@`, and of each label of the domain but the last, the first
/// letter is left.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains('@') {
        return Cow::Borrowed(text);
    }
    let is_part = |c: char| c == '@' || !c.is_whitespace() && !"<>()[]{}\"'`,;:=|\\/*→".contains(c);
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (word, behind) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        shown.push_str(before);
        match word.split_once('@') {
            Some((local, domain)) => mask(local, domain, &mut shown),
            None => shown.push_str(word),
        }
        rest = behind;
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

fn mask(local: &str, domain: &str, shown: &mut String) {
    let (name, top) = domain.rsplit_once('.').unwrap_or((domain, ""));
    shown.extend(local.chars().next());
    shown.push_str("***@");
    shown.extend(name.chars().next());
    shown.push_str("***");
    if !top.is_empty() && !top.contains('@') {
        shown.push('.');
        shown.push_str(top);
    }
}

/// Long enough that two of a million people hardly share one, short enough to read.
const PSEUDONYM_BYTES: usize = 6;

/// The same for the same text, whatever its case; nothing of the text can be read from it, though who guesses a text can
/// check the guess.
fn pseudonym(kind: &str, text: &str) -> String {
    let hash = Sha256::digest(fold(&tidy(text)).as_bytes());
    format!("{kind}-{}", hex(&hash[..PSEUDONYM_BYTES]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserId;

    fn ada(record: Option<u64>) -> UserLabel {
        UserLabel {
            name: Some("Ada Lovelace".into()),
            display_id: Some("ada@acme.example".into()),
            record: record.map(UserId),
        }
    }

    fn with(redaction: Redaction, check: impl Fn(View<'_>)) {
        check(View::new(&Sources::default(), redaction));
    }

    #[test]
    fn a_user_is_shown_with_as_much_as_is_asked_for() {
        with(Redaction::Off, |view| {
            assert_eq!(view.user(&ada(Some(7)), Detail::Name), "Ada Lovelace");
            assert_eq!(view.user(&ada(None), Detail::Record), "Ada Lovelace <ada@acme.example>");
            assert_eq!(
                view.user(&ada(Some(7)), Detail::Record),
                "Ada Lovelace <ada@acme.example> (record 7)"
            );
            let unnamed = UserLabel { name: None, display_id: None, record: Some(UserId(7)) };
            assert_eq!(view.user(&unnamed, Detail::Full), "record 7");
        });
    }

    #[test]
    fn a_sentence_that_says_an_identifier_names_its_user_without_it() {
        let name = || Piece::personal(&"Ada Lovelace");
        let id = || Piece::personal(&"ada@acme.example");
        let said = |redaction, pieces: Vec<Piece>| {
            View::new(&Sources::default(), redaction).phrase(&Phrase(pieces), Detail::Record)
        };
        let off = |pieces| said(Redaction::Off, pieces);
        assert_eq!(
            off(vec![ada(Some(7)).into(), " with ".into(), id()]),
            "Ada Lovelace (record 7) with ada@acme.example"
        );
        assert_eq!(off(vec![ada(None).into(), " is ".into(), name()]), "ada@acme.example is Ada Lovelace");
        assert_eq!(
            off(vec![ada(None).into(), " of ".into(), "Engineering".into()]),
            "Ada Lovelace <ada@acme.example> of Engineering"
        );
        let other = UserLabel { name: Some("Bob Stone".into()), ..ada(None) };
        assert_eq!(
            off(vec![other.into(), " or ".into(), ada(None).into(), ": ".into(), id()]),
            "Bob Stone or Ada Lovelace: ada@acme.example"
        );
        let alone = said(Redaction::On, vec![ada(None).into()]);
        let beside = said(Redaction::On, vec![ada(None).into(), " ".into(), id()]);
        assert!(beside.starts_with(&alone), "whoever is behind a pseudonym stays behind it: {beside}");
    }

    #[test]
    fn a_pseudonym_is_the_same_for_the_same_person_and_no_other() {
        with(Redaction::On, |view| {
            let shown = view.user(&ada(Some(7)), Detail::Full);
            let renamed = UserLabel { name: Some("Ada King".into()), ..ada(Some(7)) };
            assert_eq!(view.user(&renamed, Detail::Name), shown);
            assert_ne!(view.user(&ada(Some(8)), Detail::Full), shown);
            let (upper, lower) = (Piece::personal(&"ADA@acme.example"), Piece::personal(&"ada@acme.example"));
            assert_eq!(view.piece(&upper, Detail::Name), view.piece(&lower, Detail::Name));
        });
    }

    #[test]
    fn of_an_address_little_is_left_wherever_it_stands() {
        for (text, shown) in [
            ("ada@acme.example", "a***@a***.example"),
            ("Ada <ada.l@mail.acme.example>, bob", "Ada <a***@m***.example>, bob"),
            ("*\\ada@acme.example", "*\\a***@a***.example"),
            ("`zoë@acme`; x", "`z***@a***`; x"),
            ("@", "***@***"),
            ("a@b@c.example", "a***@b***.example"),
            ("a@b.c@secret", "a***@b***"),
            ("no address", "no address"),
        ] {
            assert_eq!(masked(text), shown);
        }
        with(Redaction::Addresses, |view| {
            assert_eq!(view.user(&ada(None), Detail::Full), "Ada Lovelace <a***@a***.example>");
            assert_eq!(view.piece(&Piece::personal(&"E0001"), Detail::Name), "E0001");
        });
        assert_eq!(
            Redaction::Addresses.words_of_the_account("taken: ada@acme.example"),
            "taken: a***@a***.example"
        );
    }

    #[test]
    fn words_of_the_account_are_withheld_where_people_are() {
        assert!(!Redaction::On.words_of_the_account("Ada is taken").contains("Ada"));
        assert_eq!(Redaction::Off.words_of_the_account("Ada is taken"), "Ada is taken");
    }
}
