//! A user and a group as SCIM writes them (developer portal, "SCIM"; RFC 7643).

use serde_json::{Value, json};

use crate::sandbox::faults::Faults;
use crate::sandbox::http::scim::base::Base;
use crate::sandbox::seed::{GroupId, GroupSource, Sourced, User, UserId};
use crate::sandbox::state::{GroupEntry, State};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:";
const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:";

/// The integration that made the groups of source `scim`; the others were made by none.
const INSTANCE: &str = "5c1d0000-0000-4000-8000-000000000001";
const NO_INSTANCE: &str = "00000000-0000-0000-0000-000000000000";

/// How much of users and groups is shown, and where they say that they are.
#[derive(Clone, Copy)]
pub(crate) struct Lens<'a> {
    state: &'a State,
    base: &'a Base,
    members: Members,
    dropped: Option<(UserId, GroupId)>,
}

/// Whether memberships are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Members {
    Shown,
    Hidden,
}

impl<'a> Lens<'a> {
    /// Looks at an account.
    pub(crate) fn of(state: &'a State, faults: &Faults, base: &'a Base) -> Lens<'a> {
        let members = if faults.hide_memberships() { Members::Hidden } else { Members::Shown };
        Lens { state, base, members, dropped: faults.dropped_membership(state) }
    }

    /// A user.
    pub(crate) fn user(self, user: &User) -> Value {
        let texts = |list: &[Sourced<String>]| list.iter().map(|it| it.value.clone()).collect::<Vec<_>>();
        let named = user.upns.first().or(user.emails.first()).map(|name| &name.value);
        let emails = user.emails.iter().enumerate();
        let emails = emails.map(|(at, email)| json!({ "primary": at == 0, "value": email.value }));
        let groups = user.groups.iter().filter_map(|id| self.state.group(*id)).map(|entry| {
            let group = &entry.group;
            let at = self.base.of_group(group.id);
            json!({ "value": group.id.to_string(), "display": group.name, "$ref": at, "type": "direct" })
        });
        let number = user.employee_ids.first().map(|id| id.value.clone());
        let text = |part: &Option<Sourced<String>>| part.as_ref().map(|it| it.value.clone());
        let mut shown = json!({
            "schemas": [format!("{CORE}User"), format!("{EXTENSION}enterprise:2.0:User"), format!("{EXTENSION}activtrak:2.0:User")],
            "id": user.id.to_string(),
            "name": said([
                ("givenName", text(&user.first_name)), ("familyName", text(&user.last_name)),
                ("middleName", text(&user.middle_name)),
            ]),
            "displayName": text(&user.display_name),
            "emails": emails.collect::<Vec<_>>(),
            "active": !user.is_deactivated(),
            "groups": (self.members == Members::Shown).then(|| groups.collect::<Vec<_>>()),
            "meta": {
                "resourceType": "User", "created": user.created, "lastModified": user.updated.unwrap_or(user.created),
                "location": self.base.of_user(user.id),
            },
            (format!("{EXTENSION}enterprise:2.0:User")): said([("employeeNumber", number)]),
            (format!("{EXTENSION}activtrak:2.0:User")): { "tracking": user.tracked, "userPrincipalNames": texts(&user.upns) },
        });
        if let Some(name) = named {
            shown["userName"] = json!(name);
        }
        shown
    }

    /// A group with the users in it.
    pub(crate) fn group(self, entry: &GroupEntry) -> Value {
        let group = &entry.group;
        let dropped = |id: &UserId| self.dropped == Some((*id, group.id));
        let members = entry.members.iter().filter(|id| !dropped(id)).filter_map(|id| self.state.user(*id));
        let members = members.map(|user| {
            let display = user.display_name.as_ref().map(|name| &name.value);
            json!({ "value": user.id.to_string(), "display": display, "$ref": self.base.of_user(user.id), "type": "User" })
        });
        let instance = if group.source == GroupSource::Scim { INSTANCE } else { NO_INSTANCE };
        json!({
            "schemas": [format!("{CORE}Group"), format!("{EXTENSION}activtrak:2.0:Group")],
            "id": group.id.to_string(),
            "displayName": group.name,
            "members": (self.members == Members::Shown).then(|| members.collect::<Vec<_>>()),
            "meta": { "resourceType": "Group", "location": self.base.of_group(group.id) },
            (format!("{EXTENSION}activtrak:2.0:Group")): { "sourceType": group.source.number(), "instanceId": instance },
        })
    }
}

/// The members that have a value: the portal has some as texts that can't be null.
fn said<const N: usize>(members: [(&str, Option<String>); N]) -> Value {
    let said = members.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::String(text?))));
    Value::Object(said.collect())
}
