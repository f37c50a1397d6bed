//! Every way out that a blocker about who is who prints leads out: each is taken, and the plan made again has no blocker.

use crate::model::{
    Desired, DesiredUser, DisplayName, Email, EmployeeId, Identifier, Located, Managed, Members, Missing,
    NameMatch, Observed, ObservedUser,
};
use crate::plan::tests::build::{account, codes, declared, desired, emails, login, planned, record};
use crate::plan::tests::orders::said_in;
use crate::plan::{Blocker, Plan};

/// What somebody does: to the manifests, and in the app.
type Deed = fn(&mut Desired, &mut Vec<ObservedUser>);

/// A plan with one blocker, and for each way out, how it starts and what is done.
struct Blocked {
    code: &'static str,
    users: Vec<DesiredUser>,
    records: Vec<ObservedUser>,
    ways: Vec<(&'static str, Deed)>,
}

fn mail(text: &str) -> Identifier {
    Identifier::Email(Email::observed(text))
}

fn id(text: &str) -> Identifier {
    Identifier::EmployeeId(EmployeeId::observed(text))
}

fn numbered(number: &str) -> DesiredUser {
    let mut user = declared("");
    user.emails = Members::Leave;
    user.employee(number)
}

fn releasing(mut user: DesiredUser, value: Identifier) -> DesiredUser {
    user.releases = vec![Located::unplaced(value)];
    user
}

#[expect(clippy::too_many_lines, reason = "a table, a blocker a row")]
fn cases() -> Vec<Blocked> {
    let lena = || record(1, "sales@x.example").called("Lena Leaver").upn("lena@x.example");
    let nils = || declared("sales@x.example").named("Nils Newhire");
    let row = || {
        let mut row = numbered("E1").named("Nils Newhire");
        row.employee_ids = Members::AtLeast(vec![Located::unplaced(EmployeeId::observed("E1"))]);
        row
    };
    vec![
        Blocked {
            code: "takeover",
            users: vec![nils()],
            records: vec![lena()],
            ways: vec![
                ("the same human: add `formerly: lena@x.example`", |wanted, _| {
                    wanted.users[0].formerly = vec![Located::unplaced(mail("lena@x.example"))];
                }),
                (
                    "another human: declare the leaver too, `- { upn: lena@x.example, releases: [sales@x.example] }`",
                    |wanted, _| {
                        wanted.users.push(releasing(declared("lena@x.example"), mail("sales@x.example")));
                    },
                ),
            ],
        },
        Blocked {
            code: "takeover",
            users: vec![nils()],
            records: vec![record(1, "sales@x.example").called("Lena Leaver")],
            ways: vec![
                ("the same human: add `formerly: sales@x.example`", |wanted, _| {
                    wanted.users[0].formerly = vec![Located::unplaced(mail("sales@x.example"))];
                }),
                (
                    "another human: give sales@x.example an identifier of their own on the Users page",
                    |wanted, records| {
                        let lena = records.remove(0).employee_id("L1");
                        records.push(lena);
                        wanted.users.push(releasing(numbered("L1"), mail("sales@x.example")));
                    },
                ),
            ],
        },
        Blocked {
            code: "takeover",
            users: vec![row()],
            records: vec![record(1, "lena@x.example").called("Lena Leaver").employee_id("E1")],
            ways: vec![
                (
                    "the same human: declare them in a manifest beside the row, `- { employeeId: E1, formerly: lena@x.example }`",
                    |wanted, _| {
                        // The row and the entry that share an identifier are one.
                        wanted.users[0].formerly = vec![Located::unplaced(mail("lena@x.example"))];
                    },
                ),
                (
                    "another human: declare the leaver too, `- { email: lena@x.example, releases: [E1] }`",
                    |wanted, _| {
                        wanted.users.push(releasing(declared("lena@x.example"), id("E1")));
                    },
                ),
            ],
        },
        Blocked {
            code: "looks-alike",
            users: vec![numbered("0012")],
            records: vec![record(1, "ann@x.example").employee_id("12")],
            ways: vec![
                ("the same user: write it as the account has it, `12`", |wanted, _| {
                    wanted.users[0] = numbered("12");
                }),
                ("to respell it in the account: add `formerly: 12`", |wanted, _| {
                    wanted.users[0].formerly = vec![Located::unplaced(id("12"))];
                }),
                ("another user: declare the other too, `- { employeeId: 12 }`", |wanted, _| {
                    wanted.users.push(numbered("12"));
                }),
            ],
        },
        Blocked {
            code: "looks-alike",
            users: vec![declared("groß@x.example")],
            records: vec![record(1, "gross@x.example")],
            ways: vec![
                ("the same user: write it as the account has it, `gross@x.example`", |wanted, _| {
                    wanted.users[0].emails = emails(&["gross@x.example"]);
                }),
                ("to respell it in the account: add `formerly: gross@x.example`", |wanted, _| {
                    wanted.users[0].formerly = vec![Located::unplaced(mail("gross@x.example"))];
                }),
                ("another user: give one of the two another spelling", |wanted, _| {
                    wanted.users[0].emails = emails(&["s.groß@x.example"]);
                }),
            ],
        },
        Blocked {
            code: "looks-alike",
            users: vec![declared("groß@x.example").employee("E1").named("Stefan")],
            records: vec![record(1, "gross@x.example").employee_id("E1").called("Stefan")],
            ways: vec![
                ("the same: write it as the account has it, `gross@x.example`", |wanted, _| {
                    wanted.users[0].emails = emails(&["gross@x.example"]);
                }),
                ("to respell it in the account: add `formerly: gross@x.example`", |wanted, _| {
                    wanted.users[0].formerly = vec![Located::unplaced(mail("gross@x.example"))];
                }),
            ],
        },
        Blocked {
            code: "looks-alike",
            users: vec![declared("groß@x.example"), declared("gross@x.example")],
            records: vec![record(1, "gross@x.example")],
            ways: vec![
                ("give one of the two users another spelling", |wanted, _| {
                    wanted.users[0].emails = emails(&["s.groß@x.example"]);
                }),
                ("if the other gives it up: let them do so in one change", |wanted, records| {
                    records[0] = record(1, "stefan@x.example");
                    wanted.users[1].emails = emails(&["stefan@x.example"]);
                }),
            ],
        },
        Blocked {
            code: "same-user",
            users: vec![declared("new@x.example").named("Ada")],
            records: vec![record(1, "ada@x.example").called("Ada")],
            ways: vec![
                ("if it is the same: add `formerly: ada@x.example`", |wanted, _| {
                    wanted.users[0].formerly = vec![Located::unplaced(mail("ada@x.example"))];
                }),
                ("if it is the same and nothing else tells: add `matchName: true`", |wanted, _| {
                    wanted.users[0].match_name = NameMatch::Same;
                }),
                ("if it is not: give the two different display names", |wanted, _| {
                    wanted.users[0].display_name =
                        Managed::Set(Located::unplaced(DisplayName::observed("Ada Two")));
                }),
            ],
        },
        Blocked {
            code: "same-user",
            users: vec![{
                let mut kim = declared("kim@x.example").named("Kim Ny");
                kim.agents = vec![Located::unplaced(login("PC9\\kim"))];
                kim
            }],
            records: vec![record(1, "kim@pc9").agent("PC9\\kim")],
            ways: vec![
                ("if it is the same: add `formerly: kim@pc9`", |wanted, _| {
                    wanted.users[0].formerly = vec![Located::unplaced(mail("kim@pc9"))];
                }),
                ("if it is not: declare the other too, `- { email: kim@pc9 }`", |wanted, _| {
                    wanted.users.push(declared("kim@pc9"));
                }),
                ("or take the agent out of the entry", |wanted, _| wanted.users[0].agents.clear()),
            ],
        },
        Blocked {
            code: "unmatched-row",
            users: vec![{
                let mut row = numbered("42");
                row.employee_ids = Members::AtLeast(vec![Located::unplaced(EmployeeId::observed("42"))]);
                row.missing = Missing::Create;
                row
            }],
            records: vec![record(1, "ada@x.example").employee_id("0042")],
            ways: vec![
                ("if it is: a spreadsheet took the zeros off", |wanted, _| {
                    wanted.users[0].employee_ids =
                        Members::AtLeast(vec![Located::unplaced(EmployeeId::observed("0042"))]);
                }),
                ("if it is not: ", |wanted, _| wanted.users.push(declared("ada@x.example"))),
            ],
        },
    ]
}

/// Whether all ways out that a blocker prints are among these, by how they start, and each leads to a plan without blockers.
pub(super) fn leads_out<D>(asked: &Blocker, ways: &[(&'static str, D)], plan: impl Fn(&D) -> Plan) {
    let printed: Vec<String> = asked.ways_out.iter().map(said_in).collect();
    let is_taken = |way: &String| ways.iter().any(|(starts, _)| way.starts_with(starts));
    assert!(printed.iter().all(is_taken), "{}: {printed:?}", asked.code.name());
    for (starts, deed) in ways {
        assert!(printed.iter().any(|way| way.starts_with(starts)), "{starts} is not in {printed:?}");
        let after = plan(deed);
        assert_eq!(codes(&after), Vec::<&str>::new(), "{starts}: {:?}", after.blockers);
    }
}

#[test]
fn every_way_out_of_a_question_about_who_is_who_leads_out() {
    for blocked in cases() {
        let plan = |users: &Desired, records: &[ObservedUser]| {
            let observed: Observed = account(records.to_vec(), &[]);
            planned(users, &observed)
        };
        let wanted = desired(blocked.users, vec![]);
        let before = plan(&wanted, &blocked.records);
        assert_eq!(codes(&before), [blocked.code]);
        // As they are printed, in that order.
        let printed: Vec<String> = before.blockers[0].ways_out.iter().map(said_in).collect();
        assert_eq!(printed.len(), blocked.ways.len(), "{printed:?}");
        for (printed, (starts, _)) in printed.iter().zip(&blocked.ways) {
            assert!(printed.starts_with(starts), "{printed} does not start with {starts}");
        }
        leads_out(&before.blockers[0], &blocked.ways, |deed| {
            let (mut wanted, mut records) = (wanted.clone(), blocked.records.clone());
            deed(&mut wanted, &mut records);
            plan(&wanted, &records)
        });
    }
}
