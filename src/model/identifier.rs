//! Identifiers: what tells one user from another.
//!
//! Source of the kinds: ActivTrak, "Create and Manage Users via the Users Page", "Types of identifiers".

use std::fmt;

use thiserror::Error;

use crate::model::mark::ends_like_a_temporary;
use crate::model::text::{Folded, has_byte, is_control, tidy, trimmed};

/// Why a text can't be the thing it is declared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Malformed {
    /// Nothing but spaces.
    #[error("is empty")]
    Empty,
    /// A control character, most often from an escape in double quotes.
    #[error("holds a control character")]
    Control,
    /// A UPN or email needs exactly one `@` with text on both sides and no spaces.
    #[error("is not an address: expected name@domain")]
    NotAnAddress,
    /// A device login needs a user and a domain.
    #[error("is not a device login: expected DOMAIN\\user, or *\\user for any domain")]
    NotALogin,
    /// An employee ID can't hold `@` or `\`: a reference to it would read as another kind.
    #[error("can't be an employee ID: `@` and `\\` mark other kinds of identifiers")]
    NotAnEmployeeId,
    /// What Rollcall itself writes while a value changes hands: it would be taken for one that a run left.
    #[error("ends as Rollcall's own temporary values do")]
    Temporary,
    /// Longer than the account accepts; the limit in characters.
    #[error("is longer than {0} characters")]
    TooLong(usize),
    /// A character that the account refuses.
    #[error("holds {0:?}, which the account refuses")]
    Refused(char),
}

/// Refuses texts that no field of the account can hold.
pub(crate) fn plain(text: &str) -> Result<&str, Malformed> {
    let is_control =
        has_byte(text, |byte| byte.is_ascii_control()) || !text.is_ascii() && text.chars().any(is_control);
    if is_control {
        return Err(Malformed::Control);
    }
    let text = trimmed(text);
    if text.is_empty() { Err(Malformed::Empty) } else { Ok(text) }
}

/// Refuses texts that no field can hold, and those that would be taken for a temporary.
pub(crate) fn lasting(text: &str) -> Result<&str, Malformed> {
    let text = plain(text)?;
    if ends_like_a_temporary(text) { Err(Malformed::Temporary) } else { Ok(text) }
}

