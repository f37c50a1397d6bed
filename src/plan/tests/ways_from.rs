//! Every way out that a blocker about what is held, kept elsewhere or sent in a file prints leads out.

use crate::model::{
    AdoptableField, Allowance, Computer, ComputerId, DeclaredSource, DesiredUser, DisplayName, Email,
    EmployeeId, GroupName, GroupSource, GroupState, Identifier, Integration, LeaveOut, Located, Managed,
    Members, Observed, ObservedUser, Origin, Upn, Writer,
};
use crate::plan::tests::build::{account, declared, desired, emails, group, login, record, reference};
use crate::plan::tests::ways_off::Blocked;

fn mail(text: &str) -> Identifier {
    Identifier::Email(Email::observed(text))
}

/// Only an employee ID.
fn numbered(number: &str) -> DesiredUser {
    DesiredUser { emails: Members::Leave, ..declared("") }.employee(number)
}

fn releasing(mut user: DesiredUser, value: &str) -> DesiredUser {
    user.releases = vec![Located::unplaced(mail(value))];
    user
}

fn beside(mut records: Vec<ObservedUser>, groups: &[(u64, &str, GroupSource, &[u64])]) -> Observed {
    records.push(record(9, "zed@x.example"));
    account(records, groups)
}

fn ada() -> ObservedUser {
    record(1, "ada@x.example").employee_id("E1")
}

fn bob() -> ObservedUser {
    record(2, "bob@x.example").employee_id("E2")
}

