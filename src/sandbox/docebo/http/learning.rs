//! Courses, and who is in them: what conditions on courses are about. There are two services for it, an old one (`/learn/v1`) and a
//! new one (`/course/v1`), in which the same things have other names.

use std::sync::Arc;

use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::sandbox::docebo::http::answer::{self, Answer, Problem};
use crate::sandbox::docebo::http::page::Page;
use crate::sandbox::docebo::http::query::Query;
use crate::sandbox::docebo::http::service::Service;
use crate::sandbox::docebo::http::shown::{Shown, enrollment_word};
use crate::sandbox::docebo::rules::Refusal;
use crate::sandbox::docebo::seed::{Course, CourseId, Enrollment, EnrollmentStatus, User};
use crate::sandbox::docebo::settings::Setting;
use crate::sandbox::docebo::state::Tenant;
use crate::sandbox::state::fold;

type Shared = State<Arc<Service>>;

/// The size of a page, if none is asked for.
const USUAL: usize = 20;

/// What the vendor's help calls those who have not begun, where it says what enrollments can be found by.
const NOT_STARTED: &str = "not_started";

/// The courses by the old service.
pub(crate) async fn old_courses(State(service): Shared, query: Query) -> Answer {
    is_there(&service, Setting::NewCourses)?;
    list_courses(
        &service,
        &query,
        |shown, course| json!({ "id_course": shown.id(course.id.0), "name": course.title, "code": course.code }),
    )
}

/// The courses by the new one.
pub(crate) async fn courses(State(service): Shared, query: Query) -> Answer {
    is_there(&service, Setting::OldCourses)?;
    list_courses(
        &service,
        &query,
        |shown, course| json!({ "id": shown.id(course.id.0), "title": course.title, "code": course.code }),
    )
}

fn list_courses(service: &Service, query: &Query, show: fn(Shown<'_>, &Course) -> Value) -> Answer {
    query.of_list(&[])?;
    unsorted(query)?;
    let page = Page::of(query, service.settings(), USUAL)?;
    service.read(|tenant| {
        let term = query.one("search_text").map(fold);
        let is_found = |course: &&Course| {
            let has = |term: &String| fold(&course.title).contains(term) || fold(&course.code).contains(term);
            term.as_ref().is_none_or(has)
        };
        let courses: Vec<&Course> = tenant.courses().filter(is_found).collect();
        let shown = Shown { tenant, settings: service.settings() };
        page.answer(&courses, &service.config.faults, |course| show(shown, course))
    })
}

/// Which enrollments are asked for; a list without elements leaves nobody out.
#[derive(Default)]
struct Wanted {
    users: Vec<u64>,
    courses: Vec<u64>,
    codes: Vec<String>,
    statuses: Vec<EnrollmentStatus>,
}

/// A user in a course.
type Enrolled<'a> = (&'a User, &'a Enrollment);

impl Wanted {
    /// Those of the tenant, by course and then by user.
    fn of<'a>(&self, tenant: &'a Tenant) -> Vec<Enrolled<'a>> {
        let wants = |list: &[u64], id: u64| list.is_empty() || list.contains(&id);
        let code = |id: CourseId| tenant.course(id).map(|course| &course.code);
        let is_wanted = |(user, it): &Enrolled<'a>| {
            wants(&self.users, user.id.0)
                && wants(&self.courses, it.course.0)
                && (self.codes.is_empty() || code(it.course).is_some_and(|code| self.codes.contains(code)))
                && (self.statuses.is_empty() || self.statuses.contains(&it.status))
        };
        let all = tenant.users().flat_map(|user| user.enrollments.iter().map(move |it| (user, it)));
        let mut all: Vec<Enrolled<'a>> = all.filter(is_wanted).collect();
        all.sort_by_key(|(user, it)| (it.course, user.id));
        all
    }
}

