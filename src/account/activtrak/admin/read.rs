//! Reading groups, computers, and which account this is.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::error::{Listing, ReadError, Unproved, is_absent};
use crate::account::paging;
use crate::http::{Request, StatusCode};
use crate::model::{
    Computer, ComputerId, Family, GroupId, GroupName, GroupSource, ListProof, Login, ObservedGroup,
};

const SUMMARY: &str = "/admin/v1/groups/summary";
const MEMBERS: &str = "/admin/v1/groups/members";

/// The number of the app among the sources of groups.
pub(in crate::account::activtrak) const APP: i64 = 1;

/// A group as the list shows it (`ATGroup`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::account::activtrak) struct ListedGroup {
    pub(in crate::account::activtrak) id: GroupId,
    /// The number that stays when the group is renamed, and that deleting asks for.
    pub(in crate::account::activtrak) parent: GroupId,
    pub(in crate::account::activtrak) name: Box<str>,
    /// The number of its source, where the list says it; 1 is the app.
    pub(in crate::account::activtrak) kind: Option<i64>,
    /// The source in words; empty where the list says nothing.
    pub(in crate::account::activtrak) type_name: Box<str>,
}

#[derive(Deserialize)]
struct AtGroup {
    groupid: u64,
    parentid: Option<u64>,
    groupname: Option<Box<str>>,
    #[serde(rename = "type")]
    kind: Option<i64>,
    typename: Option<Box<str>>,
}

impl From<AtGroup> for ListedGroup {
    fn from(group: AtGroup) -> Self {
        Self {
            id: GroupId(group.groupid),
            parent: GroupId(group.parentid.filter(|&id| id != 0).unwrap_or(group.groupid)),
            name: group.groupname.unwrap_or_default(),
            kind: group.kind,
            type_name: group.typename.unwrap_or_default(),
        }
    }
}

impl ListedGroup {
    /// Whether the list says where the group comes from: lists with no more than numbers and names were seen.
    pub(in crate::account::activtrak) fn says_its_source(&self) -> bool {
        self.kind.is_some() || !self.type_name.is_empty()
    }

    /// Whether the list says that the group is not the app's, and so not to be changed here.
    pub(in crate::account::activtrak) fn is_read_only(&self) -> bool {
        self.says_its_source() && self.kind != Some(APP)
    }

    /// Where the group comes from; `hr` is the type name of HR-sourced groups.
    pub(in crate::account::activtrak) fn source(&self, hr: &str) -> GroupSource {
        let word = self.type_name.replace([' ', '_', '-'], "").to_lowercase();
        match word.as_str() {
            _ if self.kind == Some(APP) => GroupSource::App,
            _ if self.type_name.eq_ignore_ascii_case(hr) => GroupSource::Hr,
            "azuread" | "azureactivedirectory" | "activedirectory" | "ad" => GroupSource::Directory,
            "scim" => GroupSource::Scim,
            // An empty name among them: the account does not say where the group comes from.
            _ => GroupSource::Foreign(self.type_name.clone()),
        }
    }

    /// As the model has it.
    pub(in crate::account::activtrak) fn observed(&self, hr: &str) -> ObservedGroup {
        let name = GroupName::observed(&self.name);
        ObservedGroup::new(self.id, name, self.source(hr))
    }
}

/// A page of groups with something about each (`GroupWithMembersGroupPagedResponse`). No document says what the summary's pages
/// hold besides `groups`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Groups {
    groups: Option<Vec<IgnoredAny>>,
    total_count: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    group_id: u64,
    devices: Option<Vec<Member>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    member_id: u64,
}

#[derive(Deserialize)]
struct Device {
    #[serde(alias = "deviceId")]
    id: u64,
    name: Box<str>,
    domain: Option<Box<str>>,
}

/// Whether the key opens the Admin API (`GET /admin/v1/accounts/ping`).
pub(in crate::account::activtrak) async fn ping(client: &AuthorizedClient) -> Result<(), ReadError> {
    client.send(Family::Admin, Request::get("/admin/v1/accounts/ping")).await.map(drop)
}

