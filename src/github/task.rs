//! What is to be done? By what started the workflow, and by what it is told to do; never more than the event lets it.

use crate::github::event::{Account, Branch, Event, Origin, PullRequest, Push, Started, Trigger};
use crate::github::inputs::Order;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task<'a> {
    /// Say what is wrong with the manifests, with no account.
    Validate(Why),
    /// Say what would change.
    Plan(Proposal<'a>),
    /// Change it.
    Apply(&'a Push),
    /// Undo the drift that an issue shows, as somebody wants it who started the run by hand.
    Undo(&'a Account),
    /// Keep an issue of what is other in the account than the default branch says.
    Drift,
    /// Say which of many accounts are to be planned: those that something changed of since a commit, or all.
    Accounts(Option<&'a str>),
    /// Say in one place what became of many accounts.
    Report(&'a Trigger),
}

/// Why manifests are only validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The workflow asks for it.
    Asked,
    /// They are a fork's.
    Fork,
    /// They are Dependabot's.
    Dependabot,
    /// They are on a branch that is neither the default one nor, by this event, a pull request.
    Branch,
}

/// What a plan is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proposal<'a> {
    /// A pull request.
    PullRequest(&'a PullRequest),
    /// What a merge queue tries, with the commit of the base branch.
    MergeGroup(&'a str),
    /// The branch as it is.
    Branch,
}

/// What an event does not let a run do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Somebody else's manifests would be read with secrets at hand.
    #[error("the event `{0}` may run with secrets whoever caused it, so nothing is done")]
    Privileged(String),
    /// Only what was merged is applied.
    #[error(
        "an apply is for a push to the default branch, or for drift where a person starts it there, and this is the event `{0}`"
    )]
    NotMerged(String),
    /// The account is compared with what was merged, and by nobody else's wish.
    #[error(
        "a drift check is for a schedule or a start by hand, on the default branch, and this is the event `{0}` or another branch"
    )]
    NoCheck(String),
}

impl Refused {
    /// What to do instead.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Privileged(_) => {
                "start the workflow by `on: pull_request`, and by `on: push` for what was merged"
            }
            Self::NotMerged(_) => "leave `command` out, or say `command: plan`",
            Self::NoCheck(_) => {
                "give it a workflow of its own, started by `on: schedule` and `on: workflow_dispatch`"
            }
        }
    }
}

impl<'a> Task<'a> {
    /// What is to be done at an event.
    ///
    /// # Errors
    /// The event does not let it.
    pub fn of(order: Order, event: &'a Event) -> Result<Self, Refused> {
        if event.trigger == Trigger::Privileged {
            return Err(Refused::Privileged(event.name.clone()));
        }
        let merged = match &event.trigger {
            Trigger::Push(push) if push.to == Branch::Default => Some(push),
            _ => None,
        };
        match (order, merged) {
            (Order::Drift, _) => match &event.trigger {
                Trigger::Other(Started { on: Branch::Default, .. }) => Ok(Self::Drift),
                _ => Err(Refused::NoCheck(event.name.clone())),
            },
            (Order::Apply, None) => match &event.trigger {
                Trigger::Other(Started { on: Branch::Default, by: Some(by) }) => Ok(Self::Undo(by)),
                _ => Err(Refused::NotMerged(event.name.clone())),
            },
            (Order::Apply | Order::Auto, Some(push)) => Ok(Self::Apply(push)),
            (Order::Auto | Order::Plan, _) => Ok(Self::plan(order, &event.trigger)),
            (Order::Validate, _) => Ok(Self::Validate(Why::Asked)),
            (Order::Accounts, _) => Ok(Self::Accounts(before(&event.trigger))),
            (Order::Report, _) => Ok(Self::Report(&event.trigger)),
        }
    }

    fn plan(order: Order, trigger: &'a Trigger) -> Self {
        match trigger {
            Trigger::PullRequest(it) => match it.origin {
                Origin::Inside => Self::Plan(Proposal::PullRequest(it)),
                Origin::Fork => Self::Validate(Why::Fork),
                Origin::Dependabot => Self::Validate(Why::Dependabot),
            },
            Trigger::MergeGroup { base } => Self::Plan(Proposal::MergeGroup(base)),
            Trigger::Push(push) if push.to == Branch::Other && order == Order::Auto => {
                Self::Validate(Why::Branch)
            }
            Trigger::Push(_) | Trigger::Privileged | Trigger::Other(_) => Self::Plan(Proposal::Branch),
        }
    }

    /// Its name, as `command` has it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Validate(_) => "validate",
            Self::Plan(_) => "plan",
            Self::Apply(_) | Self::Undo(_) => "apply",
            Self::Drift => "drift",
            Self::Accounts(_) => "accounts",
            Self::Report(_) => "report",
        }
    }
}

