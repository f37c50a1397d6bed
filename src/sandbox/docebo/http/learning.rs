//! Courses, and who is in them (`/learn/v1`): what conditions on courses are about.

use std::sync::Arc;

use axum::extract::State;
use serde_json::{Value, json};

use crate::sandbox::docebo::http::answer::{Answer, Problem};
use crate::sandbox::docebo::http::page::Page;
use crate::sandbox::docebo::http::query::Query;
use crate::sandbox::docebo::http::service::Service;
use crate::sandbox::docebo::http::shown::Shown;
use crate::sandbox::docebo::seed::{Course, Enrollment, EnrollmentStatus, User};
use crate::sandbox::state::fold;

type Shared = State<Arc<Service>>;

/// The size of a page, if none is asked for.
const USUAL: usize = 20;

pub(crate) async fn courses(State(service): Shared, query: Query) -> Answer {
    query.of_list(&[])?;
    unsorted(&query)?;
    let page = Page::of(&query, service.settings(), USUAL)?;
    service.read(|tenant| {
        let term = query.one("search_text").map(fold);
        let is_found = |course: &&Course| {
            let has = |term: &String| fold(&course.title).contains(term) || fold(&course.code).contains(term);
            term.as_ref().is_none_or(has)
        };
        let courses: Vec<&Course> = tenant.courses().filter(is_found).collect();
        let shown = Shown { tenant, settings: service.settings() };
        page.answer(
            &courses,
            &service.config.faults,
            |course| json!({ "id_course": shown.id(course.id.0), "name": course.title, "code": course.code }),
        )
    })
}

/// By course and then by user; `id_user[]`, `id_course[]` and `status[]` leave others out.
pub(crate) async fn enrollments(State(service): Shared, query: Query) -> Answer {
    query.of_list(&["id_user", "id_user[]", "id_course", "id_course[]", "status", "status[]"])?;
    unsorted(&query)?;
    let page = Page::of(&query, service.settings(), USUAL)?;
    let (users, courses) = (query.numbers("id_user")?, query.numbers("id_course")?);
    let statuses: Vec<&str> = query.all("status").collect();
    let is_known = |word: &&&str| EnrollmentStatus::ALL.iter().any(|(_, known)| known == *word);
    if let Some(unknown) = statuses.iter().find(|word| !is_known(word)) {
        return Err(Problem::invalid(format!("there is no status {unknown:?}")));
    }
    service.read(|tenant| {
        let wants = |list: &[u64], id: u64| list.is_empty() || list.contains(&id);
        let is_wanted = |(user, it): &(&User, &Enrollment)| {
            wants(&users, user.id.0)
                && wants(&courses, it.course.0)
                && (statuses.is_empty() || statuses.contains(&it.status.word()))
        };
        let all = tenant.users().flat_map(|user| user.enrollments.iter().map(move |it| (user, it)));
        let mut all: Vec<(&User, &Enrollment)> = all.filter(is_wanted).collect();
        all.sort_by_key(|(user, it)| (it.course, user.id));
        let shown = Shown { tenant, settings: service.settings() };
        page.answer(&all, &service.config.faults, |(user, it)| -> Value {
            json!({
                "id": shown.id(it.course.0), "user_id": shown.id(user.id.0), "username": user.username,
                "code": tenant.course(it.course).map(|course| course.code.clone()), "status": it.status.word(),
            })
        })
    })
}

/// No document says by what these lists can be sorted.
fn unsorted(query: &Query) -> Result<(), Problem> {
    match query.one("sort_attr") {
        Some(word) => Err(Problem::invalid(format!("there is no sort_attr {word:?} here"))),
        None => Ok(()),
    }
}