/// Every group once, sorted by number (`GET /admin/v1/groups/list`), and whether the account's own count proves that they are all.
pub(in crate::account::activtrak) async fn groups_proved(
    client: &AuthorizedClient,
) -> Result<(Vec<ListedGroup>, ListProof), ReadError> {
    let (listed, total) = tokio::try_join!(groups(client), total(client, SUMMARY))?;
    paging::distinct(Listing::Groups, &mut BTreeSet::new(), listed.iter().map(|group| group.id.0))?;
    let counted = match total {
        Some(total) => Some(total),
        None => recount(client, listed.len()).await?,
    };
    match counted {
        Some(counted) if counted != listed.len() => {
            Err(Unproved::GroupCount { listed: listed.len(), counted }.into())
        }
        Some(_) => Ok((listed, ListProof::Counted)),
        None => Ok((listed, ListProof::Uncounted)),
    }
}

/// The count of groups where the summary names none, which no document promises: the total of the deprecated list of members,
/// which is declared, else the rows of the whole summary. None where neither is answered.
async fn recount(client: &AuthorizedClient, listed: usize) -> Result<Option<usize>, ReadError> {
    if let Some(total) = total(client, MEMBERS).await? {
        return Ok(Some(total));
    }
    // One more than there should be, so that a group that the list lacks has a place.
    let rows = page(client, SUMMARY, listed + 1).await?.and_then(|page| page.groups).map(|rows| rows.len());
    // Fewer may be a page that the account made shorter.
    Ok(rows.filter(|rows| *rows >= listed))
}

async fn total(client: &AuthorizedClient, path: &'static str) -> Result<Option<usize>, ReadError> {
    Ok(page(client, path, 1).await?.and_then(|page| page.total_count))
}