#[expect(clippy::too_many_lines, reason = "a table, a blocker a row")]
fn held() -> Vec<Blocked> {
    let wants_agent = |entries: Vec<DesiredUser>| {
        let mut ada = numbered("E1");
        ada.agents = vec![Located::unplaced(login("PC\\it"))];
        let mut wanted = desired([vec![ada], entries].concat(), vec![]);
        wanted.account.allow = vec![Located::unplaced(Allowance::AgentMoves)];
        wanted
    };
    let has_agent =
        || beside(vec![ada(), bob().email("it@pc", Writer::Other).upn("it").agent("PC\\it")], &[]);
    let has_named = || beside(vec![ada(), bob().called("it").agent("PC\\it")], &[]);
    vec![
        Blocked {
            code: "agent-held",
            wanted: wants_agent(vec![numbered("E2")]),
            observed: has_agent(),
            ways: vec![
                ("take it from the other user: leave it out of their list", |wanted, _| {
                    wanted.users[1].upns = Members::Exactly(vec![]);
                    wanted.users[1].emails = emails(&["bob@x.example"]);
                }),
                (
                    "take it from the other user: leave it out of their list, or under `releases`",
                    |wanted, _| {
                        wanted.users[1].releases = vec![
                            Located::unplaced(Identifier::Upn(Upn::observed("it"))),
                            Located::unplaced(mail("it@pc")),
                        ];
                    },
                ),
                ("or take the agent out of this entry", |wanted, _| wanted.users[0].agents.clear()),
            ],
        },
        Blocked {
            code: "agent-held",
            wanted: wants_agent(vec![]),
            observed: has_named(),
            ways: vec![
                (
                    "declare the other user too, without it: under `releases`, or by another name",
                    |wanted, _| {
                        wanted.users.push(numbered("E2").named("Bob"));
                    },
                ),
                ("or take the agent out of this entry", |wanted, _| wanted.users[0].agents.clear()),
            ],
        },
        Blocked {
            code: "agent-held",
            wanted: wants_agent(vec![numbered("E2")]),
            observed: has_named(),
            ways: vec![
                ("give the other user another display name", |wanted, _| {
                    wanted.users[1].display_name =
                        Managed::Set(Located::unplaced(DisplayName::observed("Bob")));
                }),
                ("or take the agent out of this entry", |wanted, _| wanted.users[0].agents.clear()),
            ],
        },
        Blocked {
            code: "no-identifier",
            wanted: desired(
                vec![DesiredUser {
                    emails: Members::Exactly(vec![]),
                    formerly: vec![Located::unplaced(mail("a@x.example"))],
                    ..declared("").named("Ada")
                }],
                vec![],
            ),
            observed: beside(vec![record(1, "a@x.example").called("Ada")], &[]),
            ways: vec![("declare at least one UPN, email or employee ID", |wanted, _| {
                wanted.users[0].emails = emails(&["ada@x.example"]);
            })],
        },
        Blocked {
            code: "value-taken",
            wanted: desired(
                vec![
                    DesiredUser { emails: emails(&["ada@x.example", "info@x.example"]), ..declared("") }
                        .employee("E1"),
                    numbered("E2"),
                ],
                vec![],
            ),
            observed: beside(vec![ada(), bob().email("info@x.example", Writer::Other)], &[]),
            ways: vec![
                ("put it under `releases` of the other user", |wanted, _| {
                    wanted.users[1] = releasing(numbered("E2"), "info@x.example");
                }),
                ("or take it out of this entry", |wanted, _| {
                    wanted.users[0].emails = emails(&["ada@x.example"]);
                }),
            ],
        },
        Blocked {
            code: "one-record-twice",
            wanted: desired(vec![declared("ada@x.example"), declared("a@x.example")], vec![]),
            observed: beside(vec![ada().email("a@x.example", Writer::Other)], &[]),
            ways: vec![
                ("if they are one human: make them one entry", |wanted, _| {
                    wanted.users.truncate(1);
                    wanted.users[0].emails = emails(&["ada@x.example", "a@x.example"]);
                }),
                ("if an identifier was handed on: put it under `releases`", |wanted, _| {
                    wanted.users[0].releases = vec![Located::unplaced(mail("a@x.example"))];
                }),
            ],
        },
        Blocked {
            code: "one-record-twice",
            wanted: desired(vec![declared("ada@x.example"), numbered("E1")], vec![]),
            observed: beside(vec![ada()], &[]),
            ways: vec![
                ("if they are one human: make them one entry", |wanted, _| {
                    wanted.users.truncate(1);
                    wanted.users[0] = declared("ada@x.example").employee("E1");
                }),
                ("if an identifier was handed on: put it under `releases`", |wanted, _| {
                    wanted.users[1] = releasing(numbered("E1"), "ada@x.example");
                }),
            ],
        },
        Blocked {
            code: "one-record-twice",
            wanted: desired(
                vec![declared("ada@x.example").employee("E1"), declared("n@x.example").named("N"), {
                    DesiredUser { emails: emails(&["a@x.example", "n2@x.example"]), ..declared("") }
                }],
                vec![],
            ),
            observed: beside(vec![ada().email("a@x.example", Writer::Other)], &[]),
            ways: vec![
                ("if they are one human: make them one entry", |wanted, _| {
                    wanted.users.pop();
                    wanted.users[0].emails = emails(&["ada@x.example", "a@x.example", "n2@x.example"]);
                }),
                ("if an identifier was handed on: put it under `releases`", |wanted, _| {
                    wanted.users[0].releases = vec![Located::unplaced(mail("a@x.example"))];
                }),
            ],
        },
    ]
}

#[test]
fn every_way_out_of_what_somebody_holds_leads_out() {
    for blocked in held() {
        blocked.takes_every_way();
    }
}

