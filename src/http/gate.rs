//! Which requests a client may send: a list, and nothing that is not on it.

use reqwest::Method;

/// One kind of request: a method and a path, where `{}` stands for one whole segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST`, …
    pub method: Method,
    /// For example `/identity/v1/entities/{}`.
    pub path: &'static str,
}

/// The list of requests a client lets out.
///
/// A reader's gate holds reads only (some reads are POST searches), so a reader cannot write whatever it is asked to do.
#[derive(Clone, Debug)]
pub struct Gate(Vec<Route>);

impl Gate {
    /// A gate for exactly these routes.
    pub fn of(routes: &[&[Route]]) -> Self {
        Self(routes.concat())
    }

    /// Whether a request may leave.
    pub fn allows(&self, method: &Method, path: &str) -> bool {
        self.0.iter().any(|route| route.method == *method && matches(route.path, path))
    }
}

/// Whether `path` fits `pattern`, segment by segment.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("{}"), Some(segment)) if !segment.is_empty() => {}
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Method;

    use super::{Gate, Route};

    #[test]
    fn only_a_listed_method_and_path_passes() {
        const READS: &[Route] = &[
            Route { method: Method::GET, path: "/identity/v1/entities" },
            Route { method: Method::GET, path: "/identity/v1/entities/{}" },
        ];
        let gate = Gate::of(&[READS]);
        assert!(gate.allows(&Method::GET, "/identity/v1/entities"));
        assert!(gate.allows(&Method::GET, "/identity/v1/entities/349"));
        for (method, path) in [
            (Method::POST, "/identity/v1/entities"),
            (Method::DELETE, "/identity/v1/entities/349"),
            (Method::GET, "/identity/v1/entities/"),
            (Method::GET, "/identity/v1/entities/349/groups"),
            (Method::GET, "/identity/v1"),
            (Method::GET, "/IDENTITY/v1/entities"),
            (Method::GET, ""),
        ] {
            assert!(!gate.allows(&method, path), "{method} {path}");
        }
        assert!(!Gate::of(&[]).allows(&Method::GET, "/"));
    }
}
