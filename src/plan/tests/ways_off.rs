//! Every way out that a blocker about an order prints leads out: each is taken, and the plan made again has no blocker.

use crate::model::{
    Afterwards, Allowance, Desired, DesiredUser, DisplayName, Email, ExclusionState, Identifier, Located,
    Managed, Members, Observed, ObservedUser, OrderKind, Tracking, Upn,
};
use crate::plan::tests::build::{
    account, codes, declared, desired, emails, exclusion, login, planned, record,
};
use crate::plan::tests::orders::{DECIDED, remove};
use crate::plan::tests::ways_out::leads_out;

/// What somebody does: to the manifests, and in the account.
pub(super) type Deed = fn(&mut Desired, &mut Observed);

/// A plan with one blocker, and for each way out, how it starts and what is done.
pub(super) struct Blocked {
    pub(super) code: &'static str,
    pub(super) wanted: Desired,
    pub(super) observed: Observed,
    pub(super) ways: Vec<(&'static str, Deed)>,
}

impl Blocked {
    /// Takes each way out, and looks whether all that are printed are taken.
    pub(super) fn takes_every_way(&self) {
        let before = planned(&self.wanted, &self.observed);
        let asked = before.blockers.iter().find(|blocker| blocker.code.name() == self.code);
        let asked = asked.unwrap_or_else(|| panic!("{} is not in {:?}", self.code, codes(&before)));
        leads_out(asked, &self.ways, |deed| {
            let (mut wanted, mut observed) = (self.wanted.clone(), self.observed.clone());
            deed(&mut wanted, &mut observed);
            planned(&wanted, &observed)
        });
    }
}

/// A record that is older than every order.
fn old(id: u64, email: &str) -> ObservedUser {
    let mut user = record(id, email).employee_id(&format!("E{id}"));
    user.created = "1969-01-01T00:00:00Z".parse().ok();
    user
}

/// With history from before every order.
fn reporting(user: ObservedUser) -> ObservedUser {
    let mut user = user.agent("PC\\eve");
    user.agents[0].first_log = "1969-02-01T00:00:00Z".parse().ok();
    user.agents[0].last_log = user.agents[0].first_log;
    user
}

/// Records, beside one whom nothing is about.
fn beside(mut records: Vec<ObservedUser>) -> Observed {
    records.push(record(9, "zed@x.example"));
    account(records, &[])
}

/// Entries, beside one for whom nothing is to do.
fn wants(mut users: Vec<DesiredUser>) -> Desired {
    users.push(declared("zed@x.example"));
    desired(users, vec![])
}

fn leaver(email: &str, afterwards: Afterwards) -> DesiredUser {
    declared(email).ordered(remove(afterwards), DECIDED)
}

/// Only an employee ID.
fn numbered(number: &str) -> DesiredUser {
    DesiredUser { emails: Members::Leave, ..declared("") }.employee(number)
}

fn order_out(wanted: &mut Desired, _: &mut Observed) {
    wanted.users[0].order = None;
}

fn entry_out(wanted: &mut Desired, _: &mut Observed) {
    wanted.users.remove(0);
}

fn unblocked(wanted: &mut Desired, _: &mut Observed) {
    let email = wanted.users[0].clone();
    wanted.users[0] = email.ordered(remove(Afterwards::Unblock), DECIDED);
}

#[expect(clippy::too_many_lines, reason = "a table, a blocker a row")]
fn staying() -> Vec<Blocked> {
    let to_lift = "to lift the block: `unblock: true` in the removal, with the identifiers that it is about";
    vec![
        Blocked {
            code: "stays-blocked",
            wanted: desired(
                vec![leaver("eve@x.example", Afterwards::StayBlocked), {
                    let other =
                        DesiredUser { emails: emails(&["eve@y.example", "e@y.example"]), ..declared("") };
                    other.tracked(Tracking::Tracked)
                }],
                vec![],
            ),
            observed: beside(vec![
                old(1, "eve@x.example"),
                old(2, "eve@y.example").email("e@y.example", crate::model::Writer::Other),
            ]),
            ways: vec![
                (to_lift, unblocked),
                ("to keep the block: take `tracking: tracked`, or the identifier, out", |wanted, _| {
                    wanted.users[1].tracking = Managed::Leave;
                }),
                ("to keep the block: take `tracking: tracked`, or the identifier, out", |wanted, _| {
                    wanted.users[1].emails = emails(&["e@y.example"]);
                }),
            ],
        },
        Blocked {
            code: "stays-blocked",
            wanted: desired(
                vec![leaver("eve@x.example", Afterwards::StayBlocked), {
                    numbered("E2").tracked(Tracking::Tracked)
                }],
                vec![],
            ),
            observed: beside(vec![old(1, "eve@x.example"), {
                let mut other = old(2, "other@y.example");
                other.device_logins.push(login("LAB\\eve"));
                other
            }]),
            ways: vec![
                (to_lift, unblocked),
                ("to keep the block: take `tracking: tracked`, or the identifier, out", |wanted, _| {
                    wanted.users[1].tracking = Managed::Leave;
                }),
            ],
        },
        Blocked {
            code: "stays-blocked",
            wanted: Desired {
                exclusions: vec![exclusion("*\\eve", ExclusionState::Absent)],
                ..desired(vec![leaver("eve@x.example", Afterwards::StayBlocked)], vec![])
            },
            observed: beside(vec![old(1, "eve@x.example")]),
            ways: vec![
                (to_lift, unblocked),
                ("to keep the block: take the exclusion out", |wanted, _| wanted.exclusions.clear()),
            ],
        },
        Blocked {
            code: "stays-blocked",
            wanted: desired(
                vec![numbered("E1").ordered(remove(Afterwards::StayBlocked), DECIDED), {
                    leaver("sam@shop.example", Afterwards::Unblock)
                }],
                vec![],
            ),
            observed: beside(vec![old(1, "sam@x.example"), old(2, "sam@shop.example")]),
            ways: vec![
                (to_lift, |wanted, _| {
                    let sam = leaver("sam@x.example", Afterwards::Unblock).employee("E1");
                    wanted.users[0] = sam;
                }),
                ("to keep the block: write the identifier behind *\\sam in the entry of", |wanted, _| {
                    wanted.users[0].emails = emails(&["sam@x.example"]);
                }),
            ],
        },
    ]
}

#[test]
fn every_way_out_of_a_block_that_stays_leads_out() {
    for blocked in staying() {
        blocked.takes_every_way();
    }
}

#[expect(clippy::too_many_lines, reason = "a table, a blocker a row")]
fn unsure() -> Vec<Blocked> {
    let removed = || wants(vec![leaver("eve@x.example", Afterwards::StayBlocked)]);
    let eve = || old(1, "eve@x.example");
    let allowed = |users| {
        let mut wanted = wants(users);
        wanted.account.allow = vec![Located::unplaced(Allowance::AgentMoves)];
        wanted
    };
    let with_agent = |mut user: DesiredUser| {
        user.agents = vec![Located::unplaced(login("PC\\it"))];
        user
    };
    vec![
        Blocked {
            code: "unsure-order",
            wanted: removed(),
            observed: beside(vec![record(1, "eve@x.example")]),
            ways: vec![("do it on the Users page, then take the entry out", |wanted, observed| {
                observed.users.remove(0);
                wanted.users.remove(0);
            })],
        },
        Blocked {
            code: "unsure-order",
            wanted: removed(),
            observed: beside(vec![{
                let mut eve = eve();
                eve.created = "1969-12-21T00:00:00Z".parse().ok();
                eve
            }]),
            ways: vec![
                ("if the order is done: take the entry out", entry_out),
                ("if it means this record: decide it on a later day", |wanted, _| {
                    let later = "1969-12-25".parse().expect("a day");
                    wanted.users[0] =
                        declared("eve@x.example").ordered(remove(Afterwards::StayBlocked), later);
                }),
            ],
        },
        Blocked {
            code: "unsure-order",
            wanted: wants(vec![leaver("eve@x.example", Afterwards::StayBlocked).employee("E7")]),
            observed: beside(vec![eve()]),
            ways: vec![
                ("if it is this record: declare only identifiers that it holds", |wanted, _| {
                    wanted.users[0].employee_ids = Members::Leave;
                }),
                ("if it is another: take the entry out", entry_out),
            ],
        },
        Blocked {
            code: "unsure-order",
            wanted: wants(vec![
                DesiredUser { emails: emails(&["eve@x.example", "e@x.example"]), ..declared("") }
                    .employee("E1")
                    .ordered(OrderKind::Erase, DECIDED),
            ]),
            observed: beside(vec![reporting(eve())]),
            ways: vec![
                ("if it is this record: declare only identifiers that it holds", |wanted, _| {
                    wanted.users[0].emails = emails(&["eve@x.example"]);
                }),
                ("if it is another: take the entry out", entry_out),
            ],
        },
        Blocked {
            code: "unsure-order",
            wanted: wants(vec![declared("eve@x.example").ordered(OrderKind::Erase, DECIDED)]),
            observed: beside(vec![{
                let mut eve = reporting(record(1, "eve@x.example"));
                eve.created = None;
                eve
            }]),
            ways: vec![("do it on the Users page, then take `erase` out", order_out)],
        },
        Blocked {
            code: "unsure-order",
            wanted: removed(),
            observed: beside(vec![{
                let mut eve = eve().agent("PC\\it");
                eve.agents[0].merge_pending = true;
                eve
            }]),
            ways: vec![("wait until the account has merged it", |_, observed| {
                observed.users[0].agents[0].merge_pending = false;
            })],
        },
        Blocked {
            code: "unsure-order",
            wanted: wants(vec![leaver("eve@x.example", Afterwards::StayBlocked).named("Eve New")]),
            observed: beside(vec![eve().called("Eve Old")]),
            ways: vec![
                ("if it is this record: correct the display name, or take it out", |wanted, _| {
                    wanted.users[0].display_name =
                        Managed::Set(Located::unplaced(DisplayName::observed("Eve Old")));
                }),
                ("if it is this record: correct the display name, or take it out", |wanted, _| {
                    wanted.users[0].display_name = Managed::Leave;
                }),
                ("if it is another: take the entry out", entry_out),
            ],
        },
        Blocked {
            code: "unsure-order",
            wanted: wants(vec![numbered("E1").ordered(remove(Afterwards::Unblock), DECIDED)]),
            observed: beside(vec![eve()]),
            ways: vec![
                ("declare the identifiers to be unblocked", |wanted, _| {
                    wanted.users[0].emails = emails(&["eve@x.example"]);
                }),
                ("or take `unblock` out", |wanted, _| {
                    wanted.users[0] = numbered("E1").ordered(remove(Afterwards::StayBlocked), DECIDED);
                }),
            ],
        },
        Blocked {
            code: "unsure-order",
            wanted: allowed(vec![with_agent(declared("eve@x.example").ordered(OrderKind::Erase, DECIDED))]),
            observed: beside(vec![eve(), old(2, "bob@x.example").agent("PC\\it")]),
            ways: vec![
                ("to keep what it did: erase first, and move the agent once", |wanted, _| {
                    wanted.users[0].agents.clear();
                }),
                ("to erase that too: move the agent first", order_out),
            ],
        },
        Blocked {
            code: "unsure-order",
            wanted: allowed(vec![
                leaver("eve@x.example", Afterwards::StayBlocked),
                with_agent(declared("bob@x.example")),
            ]),
            observed: beside(vec![eve().agent("PC\\it"), old(2, "bob@x.example")]),
            ways: vec![("move the agent in one change, and order this in the next", order_out)],
        },
        Blocked {
            code: "unsure-order",
            wanted: wants(vec![
                DesiredUser {
                    emails: emails(&["eve@x.example", "desk@x.example"]),
                    ..leaver("", Afterwards::StayBlocked).employee("E1")
                },
                DesiredUser {
                    upns: Members::AtLeast(vec![Located::unplaced(Upn::observed("desk@x.example"))]),
                    ..declared("bob@x.example").employee("E2")
                },
            ]),
            observed: beside(vec![
                eve().email("desk@x.example", crate::model::Writer::Other),
                old(2, "bob@x.example"),
            ]),
            ways: vec![
                ("if it is handed on: put it under `releases` here, without the order", |wanted, _| {
                    let eve = declared("eve@x.example").employee("E1");
                    let desk = Identifier::Email(Email::observed("desk@x.example"));
                    wanted.users[0] = DesiredUser { releases: vec![Located::unplaced(desk)], ..eve };
                }),
                ("if it stays with this user: take it out of the other entry", |wanted, _| {
                    wanted.users[1].upns = Members::Leave;
                }),
            ],
        },
    ]
}

#[test]
fn every_way_out_of_an_order_that_is_not_sure_leads_out() {
    for blocked in unsure() {
        blocked.takes_every_way();
    }
}