#[expect(clippy::too_many_lines, reason = "a table, a blocker a row")]
fn kept_elsewhere() -> Vec<Blocked> {
    let noted = |field: AdoptableField| {
        let mut ada = ada().called("Ada").email("a@x.example", Writer::Other);
        ada.foreign.note(field, usize::from(field == AdoptableField::Email), Integration::new("Workday"));
        beside(vec![ada], &[])
    };
    let members = |who: &[&str]| {
        desired(vec![declared("zed@x.example")], vec![group("Staff", DeclaredSource::App, who)])
    };
    let staff = || beside(vec![ada(), bob()], &[(5, "Staff", GroupSource::Directory, &[1])]);
    let with_computers = |name: &str| {
        let mut group = group("Lab", DeclaredSource::App, &[]);
        group.computers = Members::Exactly(vec![Located::unplaced(login(name))]);
        desired(vec![declared("zed@x.example")], vec![group])
    };
    let computers = |names: &[&str]| {
        let mut observed = beside(vec![], &[(5, "Lab", GroupSource::App, &[])]);
        observed.computers =
            (1..).map(ComputerId).zip(names).map(|(id, name)| Computer { id, login: login(name) }).collect();
        observed
    };
    vec![
        Blocked {
            code: "foreign-field",
            wanted: desired(vec![numbered("E1").named("Ada King")], vec![]),
            observed: noted(AdoptableField::DisplayName),
            ways: vec![
                ("to take it over: `adopt: [displayName]`", |wanted, _| {
                    wanted.users[0].adopt = vec![Located::unplaced(AdoptableField::DisplayName)];
                }),
                ("to leave it to Workday: take `displayName` out", |wanted, _| {
                    wanted.users[0].display_name = Managed::Leave;
                }),
            ],
        },
        Blocked {
            code: "foreign-field",
            wanted: desired(vec![declared("ada@x.example").employee("E1")], vec![]),
            observed: noted(AdoptableField::Email),
            ways: vec![
                ("to take it over: `adopt: [email]`", |wanted, _| {
                    wanted.users[0].adopt = vec![Located::unplaced(AdoptableField::Email)];
                }),
                ("to leave it to Workday: list it too, or take `email` out", |wanted, _| {
                    wanted.users[0].emails = emails(&["ada@x.example", "a@x.example"]);
                }),
                ("to leave it to Workday: list it too, or take `email` out", |wanted, _| {
                    wanted.users[0].emails = Members::Leave;
                }),
            ],
        },
        Blocked {
            code: "foreign-field",
            wanted: desired(vec![releasing(numbered("E1"), "a@x.example")], vec![]),
            observed: noted(AdoptableField::Email),
            ways: vec![
                ("to take it over: `adopt: [email]`", |wanted, _| {
                    wanted.users[0].adopt = vec![Located::unplaced(AdoptableField::Email)];
                }),
                ("to leave it to Workday: take it out of `releases`", |wanted, _| {
                    wanted.users[0].releases.clear();
                }),
            ],
        },
        Blocked {
            code: "read-only-group",
            wanted: members(&["ada@x.example", "bob@x.example"]),
            observed: staff(),
            ways: vec![
                ("change it where it comes from, or take what differs out", |_, observed| {
                    *observed = beside(vec![ada(), bob()], &[(5, "Staff", GroupSource::Directory, &[1, 2])]);
                }),
                ("change it where it comes from, or take what differs out", |wanted, _| {
                    wanted.groups[0].members = Members::Exactly(vec![reference("ada@x.example")]);
                }),
                ("change it where it comes from, or take what differs out", |wanted, _| {
                    wanted.groups.clear();
                }),
            ],
        },
        Blocked {
            code: "read-only-group",
            wanted: {
                let mut wanted = members(&[]);
                wanted.groups[0].members = Members::Leave;
                wanted.groups[0].source = None;
                wanted.groups[0].state = GroupState::Deleted(Origin::NONE);
                wanted
            },
            observed: staff(),
            ways: vec![("delete it where it comes from", |_, observed| {
                *observed = beside(vec![ada(), bob()], &[]);
            })],
        },
        Blocked {
            code: "read-only-group",
            wanted: {
                let mut bob = declared("bob@x.example").employee("E2");
                bob.groups = vec![Located::unplaced(GroupName::observed("Staff"))];
                desired(vec![bob], vec![])
            },
            observed: staff(),
            ways: vec![("add the user where the group comes from", |_, observed| {
                *observed = beside(vec![ada(), bob()], &[(5, "Staff", GroupSource::Directory, &[1, 2])]);
            })],
        },
        Blocked {
            code: "read-only-group",
            wanted: {
                let mut wanted = with_computers("*\\PC1");
                wanted.groups[0].source = Some(DeclaredSource::Hr);
                wanted.groups[0].members = Members::Exactly(vec![reference("ada@x.example")]);
                wanted
            },
            observed: {
                let mut observed = beside(vec![ada()], &[(5, "Lab", GroupSource::Hr, &[1])]);
                observed.computers = computers(&["ACME\\PC1"]).computers;
                observed
            },
            ways: vec![("put the computers into an app group", |wanted, _| {
                let mut app = group("Lab computers", DeclaredSource::App, &[]);
                app.computers = std::mem::replace(&mut wanted.groups[0].computers, Members::Leave);
                wanted.groups.push(app);
            })],
        },
        Blocked {
            code: "unknown-computer",
            wanted: with_computers("*\\PC9"),
            observed: computers(&["ACME\\PC1", "ACME\\PC2"]),
            ways: vec![
                ("correct the name; a computer appears once its agent reports", |wanted, _| {
                    wanted.groups[0].computers = Members::Exactly(vec![Located::unplaced(login("*\\PC1"))]);
                }),
                ("correct the name; a computer appears once its agent reports", |_, observed| {
                    let pc9 = Computer { id: ComputerId(9), login: login("ACME\\PC9") };
                    observed.computers.push(pc9);
                }),
            ],
        },
        Blocked {
            code: "unknown-computer",
            wanted: with_computers("*\\PC1"),
            observed: computers(&["ACME\\PC1", "LAB\\PC1"]),
            ways: vec![("name its domain: DOMAIN\\computer", |wanted, _| {
                wanted.groups[0].computers = Members::Exactly(vec![Located::unplaced(login("LAB\\PC1"))]);
            })],
        },
    ]
}

