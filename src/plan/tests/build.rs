//! Small accounts and manifests, said in a line each.

use jiff::Timestamp;

use crate::model::{
    Account, Agent, AgentId, DeclaredSource, Desired, DesiredExclusion, DesiredGroup, DesiredUser,
    DisplayName, Email, EmployeeId, ExclusionId, ExclusionState, Foreign, GroupId, GroupName, GroupSource,
    LastSet, Located, Login, Managed, Members, Observed, ObservedEmail, ObservedExclusion, ObservedGroup,
    ObservedUser, Origin, Platform, Policy, Reference, Region, Revision, Service, Status, Tracking, Upn,
    UserId, Writer,
};
use crate::plan::{Context, Plan, plan};

pub(super) const NOW: Timestamp = Timestamp::UNIX_EPOCH;

pub(super) fn login(text: &str) -> Login {
    Login::parse(text).expect("a login")
}

pub(super) fn emails(list: &[&str]) -> Members<Email> {
    Members::Exactly(list.iter().map(|text| Located::unplaced(Email::observed(text))).collect())
}

/// Whom a text means, by its shape.
pub(super) fn reference(text: &str) -> Located<Reference> {
    Located::unplaced(if text.contains('@') {
        Reference::Address(crate::model::Folded::address(text))
    } else if text.contains('\\') {
        Reference::DeviceLogin(login(text))
    } else {
        Reference::EmployeeId(EmployeeId::observed(text))
    })
}

/// A declared user with one email.
pub(super) fn declared(email: &str) -> DesiredUser {
    DesiredUser { emails: emails(&[email]), ..DesiredUser::new(Origin::NONE) }
}

impl DesiredUser {
    pub(super) fn named(mut self, name: &str) -> Self {
        self.display_name = Managed::Set(Located::unplaced(DisplayName::observed(name)));
        self
    }

    pub(super) fn employee(mut self, id: &str) -> Self {
        self.employee_ids = Members::Exactly(vec![Located::unplaced(EmployeeId::observed(id))]);
        self
    }

    pub(super) fn tracked(mut self, tracking: Tracking) -> Self {
        self.tracking = Managed::Set(Located::unplaced(tracking));
        self
    }
}

/// A declared group with these members.
pub(super) fn group(name: &str, source: DeclaredSource, members: &[&str]) -> DesiredGroup {
    DesiredGroup {
        source: Some(source),
        members: Members::Exactly(members.iter().map(|member| reference(member)).collect()),
        ..DesiredGroup::new(Located::unplaced(GroupName::observed(name)))
    }
}

pub(super) fn exclusion(text: &str, state: ExclusionState) -> DesiredExclusion {
    DesiredExclusion { login: Located::unplaced(login(text)), state }
}

pub(super) fn desired(users: Vec<DesiredUser>, groups: Vec<DesiredGroup>) -> Desired {
    Desired {
        account: Account {
            origin: Origin::NONE,
            name: Located::unplaced("acme".into()),
            id: None,
            platform: Platform::Region(Service::ActivTrak, Region::Us),
            allow: Vec::new(),
            hr_group_type: "HRDC".into(),
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

/// A record with one email.
pub(super) fn record(id: u64, email: &str) -> ObservedUser {
    ObservedUser {
        id: UserId(id),
        revision: Revision(1),
        created: None,
        display_name: None,
        upns: Vec::new(),
        emails: vec![ObservedEmail { email: Email::observed(email), writer: Writer::Other }],
        employee_ids: Vec::new(),
        device_logins: Vec::new(),
        agents: Vec::new(),
        deleted_agents: Vec::new(),
        tracking: Tracking::Tracked,
        status: Some(Status::Active),
        activation: None,
        level: None,
        primary_group: None,
        foreign: Foreign::default(),
        last_set: LastSet::default(),
    }
}

impl ObservedUser {
    pub(super) fn called(mut self, name: &str) -> Self {
        self.display_name = Some(DisplayName::observed(name));
        self
    }

    pub(super) fn upn(mut self, upn: &str) -> Self {
        self.upns.push(Upn::observed(upn));
        self
    }

    pub(super) fn employee_id(mut self, id: &str) -> Self {
        self.employee_ids.push(EmployeeId::observed(id));
        self
    }

    pub(super) fn email(mut self, email: &str, writer: Writer) -> Self {
        self.emails.push(ObservedEmail { email: Email::observed(email), writer });
        self
    }

    pub(super) fn agent(mut self, text: &str) -> Self {
        let id = AgentId(self.id.0 * 100 + self.agents.len() as u64);
        self.agents.push(Agent {
            id,
            login: login(text),
            alias: None,
            first_log: Some(NOW),
            last_log: Some(NOW),
            merge_pending: false,
        });
        self
    }

    pub(super) fn untracked(mut self) -> Self {
        self.tracking = Tracking::Untracked;
        self
    }
}

/// An account of users and groups with their members' record numbers.
pub(super) fn account(users: Vec<ObservedUser>, groups: &[(u64, &str, GroupSource, &[u64])]) -> Observed {
    let pairs: Vec<(GroupId, UserId)> = groups
        .iter()
        .flat_map(|(id, _, _, members)| members.iter().map(|member| (GroupId(*id), UserId(*member))))
        .collect();
    let groups = groups
        .iter()
        .map(|(id, name, source, _)| {
            ObservedGroup::new(GroupId(*id), GroupName::observed(name), source.clone())
        })
        .collect();
    Observed::new(users, groups, &pairs, Vec::new(), Vec::new())
}

pub(super) fn rule(id: u64, text: &str) -> ObservedExclusion {
    ObservedExclusion { id: ExclusionId(id), login: login(text) }
}

#[track_caller]
pub(super) fn planned(desired: &Desired, observed: &Observed) -> Plan {
    plan(desired, observed, &Context { now: NOW, base: None, attempts: None, number: None })
        .expect("the whole picture")
}

/// The codes of a plan's blockers.
pub(super) fn codes(plan: &Plan) -> Vec<&'static str> {
    plan.blockers.iter().map(|blocker| blocker.code.name()).collect()
}