/// The commit that an event is compared with; none where it is about all there is.
fn before(trigger: &Trigger) -> Option<&str> {
    match trigger {
        Trigger::PullRequest(pull) => Some(&pull.base),
        Trigger::MergeGroup { base } => Some(base),
        Trigger::Push(push) => Some(&push.before),
        Trigger::Privileged | Trigger::Other(_) => None,
    }
}

impl Why {
    /// Why there is no plan, for the summary.
    pub const fn sentence(self) -> Option<&'static str> {
        match self {
            Self::Asked => None,
            Self::Fork => Some(
                "The pull request comes from a fork, where a run has no secrets and a token that only reads: its manifests are \
                 validated, and the account is not asked. A plan is made once somebody of this repository pushes them to a branch \
                 of it.",
            ),
            Self::Dependabot => Some(
                "The run is Dependabot's, which has no secrets and a token that only reads: the manifests are validated, and the \
                 account is not asked. A plan is made once somebody of this repository runs the workflow again.",
            ),
            Self::Branch => Some(
                "This is neither a pull request nor the default branch: the manifests are validated, and the account is not asked.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::github::event::Visibility;

    fn event(trigger: Trigger) -> Event {
        Event { name: "x".into(), trigger, visibility: Visibility::Closed }
    }

    fn pull(origin: Origin) -> Event {
        event(Trigger::PullRequest(PullRequest {
            number: 1,
            head: "h".into(),
            base: "b".into(),
            author: ada(),
            origin,
        }))
    }

    fn push(to: Branch) -> Event {
        event(Trigger::Push(Push { before: "b".into(), after: "a".into(), title: String::new(), to }))
    }

    fn ada() -> Account {
        Account { id: 1, login: "ada".into(), kind: "User".into() }
    }

    fn started(on: Branch) -> Event {
        event(Trigger::Other(Started { on, by: None }))
    }

    /// The name of the task, and why it is no more.
    fn told(order: Order, event: &Event) -> String {
        match Task::of(order, event) {
            Ok(Task::Validate(why)) => format!("validate {why:?}"),
            Ok(Task::Undo(by)) => format!("undo for {}", by.login),
            Ok(task) => task.name().to_owned(),
            Err(Refused::Privileged(_)) => "privileged".to_owned(),
            Err(Refused::NotMerged(_)) => "not merged".to_owned(),
            Err(Refused::NoCheck(_)) => "no check".to_owned(),
        }
    }

    #[test]
    fn no_order_gets_more_than_the_event_lets_it() {
        let merge = event(Trigger::MergeGroup { base: "b".into() });
        let by_hand = |on| event(Trigger::Other(Started { on, by: Some(ada()) }));
        for (event, [auto, validate, plan, apply, drift]) in [
            (pull(Origin::Inside), ["plan", "validate Asked", "plan", "not merged", "no check"]),
            (
                pull(Origin::Fork),
                ["validate Fork", "validate Asked", "validate Fork", "not merged", "no check"],
            ),
            (
                pull(Origin::Dependabot),
                ["validate Dependabot", "validate Asked", "validate Dependabot", "not merged", "no check"],
            ),
            (merge, ["plan", "validate Asked", "plan", "not merged", "no check"]),
            (push(Branch::Default), ["apply", "validate Asked", "plan", "apply", "no check"]),
            (push(Branch::Other), ["validate Branch", "validate Asked", "plan", "not merged", "no check"]),
            (started(Branch::Default), ["plan", "validate Asked", "plan", "not merged", "drift"]),
            (started(Branch::Other), ["plan", "validate Asked", "plan", "not merged", "no check"]),
            (by_hand(Branch::Default), ["plan", "validate Asked", "plan", "undo for ada", "drift"]),
            (by_hand(Branch::Other), ["plan", "validate Asked", "plan", "not merged", "no check"]),
            (event(Trigger::Privileged), ["privileged"; 5]),
        ] {
            assert_eq!(told(Order::Auto, &event), auto, "{event:?}");
            assert_eq!(told(Order::Validate, &event), validate, "{event:?}");
            assert_eq!(told(Order::Plan, &event), plan, "{event:?}");
            assert_eq!(told(Order::Apply, &event), apply, "{event:?}");
            assert_eq!(told(Order::Drift, &event), drift, "{event:?}");
        }
    }

    #[test]
    fn accounts_are_compared_with_what_an_event_comes_after() {
        let since = |event: &Event| match Task::of(Order::Accounts, event) {
            Ok(Task::Accounts(since)) => since.map(str::to_owned),
            other => panic!("{other:?}"),
        };
        let merge = event(Trigger::MergeGroup { base: "b".into() });
        for event in [pull(Origin::Inside), pull(Origin::Fork), push(Branch::Default), merge] {
            assert_eq!(since(&event).as_deref(), Some("b"), "{event:?}");
        }
        assert_eq!(since(&started(Branch::Default)), None);
        for order in [Order::Accounts, Order::Report] {
            assert_eq!(told(order, &event(Trigger::Privileged)), "privileged");
        }
    }
}
