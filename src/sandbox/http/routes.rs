//! Which operations are served, and by what: the router and the list of operations are made of the same lines.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::routing::{MethodFilter, on};

use crate::sandbox::http::answer::Problem;
use crate::sandbox::http::operation::{Kept, Media, Operation};
use crate::sandbox::http::service::Service;

/// A part of the router, with what it serves.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<Arc<Service>>,
    operations: Vec<Operation>,
}

impl Routes {
    /// Nothing yet.
    pub(crate) fn new() -> Routes {
        Routes::default()
    }

    /// Serves one operation.
    fn on<H, T>(mut self, method: &Method, path: &'static str, handler: H) -> Routes
    where
        H: Handler<T, Arc<Service>>,
        T: 'static,
    {
        let (name, filter) = match *method {
            Method::POST => ("POST", MethodFilter::POST),
            Method::PUT => ("PUT", MethodFilter::PUT),
            Method::PATCH => ("PATCH", MethodFilter::PATCH),
            Method::DELETE => ("DELETE", MethodFilter::DELETE),
            _ => ("GET", MethodFilter::GET),
        };
        self.router = self.router.route(path, on(filter, handler));
        // The Admin and HRDC APIs declare no 404, but for single agents, and no 409.
        let undeclared = path.starts_with("/admin/") || path.starts_with("/hrdc/");
        let absent = if undeclared { StatusCode::BAD_REQUEST } else { StatusCode::NOT_FOUND };
        let clash = if undeclared { StatusCode::BAD_REQUEST } else { StatusCode::CONFLICT };
        self.operations.push(Operation {
            method: name,
            path,
            kept: Kept::Served,
            body: Media::Json,
            absent: absent.as_u16(),
            clash: clash.as_u16(),
        });
        self
    }

    /// Serves a GET.
    pub(crate) fn get<H: Handler<T, Arc<Service>>, T: 'static>(self, path: &'static str, by: H) -> Routes {
        self.on(&Method::GET, path, by)
    }

