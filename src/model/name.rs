//! Display names and group names: compared folded, but a difference of case is a change.

use std::fmt;

use crate::model::identifier::{Malformed, folded_newtype, lasting, plain};
use crate::model::text::Folded;

folded_newtype! {
    /// A user's display name, unique in an account.
    DisplayName, lasting
}

folded_newtype! {
    /// A group's name.
    ///
    /// At most 65 characters, without `"`, `\`, tab and `^` (Admin API, `PUT /admin/v1/groups/{groupId}`: what a rename
    /// accepts, so that a later rename can't fail).
    GroupName, group_name
}

folded_newtype! {
    /// The name of an attribute that group rules look at; never sent.
    AttributeName, plain
}

/// What a group says of itself, on a platform whose groups say something: empty where it says nothing. Compared as it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Description(Box<str>);

impl Description {
    /// Reads what a manifest says: any text, and none.
    ///
    /// # Errors
    /// None; the shape of every reading.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        Ok(Self::observed(text))
    }

    /// What an account holds, without blanks around it, and with one kind of line break.
    pub fn observed(text: &str) -> Self {
        Self(text.replace("\r\n", "\n").trim().into())
    }

    /// The text.
    pub fn as_written(&self) -> &str {
        &self.0
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl DisplayName {
    /// The name in two, where an account has a place for each: the last word is the last name.
    pub fn first_and_last(&self) -> (&str, Option<&str>) {
        let name = self.as_written();
        name.rsplit_once(' ').map_or((name, None), |(first, last)| (first.trim_end(), Some(last)))
    }
}

impl GroupName {
    /// Why no group can be given this name, if none can.
    pub fn refusal(&self) -> Option<Malformed> {
        Self::parse(self.as_written()).err()
    }

    /// Reads the name of a group that is there: whatever it holds, it is named as the account has it.
    ///
    /// # Errors
    /// Says why no account can hold it.
    pub fn existing(text: &str) -> Result<Self, Malformed> {
        plain(text).map(Self::observed)
    }
}

/// The longest group name the account accepts, in characters.
const GROUP_NAME_LIMIT: usize = 65;

fn group_name(text: &str) -> Result<&str, Malformed> {
    let text = plain(text)?;
    if text.chars().count() > GROUP_NAME_LIMIT {
        return Err(Malformed::TooLong(GROUP_NAME_LIMIT));
    }
    match text.chars().find(|c| ['"', '\\', '^'].contains(c)) {
        Some(refused) => Err(Malformed::Refused(refused)),
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_names_that_a_rename_would_refuse_are_refused() {
        assert!(GroupName::parse("R&D London").is_ok());
        assert_eq!(GroupName::parse("a\"b"), Err(Malformed::Refused('"')));
        assert_eq!(GroupName::parse(&"x".repeat(66)), Err(Malformed::TooLong(65)));
        assert!(GroupName::parse(&"é".repeat(65)).is_ok());
        assert!(GroupName::existing("Team \"A\"").is_ok(), "what is there has a name");
        assert!(GroupName::existing(&"x".repeat(66)).is_ok() && GroupName::existing(" ").is_err());
    }

    #[test]
    fn the_last_word_of_a_name_is_the_last_name() {
        let parts = |text| {
            let name = DisplayName::observed(text);
            let (first, last) = name.first_and_last();
            (first.to_owned(), last.map(str::to_owned))
        };
        assert_eq!(parts("Ada King Lovelace"), ("Ada King".to_owned(), Some("Lovelace".to_owned())));
        assert_eq!(parts("Ada"), ("Ada".to_owned(), None));
    }

    #[test]
    fn a_case_difference_is_the_same_name_said_otherwise() {
        let (declared, observed) = (DisplayName::observed("Ada"), DisplayName::observed("ADA"));
        assert_eq!(declared, observed);
        assert_ne!(declared.as_written(), observed.as_written());
    }
}
