//! Which requests may leave: the list of reads, and the list of writes that only a writer adds.

use crate::http::{Gate, Method, Route};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

/// Requests that change nothing. The search is a POST because its terms go in the body.
const READS: &[Route] = &[
    Route { method: GET, path: "/identity/v1/entities" },
    Route { method: GET, path: "/identity/v1/entities/{}" },
    Route { method: POST, path: "/identity/v2/entities/search" },
    Route { method: GET, path: "/identity/v1/dnt" },
    Route { method: GET, path: "/scim/v1/ping" },
    Route { method: GET, path: "/scim/v1/users" },
    Route { method: GET, path: "/scim/v1/users/{}" },
    Route { method: GET, path: "/scim/v1/groups" },
    Route { method: GET, path: "/scim/v1/groups/{}" },
    Route { method: GET, path: "/admin/v1/accounts/ping" },
    Route { method: GET, path: "/admin/v1/groups/list" },
    Route { method: GET, path: "/admin/v1/groups/summary" },
    Route { method: GET, path: "/admin/v1/groups/members" },
    Route { method: GET, path: "/admin/v1/groups/{}/members" },
    Route { method: GET, path: "/admin/v1/groups/members/bulk" },
    Route { method: GET, path: "/admin/v1/devices" },
    Route { method: GET, path: "/admin/v1/auditlog" },
];

/// Requests that change the account.
const WRITES: &[Route] = &[
    Route { method: POST, path: "/identity/v1/entities" },
    Route { method: PATCH, path: "/identity/v2/entities/{}/revision/{}" },
    Route { method: POST, path: "/identity/v1/entities/bulk" },
    Route { method: POST, path: "/identity/v1/entities/bulk/edits" },
    Route { method: POST, path: "/identity/v1/groups/{}/entities" },
    Route { method: DELETE, path: "/identity/v1/groups/{}/entities" },
    Route { method: POST, path: "/identity/v1/dnt" },
    Route { method: DELETE, path: "/identity/v1/dnt" },
    Route { method: POST, path: "/scim/v1/users" },
    Route { method: PATCH, path: "/scim/v1/users/{}" },
    Route { method: POST, path: "/scim/v1/groups" },
    Route { method: PATCH, path: "/scim/v1/groups/{}" },
    Route { method: POST, path: "/admin/v1/groups" },
    Route { method: PUT, path: "/admin/v1/groups/{}" },
    Route { method: DELETE, path: "/admin/v1/groups" },
    Route { method: POST, path: "/admin/v1/groups/{}/devices" },
    Route { method: DELETE, path: "/admin/v1/groups/{}/devices" },
    Route { method: POST, path: "/hrdc/v2/bulk" },
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
    use super::{DELETE, GET, POST, PUT, READS, WRITES, reads, reads_and_writes};

    #[test]
    fn scim_never_replaces_nor_deletes() {
        for path in ["/scim/v1/users/7", "/scim/v1/groups/7"] {
            for method in [PUT, DELETE] {
                assert!(!reads_and_writes().allows(&method, path), "{method} {path}");
            }
        }
    }

    #[test]
    fn a_reader_may_send_gets_and_the_search_and_no_write() {
        for route in READS {
            let search = route.path == "/identity/v2/entities/search";
            assert!(route.method == GET || (route.method == POST && search), "{route:?}");
        }
        for route in WRITES {
            let path = route.path.replace("{}", "7");
            assert!(!reads().allows(&route.method, &path), "{route:?}");
            assert!(reads_and_writes().allows(&route.method, &path), "{route:?}");
        }
    }
}
