"""What policy says, by digest."""

from tests.fleet.test_inventory import joined
from tests.fleet.wire import DIGEST

from weighbridge.fleet import verdicts
from weighbridge.fleet.store import Store


def test_the_last_verdict_counts(store: Store) -> None:
    _, device = joined(store)
    for decision in ("warn", "deny"):
        said = {"artifact": DIGEST, "decision": decision, "policy": "observe 1", "rules": ["no-pickle", 7]}
        device.record(("verdict", said))
        device.sync_all()
    (one,) = store.read_now(lambda connection: verdicts.of_digest(connection, DIGEST))
    assert (one.decision, one.policy, one.rules) == ("deny", "observe 1", '["no-pickle"]')
    assert one.endpoint_id == device.endpoint_id
    device.record(("verdict", {"artifact": "/no/digest", "decision": "deny"}))
    assert device.sync_all().code == ""