macro_rules! folded_newtype {
    ($(#[$doc:meta])* $name:ident, $parse:expr) => {
        $crate::model::identifier::folded_newtype! { $(#[$doc])* $name, $parse, $crate::model::text::Folded::new }
    };
    ($(#[$doc:meta])* $name:ident, $parse:expr, $fold:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Folded);

        impl $name {
            /// Reads a declared value.
            ///
            /// # Errors
            /// Says why the account would refuse it.
            pub fn parse(text: &str) -> Result<Self, Malformed> {
                let check: fn(&str) -> Result<&str, Malformed> = $parse;
                // What is declared is normalised once, here: it has no other form.
                check(text).map(|text| Self($fold(text).as_it_reads()))
            }

            /// Takes a value as the account has it, whatever it is.
            pub fn observed(text: &str) -> Self {
                Self($fold(text))
            }

            /// As it was said.
            pub fn as_written(&self) -> &str {
                self.0.as_written()
            }

            /// Byte for byte as it came: an account is told of what it holds in its own bytes.
            pub fn verbatim(&self) -> &str {
                self.0.verbatim()
            }

            /// Whether it came as it reads: neither blank, nor with spaces around it, nor with letters taken apart.
            pub fn is_as_said(&self) -> bool {
                self.verbatim() == self.as_written() && !self.as_written().is_empty()
            }

            /// The form that is compared.
            pub fn key(&self) -> &str {
                self.0.key()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(if self.as_written().is_empty() { "(blank)" } else { self.as_written() })
            }
        }
    };
}
pub(crate) use folded_newtype;

/// Refuses what is not shaped like an address.
pub(crate) fn address(text: &str) -> Result<&str, Malformed> {
    let text = lasting(text)?;
    let parts = text.split_once('@');
    // No other space of ASCII is left here.
    let whole = |part: &str| {
        !part.is_empty()
            && !has_byte(part, |byte| matches!(byte, b'@' | b' '))
            && (part.is_ascii() || !part.contains(char::is_whitespace))
    };
    match parts {
        Some((user, domain)) if whole(user) && whole(domain) => Ok(text),
        _ => Err(Malformed::NotAnAddress),
    }
}

folded_newtype! {
    /// A user principal name: an identifier shaped like an email, most often from Azure AD.
    Upn, address, Folded::address
}

folded_newtype! {
    /// An email address of a user.
    Email, address, Folded::address
}

impl Email {
    /// The part before the `@`: the username that untracking blocks on every domain.
    pub fn user(&self) -> &str {
        user_of(self.key())
    }
}

impl Upn {
    /// The part before the `@`: the username that untracking blocks on every domain.
    pub fn user(&self) -> &str {
        user_of(self.key())
    }
}

fn user_of(address: &str) -> &str {
    address.split_once('@').map_or(address, |(user, _)| user)
}

folded_newtype! {
    /// An employee ID; compared exactly, after NFC and trimming.
    EmployeeId, employee_id, Folded::exact
}

fn employee_id(text: &str) -> Result<&str, Malformed> {
    let text = lasting(text)?;
    if text.contains(['@', '\\']) { Err(Malformed::NotAnEmployeeId) } else { Ok(text) }
}

/// The domain of a login.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Domain {
    /// Every domain: the "Any" box of a device login, `*` in manifests.
    Any,
    /// One logon domain, or a computer's name.
    Named(Folded),
}

/// A username on a logon domain, or on any: the shape of device logins, exclusions and agents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Login {
    /// Where.
    pub domain: Domain,
    /// Who.
    pub user: Folded,
}

impl Login {
    /// Reads `DOMAIN\user` or `DOMAIN/user`; `*` is any domain.
    ///
    /// # Errors
    /// Says why it is not a login.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        lasting(text).and_then(Self::existing)
    }

    /// Reads the login of a rule that is there: one that a temporary left is named too.
    ///
    /// # Errors
    /// Says why it is not a login.
    pub fn existing(text: &str) -> Result<Self, Malformed> {
        let text = tidy(plain(text)?);
        let (domain, user) = text.split_once(['\\', '/']).ok_or(Malformed::NotALogin)?;
        let (domain, user) = (domain.trim(), user.trim());
        if domain.is_empty() || user.is_empty() || user.contains(['\\', '/']) || user == "*" {
            return Err(Malformed::NotALogin);
        }
        Ok(Self::observed((domain != "*").then_some(domain), user))
    }

    /// Takes a login as the account has it; `None` or an empty domain is any domain.
    pub fn observed(domain: Option<&str>, user: &str) -> Self {
        let named = domain.filter(|domain| !matches!(domain.trim(), "" | "*"));
        let domain = named.map_or(Domain::Any, |domain| Domain::Named(Folded::address(domain)));
        Self { domain, user: Folded::new(user) }
    }

    /// As the account writes it where a login is the Display ID of its user: `kiosk@PC1`, or `kiosk` for one of any domain.
    pub fn as_display_id(&self) -> String {
        match &self.domain {
            Domain::Any => self.user.to_string(),
            Domain::Named(domain) => format!("{}@{domain}", self.user),
        }
    }

    /// Whether a rule on `self` stands on an identifier: on the login, or on the address, whole or without its domain, on every
    /// domain. Which of the two forms an account makes of an address is nowhere said, so both are taken for it.
    pub fn stands_on(&self, identifier: &Identifier) -> bool {
        let names = |key: &str, user: &str| {
            self.domain == Domain::Any && (self.user.key() == key || self.user.key() == user)
        };
        match identifier {
            Identifier::Upn(upn) => names(upn.key(), upn.user()),
            Identifier::Email(email) => names(email.key(), email.user()),
            Identifier::DeviceLogin(login) => self.covers(login),
            Identifier::EmployeeId(_) => false,
        }
    }

    /// Whether an account may take a rule on `self` for one on an identifier, and refuse it as long as its user is tracked: besides
    /// what it stands on, a whole address on any domain, as agents report `AzureAD\ada@acme.example`.
    pub fn may_hit(&self, identifier: &Identifier) -> bool {
        let whole = match identifier {
            Identifier::Upn(upn) => Some(upn.key()),
            Identifier::Email(email) => Some(email.key()),
            Identifier::EmployeeId(_) | Identifier::DeviceLogin(_) => None,
        };
        whole == Some(self.user.key()) || self.stands_on(identifier)
    }

    /// Whether a rule on `self` stops all that reports under an identifier: one that stands on a single domain stops no login
    /// of any domain.
    pub fn blocks(&self, identifier: &Identifier) -> bool {
        let narrower = matches!(identifier, Identifier::DeviceLogin(login)
            if login.domain == Domain::Any && self.domain != Domain::Any);
        self.stands_on(identifier) && !narrower
    }

    /// Whether a rule on `self` stops what reports as `other`: the same user, on a domain the rule covers.
    pub fn covers(&self, other: &Self) -> bool {
        self.user == other.user
            && match (&self.domain, &other.domain) {
                (Domain::Any, _) | (_, Domain::Any) => true,
                (Domain::Named(rule), Domain::Named(domain)) => rule == domain,
            }
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.domain {
            Domain::Any => write!(f, "*\\{}", self.user),
            Domain::Named(domain) => write!(f, "{domain}\\{}", self.user),
        }
    }
}

/// The four kinds of identifiers, in the order in which the account picks a Display ID.
///
/// Source: "Display ID selection" of the Users page guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentifierKind {
    /// User principal name.
    Upn,
    /// Email address.
    Email,
    /// Employee ID.
    EmployeeId,
    /// Device login.
    DeviceLogin,
}

impl IdentifierKind {
    /// Every kind, in that order.
    pub const ALL: [Self; 4] = [Self::Upn, Self::Email, Self::EmployeeId, Self::DeviceLogin];
}

/// One identifier of any kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identifier {
    /// User principal name.
    Upn(Upn),
    /// Email address.
    Email(Email),
    /// Employee ID.
    EmployeeId(EmployeeId),
    /// Device login.
    DeviceLogin(Login),
}

