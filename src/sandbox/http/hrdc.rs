//! The HR upload (HRDC API, /hrdc): read and answered now, carried out later.

use std::sync::Arc;

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request, State};

use crate::sandbox::http::answer::{self, Answer, Problem};
use crate::sandbox::http::routes::Routes;
use crate::sandbox::http::service::Service;
use crate::sandbox::rules::HrFile;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/hrdc/ping", ping)
        .post("/hrdc/v1/bulk", upload)
        .of_a_form()
        .post("/hrdc/v2/bulk", upload)
        .of_a_form()
}

async fn ping() -> Answer {
    answer::success(&["0 ms".to_owned()])
}

async fn upload(State(service): State<Arc<Service>>, request: Request) -> Answer {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Problem::invalid(format!("the body is no multipart form: {error}")))?;
    let broken = |error: MultipartError| Problem::invalid(format!("the form is broken: {error}"));
    while let Some(part) = form.next_field().await.map_err(broken)? {
        if part.name().is_some_and(|name| name.eq_ignore_ascii_case("file")) {
            let bytes = part.bytes().await.map_err(broken)?;
            let file = HrFile::read(&bytes).map_err(|error| Problem::invalid(error.to_string()))?;
            let lines = file.lines();
            service.upload(file);
            return answer::success(&[format!("{lines} lines read")]);
        }
    }
    Err(Problem::invalid("the form has no part \"File\""))
}
