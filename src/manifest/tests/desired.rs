//! What manifests mean: the model they become.

use jiff::civil::date;

use crate::manifest::tests::{ACCOUNT, load};
use crate::model::{
    Afterwards, Allowance, AutoEmails, DeclaredSource, Desired, Domain, ExclusionState, GroupState,
    Identifier, IdentifierKind, Limit, Managed, Members, NameMatch, OrderKind, Origin, Platform, Policy,
    Recreate, Reference, Region, Rule, Service, Test, Tracking, Username,
};

fn desired(text: &str) -> Desired {
    let loaded = load(text);
    loaded.desired.unwrap_or_else(|| panic!("{:#?} in\n{text}", loaded.diagnostics))
}

fn texts<T: ToString>(list: &[crate::model::Located<T>]) -> Vec<String> {
    list.iter().map(|it| it.value.to_string()).collect()
}

#[test]
fn an_account_becomes_what_it_says() {
    let account = desired(
        "account: { name: 7, id: 123456, platform: activtrak, region: uk, allow: [agentMoves], hrGroupType: X }\n\
         users: [{ employeeId: 1 }]",
    )
    .account;
    assert_eq!((&*account.name.value, account.id.map(|it| it.value)), ("7", Some(123_456)));
    assert_eq!(account.platform, Platform::Region(Service::ActivTrak, Region::Uk));
    assert_eq!(account.allow[0].value, Allowance::AgentMoves);
    assert_eq!(&*account.hr_group_type, "X");
    let sandbox = desired("account: { platform: sandbox, seed: a.json }\nusers: [{ employeeId: 1 }]").account;
    assert_eq!((&*sandbox.name.value, &*sandbox.hr_group_type), ("sandbox", "HRDC"));
    assert!(matches!(sandbox.platform, Platform::Sandbox { seed, .. } if &*seed.value == "a.json"));
    for (id, name) in [("acme", "acme"), ("123", "123"), ("learn.acme.example", "learn.acme.example")] {
        let account = desired(&format!(
            "account: {{ name: a, platform: docebo, id: {id}, username: employeeId }}\nusers: [{{ employeeId: 1 }}]"
        ))
        .account;
        let Platform::Tenant(Service::Docebo, tenant) = &account.platform else { panic!("{account:?}") };
        assert_eq!((&*tenant.name.value, tenant.username, account.id), (name, Username::EmployeeId, None));
    }
    let seed = "account: { platform: sandbox, seed: a.json, username: upn }\nusers: [{ employeeId: 1 }]";
    assert_eq!(desired(seed).account.platform.username(), Some(Username::Upn));
}

#[test]
fn a_slash_under_formerly_and_releases_is_of_an_employee_id() {
    let text = "users: [{ employeeId: E2, formerly: [EMP/0001, 'ACME\\ada', '*/bob'], releases: EMP/0003 }]";
    let wanted = desired(&format!("{ACCOUNT}{text}"));
    let kind = |list: &[crate::model::Located<Identifier>]| -> Vec<IdentifierKind> {
        list.iter().map(|it| it.value.kind()).collect()
    };
    let logs_in = IdentifierKind::DeviceLogin;
    assert_eq!(kind(&wanted.users[0].formerly), [IdentifierKind::EmployeeId, logs_in, logs_in]);
    assert_eq!(kind(&wanted.users[0].releases), [IdentifierKind::EmployeeId]);
}

#[test]
fn a_policy_keeps_the_default_of_what_it_does_not_say() {
    let users = format!("{ACCOUNT}users: [{{ employeeId: 1 }}]");
    assert_eq!(desired(&users).policy, Policy::default());
    let policy = desired(&format!(
        "{users}\npolicy: {{ limits: {{ untrack: 5, track: {{ percent: 50, atLeast: 2 }} }}, autoEmails: remove, \
         ordersExpireAfter: 7d, minimum: {{ users: 9 }} }}"
    ))
    .policy;
    let default = Policy::default();
    assert_eq!((policy.limits.untrack.percent, policy.limits.untrack.at_least), (0, 5));
    assert_eq!((policy.limits.track.percent, policy.limits.track.at_least), (50, 2));
    assert_ne!(policy.limits.track.origin, Origin::NONE);
    assert_eq!(policy.limits.remove_users, Limit::count(0));
    assert_eq!((policy.minimum.users.value, policy.minimum.groups), (9, default.minimum.groups));
    assert_eq!((policy.auto_emails.value, policy.orders_expire_after.value), (AutoEmails::Remove, 7));
}