/// The enrollments by the old service: `id_user[]`, `id_course[]`, `code_course[]` and `status[]` leave others out.
pub(crate) async fn old_enrollments(State(service): Shared, query: Query) -> Answer {
    is_there(&service, Setting::NewCourses)?;
    query.of_list(&["id_user[]", "id_course[]", "code_course[]", "status[]"])?;
    let wanted = Wanted {
        users: query.numbers("id_user")?,
        courses: query.numbers("id_course")?,
        codes: query.all("code_course").map(str::to_owned).collect(),
        statuses: statuses(&service, &query, "status")?,
    };
    list_enrollments(&service, &query, &wanted, |shown, (user, it)| {
        let course = shown.tenant.course(it.course);
        json!({
            "id": shown.id(it.course.0), "user_id": shown.id(user.id.0), "username": user.username,
            "code": course.map(|course| &course.code), "name": course.map(|course| &course.title),
            "status": shown.enrollment_status(it.status),
        })
    })
}

/// The enrollments by the new one: `user_id[]`, `course_id[]` and `enrollment_status[]` leave others out.
pub(crate) async fn enrollments(State(service): Shared, query: Query) -> Answer {
    new_enrollments(&service, &query, None)
}

/// Those of one course.
pub(crate) async fn enrollments_of(State(service): Shared, Path(id): Path<String>, query: Query) -> Answer {
    new_enrollments(&service, &query, Some(CourseId(answer::number(&id)?)))
}

fn new_enrollments(service: &Service, query: &Query, of: Option<CourseId>) -> Answer {
    is_there(service, Setting::OldCourses)?;
    // Everybody here is a learner, which is what level 3 is.
    query.of_list(&["user_id[]", "course_id[]", "enrollment_status[]", "level[]"])?;
    if let Some(unknown) = of.filter(|id| service.read(|tenant| tenant.course(*id).is_none())) {
        return Err(Refusal::NotFound(format!("course {unknown}")).into());
    }
    let wanted = Wanted {
        users: query.numbers("user_id")?,
        courses: of.map_or_else(|| query.numbers("course_id"), |id| Ok(vec![id.0]))?,
        codes: Vec::new(),
        statuses: statuses(service, query, "enrollment_status")?,
    };
    list_enrollments(service, query, &wanted, |shown, (user, it)| {
        let course = shown.tenant.course(it.course);
        json!({
            "user_id": shown.id(user.id.0), "username": user.username, "course_id": shown.id(it.course.0),
            "course_code": course.map(|course| &course.code), "course_name": course.map(|course| &course.title),
            "enrollment_status": shown.enrollment_status(it.status),
        })
    })
}

fn list_enrollments(
    service: &Service,
    query: &Query,
    wanted: &Wanted,
    show: fn(Shown<'_>, &Enrolled<'_>) -> Value,
) -> Answer {
    unsorted(query)?;
    let page = Page::of(query, service.settings(), USUAL)?;
    service.read(|tenant| {
        let shown = Shown { tenant, settings: service.settings() };
        page.answer(&wanted.of(tenant), &service.config.faults, |it| show(shown, it))
    })
}

/// The statuses that a query names, by their words.
///
/// # Errors
/// There is no such status.
fn statuses(service: &Service, query: &Query, name: &str) -> Result<Vec<EnrollmentStatus>, Problem> {
    let status = |word: &str| {
        if word == NOT_STARTED {
            return Ok(EnrollmentStatus::Enrolled);
        }
        let mut all = EnrollmentStatus::ALL.into_iter().map(|(status, _)| status);
        let found = all.find(|status| enrollment_word(*status, service.settings()) == word);
        found.ok_or_else(|| Problem::invalid(format!("there is no status {word:?}")))
    };
    query.all(name).map(status).collect()
}

/// Whether the tenant has the service, as it is set up.
fn is_there(service: &Service, without: Setting) -> Result<(), Problem> {
    if service.settings().has(without) { Err(Problem::NoRoute) } else { Ok(()) }
}

/// No document says by what these lists can be sorted.
fn unsorted(query: &Query) -> Result<(), Problem> {
    match query.one("sort_attr") {
        Some(word) => Err(Problem::invalid(format!("there is no sort_attr {word:?} here"))),
        None => Ok(()),
    }
}
