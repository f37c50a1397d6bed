//! What is written reads back as what it was written from, whatever texts an account holds.

use proptest::prelude::*;

use crate::diag::{Code, Diagnostics, Severity, Sources};
use crate::manifest::declared::Declared;
use crate::manifest::emit::{Entries, emit, emit_entries};
use crate::manifest::read;
use crate::model::{
    Account, Allowance, DeclaredSource, Description, Desired, DesiredExclusion, DesiredGroup, DesiredUser,
    DisplayName, Email, EmployeeId, ExclusionState, GroupName, GroupState, Identifier, Limit, Located, Login,
    Managed, Members, NameMatch, Origin, Platform, Policy, Recreate, Reference, Region, Service, Tracking,
    Upn,
};

/// Texts that YAML reads as something else unless they are quoted, or that end what they stand in.
const HOSTILE: [&str; 28] = [
    "0012",
    "1e3",
    "0x1F",
    "null",
    "~",
    "true",
    "No",
    "y",
    "2026-05-02",
    "12:30:00",
    "*\\ada",
    "&a",
    "!x",
    "- a",
    "? a",
    "a: b",
    "a #b",
    "# a",
    "[a",
    "{a}",
    "'a'",
    "\"a\"",
    "%a",
    "@a",
    "`a",
    "a\\b\"c'd",
    "---",
    "\u{feff}ä…\u{2028}😀",
];

fn text() -> impl Strategy<Value = String> {
    let long = any::<String>().prop_map(|text| text.repeat(9));
    prop_oneof![proptest::sample::select(&HOSTILE[..]).prop_map(str::to_owned), any::<String>(), long]
}

/// Texts that a manifest can say as `T`.
fn of<T: std::fmt::Debug>(parse: fn(&str) -> Option<T>) -> impl Strategy<Value = Located<T>> {
    text().prop_filter_map("no manifest says that", move |text| parse(&text).map(Located::unplaced))
}

fn many<T: std::fmt::Debug>(parse: fn(&str) -> Option<T>) -> impl Strategy<Value = Vec<Located<T>>> {
    proptest::collection::vec(of(parse), 0..3)
}

fn login(text: &str) -> Option<Login> {
    Login::parse(text).or_else(|_| Login::parse(&format!("*\\{text}"))).ok()
}

fn address(text: &str) -> String {
    format!("{}@acme.example", text.replace([' ', '@'], ""))
}

fn email(text: &str) -> Option<Email> {
    Email::parse(&address(text)).ok()
}

/// NFC makes some texts longer.
fn group_name(text: &str) -> Option<GroupName> {
    GroupName::parse(GroupName::parse(text).ok()?.as_written()).ok()
}

fn reference(text: &str) -> Option<Reference> {
    Reference::parse(text).ok().or_else(|| DisplayName::parse(text).ok().map(Reference::Name))
}

/// An address with a backslash would read as a login: whoever names one by its shape has to look.
fn identifier(text: &str) -> Option<Identifier> {
    email(text).filter(|email| !email.as_written().contains('\\')).map(Identifier::Email)
}

fn user() -> impl Strategy<Value = DesiredUser> {
    let name = of(|text| DisplayName::parse(text).ok());
    let upn = of(|text| Upn::parse(&address(text)).ok());
    let ids = many(|text| EmployeeId::parse(text).ok());
    let groups = || many(group_name);
    let lists = (many(email), ids, many(login), many(identifier), many(identifier));
    (name, upn, lists, groups(), any::<bool>()).prop_map(|(name, upn, lists, groups, coin)| {
        let (emails, employee_ids, device_logins, formerly, releases) = lists;
        DesiredUser {
            primary_group: groups.first().cloned().map_or(Managed::Leave, Managed::Set),
            display_name: if coin { Managed::Set(name) } else { Managed::Leave },
            upns: if coin { Members::Leave } else { Members::Exactly(vec![upn]) },
            emails: Members::Exactly(emails),
            employee_ids: Members::Exactly(employee_ids),
            tracking: if coin {
                Managed::Set(Located::unplaced(Tracking::Untracked))
            } else {
                Managed::Leave
            },
            match_name: if coin { NameMatch::Same } else { NameMatch::Ask },
            device_logins,
            groups,
            formerly,
            releases,
            ..DesiredUser::new(Origin::NONE)
        }
    })
}

