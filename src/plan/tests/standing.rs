//! Which rules stand once users are untracked or removed, whom they stop, and who lifts them: apply, then the same manifests again, is
//! empty.

use proptest::prelude::*;

use crate::model::{
    Afterwards, Desired, DesiredUser, Domain, ExclusionState, Expected, Folded, Login, Observed,
    ObservedExclusion, ObservedUser, OrderKind, Tracking,
};
use crate::plan::tests::build::{account, codes, declared, desired, exclusion, login, planned, record, rule};
use crate::plan::tests::orders::{DECIDED, remove};

/// What somebody has in the account, and what the manifests ask of them. Names come from a small stock, so that rules on one of
/// them stand on the others too.
#[derive(Debug, Clone)]
pub(super) struct Namesake {
    name: u8,
    login: Option<u8>,
    agent: Option<Agent>,
    tracked: bool,
    asked: Asked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Agent {
    /// `PC1\ada`
    ByName(u8),
    /// `AzureAD\ada@d0.example`
    ByAddress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    NotMentioned,
    Left,
    Tracked,
    Untracked,
    StayBlocked,
    Unblock,
    Erase,
}

const NAMES: [&str; 3] = ["ada", "bob", "kiosk"];

pub(super) fn namesake() -> impl Strategy<Value = Namesake> {
    let asked = prop_oneof![
        1 => Just(Asked::NotMentioned),
        1 => Just(Asked::Left),
        3 => Just(Asked::Tracked),
        1 => Just(Asked::Untracked),
        2 => Just(Asked::StayBlocked),
        1 => Just(Asked::Unblock),
        1 => Just(Asked::Erase),
    ];
    let agent = prop_oneof![(0..3u8).prop_map(Agent::ByName), Just(Agent::ByAddress)];
    (0..3u8, proptest::option::of(0..3u8), proptest::option::of(agent), any::<bool>(), asked)
        .prop_map(|(name, login, agent, tracked, asked)| Namesake { name, login, agent, tracked, asked })
}

impl Namesake {
    fn address(&self, at: usize) -> String {
        format!("{}@d{at}.example", NAMES[usize::from(self.name)])
    }

    fn record(&self, at: usize) -> ObservedUser {
        let mut user = record(at as u64 + 1, &self.address(at));
        user.created = "1969-01-01T00:00:00Z".parse().ok();
        user.device_logins =
            self.login.iter().map(|name| login(&format!("PC{at}\\{}", NAMES[usize::from(*name)]))).collect();
        if let Some(agent) = self.agent {
            user = user.agent(&match agent {
                Agent::ByName(name) => format!("LAB{at}\\{}", NAMES[usize::from(name)]),
                Agent::ByAddress => format!("AzureAD\\{}", self.address(at)),
            });
        }
        if self.tracked { user } else { user.untracked() }
    }

