"""What the catalog recommends, and what people mean by the name of a version."""

import pytest
from tests.pipeline.hub_answers import entry, release

from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess, hub_client
from weighbridge.pipeline.hub_catalog import day, is_approved, recommended

CODING = "/api/v1/models?task=coding&sort=best&limit=200"
CODER = "/api/v1/models/acme/coder"


@pytest.fixture
def access(hub):
    return HubAccess(url=hub.url)


@pytest.fixture
def client(access):
    made = hub_client(access)
    yield made
    made.close()


def test_what_the_hub_puts_first_is_recommended(hub, access, client):
    best = entry("acme/best", data_classes="public,internal", revision="q4")
    hub.answers[CODING] = 200, {"models": [best, entry("acme/other"), entry("acme/old", state="deprecated")]}
    found = recommended(client, access, "coding")
    assert (found.name, found.revision, found.others) == ("acme/best", "q4", ("acme/other", "acme/old"))
    assert (found.approved_on, found.data_classes) == ("2026-11-20", "public,internal")


@pytest.mark.parametrize(
    ("models", "why"),
    [
        ([entry("a/a", pulls=2)], "the only one"),
        ([entry("a/a"), entry("a/b", state="deprecated", pulls=90)], "the only approved one"),
        ([entry("a/a", pulls=2_000), entry("a/b", pulls=1)], "pulled most: 2,000 of 2,001 times"),
        ([entry("a/a", pulls=3), entry("a/b", pulls=3)], "the newest of those that are pulled as much"),
        ([entry("a/a"), entry("a/b")], "the newest"),
        ([entry("a/a", state="deprecated", pulls=9)], "deprecated, and nothing else is there for it"),
    ],
)
def test_why_is_said(hub, access, client, models, why):
    hub.answers[CODING] = 200, {"models": models}
    assert recommended(client, access, "coding").why == why


def test_a_task_for_which_there_is_nothing_is_said(hub, access, client):
    hub.answers[CODING] = 200, {"models": [], "after": ""}
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
