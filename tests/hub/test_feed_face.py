"""The feed for machines over the wire: for whoever may read, with a signature of its own time."""

import msgspec
import pytest
from tests.fleet.serving import running
from tests.hub.approved import bearer

from weighbridge.fleet import revocations
from weighbridge.fleet.settings import Settings
from weighbridge.ledger.note_keys import PublicKey
from weighbridge.sync.catalog_feed import FEED_PATH, SignedFeed, opened


def asked(served, query: str = "", headers=None) -> SignedFeed:
    got = served.client().get(FEED_PATH + query, headers=headers or {})
    assert got.status_code == 200, got.text
    return msgspec.json.decode(got.content, type=SignedFeed)


def test_a_token_of_the_hub_is_enough_and_one_key_signs_every_answer(served):
    headers = bearer(served)
    first = asked(served, headers=headers)
    key = PublicKey.parse(first.key)
    known = opened(first, key).sha256
    served.clock.pass_seconds(1)
    again = asked(served, f"?have={known}", headers)
    assert (again.body, again.key) == ("", first.key)
    assert opened(again, key, known).at == served.clock.now
    served.store.write_now(lambda c: revocations.revoke(c, served.clock.now, None, "b" * 64, "it leaks"))
    (gone,) = opened(asked(served, f"?have={known}", headers), key, known).feed.revoked
    assert gone.reason == "it leaks"


def test_who_has_no_account_learns_nothing(served):
    assert served.client().get(FEED_PATH).status_code == 401


@pytest.fixture
def open_hub(store):
    with running(store, Settings(hub_open=True)) as started:
        yield started


def test_a_hub_that_is_open_to_all_tells_all(open_hub):
    assert asked(open_hub).key.startswith("weighbridge/catalog/")
