//! What can an account hold that no manifest says? All of it is listed, and nothing else is lost for it.

use jiff::Timestamp;

use crate::import::check::check;
use crate::import::choices::{Choices, HrGroups, PrimaryGroups};
use crate::import::files::{Split, files};
use crate::import::imported::Imported;
use crate::import::place::File;
use crate::import::users::said;
use crate::model::{
    Computer, ComputerId, DisplayName, Email, EmployeeId, GroupId, GroupName, GroupSource, Located, Login,
    Members, Observed, ObservedEmail, ObservedGroup, ObservedUser, Phrase, Piece, Reference, Upn, UserId,
    Writer,
};

const CHOICES: Choices = Choices { hr: HrGroups::Declare, primary: PrimaryGroups::Write };

fn user(id: u64, name: &str) -> ObservedUser {
    let mut user = ObservedUser::new(UserId(id));
    user.display_name = Some(DisplayName::observed(name));
    user
}

fn with_upn(id: u64, name: &str, upn: &str) -> ObservedUser {
    ObservedUser { upns: vec![Upn::observed(upn)], ..user(id, name) }
}

fn group(id: u64, name: &str, source: GroupSource) -> ObservedGroup {
    ObservedGroup::new(GroupId(id), GroupName::observed(name), source)
}

fn account(users: Vec<ObservedUser>, groups: Vec<ObservedGroup>, members: &[(u64, u64)]) -> Observed {
    let members: Vec<_> = members.iter().map(|(group, user)| (GroupId(*group), UserId(*user))).collect();
    Observed::new(users, groups, &members, Vec::new(), Vec::new())
}

/// What is listed, in words.
fn listed(imported: &Imported) -> Vec<String> {
    let words = |phrase: &Phrase| {
        let word = |piece: &Piece| match piece {
            Piece::Plain(words) => words.to_string(),
            Piece::Personal(text) => text.to_string(),
            Piece::User(label) => label.name.as_deref().unwrap_or_default().to_owned(),
        };
        phrase.0.iter().map(word).collect::<String>()
    };
    imported.unsaid.iter().map(|unsaid| words(&unsaid.sentence)).collect()
}

/// The texts of the files with their names.
fn written(imported: &Imported, observed: &Observed) -> Vec<(File, String)> {
    let files = files(imported, observed, &Split::None);
    files.into_iter().map(|file| (file.clone(), file.text(imported).unwrap())).collect()
}

#[test]
fn what_two_records_hold_is_said_of_neither_and_names_neither() {
    let one = with_upn(1, "Ada", "shared@acme.example");
    let mut two = with_upn(2, "ada", "two@acme.example");
    let email = Email::observed("Shared@acme.example");
    two.emails.push(ObservedEmail { email, writer: Writer::Other });
    let mut three = with_upn(3, "Cy", "shared@acme.example");
    three.employee_ids.push(EmployeeId::observed("E3"));
    let app = group(10, "Team", GroupSource::App);
    let observed = account(vec![one, two, three], vec![app], &[(10, 1), (10, 2), (10, 3)]);
    let imported = Imported::of(&observed, CHOICES);
    assert_eq!(
        listed(&imported),
        [
            "Ada has no identifier that a manifest can say and nobody else has: left as they are",
            "the display name of ada: ada is also that of Ada",
            "the emails of ada: Shared@acme.example is also that of Ada",
            "the UPNs of Cy: shared@acme.example is also that of Ada",
            "Ada in Team: nothing names them alone, so the list only adds (`membership: additive`)",
        ]
    );
    let Members::AtLeast(members) = &imported.groups[0].1.members else { panic!("a list that only adds") };
    let members: Vec<String> = members.iter().map(|said| said.value.to_string()).collect();
    assert_eq!(members, ["E3", "two@acme.example"]);
}

#[test]
fn a_list_that_cannot_be_said_whole_is_left_alone_and_the_rest_of_the_entry_is_said() {
    let mut ada = with_upn(1, "Ada\u{1}", "ada@acme.example");
    ada.employee_ids = ["E1", "a@b"].map(EmployeeId::observed).to_vec();
    ada.device_logins = vec![Login::observed(Some("ACME"), "ada"), Login::observed(Some("ACME"), "a\\b")];
    let observed = account(vec![ada], Vec::new(), &[]);
    let imported = Imported::of(&observed, CHOICES);
    let entry = &imported.users[0].1;
    assert_eq!((&entry.employee_ids, entry.device_logins.len()), (&Members::Leave, 1));
    assert!(entry.display_name.declared().is_none());
    assert_eq!(listed(&imported).len(), 3, "{:?}", listed(&imported));
}

