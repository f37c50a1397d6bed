//! Which requests may leave: the list of reads, and the list of writes that only a writer adds.

use crate::http::{Gate, Method, Route};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

/// Requests that change nothing. A token is granted by a POST.
const READS: &[Route] = &[
    Route { method: POST, path: "/oauth2/token" },
    Route { method: GET, path: "/manage/v1/user" },
    Route { method: GET, path: "/manage/v1/user_fields" },
    Route { method: GET, path: "/manage/v1/user_fields/{}" },
    Route { method: GET, path: "/manage/v1/orgchart" },
    Route { method: GET, path: "/manage/v1/orgchart/{}/users" },
    Route { method: GET, path: "/course/v1/courses" },
    Route { method: GET, path: "/course/v1/courses/{}/enrollments" },
    Route { method: GET, path: "/learn/v1/courses" },
    Route { method: GET, path: "/learn/v1/enrollments" },
    Route { method: GET, path: "/audiences/v1/audience" },
    Route { method: GET, path: "/audiences/v1/audience/{}" },
    Route { method: GET, path: "/audiences/v1/audience/{}/users" },
];

/// Requests that change the account: new users, who may log in, groups, and who is in them. None changes anything else of a user who
/// is there.
const WRITES: &[Route] = &[
    Route { method: POST, path: "/manage/v1/user/batch" },
    Route { method: PUT, path: "/manage/v1/user/change_status" },
    Route { method: POST, path: "/audiences/v1/audience" },
    Route { method: POST, path: "/audiences/v1/audiences" },
    Route { method: PUT, path: "/audiences/v1/audience/{}" },
    Route { method: DELETE, path: "/audiences/v1/audience/{}" },
    Route { method: PUT, path: "/audiences/v1/audience/{}/assign_users" },
    Route { method: POST, path: "/audiences/v1/audience/{}/users" },
    Route { method: DELETE, path: "/audiences/v1/audience/{}/users" },
];

/// What a reader may send.
pub(super) fn reads() -> Gate {
    Gate::of(&[READS])
}

/// What a writer may send: its writes, and reads to read them back.
pub(super) fn reads_and_writes() -> Gate {
    Gate::of(&[READS, WRITES])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_may_send_gets_and_the_grant_and_no_write() {
        for route in READS {
            assert!(route.method == GET || route.path == "/oauth2/token", "{route:?}");
        }
        for route in WRITES {
            let path = route.path.replace("{}", "7");
            assert!(!reads().allows(&route.method, &path), "{route:?}");
            assert!(reads_and_writes().allows(&route.method, &path), "{route:?}");
        }
    }

    #[test]
    fn no_user_is_ever_deleted_and_none_is_changed_but_for_the_status() {
        for path in
            ["/manage/v1/user", "/manage/v1/user/7", "/manage/v1/user/mass_edit", "/manage/v1/user/delete"]
        {
            for method in [POST, PUT, DELETE] {
                assert!(!reads_and_writes().allows(&method, path), "{method} {path}");
            }
        }
    }
}
