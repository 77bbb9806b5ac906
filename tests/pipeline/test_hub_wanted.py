"""Which release a version means, and whether a lock file still holds."""

from dataclasses import replace
from hashlib import sha256

import pytest
from tests.pipeline.hub_answers import release
from tests.pipeline.hub_kit import FILES
from tests.pipeline.hub_server import COMMIT

from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess, hub_client
from weighbridge.pipeline.hub_lock import Locked
from weighbridge.pipeline.hub_wanted import wanted, wanted_again

UNKNOWN = "/api/models/acme/coder/revision/1.2"
LOCKED = Locked(name="acme/coder", commit=COMMIT, files=(("config.json", sha256(b"{}").hexdigest()),))


@pytest.fixture
def access(hub):
    return HubAccess(url=hub.url)


@pytest.fixture
def client(access):
    made = hub_client(access)
    yield made
    made.close()


def test_what_people_call_a_release_is_looked_up_where_no_branch_has_that_name(hub, access, client):
    hub.answers[UNKNOWN] = 404, {"error": "acme/coder has no revision 1.2. What it has: here"}
    hub.answers["/api/v1/models/acme/coder"] = 200, {"release": None, "releases": [release("approved", version="1.2")]}
    found = wanted(client, access, "acme/coder", "1.2").release
    assert (found.commit, found.revision) == (COMMIT, COMMIT)


def test_a_version_that_nobody_knows_is_refused_in_the_hubs_own_words(hub, access, client):
    hub.answers[UNKNOWN] = 404, {"error": "acme/coder has no revision 1.2. What it has: here"}
    for answer in ((200, {"release": None, "releases": []}), (404, {"detail": "no"}), (200, "<html>")):
        hub.answers["/api/v1/models/acme/coder"] = answer
        with pytest.raises(WeighbridgeError) as caught:
            wanted(client, access, "acme/coder", "1.2")
        assert (caught.value.code, caught.value.message) == ("E-hub-refused", "acme/coder has no revision 1.2")


def test_a_lock_file_brings_its_files_and_no_others(hub, access, client):
    found = wanted_again(client, access, LOCKED)
    assert [one.path for one in found.files] == ["config.json"]
    assert len(found.release.files) == len(FILES)


@pytest.mark.parametrize(
    "changed",
    [
        replace(LOCKED, commit="d" * 40),
        replace(LOCKED, files=(("config.json", "a" * 64),)),
        replace(LOCKED, files=(("gone.json", "a" * 64),)),
    ],
)
def test_what_a_hub_has_otherwise_is_not_brought(hub, access, client, changed):
    with pytest.raises(WeighbridgeError) as caught:
        wanted_again(client, access, changed)
    assert caught.value.code == "E-pull-locked"