    fn entry(&self, at: usize) -> Option<DesiredUser> {
        let user = declared(&self.address(at));
        Some(match self.asked {
            Asked::NotMentioned => return None,
            Asked::Left => user,
            Asked::Tracked => user.tracked(Tracking::Tracked),
            Asked::Untracked => user.tracked(Tracking::Untracked),
            Asked::StayBlocked => user.ordered(remove(Afterwards::StayBlocked), DECIDED),
            Asked::Unblock => user.ordered(remove(Afterwards::Unblock), DECIDED),
            Asked::Erase => user.ordered(OrderKind::Erase, DECIDED),
        })
    }
}

pub(super) fn sides(people: &[Namesake], standing: &[&'static str]) -> (Desired, Observed) {
    let entries = people.iter().enumerate().filter_map(|(at, drawn)| drawn.entry(at)).collect();
    let records = people.iter().enumerate().map(|(at, drawn)| drawn.record(at));
    // An account in which nobody is left is taken for a failed reading.
    let mut observed = account(records.chain([record(100, "zoe@z.example")]).collect(), &[]);
    observed.exclusions = (900..).zip(standing).map(|(id, text)| rule(id, text)).collect();
    (desired(entries, vec![]), observed)
}

/// The account with every rule that the plan left on a whole address on its first part instead: the other reading of what an account
/// blocks.
fn by_first_part(before: &Observed, mut observed: Observed) -> Observed {
    let is_new = |rule: &ObservedExclusion| before.exclusions.iter().all(|old| old.login != rule.login);
    for rule in observed.exclusions.iter_mut().filter(|rule| is_new(rule)) {
        if let Some((first, _)) = rule.login.user.key().split_once('@') {
            rule.login = Login { domain: Domain::Any, user: Folded::new(first) };
        }
    }
    observed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn the_same_manifests_again_are_nothing_to_do_whoever_leaves_rules_and_whoever_they_stand_on(
        people in proptest::collection::vec(namesake(), 2..6),
        absent in proptest::sample::subsequence(vec!["*\\ada", "*\\bob@d1.example"], 0..=1),
        standing in proptest::sample::subsequence(vec!["*\\ada", "*\\bob", "*\\kiosk", "*\\ada@d0.example", "PC1\\bob"], 0..3),
    ) {
        let (mut desired, observed) = sides(&people, &standing);
        desired.exclusions = absent.iter().map(|text| exclusion(text, ExclusionState::Absent)).collect();
        prop_assume!(!desired.users.is_empty());
        let first = planned(&desired, &observed);
        prop_assume!(first.blockers.is_empty());
        let mut expected = Expected::new(observed.clone());
        for step in first.steps() {
            expected = expected.after(step).map_err(|collision| TestCaseError::fail(collision.to_string()))?;
        }
        let left = expected.observed();
        for left in [left.clone(), by_first_part(&observed, left.clone())] {
            let second = planned(&desired, &left);
            prop_assert_eq!(codes(&second), [""; 0]);
            prop_assert!(second.is_empty() && second.steps().count() == 0, "{:?}", second.changes);
        }
    }
}

/// What is asked of somebody.
type Ask = fn(DesiredUser) -> DesiredUser;

/// A record with an address or a login.
fn holding(id: u64, text: &str) -> ObservedUser {
    let mut user = record(id, &format!("{id}@own.example")).employee_id(&format!("E{id}"));
    match text.split_once('\\') {
        Some(_) => user.device_logins.push(login(text)),
        None => user = user.upn(text),
    }
    user.created = "1969-01-01T00:00:00Z".parse().ok();
    user
}

#[test]
fn a_leaver_who_stays_blocked_and_somebody_tracked_on_the_same_name_are_a_conflict() {
    let whole = |other: DesiredUser| other.tracked(Tracking::Tracked);
    let left = |other: DesiredUser| other;
    let untracked = |other: DesiredUser| other.tracked(Tracking::Untracked);
    let table: [(&str, &str, Ask, bool); 8] = [
        ("eve@x.example", "eve@y.example", whole, true),
        ("eve@x.example", "AzureAD\\eve@x.example", whole, true),
        ("eve@x.example", "LAB\\eve", whole, true),
        ("*\\eve", "LAB\\eve", whole, true),
        ("ACME\\eve", "eve@y.example", whole, false),
        ("ACME\\eve", "LAB\\eve", whole, false),
        ("eve@x.example", "eve@y.example", left, false),
        ("eve@x.example", "eve@y.example", untracked, false),
    ];
    for (leaver, other, asked, is_conflict) in table {
        let by_number = |id: u64| declared(&format!("{id}@own.example")).employee(&format!("E{id}"));
        let leaves = by_number(1).ordered(remove(Afterwards::StayBlocked), DECIDED);
        let wanted = desired(vec![leaves, asked(by_number(2))], vec![]);
        let observed = account(vec![holding(1, leaver), holding(2, other), record(3, "zoe@z.example")], &[]);
        let expected: &[&str] = if is_conflict { &["stays-blocked"] } else { &[] };
        assert_eq!(codes(&planned(&wanted, &observed)), expected, "{leaver} leaves, {other} stays");
    }
}

#[test]
fn an_exclusion_almost_as_the_account_has_it_is_asked_and_every_way_out_leads_out() {
    let wanted = |texts: &[(&str, ExclusionState)]| {
        let mut wanted = desired(vec![declared("1@own.example").tracked(Tracking::Tracked)], vec![]);
        wanted.exclusions = texts.iter().map(|(text, state)| exclusion(text, *state)).collect();
        wanted
    };
    let (absent, present) = (ExclusionState::Absent, ExclusionState::Present);
    let mut observed = account(vec![holding(1, "LAB\\groß"), record(3, "zoe@z.example")], &[]);
    observed.exclusions = vec![rule(900, "*\\straße")];
    for state in [absent, present] {
        assert_eq!(codes(&planned(&wanted(&[("*\\strasse", state)]), &observed)), ["looks-alike"]);
        assert_eq!(codes(&planned(&wanted(&[("*\\straße", state)]), &observed)), [""; 0]);
        let both = wanted(&[("*\\strasse", state), ("*\\straße", present)]);
        assert_eq!(codes(&planned(&both, &observed)), [""; 0]);
    }
    assert_eq!(codes(&planned(&wanted(&[("LAB\\strasse", present)]), &observed)), [""; 0], "another domain");
    let mut gross = wanted(&[("LAB\\gross", present)]);
    assert_eq!(codes(&planned(&gross, &observed)), ["looks-alike"], "of somebody tracked");
    gross.users[0] = gross.users[0].clone().tracked(Tracking::Untracked);
    assert_eq!(codes(&planned(&gross, &observed)), [""; 0]);
    assert_eq!(codes(&planned(&wanted(&[("LAB\\gross", absent)]), &observed)), [""; 0], "nothing is stopped");
    // Orders come after exclusions: who is removed is tracked till then.
    let mut leaver = wanted(&[("LAB\\gross", present)]);
    leaver.users = vec![declared("1@own.example").ordered(remove(Afterwards::StayBlocked), DECIDED)];
    assert_eq!(codes(&planned(&leaver, &observed)), ["looks-alike"]);
    leaver.exclusions.clear();
    assert_eq!(codes(&planned(&leaver, &observed)), [""; 0]);
}
