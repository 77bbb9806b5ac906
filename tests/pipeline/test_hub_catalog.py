"""What the catalog recommends, and what people mean by the name of a version."""

import pytest
from tests.pipeline.hub_answers import NOON, entry, release

from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess, hub_client
from weighbridge.pipeline.hub_catalog import day, is_approved, recommended

CODING = "/api/v1/models?task=coding&limit=200"
CODER = "/api/v1/models/acme/coder"


@pytest.fixture
def access(hub):
    return HubAccess(url=hub.url)


@pytest.fixture
def client(access):
    made = hub_client(access)
    yield made
    made.close()


def test_the_newest_that_is_not_deprecated_is_recommended(hub, access, client):
    older, newer = entry("acme/older", NOON - 1), entry("acme/newer", NOON, data_classes="public,internal")
    hub.answers[CODING] = 200, {"models": [entry("acme/old", NOON + 1, "deprecated"), older, newer], "after": ""}
    found = recommended(client, access, "coding")
    assert (found.name, found.others) == ("acme/newer", ("acme/older",))
    assert (found.approved_on, found.data_classes) == ("2026-11-20", "public,internal")


def test_a_task_for_which_there_is_nothing_is_said(hub, access, client):
    hub.answers[CODING] = 200, {"models": [entry("acme/old", state="deprecated")], "after": ""}
    with pytest.raises(WeighbridgeError) as caught:
        recommended(client, access, "coding")
    assert (caught.value.code, caught.value.exit_code) == ("E-pull-task", 3)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((200, {"release": release("approved"), "releases": []}), True),
        ((200, {"release": release("deprecated"), "releases": []}), True),
        ((200, {"release": release("review"), "releases": []}), False),
        ((200, {"release": None, "releases": []}), False),
        ((404, {"code": "E-not-found", "detail": "there is no such model", "hint": "check the name"}), False),
    ],
)
def test_whether_a_model_can_be_had_now(hub, access, client, answer, expected):
    hub.answers[CODER] = answer
    assert is_approved(client, access, "acme/coder") is expected


def test_a_moment_that_no_calendar_has_is_no_day():
    assert day(10**18) == ""
