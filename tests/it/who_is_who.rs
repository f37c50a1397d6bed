//! Whether a declared user is a record: every combination of what an entry says and what a record holds, with its verdict.

use std::fmt::Write as _;

use jiff::Timestamp;
use rollcall::model::{
    Account, Desired, DesiredUser, DisplayName, Email, EmployeeId, Identifier, Located, Login, Managed,
    Members, Missing, Observed, ObservedEmail, ObservedUser, Origin, Platform, Policy, Region, Service,
    Status, Upn, UserId, Verb, Writer,
};
use rollcall::plan::{Context, plan};

use crate::documents::check;

/// What an entry says of one kind, beside what the record holds of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Same,
    Other,
    NotDeclared,
    NotHeld,
}

const STATES: [State; 4] = [State::Same, State::Other, State::NotDeclared, State::NotHeld];

impl State {
    const fn words(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Other => "other",
            Self::NotDeclared => "not declared",
            Self::NotHeld => "not held",
        }
    }

    const fn is_declared(self) -> bool {
        !matches!(self, Self::NotDeclared)
    }

    const fn is_held(self) -> bool {
        !matches!(self, Self::NotHeld)
    }
}

/// Name, UPN, email, employee ID and device login.
type Combination = [State; 5];

/// Whether a manifest or a row of an export says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Entry,
    Row,
}

/// What the plan makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// The entry is the record.
    Record,
    /// A blocker asks.
    Asks,
    /// Another user, who is created.
    New,
    /// No identifier is declared.
    Nothing,
}

impl Verdict {
    const fn words(self) -> &'static str {
        match self {
            Self::Record => "the record",
            Self::Asks => "**asks**",
            Self::New => "new",
            Self::Nothing => "",
        }
    }
}

const RECORD: [&str; 5] = ["Lena Leaver", "lena@acme.example", "sales@acme.example", "L77", "ACME\\lena"];
const OTHERS: [&str; 5] = ["Nils Newhire", "nils@acme.example", "n.n@acme.example", "N88", "LAB\\nils"];

fn list<T>(by: By, value: Option<T>) -> Members<T> {
    let Some(value) = value else { return Members::Leave };
    match by {
        By::Entry => Members::Exactly(vec![Located::unplaced(value)]),
        By::Row => Members::AtLeast(vec![Located::unplaced(value)]),
    }
}

fn entry(by: By, combination: Combination) -> DesiredUser {
    let text = |at: usize| match combination[at] {
        State::Same => Some(RECORD[at]),
        State::Other | State::NotHeld => Some(OTHERS[at]),
        State::NotDeclared => None,
    };
    DesiredUser {
        display_name: text(0)
            .map_or(Managed::Leave, |name| Managed::Set(Located::unplaced(DisplayName::observed(name)))),
        upns: list(by, text(1).map(Upn::observed)),
        emails: list(by, text(2).map(Email::observed)),
        employee_ids: list(by, text(3).map(EmployeeId::observed)),
        device_logins: text(4)
            .map(|login| Located::unplaced(Login::parse(login).unwrap()))
            .into_iter()
            .collect(),
        missing: Missing::Create,
        ..DesiredUser::new(Origin::NONE)
    }
}

fn nobody() -> ObservedUser {
    ObservedUser { status: Some(Status::Active), ..ObservedUser::new(UserId(1)) }
}

fn email(text: &str) -> ObservedEmail {
    ObservedEmail { email: Email::observed(text), writer: Writer::Other }
}

/// The record of a combination, with the kinds whose state it `holds`.
fn record(combination: Combination, holds: fn(State) -> bool) -> ObservedUser {
    let has = |at: usize| holds(combination[at]);
    let mut record = nobody();
    record.display_name = has(0).then(|| DisplayName::observed(RECORD[0]));
    record.upns = has(1).then(|| Upn::observed(RECORD[1])).into_iter().collect();
    record.emails = has(2).then(|| email(RECORD[2])).into_iter().collect();
    record.employee_ids = has(3).then(|| EmployeeId::observed(RECORD[3])).into_iter().collect();
    record.device_logins = has(4).then(|| Login::parse(RECORD[4]).unwrap()).into_iter().collect();
    record
}

