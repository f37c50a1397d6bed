//! How does a text become an identifier or a name?

use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::manifest::lower::adds_nothing;
use crate::manifest::yaml::{Field, OneOrMany, Spanned};
use crate::model::{
    AttributeName, DisplayName, Domain, Email, EmployeeId, GroupName, Identifier, Login, Malformed, Members,
    Reference, Said, Upn,
};

/// A kind of text: what people call it, and how it is read.
pub(super) struct Kind<T> {
    noun: &'static str,
    read: fn(&str) -> Result<T, Malformed>,
}

pub(super) const UPN: Kind<Upn> = Kind { noun: "UPN", read: Upn::parse };
pub(super) const EMAIL: Kind<Email> = Kind { noun: "email", read: Email::parse };
pub(super) const EMPLOYEE_ID: Kind<EmployeeId> = Kind { noun: "employee ID", read: EmployeeId::parse };
pub(super) const DEVICE_LOGIN: Kind<Login> = Kind { noun: "device login", read: Login::parse };
pub(super) const EXCLUSION: Kind<Login> = Kind { noun: "exclusion", read: Login::parse };
pub(super) const AGENT: Kind<Login> = Kind { noun: "agent", read: on_one_domain };
pub(super) const COMPUTER: Kind<Login> = Kind { noun: "computer", read: Login::parse };
pub(super) const DISPLAY_NAME: Kind<DisplayName> = Kind { noun: "display name", read: DisplayName::parse };
pub(super) const GROUP: Kind<GroupName> = Kind { noun: "group name", read: GroupName::parse };
pub(super) const ATTRIBUTE: Kind<AttributeName> = Kind { noun: "attribute name", read: AttributeName::parse };
pub(super) const IDENTIFIER: Kind<Identifier> = Kind { noun: "identifier", read: identifier };
pub(super) const REFERENCE: Kind<Reference> = Kind { noun: "reference", read: Reference::parse };

impl<T> Kind<T> {
    /// Reads one text.
    pub(super) fn one(&self, it: &Spanned<impl AsRef<str>>, found: &mut Diagnostics) -> Option<Said<T>> {
        let text = it.value.as_ref();
        match (self.read)(text) {
            Ok(value) => Some(Said::new(value, it.origin())),
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

    /// Reads the texts of a list.
    pub(super) fn many(&self, list: &OneOrMany<impl AsRef<str>>, found: &mut Diagnostics) -> Vec<Said<T>> {
        list.0.iter().filter_map(|it| self.one(it, found)).collect()
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
    ) -> Vec<Said<T>> {
        let Some(list) = field.given() else { return Vec::new() };
        if list.value.0.is_empty() {
            found.push(adds_nothing(list.span, key));
        }
        self.many(&list.value, found)
    }
}

fn way_out(why: Malformed, text: &str) -> Option<String> {
    match why {
        Malformed::Empty => Some("take it out; `[]` is an empty list".to_owned()),
        Malformed::NotALogin if !text.contains(['\\', '/', '@']) => {
            Some(format!("write '*\\{text}' for any domain, or name the domain: 'DOMAIN\\{text}'"))
        }
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

/// An identifier by its shape; an address is taken for an email, which compares like a UPN.
fn identifier(text: &str) -> Result<Identifier, Malformed> {
    Ok(match Reference::parse(text)? {
        Reference::Address(address) => Identifier::Email(Email::parse(address.said())?),
        Reference::DeviceLogin(login) | Reference::Slashed(login, _) => Identifier::DeviceLogin(login),
        Reference::EmployeeId(id) => Identifier::EmployeeId(id),
        Reference::Name(_) => return Err(Malformed::NotAnAddress),
    })
}