#[test]
fn a_user_becomes_what_it_says_and_leaves_the_rest() {
    let all = desired(&format!(
        "{ACCOUNT}users:\n- displayName: Ada Lovelace\n  upn: ada@acme.example\n  email: [ada@acme.example, a@b.example]\n  \
         employeeId: 0012345\n  deviceLogin: ['ACME\\ada', '*/ada']\n  tracking: untracked\n  groups: Engineering\n  \
         primaryGroup: R&D\n  agents: 'LAPTOP-77\\ada'\n  attributes: {{ department: R&D, floor: 03 }}\n  \
         formerly: [old@acme.example, E9]\n  matchName: true\n  releases: x@y.example\n  adopt: [email, upn]\n  \
         erase: {{ decided: 2026-05-02, reason: left }}\n- employeeId: 2\n  remove: {{ decided: 2026-05-03, unblock: true }}\n"
    ));
    let [ada, bob] = &all.users[..] else { panic!("two users") };
    assert_eq!(texts(ada.employee_ids.listed()), ["0012345"]);
    assert_eq!(texts(ada.emails.listed()), ["ada@acme.example", "a@b.example"]);
    assert_eq!(texts(&ada.device_logins), ["ACME\\ada", "*\\ada"]);
    assert_eq!(ada.device_logins[1].value.domain, Domain::Any);
    assert_eq!(ada.tracking.declared().map(|it| it.value), Some(Tracking::Untracked));
    assert_eq!(
        (texts(&ada.groups), texts(&ada.agents)),
        (vec!["Engineering".into()], vec!["LAPTOP-77\\ada".into()])
    );
    let attributes: Vec<_> =
        ada.attributes.iter().map(|(name, said)| (name.as_written(), &*said.value)).collect();
    assert_eq!(attributes, [("department", "R&D"), ("floor", "03")]);
    assert_eq!(
        (texts(&ada.formerly), texts(&ada.releases)),
        (vec!["old@acme.example".into(), "E9".into()], vec!["x@y.example".into()])
    );
    assert_eq!((ada.match_name, ada.adopt.len()), (NameMatch::Same, 2));
    let order = ada.order.as_ref().unwrap();
    assert_eq!((order.kind, order.decided), (OrderKind::Erase, date(2026, 5, 2)));
    assert_eq!(order.reason.as_deref(), Some("left"));
    assert_eq!(
        (&bob.display_name, &bob.upns, &bob.emails),
        (&Managed::Leave, &Members::Leave, &Members::Leave)
    );
    assert_eq!((&bob.tracking, bob.match_name), (&Managed::Leave, NameMatch::Ask));
    let order = bob.order.as_ref().unwrap();
    assert_eq!((order.kind, order.decided), (OrderKind::Remove(Afterwards::Unblock), date(2026, 5, 3)));
}

#[test]
fn an_absent_list_is_left_and_an_empty_one_means_none() {
    let user = |text: &str| desired(&format!("{ACCOUNT}users: [{{ employeeId: 1{text} }}]")).users.remove(0);
    assert_eq!((user("").upns, user("").emails), (Members::Leave, Members::Leave));
    assert_eq!(user(", upn: []").upns, Members::Exactly(Vec::new()));
    assert_eq!(user(", email: []").emails, Members::Exactly(Vec::new()));
    assert_eq!(user("").employee_ids.listed().len(), 1);
    assert!(matches!(user(", upn: a@b.example").upns, Members::Exactly(upns) if upns.len() == 1));
}