fn judged(user: DesiredUser, record: ObservedUser) -> Verdict {
    if user.identifiers().next().is_none() {
        return Verdict::Nothing;
    }
    let desired = Desired {
        account: Account {
            origin: Origin::NONE,
            name: Located::unplaced("acme".into()),
            id: None,
            platform: Platform::Region(Service::ActivTrak, Region::Us),
            allow: Vec::new(),
            hr_group_type: "HRDC".into(),
        },
        policy: Policy::default(),
        users: vec![user],
        groups: Vec::new(),
        exclusions: Vec::new(),
        leave_out: Vec::new(),
        tracking: Vec::new(),
        exports: Vec::new(),
    };
    let observed = Observed::new(vec![record], Vec::new(), &[], Vec::new(), Vec::new());
    let context = Context { now: Timestamp::UNIX_EPOCH, base: None, attempts: None, number: None };
    let plan = plan(&desired, &observed, &context).unwrap();
    let codes: Vec<&str> = plan.blockers.iter().map(|blocker| blocker.code.name()).collect();
    match codes[..] {
        [] if plan.changes.iter().any(|change| change.verb == Verb::Create) => Verdict::New,
        ["device-login-only"] => Verdict::New,
        [] => Verdict::Record,
        ["takeover" | "same-user"] => Verdict::Asks,
        _ => panic!("{codes:?}"),
    }
}

fn verdict(by: By, combination: Combination) -> Verdict {
    judged(entry(by, combination), record(combination, State::is_held))
}

fn combinations() -> impl Iterator<Item = Combination> {
    (0..4_usize.pow(5)).map(|at| [4, 3, 2, 1, 0].map(|place| STATES[at / 4_usize.pow(place) % 4]))
}

fn shared(combination: Combination) -> usize {
    combination[1..].iter().filter(|state| **state == State::Same).count()
}

const INTRO: &str = "\
# Who is who

Generated by `tests/it/who_is_who.rs`; `BLESS=1 cargo test --test it` writes it anew.

An entry matches the record that holds one of its identifiers. But identifiers are given again: a shared address goes to the
successor, a number to the next hire. So one shared identifier is enough only if nothing else in the entry contradicts it.
What the entry does not say is no evidence that it is the same human, and neither is what else the record holds.

- **One shared identifier and another name**: the plan asks, whatever else the record holds. It also asks if one address or login
  is shared, another address differs, and there is no name to compare.
- **Another employee ID**: with one shared identifier the plan asks, whatever the names are; with two, only if the name differs too.
- **The same name and no other employee ID**: it is the record.
- **A device login** is given again together with its username: a shared login is evidence only where there is no other, and a
  different login is no evidence, as everybody may have several.
- **No shared identifier**: a new user; if the name is the same, the plan asks.

A blocker that asks prints the lines that settle it: `formerly` in the entry if it is the same human, `releases` in the leaver's
entry if it is another. `formerly` takes precedence over everything here.
";

