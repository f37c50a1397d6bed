"""Checks the SCIM side of a sandbox with scim2-tester, the checker that the Python libraries of the standard have.

Where the sandbox is other than the standard because ActivTrak's own documentation is, that is on a list with the reason. What is other
and not on the list fails, and so does what is on the list and as the standard has it.
"""

import random
import re
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import ResourceType
from scim2_models import Schema
from scim2_models import ScimProvider
from scim2_models import ServiceProviderConfig
from scim2_tester import Status
from scim2_tester import check_server

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
EXTENSION = "urn:ietf:params:scim:schemas:extension:"

# What the documentation has in a PATCH alone, or not in a POST. The checker fills in whatever it may write, so it is told that it may not.
PATCH_ALONE = {
    CORE + "User": {"active"},
    EXTENSION + "activtrak:2.0:User": {"tracking"},
    CORE + "Group": {"members"},
}

# Of which checks which answers are other than the standard's, and why.
DEVIATIONS = [
    (r"None (service_provider_config_endpoint|query_all_resource_types)",
     "the documentation has schemas, and neither ServiceProviderConfig nor ResourceTypes"),
    (r"None (service_provider_config|resource_types)_endpoint_methods",
     "the documentation has no such paths, so no method of theirs is another"),
    (r"\w+ object_(query|list)_with_attributes",
     "the documentation has no attributes and excludedAttributes: they are taken, and the whole is shown"),
    (r"\w+ search_with_attributes", "the documentation has no /.search"),
    (r"User object_deletion: .* still exists after deletion",
     "a deletion adds to Do Not Track and deletes agents; the documentation does not say that the record goes"),
    (r"\w+ check_(add|replace)_attribute: Attribute 'externalId'", "users and groups of the documentation have no externalId"),
    (r"\w+ check_(add|remove|replace)_attribute: .*'urn:ietf:params:scim:schemas:extension:",
     "attributes of an extension that are read-only, or can't be removed, stand beside what was written"),
    (r"User check_remove_attribute: Attribute 'name'", "the documentation shows name always, with or without its parts"),
]


def documented(schema: dict) -> Schema:
    for attribute in schema["attributes"]:
        if attribute["name"] in PATCH_ALONE.get(schema["id"], ()):
            attribute["mutability"] = "readOnly"
    return Schema.model_validate(schema)


def resource_type(name: str, *extensions: str) -> ResourceType:
    return ResourceType.model_validate({
        "schemas": [CORE + "ResourceType"],
        "id": name,
        "name": name,
        "endpoint": f"/{name}s",
        "schema": CORE + name,
        "schemaExtensions": [{"schema": EXTENSION + it, "required": False} for it in extensions],
    })


def service(http: Client) -> ScimProvider:
    """What the documentation says that there is."""
    schemas = [documented(it) for it in http.get("/schemas").json()["resources"]]
    types = [
        resource_type("User", "enterprise:2.0:User", "activtrak:2.0:User"),
        resource_type("Group", "activtrak:2.0:Group"),
    ]
    no = {"supported": False}
    config = ServiceProviderConfig.model_validate({
        "schemas": [CORE + "ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {**no, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": 1000},
        "changePassword": no,
        "sort": no,
        "etag": no,
        "authenticationSchemes": [],
    })
    return ScimProvider.from_discovery(schemas, types, config)


def main(url: str) -> int:
    random.seed(1)
    http = Client(base_url=url + "/scim/v1", headers={"Authorization": "Bearer any"}, trust_env=False)
    results = check_server(SyncSCIMClient(http, provider=service(http)))
    fine = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE, Status.SKIPPED}
    others = [f"{it.resource_type} {it.title}: {it.reason}" for it in results if it.status not in fine]
    unknown = [it for it in others if not any(re.match(known, it) for known, _ in DEVIATIONS)]
    gone = [known for known, _ in DEVIATIONS if not any(re.match(known, it) for it in others)]
    for it in unknown:
        print("other than the standard:", it)
    for known in gone:
        print("as the standard has it, so not for the list:", known)
    print(f"{len(results) - len(others)} checks as the standard has them, {len(others) - len(unknown)} as the documentation has them")
    return 1 if unknown or gone or len(results) < 50 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