#[test]
fn every_way_out_of_what_is_kept_elsewhere_leads_out() {
    for blocked in kept_elsewhere() {
        blocked.takes_every_way();
    }
}

#[expect(clippy::too_many_lines, reason = "a table, a blocker a row")]
fn sent() -> Vec<Blocked> {
    let oslo =
        |who: &[&str]| desired(vec![declared("zed@x.example")], vec![group("Oslo", DeclaredSource::Hr, who)]);
    let deleted = || {
        let mut wanted = oslo(&[]);
        wanted.groups[0].members = Members::Leave;
        wanted.groups[0].state = GroupState::Deleted(Origin::NONE);
        wanted
    };
    let hr = |records: Vec<ObservedUser>| beside(records, &[(5, "Oslo", GroupSource::Hr, &[1])]);
    let nameless = || {
        let mut user = record(1, "it@pc").agent("PC\\it").called("It");
        user.device_logins.push(login("PC\\it"));
        user
    };
    vec![
        Blocked {
            code: "empty-set",
            wanted: deleted(),
            observed: hr(vec![ada()]),
            ways: vec![
                ("to keep HR groups: give one of them a member", |wanted, _| {
                    wanted.groups.push(group("Bergen", DeclaredSource::Hr, &["ada@x.example"]));
                }),
                ("to have none: delete the last where they were made", |_, observed| {
                    *observed = beside(vec![ada()], &[]);
                }),
            ],
        },
        Blocked {
            code: "empty-set",
            wanted: oslo(&[]),
            observed: hr(vec![ada()]),
            ways: vec![
                ("to keep HR groups: give one of them a member", |wanted, _| {
                    wanted.groups[0].members = Members::Exactly(vec![reference("ada@x.example")]);
                }),
                ("to have none: delete the last where they were made", |wanted, observed| {
                    *observed = beside(vec![ada()], &[]);
                    wanted.groups.clear();
                }),
            ],
        },
        Blocked {
            code: "no-lookup-value",
            wanted: {
                let mut wanted = oslo(&["ada@x.example", "PC\\it"]);
                wanted.users.push(DesiredUser {
                    emails: Members::Leave,
                    device_logins: vec![Located::unplaced(login("PC\\it"))],
                    ..declared("")
                });
                wanted
            },
            observed: beside(
                vec![nameless(), bob(), record(3, "ada@x.example")],
                &[(5, "Oslo", GroupSource::Hr, &[3])],
            ),
            ways: vec![
                ("give the user an employee ID, UPN or email", |wanted, observed| {
                    // First the user, then the group: what comes in the same run names no row.
                    observed.users[0].employee_ids.push(EmployeeId::observed("E1"));
                    wanted.users[1].employee_ids =
                        Members::Exactly(vec![Located::unplaced(EmployeeId::observed("E1"))]);
                }),
                ("or drop the membership: `hr.leaveOut", |wanted, _| {
                    wanted.leave_out = vec![LeaveOut {
                        group: Located::unplaced(GroupName::observed("Oslo")),
                        user: reference("PC\\it"),
                    }];
                }),
            ],
        },
    ]
}

#[test]
fn every_way_out_of_a_set_that_is_not_sent_leads_out() {
    for blocked in sent() {
        blocked.takes_every_way();
    }
}
