//! How does what an account has read as a table: users, groups, who is in them, computers, agents, exclusions?

use std::borrow::Cow;
use std::io;

use jiff::Timestamp;

use crate::model::{
    AgentIx, Belonging, ComputerIx, GroupIx, Login, Observed, ObservedExclusion, ObservedUser, Topic,
    Tracking, UserIx, UserLabel, groups_of_computers,
};
use crate::render::table::{self, TableForm};
use crate::render::view::{Detail, Redaction, View, source_word};

/// What stands in a cell where there is nothing.
const NOTHING: Cow<'static, str> = Cow::Borrowed("-");

/// Users, a line each.
pub fn users(
    out: &mut dyn io::Write,
    (observed, listed): (&Observed, &[UserIx]),
    view: &View<'_>,
    form: TableForm,
) -> io::Result<()> {
    let belonging = Belonging::of(observed);
    let is_tracking = observed.reach.hidden(Topic::Tracking).is_none();
    let head = ["RECORD", "NAME", "DISPLAY ID", "STATUS", "TRACKING", "LAST SEEN", "GROUPS", "AGENTS"];
    table::write(out, form, head, || {
        listed.iter().map(|ix| {
            let user = observed.user(*ix);
            [
                Cow::Owned(user.id.0.to_string()),
                name(user, view),
                display_id(user, view),
                Cow::Borrowed(user.status_word().unwrap_or("-")),
                Cow::Borrowed(if is_tracking { tracking(user.tracking) } else { "-" }),
                day(user.history().map(|(_, newest)| newest)),
                Cow::Owned(belonging.groups(*ix).len().to_string()),
                Cow::Owned(user.agents.len().to_string()),
            ]
        })
    })
}

/// Groups, a line each.
pub fn groups(
    out: &mut dyn io::Write,
    (observed, listed): (&Observed, &[GroupIx]),
    form: TableForm,
) -> io::Result<()> {
    let cells = |ix: GroupIx| {
        let group = observed.group(ix);
        [
            Cow::Owned(group.id.0.to_string()),
            Cow::Borrowed(group.name.as_written()),
            Cow::Borrowed(source_word(&group.source)),
            Cow::Owned(observed.members(ix).len().to_string()),
        ]
    };
    if listed.iter().all(|ix| observed.group(*ix).description.is_none()) {
        let head = ["GROUP", "NAME", "SOURCE", "MEMBERS"];
        return table::write(out, form, head, || listed.iter().map(|ix| cells(*ix)));
    }
    table::write(out, form, ["GROUP", "NAME", "SOURCE", "MEMBERS", "DESCRIPTION"], || {
        listed.iter().map(|ix| {
            let said = observed.group(*ix).description.as_ref().filter(|said| !said.is_empty());
            let [id, name, source, members] = cells(*ix);
            [id, name, source, members, said.map_or(NOTHING, |said| Cow::Borrowed(said.as_written()))]
        })
    })
}

/// Who and what is in groups, a line each: users, then computers.
pub fn members(
    out: &mut dyn io::Write,
    (observed, listed): (&Observed, &[GroupIx]),
    view: &View<'_>,
    form: TableForm,
) -> io::Result<()> {
    let row = |ix: GroupIx, record: u64, name, id| {
        let group = Cow::Borrowed(observed.group(ix).name.as_written());
        [group, Cow::Owned(record.to_string()), name, id]
    };
    table::write(out, form, ["GROUP", "RECORD", "MEMBER", "DISPLAY ID"], || {
        listed.iter().flat_map(|ix| {
            let users = observed.members(*ix).map(move |user| {
                let user = observed.user(user);
                row(*ix, user.id.0, name(user, view), display_id(user, view))
            });
            let computers = observed.computers_of(*ix).map(move |computer| {
                row(*ix, computer.id.0, Cow::Owned(view.login(&computer.login)), Cow::Borrowed("(computer)"))
            });
            users.chain(computers)
        })
    })
}

