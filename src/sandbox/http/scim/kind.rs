//! In what do the users and the groups of SCIM differ?

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::de::DeserializeOwned;

use crate::sandbox::http::answer::{self, Answer};
use crate::sandbox::http::scim::base::Base;
use crate::sandbox::http::scim::resource::Lens;
use crate::sandbox::http::service::Service;
use crate::sandbox::rules::{GroupBody, PatchOp, Paths, Refusal, UserBody};
use crate::sandbox::seed::{GroupId, GroupSource, UserId};
use crate::sandbox::settings::Setting;
use crate::sandbox::state::GroupEntry;

/// A kind of resource.
pub(super) trait Kind: 'static {
    /// Its number.
    type Id: Copy + Send;
    /// What describes one.
    type Body: DeserializeOwned + Send;

    /// A number of a path.
    fn id(number: u64) -> Self::Id;

    /// Makes one; of a user who is there already, updates the record.
    fn create(service: &Service, body: &Self::Body) -> Result<Self::Id, Refusal>;

    /// Puts another description in the place of one's own.
    fn replace(service: &Service, id: Self::Id, body: &Self::Body) -> Result<(), Refusal>;

    /// Carries operations out, all or none.
    fn patch(service: &Service, id: Self::Id, patch: &PatchOp) -> Result<(), Refusal>;

    /// Deletes one; of a user, what hangs on the record.
    fn delete(service: &Service, id: Self::Id) -> Result<(), Refusal>;

    /// How one is shown.
    fn answer(service: &Service, base: &Base, status: StatusCode, id: Self::Id) -> Answer;
}

/// Users.
pub(super) struct Users;

/// Groups.
pub(super) struct Groups;

impl Kind for Users {
    type Id = UserId;
    type Body = UserBody;

    fn id(number: u64) -> UserId {
        UserId(number)
    }

    fn create(service: &Service, body: &UserBody) -> Result<UserId, Refusal> {
        let now = service.now();
        service.write(|state| state.upsert(body, now))
    }

    fn replace(service: &Service, id: UserId, body: &UserBody) -> Result<(), Refusal> {
        let now = service.now();
        service.write(|state| state.replace(id, body, now))
    }

    fn patch(service: &Service, id: UserId, patch: &PatchOp) -> Result<(), Refusal> {
        let ops = patch.for_user(paths(service))?;
        let now = service.now();
        service.write(|state| state.patch_user(id, &ops, now))
    }

    fn delete(service: &Service, id: UserId) -> Result<(), Refusal> {
        let now = service.now();
        let removes = service.config.settings.has(Setting::ScimDeleteRemoves);
        service.write(|state| if removes { state.delete_entity(id) } else { state.deactivate(id, now) })
    }

    fn answer(service: &Service, base: &Base, status: StatusCode, id: UserId) -> Answer {
        service.read(|state| {
            let user = state.user(id).ok_or_else(|| Refusal::NotFound(format!("user {id}")))?;
            let user = Lens::of(state, &service.config.faults, base).user(user);
            Ok(located(answer::json(status, &user), &base.of_user(id)))
        })
    }
}

impl Kind for Groups {
    type Id = GroupId;
    type Body = GroupBody;

    fn id(number: u64) -> GroupId {
        GroupId(number)
    }

    fn create(service: &Service, body: &GroupBody) -> Result<GroupId, Refusal> {
        service.write(|state| state.scim_create_group(body))
    }

    fn replace(service: &Service, id: GroupId, body: &GroupBody) -> Result<(), Refusal> {
        let now = service.now();
        service.write(|state| state.scim_replace_group(id, body, now))
    }

    fn patch(service: &Service, id: GroupId, patch: &PatchOp) -> Result<(), Refusal> {
        let ops = patch.for_group(paths(service))?;
        let now = service.now();
        service.write(|state| state.scim_patch_group(id, &ops, now))
    }

    fn delete(service: &Service, id: GroupId) -> Result<(), Refusal> {
        service.write(|state| state.scim_delete_group(id))
    }

    fn answer(service: &Service, base: &Base, status: StatusCode, id: GroupId) -> Answer {
        service.read(|state| {
            let entry = state.group(id).filter(|entry| is_shown(service, entry));
            let entry = entry.ok_or_else(|| Refusal::NotFound(format!("group {id}")))?;
            let group = Lens::of(state, &service.config.faults, base).group(entry);
            Ok(located(answer::json(status, &group), &base.of_group(id)))
        })
    }
}

/// The answer with the address of what is in it (RFC 7644, 3.1).
fn located(mut answer: Response, at: &str) -> Response {
    if let Ok(at) = HeaderValue::from_str(at) {
        answer.headers_mut().insert(header::LOCATION, at);
    }
    answer
}

/// Whether SCIM shows a group at all.
pub(super) fn is_shown(service: &Service, entry: &GroupEntry) -> bool {
    entry.group.source == GroupSource::Scim || !service.config.settings.has(Setting::ScimOwnGroups)
}

fn paths(service: &Service) -> Paths {
    if service.config.settings.has(Setting::ScimPlainPaths) { Paths::Plain } else { Paths::Filtered }
}
