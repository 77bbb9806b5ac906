from tests.fleet.receivers import HttpReceiver, Reply
from tests.fleet.test_export_routes import Exports, exports  # noqa: F401

from weighbridge.fleet import audit


def test_what_was_refused_is_listed_and_can_be_given_up(exports: Exports) -> None:  # noqa: F811  (the fixture above)
    with HttpReceiver(lambda _: Reply(400, b"no")) as receiver:
        one = f"/{exports.add(receiver.url)['target_id']}"
        exports.deliver()
        assert len(exports.ask("GET", f"{one}/dead-letters")) == 3
        assert exports.ask("DELETE", f"{one}/dead-letters") == {"rows": 3}
        assert exports.ask("GET", f"{one}/dead-letters") == []
        assert exports.ask("POST", f"{one}/dead-letters/replay", status=201) == {"rows": 0}
        count = len(receiver.received)
        exports.deliver()
        assert len(receiver.received) == count
    actions = [one.action for one in exports.served.store.read_now(lambda c: audit.newest(c, 9))]
    assert "export.drop-dead-letters" in actions
