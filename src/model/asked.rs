//! What do manifests look at that is read only where they do?

use std::collections::BTreeSet;

use crate::model::desired::Desired;
use crate::model::name::GroupName;
use crate::model::rule::{Below, Subject};
use crate::model::text::Folded;

/// What manifests look at besides who is there and who is in which group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The groups that are to say something of themselves, by every name that they may have.
    pub described: BTreeSet<GroupName>,
    /// Labels of fields.
    pub fields: BTreeSet<Folded>,
    /// Codes of branches, and whether with those below them.
    pub branches: BTreeSet<(Folded, Below)>,
    /// Codes of courses.
    pub courses: BTreeSet<Folded>,
    /// Whether anything looks at the addresses of profiles.
    pub addresses: Looked,
    /// Whether the rules are looked at by which groups fill themselves.
    pub rules: Looked,
}

/// Whether something is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Looked {
    /// Nothing asks for it.
    #[default]
    Never,
    /// Something does.
    At,
}

impl Asked {
    /// What manifests look at.
    pub fn by(desired: &Desired) -> Self {
        let described = desired.groups.iter().filter(|group| group.description.declared().is_some());
        let names = described.flat_map(|group| std::iter::once(&group.name).chain(&group.formerly));
        let mut asked = Self { described: names.map(|name| name.value.clone()).collect(), ..Self::default() };
        for group in &desired.groups {
            if group.fills_itself().is_some() {
                asked.rules = Looked::At;
            }
            if let Some(rule) = group.rule() {
                rule.value.subjects(&mut |subject| asked.subject(subject));
            }
        }
        asked
    }

    fn subject(&mut self, subject: &Subject) {
        match subject {
            Subject::Field(label) => drop(self.fields.insert(label.clone())),
            Subject::Branch(code, below) => drop(self.branches.insert((code.clone(), *below))),
            Subject::Course(code) => drop(self.courses.insert(code.clone())),
            Subject::Address => self.addresses = Looked::At,
            Subject::Attribute(_)
            | Subject::Email
            | Subject::Upn
            | Subject::EmployeeId
            | Subject::DeviceLogin
            | Subject::DisplayName => {}
        }
    }
}
