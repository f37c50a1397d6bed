//! The users of a group as a file (`/audiences/v1/audience/{uuid}/export-users`). No document has its columns.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::sandbox::docebo::http::answer::{Answer, Problem};
use crate::sandbox::docebo::http::members::found;
use crate::sandbox::docebo::http::query::Query;
use crate::sandbox::docebo::http::service::Service;
use crate::sandbox::docebo::seed::{Population, User, Uuid};

const HEADER: [&str; 6] = ["Username", "First name", "Last name", "Email", "Status", "Assignment method"];

pub(crate) async fn users(
    State(service): State<Arc<Service>>,
    Path(uuid): Path<String>,
    query: Query,
) -> Answer {
    query.only(&[])?;
    let file = service.read(|tenant| {
        let group = tenant.known(&Uuid(uuid))?;
        let members = found(tenant, group, &query)?;
        csv(&members).map_err(|error| Problem::invalid(error.to_string()))
    })?;
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8")], file).into_response())
}

/// The file.
///
/// # Errors
/// The CSV writer's; none in memory.
fn csv(members: &[(&User, Population)]) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(HEADER)?;
    for (user, relation) in members {
        let status = if user.active { "Active" } else { "Deactivated" };
        let method = match relation {
            Population::Manual => "Manual",
            Population::Automatic => "Automatic",
        };
        let User { username, first_name, last_name, email, .. } = user;
        file.write_record([username, first_name, last_name, email, status, method])?;
    }
    file.into_inner().map_err(|error| error.into_error().into())
}
