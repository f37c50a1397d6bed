//! How does a text become an identifier or a name?

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::lower::field::adds_nothing;
use crate::manifest::yaml::{Field, OneOrMany, Spanned, Written, written_out};
use crate::model::{
    AttributeName, Care, Description, DisplayName, Domain, Email, EmployeeId, Folded, GroupName, Identifier,
    Located, Login, Malformed, Members, Odd, Reference, Upn, tidy, without_mark,
};

/// A kind of text: what people call it, what it may hold, whether it names what is there already, and how it is read.
pub(super) struct Kind<T> {
    noun: &'static str,
    care: Care,
    names: Names,
    read: fn(&str) -> Result<T, Malformed>,
}

/// What a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// What is to be so from now on, or is looked for: it has to be what its reader takes it for.
    Meant,
    /// What the account has, whatever it holds, in order to take it away or call it otherwise.
    There,
}

impl<T> Kind<T> {
    const fn new(noun: &'static str, care: Care, read: fn(&str) -> Result<T, Malformed>) -> Self {
        Self { noun, care, names: Names::Meant, read }
    }

    const fn there(noun: &'static str, care: Care, read: fn(&str) -> Result<T, Malformed>) -> Self {
        Self { noun, care, names: Names::There, read }
    }
}

pub(super) const UPN: Kind<Upn> = Kind::new("UPN", Care::Address, Upn::parse);
pub(super) const EMAIL: Kind<Email> = Kind::new("email", Care::Address, Email::parse);
pub(super) const EMPLOYEE_ID: Kind<EmployeeId> =
    Kind::new("employee ID", Care::EmployeeId, EmployeeId::parse);
pub(super) const DEVICE_LOGIN: Kind<Login> = Kind::new("device login", Care::Login, Login::parse);
pub(super) const EXCLUSION: Kind<Login> = Kind::new("exclusion", Care::Login, Login::parse);
pub(super) const LIFTED_EXCLUSION: Kind<Login> = Kind::there("exclusion", Care::Login, Login::existing);
pub(super) const AGENT: Kind<Login> = Kind::new("agent", Care::Login, on_one_domain);
pub(super) const COMPUTER: Kind<Login> = Kind::new("computer", Care::Login, Login::parse);
pub(super) const DISPLAY_NAME: Kind<DisplayName> = Kind::new("display name", Care::Name, DisplayName::parse);
/// A group as its own entry calls it from now on.
pub(super) const GROUP: Kind<GroupName> = Kind::new("group name", Care::Name, GroupName::parse);
/// A group that is to be deleted or renamed.
pub(super) const FORMER_GROUP: Kind<GroupName> = Kind::there("group name", Care::Name, GroupName::existing);
/// A group that is declared elsewhere, or that the account may have.
pub(super) const NAMED_GROUP: Kind<GroupName> = Kind::new("group name", Care::Name, GroupName::existing);
/// What a group says of itself.
pub(super) const DESCRIPTION: Kind<Description> = Kind::new("description", Care::Name, Description::parse);
pub(super) const ATTRIBUTE: Kind<AttributeName> =
    Kind::new("attribute name", Care::Name, AttributeName::parse);
/// An identifier that somebody had, or gives up.
pub(super) const FORMER_IDENTIFIER: Kind<Identifier> = Kind::there("identifier", Care::Shape, identifier);
pub(super) const REFERENCE: Kind<Reference> = Kind::new("reference", Care::Shape, Reference::parse);
/// The code of a branch or a course.
pub(super) const CODE: Kind<Folded> = Kind::new("code", Care::Name, label);
/// The label of a field.
pub(super) const LABEL: Kind<Folded> = Kind::new("label", Care::Name, label);
/// The value of an attribute, and what one is compared with.
pub(super) const VALUE: Kind<Box<str>> = Kind::new("value", Care::Name, value);
/// What an identifier is compared with.
pub(super) const ADDRESS_VALUE: Kind<Box<str>> = Kind::new("value", Care::Address, value);
pub(super) const LOGIN_VALUE: Kind<Box<str>> =
    Kind::new("value", Care::Login, |text| Ok(Login::parse(text)?.to_string().into()));
pub(super) const ID_VALUE: Kind<Box<str>> = Kind::new("value", Care::EmployeeId, value);

impl<T> Kind<T> {
    /// Reads one text. One that is odd is reported, and read all the same: what it lacks is nothing else.
    pub(super) fn one(&self, it: &Spanned<impl AsRef<str>>, found: &mut Diagnostics) -> Option<Located<T>> {
        let text = it.value.as_ref();
        let odd = odd(text, it.written, self.care).map(|odd| self.odd(odd, text, it));
        let is_error = odd.is_some() && self.names == Names::Meant;
        found.extend(odd.or_else(|| self.unquoted(text, it)));
        match (self.read)(text) {
            Ok(value) => Some(Located::new(value, it.origin())),
            Err(_) if is_error => None,
            Err(why) => {
                let subject = if why == Malformed::Empty { "it".to_owned() } else { format!("`{text}`") };
                let message = format!("{subject} {why}");
                let problem = Diagnostic::new(Code::InvalidValue, it.span, message).label(self.noun);
                found.push(match way_out(why, text) {
                    Some(help) => problem.help(help),
                    None => problem,
                });
                None
            }
        }
    }