#[test]
fn every_combination_has_its_verdict_in_the_docs() {
    let mut text = String::from(INTRO);
    text.push_str(
        "\n## People who change\n\nNames with a word in common (a part of it of three letters or more is enough) may belong to one human \
         whose name changed. They\nare no evidence of two humans while the entry keeps all that the record has, or is a row with the employee ID.\n\n\
         | what | by a manifest | by a row |\n|---|---|---|\n",
    );
    for (what, change) in changes() {
        let by = |by: By| {
            let (user, record) = change(by);
            judged(user, record).words()
        };
        writeln!(text, "| {what} | {} | {} |", by(By::Entry), by(By::Row)).unwrap();
    }
    text.push_str(
        "\n## Entries of manifests\n\nThe last four columns are the device login. *Not declared*: the entry says none. *Not held*: the record has none.\n\n\
         | name | UPN | email | employee ID | same | other | not declared | not held |\n|---|---|---|---|---|---|---|---|\n",
    );
    for head in combinations().filter(|it| it[4] == State::Same) {
        let cells =
            STATES.map(|login| verdict(By::Entry, [head[0], head[1], head[2], head[3], login]).words());
        let head = [0, 1, 2, 3].map(|at: usize| head[at].words());
        writeln!(text, "| {} | {} |", head.join(" | "), cells.join(" | ")).unwrap();
    }
    text.push_str(
        "\n## Rows of exports\n\nA row adds to what the record has, and replaces nothing. The last four columns are the employee ID; rows have no device \
         logins.\n\n| name | UPN | email | same | other | not declared | not held |\n|---|---|---|---|---|---|---|\n",
    );
    for head in combinations().filter(|it| it[3] == State::Same && it[4] == State::NotDeclared) {
        let cells =
            STATES.map(|id| verdict(By::Row, [head[0], head[1], head[2], id, State::NotDeclared]).words());
        let head = [0, 1, 2].map(|at: usize| head[at].words());
        writeln!(text, "| {} | {} |", head.join(" | "), cells.join(" | ")).unwrap();
    }
    check("docs/who-is-who.md", &text);
}

#[test]
fn one_shared_identifier_and_another_name_is_a_question_whatever_else_there_is() {
    for by in [By::Entry, By::Row] {
        for it in combinations().filter(|it| it[0] == State::Other && shared(*it) == 1) {
            assert_eq!(verdict(by, it), Verdict::Asks, "{by:?} {it:?}");
        }
    }
}

#[test]
fn another_employee_id_with_one_shared_identifier_is_a_question() {
    for by in [By::Entry, By::Row] {
        for it in combinations().filter(|it| it[3] == State::Other && shared(*it) == 1) {
            assert_eq!(verdict(by, it), Verdict::Asks, "{by:?} {it:?}");
        }
    }
}

#[test]
fn the_same_name_and_a_shared_identifier_are_the_record_unless_the_number_is_another() {
    for by in [By::Entry, By::Row] {
        let sure = |it: &Combination| it[0] == State::Same && it[3] != State::Other && shared(*it) > 0;
        for it in combinations().filter(sure) {
            assert_eq!(verdict(by, it), Verdict::Record, "{by:?} {it:?}");
        }
    }
}

#[test]
fn nobody_is_a_record_without_a_shared_identifier() {
    for by in [By::Entry, By::Row] {
        for it in combinations().filter(|it| shared(*it) == 0) {
            assert_ne!(verdict(by, it), Verdict::Record, "{by:?} {it:?}");
        }
    }
}

#[test]
fn what_the_entry_does_not_declare_is_no_evidence() {
    for by in [By::Entry, By::Row] {
        for it in combinations() {
            let says = verdict(by, it);
            // What more the record holds makes no difference.
            assert_eq!(
                judged(entry(by, it), record(it, |state| state.is_held() && state.is_declared())),
                says,
                "{by:?} {it:?}"
            );
            // To say less of what is the same answers no question.
            for place in (0..5).filter(|place| it[*place] == State::Same && says == Verdict::Asks) {
                let mut less = it;
                less[place] = State::NotDeclared;
                assert_ne!(verdict(by, less), Verdict::Record, "{by:?} {it:?}");
            }
        }
    }
}

#[test]
fn formerly_goes_before_everything() {
    for it in combinations().filter(|it| shared(*it) > 0) {
        let (mut user, record) = (entry(By::Entry, it), record(it, State::is_held));
        user.formerly = record.identifiers().take(1).map(Located::unplaced).collect();
        assert_eq!(judged(user, record), Verdict::Record, "{it:?}");
    }
}

type Change = fn(By) -> (DesiredUser, ObservedUser);

/// A user of a name, addresses and perhaps a number.
fn user(by: By, name: &str, emails: &[&str], id: Option<&str>) -> DesiredUser {
    let emails: Vec<Located<Email>> =
        emails.iter().map(|text| Located::unplaced(Email::observed(text))).collect();
    let mut user = entry(by, [State::NotDeclared; 5]);
    user.display_name = Managed::Set(Located::unplaced(DisplayName::observed(name)));
    user.emails = match (emails.is_empty(), by) {
        (true, _) => Members::Leave,
        (false, By::Entry) => Members::Exactly(emails),
        (false, By::Row) => Members::AtLeast(emails),
    };
    user.employee_ids = list(by, id.map(EmployeeId::observed));
    user
}

