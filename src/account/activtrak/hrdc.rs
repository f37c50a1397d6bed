//! The HR data connector: the upload of one CSV.

use std::sync::Arc;

use serde::Deserialize;

use crate::account::activtrak::authorized::AuthorizedClient;
use crate::account::error::ReadError;
use crate::http::{Body, Method, Request};
use crate::model::Family;

/// Whether the file was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    /// A success that says it is none, and its words.
    No(String),
    /// A page for people: something on the way answered, and nobody knows whether the account did.
    Unclear,
}

/// Uploads a file (`POST /hrdc/v2/bulk`, part `File`). It is processed some time after the answer.
pub(super) async fn upload(client: &AuthorizedClient, csv: Arc<[u8]>) -> Result<Taken, ReadError> {
    #[derive(Deserialize)]
    struct Status {
        success: Option<bool>,
        messages: Option<Vec<String>>,
    }
    let file = Body::File { part: "File", name: "snapshot.csv".to_owned(), media: "text/csv", bytes: csv };
    let answer = client.send(Family::Hrdc, Request::write(Method::POST, "/hrdc/v2/bulk", file)).await?;
    // The body of a success is not documented: only one that says it failed is believed.
    match answer.json::<Status>() {
        Ok(Status { success: Some(false), messages }) => {
            Ok(Taken::No(messages.unwrap_or_default().join("; ")))
        }
        Err(_) if is_page(&answer.body) => Ok(Taken::Unclear),
        _ => Ok(Taken::Yes),
    }
}

/// Whether a body is a page for people, as a sign-in or a gateway answers: no API does.
fn is_page(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}