#[test]
fn an_hr_group_is_declared_whole_or_carried() {
    let ada = with_upn(1, "Ada", "ada@acme.example");
    let nobody = ObservedUser::new(UserId(2));
    let groups = [(10, "Bergen"), (11, "Oslo"), (12, "Vik")];
    let groups = groups.map(|(id, name)| group(id, name, GroupSource::Hr)).to_vec();
    let observed = account(vec![ada, nobody], groups, &[(10, 1), (11, 1), (11, 2)]);
    let imported = Imported::of(&observed, CHOICES);
    let names: Vec<_> = imported.groups.iter().map(|(_, group)| group.name.value.to_string()).collect();
    assert_eq!(names, ["Bergen"]);
    let told = listed(&imported);
    assert!(told.iter().any(|it| it.starts_with("Oslo is an HR group, and nothing names")), "{told:?}");
    assert!(told.iter().any(|it| it.starts_with("Vik is an HR group without members")), "{told:?}");
    let carried = Imported::of(&observed, Choices { hr: HrGroups::Carry, ..CHOICES });
    assert!(carried.groups.is_empty());
}

#[test]
fn a_computer_that_shares_its_name_is_not_said() {
    let computer = |id, domain| Computer { id: ComputerId(id), login: Login::observed(domain, "PC-1") };
    let with = |id: u64, name: &str, computers: &[u64]| ObservedGroup {
        computers: Some(computers.iter().copied().map(ComputerId).collect()),
        ..group(id, name, GroupSource::App)
    };
    let groups = vec![with(10, "Lab", &[1]), with(11, "Hall", &[2]), with(12, "Desk", &[3])];
    let desk = Computer { id: ComputerId(3), login: Login::observed(Some("ACME"), "PC-3") };
    let computers = vec![computer(1, Some("ACME")), computer(2, None), desk];
    let observed = Observed::new(Vec::new(), groups, &[], Vec::new(), computers);
    let imported = Imported::of(&observed, CHOICES);
    let said: Vec<_> = imported.groups.iter().map(|(_, group)| group.computers != Members::Leave).collect();
    assert_eq!(said, [true, false, false], "Desk, Hall, Lab");
    let several = ["Hall: several are called *\\PC-1", "Lab: several are called ACME\\PC-1"];
    assert_eq!(listed(&imported), several.map(|it| format!("the computers of {it}")));
}

#[test]
fn a_member_is_named_by_what_changes_least_often() {
    let mut ada = with_upn(1, "Ada", "ada@acme.example");
    let email = Email::observed("made@acme");
    ada.emails.push(ObservedEmail { email, writer: Writer::Account });
    let mut bob = user(2, "Bob");
    bob.emails = ada.emails.clone();
    bob.emails[0].email = Email::observed("bob@acme");
    bob.device_logins = vec![Login::observed(Some("ACME"), "bob")];
    let cy = user(3, "Cy");
    let observed =
        account(vec![ada, bob, cy], vec![group(10, "Team", GroupSource::App)], &[(10, 1), (10, 2), (10, 3)]);
    let imported = Imported::of(&observed, CHOICES);
    let members = imported.groups[0].1.members.listed();
    let members: Vec<String> = members.iter().map(|said| said.value.to_string()).collect();
    assert_eq!(members, ["ACME\\bob", "ada@acme.example", "{ name: Cy }"]);
}

#[test]
fn what_a_plan_would_change_is_left_out_and_listed() {
    let users = vec![with_upn(1, "Ada", "ada@acme.example"), with_upn(2, "Bob", "bob@acme.example")];
    let groups = vec![group(10, "Team", GroupSource::App), group(11, "Gang", GroupSource::App)];
    let observed = account(users, groups, &[(10, 1)]);
    let mut imported = Imported::of(&observed, CHOICES);
    // As if these had been read otherwise.
    let Members::Exactly(nobody) = &mut imported.groups[0].1.members else { panic!("a whole list") };
    nobody.push(Located::unplaced(Reference::parse("nobody@acme.example").unwrap()));
    imported.users[1].1.upns =
        Members::Exactly(said([Upn::observed("bob@acme.example"), Upn::observed("b@acme.example")]));
    let folder = tempfile::tempdir().unwrap();
    let head = "account: { name: acme, platform: activtrak, region: us }\n";
    let round = |imported: &Imported| {
        std::fs::write(folder.path().join("rollcall.yaml"), head).unwrap();
        let written = written(imported, &observed);
        for (file, text) in &written {
            std::fs::write(folder.path().join(&*file.path), text).unwrap();
        }
        (check(folder.path(), &observed, Timestamp::UNIX_EPOCH), written)
    };
    let (objections, files) = round(&imported);
    imported.leave_out(&observed, &files, objections).unwrap();
    assert_eq!((imported.users.len(), imported.groups.len()), (1, 1));
    assert_eq!(round(&imported).0, []);
    let told = listed(&imported);
    assert!(told[0].starts_with("Bob would not be left as it is"), "{told:?}");
    assert!(told[1].starts_with("Gang would not be left as it is"), "{told:?}");
}