/// Computers, a line each, with the groups that they are in.
pub fn computers(
    out: &mut dyn io::Write,
    (observed, listed): (&Observed, &[ComputerIx]),
    view: &View<'_>,
    form: TableForm,
) -> io::Result<()> {
    let groups = groups_of_computers(observed);
    let named = |groups: &Vec<GroupIx>| {
        let names: Vec<&str> = groups.iter().map(|ix| observed.group(*ix).name.as_written()).collect();
        Cow::Owned(names.join(", "))
    };
    table::write(out, form, ["COMPUTER", "NAME", "GROUPS"], || {
        listed.iter().map(|ix| {
            let computer = observed.computer(*ix);
            let groups = groups.get(&computer.id).map_or(NOTHING, named);
            [Cow::Owned(computer.id.0.to_string()), Cow::Owned(view.login(&computer.login)), groups]
        })
    })
}

/// Agents, a line each, with whose they are. Of one that was deleted the account shows its number and when it went.
pub fn agents(
    out: &mut dyn io::Write,
    (observed, listed): (&Observed, &[AgentIx]),
    view: &View<'_>,
    form: TableForm,
) -> io::Result<()> {
    table::write(out, form, ["AGENT", "LOGIN", "ALIAS", "LAST SEEN", "STATE", "USER"], || {
        listed.iter().map(|ix| {
            let user = observed.user(ix.user());
            let whose = Cow::Owned(view.user(&UserLabel::of(user), Detail::Full));
            match *ix {
                AgentIx::Live(_, at) => {
                    let agent = &user.agents[at];
                    let state = if agent.merge_pending { "being merged" } else { "live" };
                    [
                        Cow::Owned(agent.id.0.to_string()),
                        Cow::Owned(view.login(&agent.login)),
                        agent.alias.as_deref().map_or(NOTHING, |alias| view.personal(alias)),
                        day(agent.last_log),
                        Cow::Borrowed(state),
                        whose,
                    ]
                }
                AgentIx::Deleted(_, at) => {
                    let agent = &user.deleted_agents[at];
                    let when = agent.deleted.map(|moment| format!("deleted {}", moment.strftime("%F")));
                    let state = when.map_or(Cow::Borrowed("deleted"), Cow::Owned);
                    [Cow::Owned(agent.id.0.to_string()), NOTHING, NOTHING, NOTHING, state, whose]
                }
            }
        })
    })
}

/// Do Not Track rules, a line each: global ones by their numbers, then those of untracked users, with whose they are.
pub fn exclusions(
    out: &mut dyn io::Write,
    (global, of_users): (&[ObservedExclusion], &[(UserLabel, Login)]),
    view: &View<'_>,
    form: TableForm,
) -> io::Result<()> {
    table::write(out, form, ["RULE", "LOGIN", "OF"], || {
        let global = global.iter().map(|rule| {
            let login = Cow::Owned(view.login(&rule.login));
            [Cow::Owned(rule.id.0.to_string()), login, Cow::Borrowed("everybody (global)")]
        });
        let of_users = of_users.iter().map(|(label, login)| {
            let whose = Cow::Owned(view.user(label, Detail::Record));
            [NOTHING, Cow::Owned(view.login(login)), whose]
        });
        global.chain(of_users)
    })
}

fn name<'a>(user: &'a ObservedUser, view: &View<'_>) -> Cow<'a, str> {
    match (&user.display_name, view.redaction()) {
        (None, _) => NOTHING,
        (Some(name), Redaction::Off) => Cow::Borrowed(name.as_written()),
        (Some(_), Redaction::Addresses | Redaction::On) => {
            Cow::Owned(view.user(&UserLabel::of(user), Detail::Name))
        }
    }
}

fn display_id(user: &ObservedUser, view: &View<'_>) -> Cow<'static, str> {
    user.display_id().map_or(NOTHING, |id| Cow::Owned(view.personal(&id).into_owned()))
}

fn day(moment: Option<Timestamp>) -> Cow<'static, str> {
    moment.map_or(NOTHING, |moment| Cow::Owned(moment.strftime("%F").to_string()))
}

const fn tracking(tracking: Tracking) -> &'static str {
    match tracking {
        Tracking::Tracked => "tracked",
        Tracking::Untracked => "untracked",
    }
}
