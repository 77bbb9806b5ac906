"""What a person should know of endpoints."""

from tests.fleet.test_inventory import joined
from tests.fleet.wire import DIGEST

from weighbridge.cli.glossary import BANNED
from weighbridge.fleet import findings
from weighbridge.fleet.findings import SERVER_CHECKS
from weighbridge.fleet.store import Store

ABOUT = {"of": "artifact", "check": "unsafe-import", "artifact": DIGEST, "path": "/a.pkl", "where": "byte 7"}
SAYS = {"severity": "critical", "confidence": "high", "message": "It imports os.system.", **ABOUT}


def test_findings_come_and_end(store: Store) -> None:
    _, device = joined(store)
    device.record(("finding", SAYS))
    device.sync_all()
    name = device.endpoint_id
    (one,) = store.read_now(lambda connection: findings.of_endpoint(connection, name))
    assert (one.check_id, one.severity, one.artifact, one.place) == ("unsafe-import", "critical", DIGEST, "byte 7")
    assert (one.source, one.about) == ("endpoint", "artifact")
    device.record(("finding-end", {key: ABOUT[key] for key in ("of", "check", "path", "where")}))
    device.sync_all()
    assert store.read_now(lambda connection: findings.of_endpoint(connection, name)) == []
    (ended,) = store.read_now(lambda connection: findings.of_endpoint(connection, name, with_ended=True))
    assert ended.ended_at is not None
    device.record(("finding", SAYS | {"severity": "low"}))
    device.sync_all()
    (back,) = store.read_now(lambda connection: findings.of_endpoint(connection, name))
    assert (back.severity, back.first_at) == ("low", one.first_at)


def test_the_server_finds_things_itself(store: Store) -> None:
    _, device = joined(store)
    name = device.endpoint_id
    for now in (5, 9):
        store.write_now(
            lambda connection, now=now: findings.open_server_finding(connection, name, "endpoint-silent", now)
        )
    (one,) = store.read_now(lambda connection: findings.of_endpoint(connection, name))
    assert (one.source, one.severity, one.first_at, one.last_at) == ("server", "medium", 5, 9)
    end = store.write_now(lambda connection: findings.end_server_finding(connection, name, "endpoint-silent", 11))
    again = store.write_now(lambda connection: findings.end_server_finding(connection, name, "endpoint-silent", 12))
    assert (end, again) == (True, False)


def test_checks_of_the_server_are_in_order_and_in_our_words() -> None:
    assert sorted(SERVER_CHECKS) == list(SERVER_CHECKS)
    for severity, says in SERVER_CHECKS.values():
        assert severity in ("low", "medium", "high", "critical")
        assert says.endswith(".")
        assert not any(word in says.lower() for word in BANNED)
