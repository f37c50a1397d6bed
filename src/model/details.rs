//! What is known of users besides who they are: fields that an administrator made, branches, courses. Read only as far as it is
//! asked for ([`Asked`](crate::model::asked::Asked)), and on platforms that have it.

use crate::model::id::UserId;
use crate::model::rule::Below;
use crate::model::text::Folded;

/// What the values of a field are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
    /// One of these.
    Choice(Vec<Choice>),
    /// Something that nothing here knows how to read, by the platform's name for it.
    Other(Box<str>),
}

/// What can be chosen in a field: a number, and what it is called, in each language of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The number.
    pub id: u64,
    /// Its labels, none twice.
    pub labels: Vec<Folded>,
}

/// A field of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserField {
    /// Its number.
    pub id: u64,
    /// What it is called.
    pub label: Folded,
    /// What its values are; of a field that nobody asked for, unread.
    pub kind: Option<FieldKind>,
}

/// A branch of the organisation chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its number.
    pub id: u64,
    /// What it is known by; empty where nobody gave it a code.
    pub code: Folded,
    /// What it is called.
    pub title: Box<str>,
}

/// A course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its number.
    pub id: u64,
    /// What it is known by; empty where nobody gave it a code.
    pub code: Folded,
    /// What it is called.
    pub title: Box<str>,
}

/// One thing that may be known of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// What they have in the field of a number.
    Field(u64),
    /// That they are in the branch of a number.
    Branch(u64, Below),
    /// How far they are in the course of a number.
    Course(u64),
    /// The email address of their profile.
    Address,
}

/// Values of users, and what is not known of some.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// Every field there is, sorted by number; empty where no field was asked for.
    pub fields: Vec<UserField>,
    /// Every branch there is, sorted by number.
    pub branches: Vec<Branch>,
    /// Every course there is, sorted by number.
    pub courses: Vec<Course>,
    /// What users have of each thing that was read: any of the texts that it is called; sorted.
    values: Vec<(Detail, UserId, Vec<Box<str>>)>,
    /// Of whom the account does not say what they have; sorted.
    unsaid: Vec<(Detail, UserId)>,
}

impl Details {
    /// Nothing but what there is.
    pub fn of(mut fields: Vec<UserField>, mut branches: Vec<Branch>, mut courses: Vec<Course>) -> Self {
        fields.sort_by_key(|field| field.id);
        branches.sort_by_key(|branch| branch.id);
        courses.sort_by_key(|course| course.id);
        Self { fields, branches, courses, values: Vec::new(), unsaid: Vec::new() }
    }

    /// With what users have.
    #[must_use]
    pub fn holding(mut self, values: impl IntoIterator<Item = (Detail, UserId, Vec<Box<str>>)>) -> Self {
        self.values.extend(values);
        self.values.sort_unstable();
        self.values.dedup();
        self
    }

    /// With those of whom something is not said.
    #[must_use]
    pub fn without(mut self, unsaid: impl IntoIterator<Item = (Detail, UserId)>) -> Self {
        self.unsaid.extend(unsaid);
        self.unsaid.sort_unstable();
        self.unsaid.dedup();
        self
    }

    /// What a user has of something.
    pub fn values(&self, detail: Detail, user: UserId) -> impl Iterator<Item = &str> {
        let from = self.values.partition_point(|(of, who, _)| (*of, *who) < (detail, user));
        let held = self.values[from..].iter().take_while(move |(of, who, _)| (*of, *who) == (detail, user));
        held.flat_map(|(.., texts)| texts).map(|text| &**text)
    }

    /// Whether the account does not say what a user has of something.
    pub fn is_unsaid(&self, detail: Detail, user: UserId) -> bool {
        self.unsaid.binary_search(&(detail, user)).is_ok()
    }

    /// The fields of a label.
    pub fn fields_called<'a>(&'a self, label: &'a Folded) -> impl Iterator<Item = &'a UserField> {
        self.fields.iter().filter(move |field| field.label == *label)
    }

    /// The branches of a code.
    pub fn branches_coded<'a>(&'a self, code: &'a Folded) -> impl Iterator<Item = &'a Branch> {
        self.branches.iter().filter(move |branch| branch.code == *code)
    }

    /// The courses of a code.
    pub fn courses_coded<'a>(&'a self, code: &'a Folded) -> impl Iterator<Item = &'a Course> {
        self.courses.iter().filter(move |course| course.code == *code)
    }
}
