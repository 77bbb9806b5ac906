"""Which release a version means, and whether a lock file still holds."""

from dataclasses import replace
from hashlib import sha256

import pytest
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


def test_a_version_is_what_the_hub_means_by_it_or_refused_in_its_own_words(hub, access, client):
    found = wanted(client, access, "acme/coder", "1.2").release
    assert (found.commit, found.revision) == (COMMIT, "1.2")
    hub.answers[UNKNOWN] = 404, {"error": "acme/coder was revoked: it bites. Use acme/other instead."}
    with pytest.raises(WeighbridgeError) as caught:
        wanted(client, access, "acme/coder", "1.2")
    said = caught.value.code, caught.value.message, caught.value.hint
    assert said == ("E-hub-refused", "acme/coder was revoked: it bites", "Use acme/other instead.")


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