/// The first page of a list of groups; none where the account has no such list, or not for this key.
async fn page(
    client: &AuthorizedClient,
    path: &'static str,
    size: usize,
) -> Result<Option<Groups>, ReadError> {
    let request = Request::get(path).query("page", "1").query("pageSize", size.to_string());
    match client.send(Family::Admin, request).await {
        // Any other shape counts nothing; what is no JSON at all is no answer.
        Ok(answer) => Ok(serde_json::from_value(answer.json()?).ok()),
        Err(ReadError::Denied { status: StatusCode::FORBIDDEN, .. }) => Ok(None),
        Err(ReadError::Http(error)) if error.status().is_some_and(is_absent) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Every group, sorted by number (`GET /admin/v1/groups/list`).
pub(in crate::account::activtrak) async fn groups(
    client: &AuthorizedClient,
) -> Result<Vec<ListedGroup>, ReadError> {
    let answer = client.send(Family::Admin, Request::get("/admin/v1/groups/list")).await?;
    let mut groups: Vec<ListedGroup> = answer.json::<Vec<AtGroup>>()?.into_iter().map(Into::into).collect();
    groups.sort_unstable_by_key(|group| group.id);
    Ok(groups)
}

/// Every computer (`GET /admin/v1/devices`).
pub(in crate::account::activtrak) async fn computers(
    client: &AuthorizedClient,
) -> Result<Vec<Computer>, ReadError> {
    let answer = client.send(Family::Admin, Request::get("/admin/v1/devices")).await?;
    let computers = answer.json::<Vec<Device>>()?.into_iter().map(|device| Computer {
        id: ComputerId(device.id),
        login: Login::observed(device.domain.as_deref(), &device.name),
    });
    Ok(computers.collect())
}

/// The computers of a group, sorted (`GET /admin/v1/groups/{groupId}/members`).
pub(in crate::account::activtrak) async fn group_computers(
    client: &AuthorizedClient,
    group: GroupId,
) -> Result<Vec<ComputerId>, ReadError> {
    let request = Request::get(format!("/admin/v1/groups/{}/members", group.0));
    let members: Members = client.send(Family::Admin, request).await?.json()?;
    if members.group_id != group.0 {
        return Err(Unproved::OtherGroup { asked: group.0, answered: members.group_id }.into());
    }
    let Some(devices) = members.devices else {
        return Err(Unproved::NoComputers { group: group.0 }.into());
    };
    let mut computers: Vec<ComputerId> = devices.iter().map(|member| ComputerId(member.member_id)).collect();
    computers.sort_unstable();
    computers.dedup();
    Ok(computers)
}

/// The numbers in the name of the group export's file, one of which is the account's, longest first
/// (`GET /admin/v1/groups/members/bulk`).
pub(in crate::account::activtrak) async fn account_numbers(
    client: &AuthorizedClient,
) -> Result<Vec<u64>, ReadError> {
    let answer = client.send(Family::Admin, Request::get("/admin/v1/groups/members/bulk")).await?;
    let disposition = answer.headers.get("content-disposition").and_then(|value| value.to_str().ok());
    Ok(disposition.map(numbers_in).unwrap_or_default())
}

fn numbers_in(disposition: &str) -> Vec<u64> {
    let name = disposition.split_once("filename").map_or("", |(_, name)| name);
    let mut runs: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).collect();
    runs.sort_by_key(|run| std::cmp::Reverse(run.len()));
    runs.into_iter().filter_map(|run| run.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{AtGroup, ListedGroup, numbers_in};
    use crate::model::GroupSource;

    fn source(json: &str) -> GroupSource {
        ListedGroup::from(serde_json::from_str::<AtGroup>(json).unwrap()).source("HRDC")
    }

    #[test]
    fn a_groups_source_is_read_from_its_type() {
        let foreign = |name: &str| GroupSource::Foreign(name.into());
        for (json, wanted) in [
            (r#"{"groupid":1,"groupname":"A","type":1,"typename":"ActivTrak"}"#, GroupSource::App),
            (r#"{"groupid":1,"groupname":"A","type":1,"typename":"HRDC"}"#, GroupSource::App),
            (r#"{"groupid":1,"groupname":"A","type":9,"typename":"hrdc"}"#, GroupSource::Hr),
            (r#"{"groupid":1,"groupname":"A","type":3,"typename":"Azure AD"}"#, GroupSource::Directory),
            (
                r#"{"groupid":1,"groupname":"A","type":2,"typename":"ActiveDirectory"}"#,
                GroupSource::Directory,
            ),
            (r#"{"groupid":1,"groupname":"A","type":8,"typename":"SCIM"}"#, GroupSource::Scim),
            (r#"{"groupid":1,"groupname":"A","type":5,"typename":"Workday"}"#, foreign("Workday")),
            (r#"{"groupid":1,"groupname":"A","type":5}"#, foreign("")),
            (r#"{"groupid":1,"groupname":"A","typename":"ActivTrak"}"#, foreign("ActivTrak")),
        ] {
            assert_eq!(source(json), wanted, "{json}");
        }
    }

    #[test]
    fn the_number_that_deleting_asks_for_is_the_parent_where_there_is_one() {
        let parent = |json| ListedGroup::from(serde_json::from_str::<AtGroup>(json).unwrap()).parent.0;
        assert_eq!(parent(r#"{"groupid":7,"parentid":3,"groupname":"A"}"#), 3);
        assert_eq!(parent(r#"{"groupid":7,"parentid":0,"groupname":"A"}"#), 7);
        assert_eq!(parent(r#"{"groupid":7,"groupname":"A"}"#), 7);
    }

    #[test]
    fn the_accounts_number_is_in_the_name_of_the_export() {
        assert_eq!(numbers_in("attachment; filename=groups_123456.csv"), [123_456]);
        assert_eq!(numbers_in("attachment; filename=\"Groups-20261121-77.csv\""), [20_261_121, 77]);
        assert_eq!(numbers_in("attachment; filename=groups.csv"), Vec::<u64>::new());
        assert_eq!(numbers_in("attachment 7"), Vec::<u64>::new());
    }
}
