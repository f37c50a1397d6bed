//! What stands in for a value while it changes hands: a temporary, which says in itself what it stands for.

use crate::model::identifier::{Email, EmployeeId, Identifier, Login, Upn};
use crate::model::mark::{MARK, stood_for};
use crate::model::name::DisplayName;
use crate::model::text::Folded;

impl Identifier {
    /// What stands in for this identifier on a record that has to give it up before it gets another.
    #[must_use]
    pub fn temporary(&self) -> Self {
        self.with(|text| format!("{text}{MARK}"))
    }

    /// The identifier that this temporary stands for; none if it is no temporary.
    #[must_use]
    pub fn stands_for(&self) -> Option<Self> {
        let text = match self {
            Self::Upn(upn) => upn.as_written(),
            Self::Email(email) => email.as_written(),
            Self::EmployeeId(id) => id.as_written(),
            Self::DeviceLogin(login) => login.user.as_written(),
        };
        stood_for(text).map(|value| self.with(|_| value.to_owned()))
    }

    /// The same kind of identifier with another text; the domain of a login stays.
    fn with(&self, text: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Upn(upn) => Self::Upn(Upn::observed(&text(upn.as_written()))),
            Self::Email(email) => Self::Email(Email::observed(&text(email.as_written()))),
            Self::EmployeeId(id) => Self::EmployeeId(EmployeeId::observed(&text(id.as_written()))),
            Self::DeviceLogin(login) => Self::DeviceLogin(Login {
                domain: login.domain.clone(),
                user: Folded::new(&text(login.user.as_written())),
            }),
        }
    }
}

impl DisplayName {
    /// What stands in for this name on a record that has to give it up before it gets another.
    #[must_use]
    pub fn temporary(&self) -> Self {
        Self::observed(&format!("{}{MARK}", self.as_written()))
    }

    /// The name that this temporary stands for; none if it is no temporary.
    #[must_use]
    pub fn stands_for(&self) -> Option<Self> {
        stood_for(self.as_written()).map(Self::observed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Malformed;
    use crate::model::mark::{is_temporary, without_mark};

    #[test]
    fn a_temporary_says_what_it_stands_for() {
        let login = |text| Identifier::DeviceLogin(Login::parse(text).expect("a login"));
        for value in [
            Identifier::Upn(Upn::observed("Ada@acme.example")),
            Identifier::Email(Email::observed("ada@acme.example")),
            Identifier::EmployeeId(EmployeeId::observed("0012")),
            login("ACME\\ada"),
            login("*\\ada"),
        ] {
            let temporary = value.temporary();
            assert_ne!(temporary, value);
            assert_eq!(temporary.kind(), value.kind());
            assert_eq!(temporary.stands_for(), Some(value.clone()));
            assert_eq!(value.stands_for(), None);
        }
        let name = DisplayName::observed("Ada Quist");
        assert_eq!(name.temporary().stands_for(), Some(name));
    }

    #[test]
    fn a_temporary_is_a_value_of_its_kind_and_no_manifest_says_one() {
        let Identifier::Email(email) = Identifier::Email(Email::observed("ada@acme.example")).temporary()
        else {
            panic!("an email")
        };
        assert!(email.as_written().contains('@'));
        for text in
            ["q@x.rollcall.invalid", "Q@x.Rollcall.INVALID ", "E1.rollcall.invalid", "PC\\a.rollcall.invalid"]
        {
            let refused = [
                Email::parse(text).err(),
                Upn::parse(text).err(),
                EmployeeId::parse(text).err(),
                Login::parse(text).err(),
                DisplayName::parse(text).err(),
            ];
            assert_eq!(refused, [const { Some(Malformed::Temporary) }; 5], "{text}");
            assert!(!without_mark(text).to_lowercase().contains("rollcall"), "{text}");
        }
        assert!(DisplayName::parse("rollcall.invalid").is_ok() && DisplayName::parse("Ada").is_ok());
        assert!(is_temporary(email.as_written()) && !is_temporary(MARK));
    }
}
