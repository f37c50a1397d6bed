//! Every way out that a blocker about groups, values and references prints leads out: each is taken, and the plan made again does not
//! have it any more.

use crate::model::{
    AttributeName, Automatic, DeclaredSource, Desired, DesiredGroup, DesiredUser, DisplayName, Email,
    ExclusionState, Folded, GroupName, GroupSource, GroupState, Identifier, Located, Managed, Members,
    Observed, ObservedUser, Origin, Recreate, Reference, Rule, Subject, Test, Tracking, Upn,
};
use crate::plan::tests::build::{
    account, codes, declared, desired, emails, exclusion, group, login, planned, record, reference,
};
use crate::plan::tests::ways_out::leads_out;

/// Groups of the account, with the record numbers of their members.
type Groups = Vec<(u64, &'static str, GroupSource, &'static [u64])>;
/// What somebody does: to the manifests, and in the account.
type Deed = fn(&mut Desired, &mut Vec<ObservedUser>, &mut Groups);

/// A plan with one blocker, and for each way out, how it starts and what is done.
struct Blocked {
    code: &'static str,
    wanted: Desired,
    records: Vec<ObservedUser>,
    groups: Groups,
    ways: Vec<(&'static str, Deed)>,
}

fn named(name: &str) -> Located<GroupName> {
    Located::unplaced(GroupName::observed(name))
}

/// Groups, beside a user whom none of them is about.
fn beside(groups: Vec<DesiredGroup>) -> Desired {
    desired(vec![declared("zed@x.example")], groups)
}

fn by_rule(name: &str) -> DesiredGroup {
    let subject = Subject::Attribute(AttributeName::observed("department"));
    let rule = Rule::Is { subject, test: Test::In(vec![Folded::new("R&D")]) };
    let automatic = Automatic { rule: Some(Located::unplaced(rule)), ..Automatic::default() };
    let mut group = group(name, DeclaredSource::App, &[]);
    (group.members, group.automatic) = (Members::Leave, Some(automatic));
    group
}

#[expect(clippy::too_many_lines, reason = "a table, a blocker a row")]
fn values() -> Vec<Blocked> {
    let wants_upn = || {
        let mut user = declared("new@x.example").employee("E1");
        user.upns = Members::Exactly(vec![Located::unplaced(Upn::observed("ada@x.example"))]);
        user
    };
    vec![
        Blocked {
            code: "value-taken",
            wanted: desired(vec![declared("a@x.example").named("Ada"), declared("b@x.example")], vec![]),
            records: vec![record(1, "a@x.example"), record(2, "b@x.example").called("Ada")],
            groups: vec![],
            ways: vec![
                ("choose another name", |wanted, _, _| {
                    wanted.users[0].display_name =
                        Managed::Set(Located::unplaced(DisplayName::observed("Ada Two")));
                }),
                ("or give the other user another name first", |_, records, _| {
                    records[1] = record(2, "b@x.example").called("Bea");
                }),
            ],
        },
        Blocked {
            code: "two-records",
            wanted: desired(vec![wants_upn()], vec![]),
            records: vec![record(1, "new@x.example").called("N"), record(2, "ada@x.example").called("A")],
            groups: vec![],
            ways: vec![
                ("if they are one human: merge the records on the Users page", |_, records, _| {
                    let one = record(1, "new@x.example").upn("ada@x.example");
                    *records = vec![one];
                }),
                ("if they are not: take the identifier that is not theirs out", |wanted, _, _| {
                    wanted.users[0].upns = Members::Leave;
                }),
                ("if it moves from one human to the other: declare the other too", |wanted, records, _| {
                    let other = records.remove(1).employee_id("A1");
                    records.push(other);
                    let mut other = declared("").employee("A1");
                    other.emails = Members::Leave;
                    other.releases =
                        vec![Located::unplaced(Identifier::Email(Email::observed("ada@x.example")))];
                    wanted.users.push(other);
                }),
            ],
        },
        Blocked {
            code: "unknown-reference",
            wanted: beside(vec![group("G", DeclaredSource::App, &["ada@x.exmple"])]),
            records: vec![record(1, "ada@x.example"), record(9, "zed@x.example")],
            groups: vec![(5, "G", GroupSource::App, &[])],
            ways: vec![("correct the reference, or declare the user", |wanted, _, _| {
                wanted.groups[0].members = Members::Exactly(vec![reference("ada@x.example")]);
            })],
        },
        Blocked {
            code: "looks-alike",
            wanted: desired(
                vec![declared("a@x.example").employee("0012"), declared("b@x.example").employee("12")],
                vec![],
            ),
            records: vec![record(9, "zed@x.example")],
            groups: vec![],
            ways: vec![
                ("the same user: keep one of the two", |wanted, _, _| {
                    wanted.users.remove(1);
                }),
                ("two users: give both a display name", |wanted, _, _| {
                    wanted.users[0].display_name =
                        Managed::Set(Located::unplaced(DisplayName::observed("Ada")));
                    wanted.users[1].display_name =
                        Managed::Set(Located::unplaced(DisplayName::observed("Bea")));
                }),
            ],
        },
        Blocked {
            code: "looks-alike",
            wanted: desired(
                vec![declared("groß@x.example").named("A"), declared("gross@x.example").named("B")],
                vec![],
            ),
            records: vec![record(9, "zed@x.example")],
            groups: vec![],
            ways: vec![
                ("the same user: keep one of the two", |wanted, _, _| {
                    wanted.users.remove(0);
                }),
                ("two users: give one of them another spelling", |wanted, _, _| {
                    wanted.users[0].emails = emails(&["s.groß@x.example"]);
                }),
            ],
        },
    ]
}

#[expect(clippy::too_many_lines, reason = "a table, a blocker a row")]
fn groups() -> Vec<Blocked> {
    let ada = || vec![record(1, "ada@x.example"), record(2, "bob@x.example"), record(9, "zed@x.example")];
    vec![
        Blocked {
            code: "unknown-group",
            wanted: desired(
                vec![{
                    let mut user = declared("ada@x.example");
                    user.groups = vec![named("Sales")];
                    user
                }],
                vec![],
            ),
            records: ada(),
            groups: vec![],
            ways: vec![("declare the group", |wanted, _, _| {
                wanted.groups.push(group("Sales", DeclaredSource::App, &[]));
            })],
        },
        Blocked {
            code: "group-name-taken",
            wanted: beside(vec![group("Straße", DeclaredSource::App, &["ada@x.example"])]),
            records: ada(),
            groups: vec![(5, "Strasse", GroupSource::App, &[1])],
            ways: vec![
                ("the same group: write its name as the account has it", |wanted, _, _| {
                    wanted.groups[0].name = named("Strasse");
                }),
                ("to rename it: add `formerly: [Strasse]`", |wanted, _, _| {
                    wanted.groups[0].formerly = vec![named("Strasse")];
                }),
                ("another group: give it another name", |wanted, _, _| {
                    wanted.groups[0].name = named("Road");
                }),
            ],
        },
        Blocked {
            code: "not-carried-out",
            wanted: beside(vec![group("Team \"A\"", DeclaredSource::App, &["ada@x.example"])]),
            records: ada(),
            groups: vec![(5, "Team B", GroupSource::App, &[])],
            ways: vec![("write the name as the account has it, or another", |wanted, _, _| {
                wanted.groups[0].name = named("Team A");
            })],
        },
        Blocked {
            code: "hr-rename",
            wanted: beside(vec![{
                let mut group = group("Oslo", DeclaredSource::Hr, &["ada@x.example"]);
                group.formerly = vec![named("Bergen")];
                group
            }]),
            records: ada(),
            groups: vec![(5, "Bergen", GroupSource::Hr, &[1])],
            ways: vec![("say `recreate: true` to delete it and make a new one", |wanted, _, _| {
                wanted.groups[0].recreate = Recreate::Allowed(Origin::NONE);
            })],
        },
        Blocked {
            code: "unseen-members",
            wanted: beside(vec![by_rule("Research")]),
            records: ada(),
            groups: vec![(5, "Research", GroupSource::App, &[1])],
            ways: vec![
                ("if they belong to it: declare them with the attributes", |wanted, _, _| {
                    let mut ada = declared("ada@x.example");
                    ada.attributes =
                        vec![(AttributeName::observed("department"), Located::unplaced("R&D".into()))];
                    wanted.users.push(ada);
                }),
                ("if they do not: list them under `except`", |wanted, _, _| {
                    if let Some(automatic) = &mut wanted.groups[0].automatic {
                        automatic.except = vec![reference("ada@x.example")];
                    }
                }),
            ],
        },
    ]
}

#[expect(clippy::too_many_lines, reason = "a table, a blocker a row")]
fn more() -> Vec<Blocked> {
    let ada = || vec![record(1, "ada@x.example"), record(2, "bob@x.example"), record(9, "zed@x.example")];
    vec![
        Blocked {
            code: "empty-hr-group",
            wanted: beside(vec![
                group("Oslo", DeclaredSource::Hr, &[]),
                group("Bergen", DeclaredSource::Hr, &["bob@x.example"]),
            ]),
            records: ada(),
            groups: vec![(5, "Oslo", GroupSource::Hr, &[1]), (6, "Bergen", GroupSource::Hr, &[2])],
            ways: vec![
                ("give it members, or declare it with `state: deleted`", |wanted, _, _| {
                    wanted.groups[0].members = Members::Exactly(vec![reference("bob@x.example")]);
                }),
                ("give it members, or declare it with `state: deleted`", |wanted, _, _| {
                    wanted.groups[0].state = GroupState::Deleted(Origin::NONE);
                }),
            ],
        },
        Blocked {
            code: "not-in-group",
            wanted: desired(
                vec![DesiredUser {
                    primary_group: Managed::Set(named("Sales")),
                    ..declared("ada@x.example")
                }],
                vec![],
            ),
            records: ada(),
            groups: vec![(5, "Sales", GroupSource::App, &[2])],
            ways: vec![
                ("add the user to the group", |wanted, _, _| wanted.users[0].groups = vec![named("Sales")]),
                ("or take `primaryGroup` out", |wanted, _, _| wanted.users[0].primary_group = Managed::Leave),
            ],
        },
        Blocked {
            code: "device-login-only",
            wanted: desired(
                vec![DesiredUser {
                    emails: Members::Leave,
                    device_logins: vec![Located::unplaced(login("X\\new"))],
                    ..declared("")
                }],
                vec![],
            ),
            records: ada(),
            groups: vec![],
            ways: vec![("declare a UPN, an email or an employee ID", |wanted, _, _| {
                wanted.users[0].emails = emails(&["new@x.example"]);
            })],
        },
        Blocked {
            code: "source-change",
            wanted: beside(vec![group("Oslo", DeclaredSource::Hr, &["ada@x.example"])]),
            records: ada(),
            groups: vec![(5, "Oslo", GroupSource::App, &[1])],
            ways: vec![
                ("give the HR group another name, or delete the other group first", |wanted, _, _| {
                    wanted.groups[0].name = named("Oslo office");
                }),
                ("give the HR group another name, or delete the other group first", |_, _, groups| {
                    groups.clear();
                }),
            ],
        },
        Blocked {
            code: "ambiguous-reference",
            wanted: beside(vec![{
                let mut group = group("G", DeclaredSource::App, &[]);
                group.members =
                    Members::Exactly(vec![Located::unplaced(Reference::Name(DisplayName::observed("Ada")))]);
                group
            }]),
            records: vec![
                record(1, "a@x.example").called("Ada"),
                record(2, "b@x.example").called("ada"),
                record(9, "zed@x.example"),
            ],
            groups: vec![(5, "G", GroupSource::App, &[1])],
            ways: vec![("refer to the user by an identifier that only one of them holds", |wanted, _, _| {
                wanted.groups[0].members = Members::Exactly(vec![reference("b@x.example")]);
            })],
        },
        Blocked {
            code: "exclusion-hits-tracked",
            wanted: Desired {
                exclusions: vec![exclusion("*\\ada", ExclusionState::Present)],
                ..beside(vec![])
            },
            records: ada(),
            groups: vec![],
            ways: vec![
                ("declare the user `tracking: untracked`", |wanted, _, _| {
                    wanted.users.push(declared("ada@x.example").tracked(Tracking::Untracked));
                }),
                ("or take the exclusion out", |wanted, _, _| wanted.exclusions.clear()),
            ],
        },
    ]
}

#[test]
fn every_way_out_of_a_question_about_groups_and_values_leads_out() {
    for blocked in values().into_iter().chain(groups()).chain(more()) {
        let plan = |wanted: &Desired, records: &[ObservedUser], groups: &Groups| {
            let observed: Observed = account(records.to_vec(), groups);
            planned(wanted, &observed)
        };
        let before = plan(&blocked.wanted, &blocked.records, &blocked.groups);
        assert_eq!(codes(&before), [blocked.code], "{:?}", before.blockers);
        leads_out(&before.blockers[0], &blocked.ways, |deed| {
            let (mut wanted, mut records, mut groups) =
                (blocked.wanted.clone(), blocked.records.clone(), blocked.groups.clone());
            deed(&mut wanted, &mut records, &mut groups);
            plan(&wanted, &records, &groups)
        });
    }
}
