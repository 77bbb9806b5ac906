"""Who sent what."""

from tests.fleet.serving import running
from tests.hub.approved import approved
from tests.hub.holding import sha256

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.hub import sent_blobs
from weighbridge.hub.caller import Caller
from weighbridge.hub.look_up import Asked
from weighbridge.hub.names import parse_name


def test_what_an_account_may_commit(store):
    with running(store) as started:
        account = started.account("ada", Role.ANALYST)
        asked = Asked(Caller(viewer=viewer_of(account), may_write=True), "http://h", False)
        approved(started, {"a": b"open"}, name="open/model")
        mine, long_ago = "a" * 64, "b" * 64
        store.write_now(lambda c: sent_blobs.note(c, started.clock.now, account.account_id, [long_ago]))
        now = started.clock.now + sent_blobs.KEPT + 1
        store.write_now(lambda c: sent_blobs.note(c, now, account.account_id, [mine, mine]))
        store.write_now(lambda c: sent_blobs.note(c, now, "somebody else", ["c" * 64]))
        opened = sha256(b"open")
        wanted = [mine, long_ago, "c" * 64, opened]
        found = store.read_now(lambda c: sent_blobs.strange(c, asked, parse_name("acme/x"), wanted))
        assert found == [long_ago, "c" * 64]