impl Identifier {
    /// Which kind it is.
    pub fn kind(&self) -> IdentifierKind {
        match self {
            Self::Upn(_) => IdentifierKind::Upn,
            Self::Email(_) => IdentifierKind::Email,
            Self::EmployeeId(_) => IdentifierKind::EmployeeId,
            Self::DeviceLogin(_) => IdentifierKind::DeviceLogin,
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upn(value) => value.fmt(f),
            Self::Email(value) => value.fmt(f),
            Self::EmployeeId(value) => value.fmt(f),
            Self::DeviceLogin(value) => value.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_need_a_name_and_a_domain() {
        assert!(Email::parse(" Ada@Acme.example ").is_ok());
        for (text, why) in [
            ("", Malformed::Empty),
            ("ada", Malformed::NotAnAddress),
            ("@acme.example", Malformed::NotAnAddress),
            ("ada@", Malformed::NotAnAddress),
            ("a@b@c", Malformed::NotAnAddress),
            ("ada l@acme.example", Malformed::NotAnAddress),
            ("ada@acme.example\u{8}", Malformed::Control),
        ] {
            assert_eq!(Email::parse(text), Err(why), "{text:?}");
        }
    }

    #[test]
    fn a_login_reads_with_either_slash_and_a_star_is_any_domain() {
        assert_eq!(Login::parse("ACME/ada"), Login::parse("acme\\Ada"));
        assert_eq!(Login::parse("*\\ada").map(|login| login.domain), Ok(Domain::Any));
        for text in ["ada", "\\ada", "ACME\\", "A\\b\\c", "ACME\\*"] {
            assert_eq!(Login::parse(text), Err(Malformed::NotALogin), "{text:?}");
        }
    }

    #[test]
    fn a_login_as_a_display_id_is_written_as_the_account_writes_it() {
        let shown = |text| Login::parse(text).expect("a login").as_display_id();
        assert_eq!(shown("PC1\\kiosk"), "kiosk@PC1");
        assert_eq!(shown("*\\kiosk"), "kiosk");
    }

    #[test]
    fn a_rule_on_a_whole_address_may_hit_its_user_on_any_domain() {
        let rule = |text| Login::parse(text).expect("a login");
        let ada = Identifier::Upn(Upn::observed("Ada@x.example"));
        for (text, hits) in [
            ("AzureAD\\ada@x.example", true),
            ("*\\ADA@X.example", true),
            ("*\\ada", true),
            ("ACME\\ada", false),
            ("AzureAD\\ada@y.example", false),
        ] {
            assert_eq!(rule(text).may_hit(&ada), hits, "{text}");
        }
        let login = Identifier::DeviceLogin(rule("ACME\\ada@x.example"));
        assert!(rule("ACME\\ada@x.example").may_hit(&login) && !rule("LAB\\ada@x.example").may_hit(&login));
        assert!(!rule("*\\E1").may_hit(&Identifier::EmployeeId(EmployeeId::observed("E1"))));
    }

    #[test]
    fn an_any_rule_covers_every_domain_and_a_named_rule_its_own() {
        let login = |text| Login::parse(text).expect("a login");
        assert!(login("*\\ada").covers(&login("ACME\\ADA")));
        assert!(login("ACME\\ada").covers(&login("acme\\ada")));
        assert!(!login("ACME\\ada").covers(&login("OTHER\\ada")));
        assert!(!login("*\\ada").covers(&login("ACME\\adam")));
    }

    #[test]
    fn a_rule_stands_on_an_address_in_both_forms_and_blocks_a_login_only_as_wide_as_it_is() {
        let login = |text| Login::parse(text).expect("a login");
        let email = Identifier::Email(Email::observed("Bob@acme.example"));
        let any = Identifier::DeviceLogin(login("*\\bob"));
        let named = Identifier::DeviceLogin(login("ACME\\bob"));
        let id = Identifier::EmployeeId(EmployeeId::observed("bob"));
        for (rule, identifier, stands, blocks) in [
            ("*\\bob@ACME.example", &email, true, true),
            ("*\\bob", &email, true, true),
            ("ACME\\bob", &email, false, false),
            ("*\\bob", &any, true, true),
            ("ACME\\bob", &any, true, false),
            ("*\\bob", &named, true, true),
            ("acme\\BOB", &named, true, true),
            ("OTHER\\bob", &named, false, false),
            ("*\\bob", &id, false, false),
        ] {
            let rule = login(rule);
            assert_eq!(
                (rule.stands_on(identifier), rule.blocks(identifier)),
                (stands, blocks),
                "{rule} {identifier}"
            );
        }
    }

    #[test]
    fn employee_ids_are_exact() {
        assert_ne!(EmployeeId::parse("e1"), EmployeeId::parse("E1"));
        assert_eq!(EmployeeId::parse(" 007 ").map(|id| id.as_written().to_owned()), Ok("007".to_owned()));
        assert_eq!(EmployeeId::parse("a@b"), Err(Malformed::NotAnEmployeeId));
    }
}
