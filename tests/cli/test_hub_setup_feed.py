"""What people see of the hub's word on revoked models: its key once, what came of asking, and what a scan says then."""

import hashlib
import json
import struct
import time

import pytest
from tests.cli_runs import wb
from tests.pipeline.hub_feeds import KEY, OTHER_KEY, answer, deprecated, revoked, text_of
from tests.pipeline.hub_server import SmallHub

from weighbridge.sync.catalog_feed import FEED_PATH


def weights(value: int) -> bytes:
    """Return a model of one tensor."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes([value]) * 4


BAD, OLD = weights(1), weights(2)
DIGESTS = [hashlib.sha256(one).hexdigest() for one in (BAD, OLD)]
BODY = text_of(gone=(revoked(DIGESTS[0]),), old=(deprecated(DIGESTS[1]),))


@pytest.fixture
def hub(setup_home, small_hub: SmallHub) -> SmallHub:
    says(small_hub)
    small_hub.answers["/api/whoami-v2"] = 200, {"name": "rita"}
    return small_hub


def says(hub: SmallHub, key=KEY, ahead: int = 0) -> None:
    said = answer(BODY, int(time.time() * 1000) + ahead, key)
    hub.answers[FEED_PATH] = 200, said
    hub.answers[f"{FEED_PATH}?have={hashlib.sha256(BODY).hexdigest()}"] = 200, said


def setup(hub: SmallHub, *more: str) -> tuple[int, str, str]:
    return wb("hub", "setup", hub.url, "--yes", *more)


def test_the_key_is_shown_once_and_a_scan_knows_what_was_revoked_without_a_network(hub, setup_home):
    code, _, err = setup(hub)
    assert code == 0
    assert "✓ revoked models: 1 revoked, 1 deprecated" in err
    assert f"believed when signed by {KEY.public.text}, as the hub showed it" in err
    models = setup_home / "models"
    models.mkdir()
    (models / "bad.safetensors").write_bytes(BAD)
    (models / "old.safetensors").write_bytes(OLD)
    asked = len(hub.seen)
    code, out, err = wb("scan", str(models), "--fail-on", "warn")
    assert "by grace at 127.0.0.1" in out
    assert "it leaks  revoked-model" in out
    assert "Use acme/good instead. Remove it and stop what runs it." in out
    assert "hint acme/old is deprecated since 2026-11-20: it is slow  deprecated-model" in out
    assert "Use acme/new instead." in out
    assert code == 20
    assert wb("check", str(models), "--policy", "balanced")[0] == 21
    assert len(hub.seen) == asked


def test_pulling_and_asking_refresh_it_and_say_what_fails(hub):
    setup(hub)
    says(hub, ahead=1_000)
    assert "could not be refreshed" not in wb("pull", "acme/coder")[2]
    says(hub, OTHER_KEY, 2_000)
    for words in (("pull", "acme/coder"), ("request", "--list")):
        err = wb(*words)[2]
        assert "! what 127.0.0.1" in err
        assert "could not be refreshed since" in err
        assert "signed by another key than the one that this machine knows" in err


def test_a_given_key_is_the_only_one_that_counts(hub):
    assert setup(hub, "--catalog-key", "nonsense")[0] == 2
    _, _, err = setup(hub, "--catalog-key", OTHER_KEY.public.text)
    assert "signed by another key" in err
    says(hub, OTHER_KEY)
    _, _, err = setup(hub)
    assert f"believed when signed by {OTHER_KEY.public.text}" in err


def test_the_status_asks_and_tells_of_it(hub):
    setup(hub)
    says(hub, ahead=1_000)
    out = wb("hub", "setup", "--status")[1]
    assert "revoked 1 revoked, 1 deprecated\n" in out
    assert f"key     {KEY.public.text}\n" in out
    hub.answers.clear()
    assert "could not be refreshed since" in wb("hub", "setup", "--status")[1]


def test_undoing_it_forgets_it(hub, setup_home):
    setup(hub)
    kept = setup_home / "state" / "hub-access" / "revocations.json"
    assert kept.exists()
    wb("hub", "setup", "--undo", "--yes")
    assert not kept.exists()


def test_a_hub_that_cannot_be_reached_is_asked_later(setup_home):
    code, _, err = wb("hub", "setup", "https://hub.example.com", "--yes")
    assert code == 0
    assert "what hub.example.com revoked is not known on this machine yet" in err