#[test]
fn a_group_becomes_what_it_says() {
    let groups = desired(&format!(
        "{ACCOUNT}users: [{{ employeeId: E2, attributes: {{ dep: x, loc: y, start: 2026-02-02 }} }}]\ngroups:\n\
         - {{ name: A, formerly: [Old, Older], members: [x@y.example, E2, 'ACME\\g', {{ name: Alan }}], computers: ['ACME\\LAB'] }}\n\
         - {{ name: B, source: hr, formerly: Oldest, recreate: true, members: [] }}\n\
         - {{ name: C, state: deleted }}\n\
         - {{ name: D, members: [E2], membership: additive, computers: [] }}\n\
         - {{ name: E, match: {{ all: [{{ dep: x }}, {{ not: {{ loc: [y, z] }} }}, {{ start: {{ after: 2026-01-01 }} }}] }}, also: [E2], except: [E3] }}\n"
    ))
    .groups;
    let [whole, hr, gone, additive, matching] = &groups[..] else { panic!("five groups") };
    assert_eq!(
        (texts(&whole.formerly), texts(whole.computers.listed())),
        (vec!["Old".into(), "Older".into()], vec!["ACME\\LAB".into()])
    );
    let Members::Exactly(members) = &whole.members else { panic!("the whole list") };
    assert_eq!(texts(members), ["x@y.example", "E2", "ACME\\g", "{ name: Alan }"]);
    assert!(
        matches!(members[0].value, Reference::Address(_)) && matches!(members[3].value, Reference::Name(_))
    );
    assert_eq!((hr.source, &hr.members), (Some(DeclaredSource::Hr), &Members::Exactly(Vec::new())));
    assert!(matches!(hr.recreate, Recreate::Allowed(_)) && matches!(gone.state, GroupState::Deleted(_)));
    assert_eq!((&gone.members, &gone.computers), (&Members::Leave, &Members::Leave));
    assert!(matches!(&additive.members, Members::AtLeast(members) if members.len() == 1));
    assert_eq!(additive.computers, Members::Exactly(Vec::new()));
    let automatic = matching.automatic.as_ref().unwrap();
    assert_eq!((texts(&automatic.also), texts(&automatic.except)), (vec!["E2".into()], vec!["E3".into()]));
    let Rule::All(rules) = &automatic.rule.as_ref().unwrap().value else { panic!("all") };
    assert!(
        matches!(&rules[1].value, Rule::Not(rule) if matches!(&rule.value, Rule::Is { test: Test::In(texts), .. } if texts.len() == 2))
    );
    assert!(matches!(&rules[2].value, Rule::Is { test: Test::After(day), .. } if *day == date(2026, 1, 1)));
}

#[test]
fn exclusions_and_hr_become_what_they_say() {
    let desired = desired(&format!(
        "{ACCOUNT}users: [{{ employeeId: 1 }}]\nexclusions: ['*\\it', {{ login: 'A/b', state: absent }}]\n\
         hr: {{ leaveOut: [{{ group: G, user: E1 }}] }}"
    ));
    let states: Vec<_> = desired.exclusions.iter().map(|it| (it.login.value.to_string(), it.state)).collect();
    assert_eq!(states, [("*\\it".into(), ExclusionState::Present), ("A\\b".into(), ExclusionState::Absent)]);
    assert_eq!(desired.leave_out.len(), 1);
}

#[test]
fn every_fact_knows_where_it_was_said() {
    let loaded =
        load(&format!("{ACCOUNT}users:\n- email: [a@b.example,\n    c@d.example]\n  displayName: Ada\n"));
    let user = &loaded.desired.unwrap().users[0];
    let place = |origin| loaded.sources.locate_origin(origin).unwrap().to_string();
    assert_eq!(place(user.origin), "a.yaml:3:3");
    assert_eq!(place(user.emails.listed()[1].origin), "a.yaml:4:5");
    assert_eq!(place(user.display_name.declared().unwrap().origin), "a.yaml:5:16");
}
