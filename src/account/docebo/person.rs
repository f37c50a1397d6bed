//! Who is somebody of the platform, as the model has users?

use crate::model::{
    DisplayName, Email, EmployeeId, ObservedEmail, ObservedUser, Revision, Upn, UserId, Username, Writer,
};

/// A record whose username is the only identifier; none has a blank name.
pub(super) fn person((id, username): (UserId, &str), name: &str, kind: Username) -> ObservedUser {
    let name = Some(name).filter(|name| !name.trim().is_empty());
    let mut user = ObservedUser {
        // There is none.
        revision: Revision(0),
        display_name: name.map(DisplayName::observed),
        status: None,
        ..ObservedUser::new(id)
    };
    match kind {
        Username::Email => {
            user.emails.push(ObservedEmail { email: Email::observed(username), writer: Writer::Other });
        }
        Username::Upn => user.upns.push(Upn::observed(username)),
        Username::EmployeeId => user.employee_ids.push(EmployeeId::observed(username)),
    }
    user
}
