"""What machines are told of the catalog: signed, complete, and what a policy's owner puts into the policy."""

import msgspec
import pytest
from tests.fleet.serving import Running
from tests.hub.approved import approved, moved
from tests.hub.test_lifecycle import weighed_with

from weighbridge.fleet.permissions import Permission, Role
from weighbridge.hub import releases
from weighbridge.hub.feed import SignedFeed, accepted_yaml, feed, opened
from weighbridge.hub.states import State
from weighbridge.ledger.note_keys import PrivateKey, PublicKey


def answer(served: Running, since: int = 0) -> SignedFeed:
    client = served.client()
    headers = served.token(served.account(f"ada{since}"), Permission.MODELS_READ)
    got = client.get(f"/api/v1/hub/revocations?since={since}", headers=headers)
    assert got.status_code == 200, got.text
    return msgspec.json.decode(got.content, type=SignedFeed)


def test_what_is_revoked_and_known_is_told_with_a_signature(served: Running) -> None:
    good, bad = approved(served, name="acme/good"), approved(served, name="acme/bad")
    weighed_with(served, good, "a" * 64, "c" * 64)
    weighed_with(served, bad, "b" * 64, "c" * 64)
    served.clock.pass_seconds(60)
    moved(served, bad, State.REVOKED, "it leaks")
    said = answer(served)
    told = opened(said, [PublicKey.parse(said.key)])
    (gone,) = told.revoked
    assert (gone.model, gone.why, gone.weights) == ("acme/bad", "it leaks", ("b" * 64, "c" * 64))
    # What a revoked release holds is not known as good, whoever else holds it.
    assert [one.sha256 for one in told.known] == ["a" * 64]
    assert opened(answer(served, served.clock.now), [PublicKey.parse(said.key)]).revoked == []


def test_a_feed_that_nobody_trusted_signed_is_none(served: Running) -> None:
    said = answer(served)
    with pytest.raises(ValueError, match="trusted"):
        opened(said, [PrivateKey("somebody", b"1" * 32).public])
    forged = msgspec.structs.replace(said, body=said.body.replace('"revoked":[]', '"revoked":[ ]'))
    with pytest.raises(ValueError, match="not what was signed"):
        opened(forged, [PublicKey.parse(said.key)])


def test_the_policy_takes_what_the_catalog_accepts(served: Running) -> None:
    release = approved(served)
    assert accepted_yaml(served.store.read_now(lambda c: feed(c, served.clock.now))) == "accepted: []\n"
    weighed_with(served, release, "a" * 64)
    until = served.clock.now + 86_400_000
    served.store.write_now(lambda c: releases.change(c, release.release_id, until_at=until))
    client, headers = served.client(), served.token(served.account("grace", Role.APPROVER), Permission.POLICY_READ)
    text = client.get("/api/v1/hub/accepted", headers=headers).text
    assert "sha256: " + "a" * 64 in text
