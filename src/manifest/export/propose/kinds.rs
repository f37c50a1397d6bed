//! What may a column hold, by what it is called? In English and German, as eight HR systems call their columns.

use crate::model::fold;

/// What a column may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Email,
    Upn,
    EmployeeId,
    FirstName,
    LastName,
    Name,
    Status,
    LeavingDay,
    HireDay,
    Manager,
    Primary,
    Group,
}

const EMAIL: [&str; 14] = [
    "email",
    "e mail",
    "mail",
    "work email",
    "work e mail",
    "email address",
    "e mail address",
    "e mail adresse",
    "business email",
    "primary email",
    "email work",
    "email primary work",
    "work contact work email",
    "user email",
];
const UPN: [&str; 3] = ["upn", "user principal name", "userprincipalname"];
const EMPLOYEE_ID: [&str; 14] = [
    "employee id",
    "employee number",
    "employee",
    "employee no",
    "employee code",
    "worker id",
    "associate id",
    "personnel number",
    "personalnummer",
    "person number",
    "empid",
    "badge",
    "badge number",
    "payroll id",
];
const FIRST: [&str; 7] = [
    "first name",
    "firstname",
    "given name",
    "forename",
    "vorname",
    "legal first name",
    "preferred first name",
];
const LAST: [&str; 6] = ["last name", "lastname", "surname", "family name", "nachname", "legal last name"];
const NAME: [&str; 9] = [
    "name",
    "full name",
    "display name",
    "worker",
    "employee name",
    "payroll name",
    "legal name",
    "preferred name",
    "last name first name",
];
const LEAVING: [&str; 8] = [
    "termination date",
    "date of termination",
    "leaving date",
    "end date",
    "last day of work",
    "contract end date",
    "kündigungsdatum",
    "austrittsdatum",
];
const HIRE: [&str; 7] = [
    "hire date",
    "original hire date",
    "start date",
    "hiredate",
    "date of hire",
    "einstellungsdatum",
    "eintrittsdatum",
];
const MANAGER: [&str; 13] = [
    "manager",
    "manager id",
    "manager name",
    "manager email",
    "line manager",
    "reports to",
    "reporting to",
    "reports to associate id",
    "supervisor",
    "supervisor name",
    "supervisor id",
    "supervisor employee number",
    "vorgesetzter",
];
const PRIMARY: [&str; 6] =
    ["primary", "primary position", "primary job", "is primary", "is primary job", "is primary position"];
/// From what is most likely a team to what is least.
const GROUP: [&str; 21] = [
    "department",
    "abteilung",
    "team",
    "home department description",
    "supervisory organization",
    "org unit path",
    "org level 1",
    "division",
    "business unit",
    "cost center",
    "cost centre",
    "kostenstelle",
    "org level 2",
    "location",
    "location description",
    "site",
    "office",
    "büro",
    "standort",
    "company",
    "country",
];

/// What a column holds by its name, and how good a team it is, if it is one.
pub(super) fn of(column: &str) -> Option<(Kind, usize)> {
    let name = plain(column);
    let tables: [(Kind, &[&str]); 11] = [
        (Kind::Email, &EMAIL),
        (Kind::Upn, &UPN),
        (Kind::EmployeeId, &EMPLOYEE_ID),
        (Kind::FirstName, &FIRST),
        (Kind::LastName, &LAST),
        (Kind::Name, &NAME),
        (Kind::LeavingDay, &LEAVING),
        (Kind::HireDay, &HIRE),
        (Kind::Manager, &MANAGER),
        (Kind::Primary, &PRIMARY),
        (Kind::Group, &GROUP),
    ];
    let found = tables.iter().find_map(|(kind, words)| {
        let at = words.iter().position(|word| *word == name)?;
        Some((*kind, at))
    });
    let is_status =
        name.ends_with("status") && !["marital", "visa", "vaccin"].iter().any(|it| name.contains(it));
    found.or_else(|| is_status.then_some((Kind::Status, 0)))
}

/// A name without brackets and what is in square ones, with single spaces for all else that is neither letter nor digit.
fn plain(column: &str) -> String {
    let (before, after) = column.split_once('[').unwrap_or((column, ""));
    let after = after.split_once(']').map_or("", |(_, after)| after);
    let folded = format!("{} {}", fold(before), fold(after));
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// What a status says of whoever has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Left,
    Away,
    /// One letter, or a word that says nothing else: whoever knows the system knows it.
    Unknown,
    Here,
}

const LEFT: [&str; 13] = [
    "terminated",
    "inactive",
    "suspended",
    "left",
    "resigned",
    "retired",
    "deceased",
    "archived",
    "former",
    "separated",
    "inaktiv",
    "ausgeschieden",
    "gekündigt",
];
const AWAY: [&str; 10] = [
    "leave",
    "on leave",
    "leave of absence",
    "loa",
    "parental leave",
    "furloughed",
    "elternzeit",
    "mutterschutz",
    "sabbatical",
    "beurlaubt",
];
const HERE: [&str; 7] = ["active", "employed", "hired", "onboarding", "aktiv", "current", "probation"];

/// What a status says.
pub(super) fn standing(status: &str) -> Standing {
    let said = plain(status);
    let is = |words: &[&str]| words.contains(&&*said);
    match () {
        () if is(&LEFT) => Standing::Left,
        () if is(&AWAY) => Standing::Away,
        () if is(&HERE) => Standing::Here,
        () => Standing::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_known_by_what_systems_call_it() {
        for (column, kind) in [
            ("Email - Primary Work", Some(Kind::Email)),
            ("Email Address [Required]", Some(Kind::Email)),
            ("Work Contact: Work Email", Some(Kind::Email)),
            ("E-Mail", Some(Kind::Email)),
            ("Recovery Email", None),
            ("Manager Email", Some(Kind::Manager)),
            ("Employee #", Some(Kind::EmployeeId)),
            ("Last name, First name", Some(Kind::Name)),
            ("FIRSTNAME", Some(Kind::FirstName)),
            ("Status [READ ONLY]", Some(Kind::Status)),
            ("Marital Status", None),
            ("Org Unit Path [Required]", Some(Kind::Group)),
            ("Büro", Some(Kind::Group)),
            ("Salary", None),
        ] {
            assert_eq!(of(column).map(|it| it.0), kind, "{column}");
        }
    }

    #[test]
    fn a_letter_is_no_status_that_anybody_knows() {
        assert_eq!(standing("Terminated"), Standing::Left);
        assert_eq!(standing("On-Leave"), Standing::Away);
        assert_eq!(standing("Aktiv"), Standing::Here);
        assert_eq!((standing("T"), standing("Contingent")), (Standing::Unknown, Standing::Unknown));
    }
}