    /// Serves a POST.
    pub(crate) fn post<H: Handler<T, Arc<Service>>, T: 'static>(self, path: &'static str, by: H) -> Routes {
        self.on(&Method::POST, path, by)
    }

    /// Serves a PUT.
    pub(crate) fn put<H: Handler<T, Arc<Service>>, T: 'static>(self, path: &'static str, by: H) -> Routes {
        self.on(&Method::PUT, path, by)
    }

    /// Serves a PATCH.
    pub(crate) fn patch<H: Handler<T, Arc<Service>>, T: 'static>(self, path: &'static str, by: H) -> Routes {
        self.on(&Method::PATCH, path, by)
    }

    /// Serves a DELETE.
    pub(crate) fn delete<H: Handler<T, Arc<Service>>, T: 'static>(self, path: &'static str, by: H) -> Routes {
        self.on(&Method::DELETE, path, by)
    }

    /// Says that the document declares a 404 of the last operation, where its API has none.
    pub(crate) fn with_404(self) -> Routes {
        self.altered(|operation| operation.absent = StatusCode::NOT_FOUND.as_u16())
    }

    /// Says that the document declares no 404 of the last operation, where others of its API have one.
    pub(crate) fn without_404(self) -> Routes {
        self.altered(|operation| operation.absent = StatusCode::BAD_REQUEST.as_u16())
    }

    /// Says that the document declares no 409 of the last operation, where others of its API have one.
    pub(crate) fn without_409(self) -> Routes {
        self.altered(|operation| operation.clash = StatusCode::BAD_REQUEST.as_u16())
    }

    /// Says that the last operation takes a form.
    pub(crate) fn of_a_form(self) -> Routes {
        self.altered(|operation| operation.body = Media::Form)
    }

    fn altered(mut self, alter: impl FnOnce(&mut Operation)) -> Routes {
        if let Some(last) = self.operations.last_mut() {
            alter(last);
        }
        self
    }

    /// Answers what the documents have and the sandbox has not by saying so.
    pub(crate) fn missing(mut self, operations: &[(&str, &'static str)]) -> Routes {
        for (method, path) in operations {
            let method = method.parse().unwrap_or_default();
            self = self.on(&method, path, || async { Problem::NotEmulated });
            self = self.altered(|operation| operation.kept = Kept::Missing);
        }
        self
    }

    /// These and those.
    pub(crate) fn merge(mut self, other: Routes) -> Routes {
        self.router = self.router.merge(other.router);
        self.operations.extend(other.operations);
        self
    }

    /// The router, and where it leads.
    pub(crate) fn split(self) -> (Router<Arc<Service>>, Map) {
        (self.router, Map::of(&self.operations))
    }

    /// What is served and what is missing.
    pub(crate) fn operations(self) -> Vec<Operation> {
        self.operations
    }
}

/// Where paths lead, whatever the case of their letters: the account's routes do not mind it.
pub(crate) struct Map(Vec<(Vec<&'static str>, Operation)>);

/// A path as the router knows it, and what is done there by the method.
pub(crate) struct Way {
    /// The path.
    pub(crate) path: String,
    /// The operation; nothing where another method is needed.
    pub(crate) operation: Option<Operation>,
}

impl Map {
    fn of(operations: &[Operation]) -> Map {
        Map(operations.iter().map(|operation| (parts(operation.path).collect(), *operation)).collect())
    }

    /// Where a path leads by a method; nothing for one that leads nowhere by any.
    pub(crate) fn way(&self, method: &str, path: &str) -> Option<Way> {
        let asked: Vec<&str> = parts(path).collect();
        // Where a part may be a word or anything, the word comes first, as in the router.
        let fits = |known: &[&str]| {
            let fit = |(known, asked): (&&str, &&str)| is_name(known) || known.eq_ignore_ascii_case(asked);
            known.len() == asked.len() && known.iter().zip(&asked).all(fit)
        };
        let rank = |known: &[&str]| known.iter().map(|part| is_name(part)).collect::<Vec<_>>();
        let known =
            self.0.iter().map(|(known, _)| known).filter(|known| fits(known)).min_by_key(|it| rank(it))?;
        let written =
            known.iter().zip(&asked).map(|(known, asked)| if is_name(known) { asked } else { known });
        let path = written.fold(String::with_capacity(path.len()), |path, part| path + "/" + part);
        let same = |other: &[&str]| {
            let alike = |(left, right): (&&str, &&str)| is_name(left) && is_name(right) || left == right;
            other.len() == known.len() && other.iter().zip(known).all(alike)
        };
        let found = self.0.iter().find(|(other, operation)| operation.method == method && same(other));
        Some(Way { path, operation: found.map(|(_, operation)| *operation) })
    }
}

/// A slash at the end says nothing.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').trim_end_matches('/').split('/')
}

fn is_name(part: &str) -> bool {
    part.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_where_it_does_in_small_letters_and_keeps_what_is_named_in_it() {
        let served = |_: &str| async {};
        let handler = move || served("");
        let map = Routes::new()
            .get("/admin/v1/groups/list", handler)
            .post("/admin/v1/groups/{group}", handler)
            .put("/admin/v1/groups/{group}", handler)
            .post("/identity/v1/entities/{id}/revision/{revision}/doNotTrack", handler)
            .split()
            .1;
        for (method, path, leads) in [
            ("GET", "/Admin/V1/Groups/LIST", Some(("/admin/v1/groups/list", true))),
            ("POST", "/ADMIN/v1/groups/R%26D", Some(("/admin/v1/groups/R%26D", true))),
            ("DELETE", "/admin/v1/groups/R%26D", Some(("/admin/v1/groups/R%26D", false))),
            ("POST", "/admin/v1/groups/list", Some(("/admin/v1/groups/list", false))),
            (
                "POST",
                "/identity/v1/entities/7/revision/1/donottrack/",
                Some(("/identity/v1/entities/7/revision/1/doNotTrack", true)),
            ),
            ("GET", "/admin/v1/groups", None),
        ] {
            let way = map.way(method, path);
            let way = way.as_ref().map(|way| (way.path.as_str(), way.operation.is_some()));
            assert_eq!(way, leads, "{method} {path}");
        }
    }
}
