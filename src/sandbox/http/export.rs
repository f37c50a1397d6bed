//! The groups file that the app offers for download ("Downloading Groups", Groups guide; GET /admin/v1/groups/members/bulk):
//! memberships group by group, then empty groups, then agents and computers in no group.

use std::collections::BTreeSet;

use crate::sandbox::seed::{Agent, Computer, ComputerId};
use crate::sandbox::state::State;

const HEADER: &str =
    "group_id,group_name,group_type,member_type,member_id,member_domain,member_name,member_alias";

/// The last five columns.
struct Member<'a> {
    kind: &'static str,
    id: u64,
    domain: &'a str,
    name: &'a str,
    alias: &'a str,
}

impl<'a> From<&'a Agent> for Member<'a> {
    fn from(agent: &'a Agent) -> Member<'a> {
        let alias = agent.alias.as_deref().unwrap_or_default();
        Member { kind: "Client", id: agent.id.0, domain: &agent.domain, name: &agent.username, alias }
    }
}

impl<'a> From<&'a Computer> for Member<'a> {
    fn from(computer: &'a Computer) -> Member<'a> {
        let alias = computer.alias.as_deref().unwrap_or_default();
        Member { kind: "Device", id: computer.id.0, domain: &computer.domain, name: &computer.name, alias }
    }
}

/// The file.
///
/// # Errors
/// The CSV writer's; none in memory.
pub(crate) fn csv(state: &State) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(HEADER.split(','))?;
    let mut empty: Vec<[String; 3]> = Vec::new();
    let mut grouped: BTreeSet<ComputerId> = BTreeSet::new();
    for entry in state.groups() {
        let group = &entry.group;
        let head = [group.id.to_string(), group.name.clone(), group.source.type_name().to_owned()];
        let computers = group.computers.iter().filter_map(|id| state.computer(*id));
        grouped.extend(&group.computers);
        let mut members =
            state.agents_of(entry).map(Member::from).chain(computers.map(Member::from)).peekable();
        if members.peek().is_none() {
            empty.push(head);
            continue;
        }
        for member in members {
            line(&mut file, head.each_ref().map(String::as_str), &member)?;
        }
    }
    for head in &empty {
        file.write_record(head.iter().map(String::as_str).chain([""; 5]))?;
    }
    let agents = state.users().iter().filter(|user| user.groups.is_empty()).flat_map(|user| &user.agents);
    let computers = state.computers().filter(|computer| !grouped.contains(&computer.id));
    for member in agents.map(Member::from).chain(computers.map(Member::from)) {
        line(&mut file, [""; 3], &member)?;
    }
    file.into_inner().map_err(|error| error.into_error().into())
}

fn line(file: &mut csv::Writer<Vec<u8>>, group: [&str; 3], member: &Member<'_>) -> Result<(), csv::Error> {
    let Member { kind, id, domain, name, alias } = member;
    file.write_record(group.into_iter().chain([kind, id.to_string().as_str(), domain, name, alias]))
}