    /// A warning where an employee ID is another number to whatever else reads the file; it is kept as it is written.
    fn unquoted(&self, text: &str, it: &Spanned<impl AsRef<str>>) -> Option<Diagnostic> {
        let odd = Odd::of_unquoted(text, self.care).filter(|_| it.written == Written::Plain)?;
        let problem = Diagnostic::new(Code::OddText, it.span, format!("`{text}` {odd}")).as_warning();
        Some(problem.help(format!("write `'{text}'`")))
    }

    /// How an odd text is reported: what is there already is named as it is, with a warning.
    fn odd(&self, odd: Odd, text: &str, it: &Spanned<impl AsRef<str>>) -> Diagnostic {
        let problem = Diagnostic::new(Code::OddText, it.span, format!("`{text}` {odd}")).label(self.noun);
        let meant = odd.meant.map(|meant| format!("write `{}`", pasted(&meant)));
        match (self.names, meant) {
            (Names::Meant, Some(meant)) => {
                let out = written_out(text);
                problem.help(format!("{meant}; if the account has it so as it is, write `{out}`"))
            }
            (Names::Meant, None) => problem.help("write what it was before it was copied or converted"),
            (Names::There, Some(meant)) => {
                problem.as_warning().help(format!("{meant}, unless the account has it so as it is"))
            }
            (Names::There, None) => problem.as_warning().help("see that the account has it so"),
        }
    }

    /// Reads the texts of a list.
    pub(super) fn many(&self, list: &OneOrMany<impl AsRef<str>>, found: &mut Diagnostics) -> Vec<Located<T>> {
        // Most lists are of one, and what is collected takes room for four.
        let mut values = Vec::with_capacity(list.0.len());
        values.extend(list.0.iter().filter_map(|it| self.one(it, found)));
        values
    }

    /// Reads a list that owns its field.
    pub(super) fn exactly(
        &self,
        field: Field<OneOrMany<impl AsRef<str>>>,
        found: &mut Diagnostics,
    ) -> Members<T> {
        field.given().map_or(Members::Leave, |list| Members::Exactly(self.many(&list.value, found)))
    }

    /// Reads a list that only adds; `key` is what it stands behind.
    pub(super) fn added(
        &self,
        field: Field<OneOrMany<impl AsRef<str>>>,
        key: &str,
        found: &mut Diagnostics,
    ) -> Vec<Located<T>> {
        let Some(list) = field.given() else { return Vec::new() };
        if list.value.0.is_empty() {
            found.push(adds_nothing(list.span, key));
        }
        self.many(&list.value, found)
    }
}

/// What is odd about a text, as it is written.
fn odd(text: &str, written: Written, care: Care) -> Option<Odd> {
    match written {
        Written::OutWhole => None,
        Written::Out => Odd::of_written_out(text, care),
        Written::Plain | Written::Quoted => Odd::of(text, care).or_else(|| Odd::of_zeros(text, care)),
    }
}

/// A text as it can be pasted into a manifest: in quotes where it would read as something else without them.
fn pasted(text: &str) -> String {
    let first =
        text.starts_with(|c: char| c.is_alphanumeric()) && !text.starts_with(|c: char| c.is_ascii_digit());
    let within = !text.contains([':', '#', '\\', ',', '[', ']', '{', '}', '"', '\'']);
    let word = matches!(&*text.to_lowercase(), "null" | "true" | "false" | "yes" | "no" | "on" | "off");
    if first && within && !word { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

fn way_out(why: Malformed, text: &str) -> Option<String> {
    match why {
        Malformed::Empty => Some("take it out; `[]` is an empty list".to_owned()),
        Malformed::NotALogin if !text.contains(['\\', '/', '@']) => {
            Some(format!("write '*\\{text}' for any domain, or name the domain: 'DOMAIN\\{text}'"))
        }
        Malformed::Temporary => Some(format!(
            "write `{}`: while a value changes hands, what ends so is read as the value without it",
            without_mark(text)
        )),
        Malformed::Control => Some("in single quotes a backslash is a backslash".to_owned()),
        Malformed::NotAnAddress if text.contains(['\\', '/']) => {
            Some("a login belongs in `deviceLogin`".to_owned())
        }
        Malformed::NotAnEmployeeId if text.contains('@') => {
            Some("an address belongs in `email` or `upn`".to_owned())
        }
        Malformed::NotAnEmployeeId => Some("a login belongs in `deviceLogin`".to_owned()),
        _ => None,
    }
}

/// An agent reports from one domain.
fn on_one_domain(text: &str) -> Result<Login, Malformed> {
    let login = Login::parse(text)?;
    if login.domain == Domain::Any { Err(Malformed::NotALogin) } else { Ok(login) }
}

/// A label or a code: any text but none.
fn label(text: &str) -> Result<Folded, Malformed> {
    if text.trim().is_empty() { Err(Malformed::Empty) } else { Ok(Folded::new(text)) }
}

/// Any text, as it is compared.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reading")]
fn value(text: &str) -> Result<Box<str>, Malformed> {
    Ok(tidy(text).into())
}

/// An identifier by its shape; an address is taken for an email, which compares like a UPN.
fn identifier(text: &str) -> Result<Identifier, Malformed> {
    Ok(match Reference::parse(text)? {
        Reference::Address(address) => Identifier::Email(Email::parse(address.as_written())?),
        Reference::DeviceLogin(login) => Identifier::DeviceLogin(login),
        // A login can be written with a backslash, and an employee ID can't.
        Reference::EmployeeId(id) | Reference::Slashed(_, id) => Identifier::EmployeeId(id),
        Reference::Name(_) => return Err(Malformed::NotAnAddress),
    })
}