fn group() -> impl Strategy<Value = DesiredGroup> {
    let name = || of(group_name);
    (name(), name(), many(reference), many(login), any::<bool>()).prop_map(
        |(name, former, members, computers, whole)| DesiredGroup {
            spellings: Vec::new(),
            origin: Origin::NONE,
            name,
            formerly: if whole { vec![former] } else { Vec::new() },
            source: whole.then_some(DeclaredSource::Hr),
            description: if whole {
                Managed::Leave
            } else {
                Managed::Set(Located::unplaced(Description::observed("Who may drive: \"all\"")))
            },
            state: GroupState::Present,
            recreate: if whole { Recreate::Allowed(Origin::NONE) } else { Recreate::Never },
            members: if whole { Members::Exactly(members) } else { Members::AtLeast(members) },
            automatic: None,
            population: Managed::Leave,
            computers: if whole { Members::Exactly(computers) } else { Members::Leave },
        },
    )
}

fn desired(users: Vec<DesiredUser>, groups: Vec<DesiredGroup>) -> Desired {
    Desired {
        account: Account {
            origin: Origin::NONE,
            name: Located::unplaced("acme: the \"first\"".into()),
            id: Some(Located::unplaced(7)),
            platform: Platform::Sandbox {
                seed: Located::unplaced("../../account.json".into()),
                username: None,
            },
            allow: vec![Located::unplaced(Allowance::AgentMoves)],
            hr_group_type: "Workday".into(),
        },
        policy: Policy::default(),
        users,
        groups,
        exclusions: Vec::new(),
        leave_out: Vec::new(),
        tracking: Vec::new(),
        exports: Vec::new(),
    }
}

/// What a text says, and what is wrong with it.
fn said_by(text: &str) -> (Declared, Diagnostics) {
    let mut sources = Sources::default();
    sources.add("a.yaml", text).expect("a source");
    let mut found = Diagnostics::default();
    let declared = read(&sources, 0..1, &mut found);
    (declared, found)
}

/// The same without places.
fn placeless(mut declared: Declared) -> Declared {
    declared.users.iter_mut().for_each(|user| user.origin = Origin::NONE);
    for group in &mut declared.groups {
        group.origin = Origin::NONE;
        if matches!(group.recreate, Recreate::Allowed(_)) {
            group.recreate = Recreate::Allowed(Origin::NONE);
        }
        if matches!(group.state, GroupState::Deleted(_)) {
            group.state = GroupState::Deleted(Origin::NONE);
        }
    }
    for account in declared.accounts.iter_mut().flatten() {
        account.origin = Origin::NONE;
    }
    declared
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_an_account_holds_reads_back_as_it_was_written(
        users in proptest::collection::vec(user(), 0..3),
        groups in proptest::collection::vec(group(), 0..3),
        rules in many(login),
        head in text(),
    ) {
        let mut wanted = desired(users, groups);
        let states = [ExclusionState::Present, ExclusionState::Absent].into_iter().cycle();
        wanted.exclusions =
            rules.into_iter().zip(states).map(|(login, state)| DesiredExclusion { login, state }).collect();
        let text = emit(&[head], &wanted).expect("a manifest");
        let (declared, found) = said_by(&text);
        // A user whom nothing identifies reads back like any other.
        let wrong = found.found().iter().filter(|it| it.severity == Severity::Error && it.code != Code::NoIdentifier);
        let wrong: Vec<_> = wrong.collect();
        prop_assert!(wrong.is_empty(), "{text}\n{wrong:?}");
        let Declared { accounts, users, groups, exclusions, .. } = placeless(declared);
        prop_assert_eq!(accounts, vec![Some(wanted.account)]);
        prop_assert_eq!(users, wanted.users, "{}", text);
        prop_assert_eq!(groups, wanted.groups, "{}", text);
        prop_assert_eq!(exclusions, wanted.exclusions, "{}", text);
    }
}

