"""Every operation of the API with values made from its own description, good and bad: no server error, ever."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from tests.fleet.serving import running

from weighbridge.fleet.api import API
from weighbridge.fleet.given import GIVEN
from weighbridge.fleet.openapi import document
from weighbridge.fleet.permissions import ROLES, Role
from weighbridge.fleet.settings import read_settings
from weighbridge.hub.api import HUB_API
from weighbridge.hub.given import HUB_GIVEN

SCHEMA = schemathesis.openapi.from_dict(document([*API, *HUB_API], {**GIVEN, **HUB_GIVEN}))
OPERATIONS = {f"{one.ok().method} {one.ok().path}": one.ok() for one in SCHEMA.get_all_operations()}


def _takes_values(operation):
    raw = operation.definition.raw
    return "requestBody" in raw or "parameters" in raw


CASES = [
    pytest.param(operation, mode, id=f"{mode} {name}")
    for name, operation in OPERATIONS.items()
    for mode in ("positive", "negative")
    if mode == "positive" or _takes_values(operation)
]


@pytest.mark.deep
@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_no_value_makes_the_server_fail(served, operation, mode):
    with running(served.store, read_settings(flags={"requests_per_minute": 1_000_000})) as started:
        client = started.client()
        header = started.token(started.account(f"tester {id(operation)}", Role.ADMINISTRATOR), *sorted(ROLES))
        chosen = schemathesis.GenerationMode.POSITIVE if mode == "positive" else schemathesis.GenerationMode.NEGATIVE
        answered = []

        @settings(max_examples=30, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=chosen))
        def each(case):
            arguments = case.as_transport_kwargs()
            arguments.pop("cookies", None)
            headers = {**dict(arguments.pop("headers", None) or {}), **header}
            url = arguments.pop("url")
            if isinstance(arguments.get("data"), bytes):
                arguments["content"] = arguments.pop("data")
            answer = client.request(arguments.pop("method"), url, headers=headers, **arguments)
            answered.append(answer.status_code)
            assert answer.status_code < 500, (case.method, url, answer.text)

        each()
        assert answered
