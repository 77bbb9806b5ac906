"""What machines that are in no fleet are told of the catalog."""

from tests.fleet.serving import Running
from tests.hub.approved import approved, moved
from tests.hub.holding import weighed_with

from weighbridge.fleet import revocations
from weighbridge.hub import release_files
from weighbridge.hub.feed import feed, signed_feed
from weighbridge.hub.states import State
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.sync.catalog_feed import opened

KEY = PrivateKey("weighbridge/catalog/test", b"1" * 32)


def said(served: Running, hidden=()):
    return served.store.read_now(lambda c: feed(c, hidden))


def revoke(served: Running, sha256: str, reason: str, replacement: str = "") -> None:
    served.store.write_now(lambda c: revocations.revoke(c, served.clock.now, None, sha256, reason, replacement))


def test_what_is_revoked_holds_until_it_is_lifted(served: Running) -> None:
    assert said(served).revoked == ()
    revoke(served, "b" * 64, "it leaks", "acme/good")
    (gone,) = said(served).revoked
    assert (gone.sha256, gone.reason, gone.replacement) == ("b" * 64, "it leaks", "acme/good")
    served.store.write_now(lambda c: revocations.lift(c, served.clock.now, None, "b" * 64, "it was another"))
    assert said(served).revoked == ()


def test_a_release_that_is_revoked_here_alone_forbids_nothing_elsewhere(served: Running) -> None:
    release = approved(served, name="acme/bad")
    weighed_with(served, release, "b" * 64)
    moved(served, release, State.REVOKED, "it leaks")
    assert said(served).revoked == ()


def test_what_is_deprecated_says_why_and_what_instead_unless_it_is_good_elsewhere(served: Running) -> None:
    old, good = approved(served, name="acme/old"), approved(served, {"a": b"good"}, name="acme/good")
    (shared,) = [one.sha256 for one in served.store.read_now(lambda c: release_files.of_release(c, good.release_id))]
    weighed_with(served, old, "a" * 64, "b" * 64, shared)
    moved(served, old, State.DEPRECATED, "it is slow", replaced_by="acme/new")
    revoke(served, "b" * 64, "it leaks")
    (one,) = said(served).deprecated
    assert (one.sha256, one.model, one.reason, one.replacement) == ("a" * 64, "acme/old", "it is slow", "acme/new")
    assert said(served, {"acme"}).deprecated == ()


def test_who_has_the_feed_gets_the_signature_alone(served: Running) -> None:
    revoke(served, "b" * 64, "it leaks")
    whole = signed_feed(said(served), KEY, 1_000)
    first = opened(whole, KEY.public)
    assert (first.at, first.feed) == (1_000, said(served))
    again = signed_feed(said(served), KEY, 2_000, first.sha256)
    assert again.body == ""
    assert opened(again, KEY.public, first.sha256) == (2_000, first.sha256, None)