#[test]
fn a_policy_is_written_where_it_differs_from_the_defaults() {
    let mut wanted = desired(Vec::new(), Vec::new());
    wanted.account.platform = Platform::Region(Service::ActivTrak, Region::Eu);
    assert!(!emit(&[], &wanted).unwrap().contains("policy"));
    wanted.policy.limits.track = Limit::count(9);
    wanted.policy.limits.untrack = Limit::share(5, 2);
    wanted.policy.limits.renames = Limit::count(7);
    wanted.policy.limits.identifiers.email = Limit::share(100, 0);
    wanted.policy.limits.remove_users = Limit::count(1);
    wanted.policy.minimum.declared_users.value = 0;
    wanted.policy.orders_expire_after.value = 14;
    wanted.policy.protected_users = vec![Located::unplaced(Reference::Name(DisplayName::observed("Ada")))];
    wanted.policy.protected_groups = vec![Located::unplaced(GroupName::observed("Eng"))];
    let text = emit(&["one\n- users: []".to_owned(), String::new()], &wanted).unwrap();
    assert_eq!(
        text,
        "# one - users: []\n#\n\naccount:\n  name: \"acme: the \\\"first\\\"\"\n  id: 7\n  platform: activtrak\n  region: eu\n  \
         hrGroupType: Workday\n  allow:\n    - agentMoves\npolicy:\n  limits:\n    removeUsers: 1\n    untrack:\n      \
         percent: 5\n      atLeast: 2\n    track: 9\n    renames: 7\n    identifiers:\n      email:\n        percent: 100\n        atLeast: 0\n  protected:\n    users:\n      - name: Ada\n    groups:\n      - Eng\n  \
         minimum:\n    declaredUsers: 0\n  ordersExpireAfter: 14d\n"
    );
    let (declared, found) = said_by(&text);
    assert!(!found.has_errors());
    let again = Desired { policy: declared.policies[0].value.clone(), ..wanted.clone() };
    assert_eq!(emit(&[], &again).unwrap(), emit(&[], &wanted).unwrap());
}

#[test]
fn a_login_is_written_as_people_write_it() {
    let mut wanted = desired(Vec::new(), Vec::new());
    for text in ["*\\ada", "ACME\\o'neill", "ACME\\ädä"] {
        let login = Located::unplaced(Login::parse(text).expect("a login"));
        wanted.exclusions.push(DesiredExclusion { login, state: ExclusionState::Present });
    }
    let text = emit(&[], &wanted).unwrap();
    assert!(text.ends_with("exclusions:\n  - '*\\ada'\n  - 'ACME\\o''neill'\n  - ACME\\ädä\n"), "{text}");
}

#[test]
fn a_deleted_group_says_so_and_nothing_else() {
    let state = GroupState::Deleted(Origin::NONE);
    let group =
        DesiredGroup { state, ..DesiredGroup::new(Located::unplaced(GroupName::observed("Old team"))) };
    let text = emit(&[], &desired(Vec::new(), vec![group])).unwrap();
    assert!(text.ends_with("groups:\n  - name: Old team\n    state: deleted\n"), "{text}");
}

#[test]
fn a_list_is_written_the_same_in_one_part_and_in_several() {
    let users: Vec<DesiredUser> = (0..2500)
        .map(|at| {
            let upn = Upn::parse(&format!("user{at}@acme.example")).unwrap();
            DesiredUser {
                upns: Members::Exactly(vec![Located::unplaced(upn)]),
                ..DesiredUser::new(Origin::NONE)
            }
        })
        .collect();
    let all = emit_entries(&Entries { users: users.iter().collect(), ..Entries::default() }).unwrap();
    assert_eq!(all.matches("users:").count(), 1);
    let expected: Vec<String> = (0..2500).map(|at| format!("  - upn: user{at}@acme.example")).collect();
    assert_eq!(all, format!("users:\n{}\n", expected.join("\n")));
}