fn known(name: Option<&str>, emails: &[&str], id: Option<&str>) -> ObservedUser {
    let mut record = nobody();
    record.display_name = name.map(DisplayName::observed);
    record.emails = emails.iter().map(|text| email(text)).collect();
    record.employee_ids = id.map(EmployeeId::observed).into_iter().collect();
    record
}

/// What happens to people every day, and what only looks like it.
fn changes() -> Vec<(&'static str, Change)> {
    const OLD: &str = "ada.lovelace@acme.example";
    const NEW: &str = "ada.king@acme.example";
    vec![
        ("marriage: Ada Lovelace is Ada King, and keeps her address", |by| {
            (user(by, "Ada King", &[OLD], None), known(Some("Ada Lovelace"), &[OLD], Some("E1")))
        }),
        ("marriage: a new address, and the old one kept", |by| {
            (user(by, "Ada King", &[NEW, OLD], None), known(Some("Ada Lovelace"), &[OLD], Some("E1")))
        }),
        ("marriage: a new address, and the old one under `formerly`", |by| {
            let mut user = user(by, "Ada King", &[NEW], None);
            user.formerly = vec![Located::unplaced(Identifier::Email(Email::observed(OLD)))];
            (user, known(Some("Ada Lovelace"), &[OLD], Some("E1")))
        }),
        ("marriage: a new address, the old one kept, and the employee ID", |by| {
            (user(by, "Ada King", &[NEW, OLD], Some("E1")), known(Some("Ada Lovelace"), &[OLD], Some("E1")))
        }),
        ("marriage: a new address, and only the employee ID kept", |by| {
            (user(by, "Ada King", &[NEW], Some("E1")), known(Some("Ada Lovelace"), &[OLD], Some("E1")))
        }),
        ("a new address, the same name and number", |by| {
            (user(by, "Ada Lovelace", &[NEW], Some("E1")), known(Some("Ada Lovelace"), &[OLD], Some("E1")))
        }),
        ("the record is called by its login: `ada.lovelace`", |by| {
            (user(by, "Ada Lovelace", &[OLD], Some("E1")), known(Some("ada.lovelace"), &[OLD], None))
        }),
        ("the record has no name", |by| {
            (user(by, "Ada Lovelace", &[OLD], Some("E1")), known(None, &[OLD], None))
        }),
        ("the record has no name, and the number comes with an address that nothing of it goes with", |by| {
            (user(by, "Nils Newhire", &["nils@acme.example"], Some("E1")), known(None, &[OLD], Some("E1")))
        }),
        ("the record has no name, and the number comes with an address that goes with the name", |by| {
            (user(by, "Ada Lovelace", &["ada@new.example"], Some("E1")), known(None, &[OLD], Some("E1")))
        }),
        ("a number is given again, to another name", |by| {
            (user(by, "Nils Newhire", &[], Some("E1")), known(Some("Ada Lovelace"), &[OLD], Some("E1")))
        }),
        ("an address alone, without a name", |by| {
            let mut user = user(by, "", &[OLD], None);
            user.display_name = Managed::Leave;
            (user, known(Some("Ada Lovelace"), &[OLD], Some("E1")))
        }),
        ("a successor has the leaver's address besides an own one", |by| {
            let both = &["nils@acme.example", OLD];
            (user(by, "Nils Newhire", both, None), known(Some("Ada Lovelace"), &[OLD], Some("E1")))
        }),
        ("a namesake of the leaver gets the shared address besides an own one", |by| {
            let both = &["lena.newhire@acme.example", "sales@acme.example"];
            let leaver = known(Some("Lena Leaver"), &["sales@acme.example"], None);
            (user(by, "Lena Newhire", both, None), leaver)
        }),
    ]
}
