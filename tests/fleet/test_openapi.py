import jsonschema

from weighbridge.fleet.api import API
from weighbridge.fleet.given import GIVEN
from weighbridge.fleet.openapi import PATH, document
from weighbridge.hub.api import HUB_API
from weighbridge.hub.given import HUB_GIVEN

DOCUMENT = document([*API, *HUB_API], {**GIVEN, **HUB_GIVEN})
OPERATIONS = [
    (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in ("get", "post", "put", "patch", "delete")
]


def test_it_is_served_to_everybody(served):
    answer = served.client().get(PATH)
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json"
    assert answer.json() == DOCUMENT


def test_every_route_of_the_api_is_described_with_its_permission():
    for path, _, operation in OPERATIONS:
        assert operation["summary"], path
        assert operation["responses"]["default"]["content"]["application/problem+json"]
        assert ("x-permission" in operation) == bool(operation["security"]), path
    described = {path for path, _, _ in OPERATIONS}
    assert {"/api/v1/session", "/api/v1/accounts/{account_id}", "/health/ready"} <= described
    assert len(DOCUMENT["paths"]) == len(described)
    assert not any("description" in path for path in described)


def test_what_is_refused_is_refused_in_the_description_too(served):
    """An unknown field, a length and a value that is too large: schema and server agree."""
    schema = DOCUMENT["components"]["schemas"]["NewToken"]
    assert schema["additionalProperties"] is False
    good = {"name": "x", "permissions": ["signed-in"], "days": 3}
    whole = schema | {"components": DOCUMENT["components"]}
    jsonschema.validate(good, whole)
    for wrong in ({"extra": 1}, {"days": 400}, {"name": "x" * 200}, {"permissions": ["everything"]}):
        try:
            jsonschema.validate(good | wrong, whole)
        except jsonschema.ValidationError:
            continue
        raise AssertionError(wrong)


def test_references_lead_somewhere():
    def walk(value):
        if isinstance(value, dict):
            if "$ref" in value:
                assert value["$ref"].rpartition("/")[2] in DOCUMENT["components"]["schemas"]
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(DOCUMENT)
