//! Of what are the users and groups of SCIM made? The schemas that it shows (GET /scim/v1/schemas), in the words of RFC 7643, 7:
//! the attributes of the documents and no others.

use serde_json::{Value, json};

use crate::sandbox::http::scim::base::Base;

/// An attribute: its name, its type, what may be done to it, and whether there are several.
struct Attribute(&'static str, &'static str, &'static str, Several, &'static [Attribute]);

/// What nothing can be made without (developer portal: POST of a user, and of a group).
const REQUIRED: [(&str, &str); 2] = [
    ("urn:ietf:params:scim:schemas:core:2.0:User", "emails"),
    ("urn:ietf:params:scim:schemas:core:2.0:Group", "displayName"),
];

/// The part that a value of several has to have.
const VALUE: &str = "value";

/// Whether an attribute has several values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Several {
    No,
    Yes,
}

const USER: &[Attribute] = &[
    Attribute("userName", "string", "readOnly", Several::No, &[]),
    Attribute(
        "name",
        "complex",
        "readWrite",
        Several::No,
        &[
            Attribute("givenName", "string", "readWrite", Several::No, &[]),
            Attribute("middleName", "string", "readWrite", Several::No, &[]),
            Attribute("familyName", "string", "readWrite", Several::No, &[]),
        ],
    ),
    Attribute("displayName", "string", "readWrite", Several::No, &[]),
    Attribute(
        "emails",
        "complex",
        "readWrite",
        Several::Yes,
        &[
            Attribute("value", "string", "readWrite", Several::No, &[]),
            Attribute("primary", "boolean", "readWrite", Several::No, &[]),
        ],
    ),
    Attribute("active", "boolean", "readWrite", Several::No, &[]),
    Attribute("groups", "complex", "readOnly", Several::Yes, MEMBERS),
];

const MEMBERS: &[Attribute] = &[
    Attribute("value", "string", "immutable", Several::No, &[]),
    Attribute("display", "string", "readOnly", Several::No, &[]),
    Attribute("$ref", "reference", "readOnly", Several::No, &[]),
    Attribute("type", "string", "readOnly", Several::No, &[]),
];

const ENTERPRISE: &[Attribute] = &[Attribute("employeeNumber", "string", "readWrite", Several::No, &[])];

const ACTIVTRAK_USER: &[Attribute] = &[
    Attribute("tracking", "boolean", "readWrite", Several::No, &[]),
    Attribute("userPrincipalNames", "string", "readWrite", Several::Yes, &[]),
];

const GROUP: &[Attribute] = &[
    Attribute("displayName", "string", "readWrite", Several::No, &[]),
    Attribute("members", "complex", "readWrite", Several::Yes, MEMBERS),
];

const ACTIVTRAK_GROUP: &[Attribute] = &[
    Attribute("sourceType", "integer", "readOnly", Several::No, &[]),
    Attribute("instanceId", "string", "readOnly", Several::No, &[]),
];

const SCHEMAS: [(&str, &str, &str, &[Attribute]); 5] = [
    ("urn:ietf:params:scim:schemas:core:2.0:User", "User", "A user", USER),
    (
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "EnterpriseUser",
        "A user at work",
        ENTERPRISE,
    ),
    (
        "urn:ietf:params:scim:schemas:extension:activtrak:2.0:User",
        "ActivTrakUser",
        "A user in ActivTrak",
        ACTIVTRAK_USER,
    ),
    ("urn:ietf:params:scim:schemas:core:2.0:Group", "Group", "A group", GROUP),
    (
        "urn:ietf:params:scim:schemas:extension:activtrak:2.0:Group",
        "ActivTrakGroup",
        "A group in ActivTrak",
        ACTIVTRAK_GROUP,
    ),
];

/// All of them.
pub(super) fn all(base: &Base) -> Vec<Value> {
    let schema = |(id, name, description, attributes): (&str, &str, &str, &[Attribute])| {
        let mut described: Vec<Value> = attributes.iter().map(described).collect();
        for attribute in &mut described {
            let is_required = attribute["name"].as_str().is_some_and(|name| REQUIRED.contains(&(id, name)));
            attribute["required"] = json!(is_required);
        }
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": id, "name": name, "description": description, "attributes": described,
            "meta": { "resourceType": "Schema", "location": base.of_schema(id) },
        })
    };
    SCHEMAS.into_iter().map(schema).collect()
}

fn described(Attribute(name, kind, mutability, several, parts): &Attribute) -> Value {
    let mut attribute = json!({
        "name": name, "type": kind, "multiValued": *several == Several::Yes, "description": "", "required": *name == VALUE,
        "caseExact": false, "mutability": mutability, "returned": "default", "uniqueness": "none",
    });
    if !parts.is_empty() {
        attribute["subAttributes"] = parts.iter().map(described).collect();
    }
    attribute
}
