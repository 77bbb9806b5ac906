"""Records of hostile endpoints: everything is taken, nothing breaks the server, both databases hold it."""

import pytest
from tests.fleet.test_inventory import joined

from weighbridge.fleet import inventory, records
from weighbridge.fleet.store import Store
from weighbridge.pipeline.ledger_open import open_ledger

NASTY = (
    "<script>alert(1)</script>",
    "\0",
    "\u202egpj.exe",
    "=cmd|'/C calc'!A0",
    "'; DROP TABLE records; --",
    "{{7*7}}",
    "x" * 60_000,
    "",
)
KINDS = ("agent", "artifact", "finding", "listener", "network", "process", "secret", "sighting", "toolchain", "verdict")


@pytest.mark.parametrize("value", [*NASTY, 1 << 52, -1, 1.5e308, None, True, [], {}, [[[]]], {"a": {"b": [1]}}])
def test_any_value_in_any_field(store: Store, value: object) -> None:
    _, device = joined(store)
    names = (
        "artifact",
        "path",
        "pid",
        "started",
        "name",
        "what",
        "of",
        "check",
        "weights",
        "actor",
        "verdict",
        "rules",
    )
    device.record(*((kind, dict.fromkeys(names, value)) for kind in KINDS))
    attempt = device.sync_all()
    assert (attempt.code, attempt.waiting) == ("", 0)


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"no json",
        b"[]",
        b'{"schema":"weighbridge.record/1"}',
        b'{"schema":"weighbridge.record/1","kind":"process","sequence":1e400,"data":{"pid":' + b"9" * 4000 + b"}}",
        b'{"schema":"weighbridge.record/1","kind":"sighting","data":' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
        b'{"schema":"weighbridge.record/1","kind":"agent","at":"9999-12-31T23:59:59+00:00","data":{"name":"\\ud800\\u0000"}}',
        b'{"schema":"weighbridge.record/9","kind":"surprise"}',
    ],
)
def test_entries_that_no_sensor_of_ours_wrote(store: Store, entry: bytes) -> None:
    _, device = joined(store)
    with open_ledger(device.machine) as recorder:
        recorder.log.append([entry])
    attempt = device.sync()
    assert attempt.code == ""
    name = device.endpoint_id
    kept = store.read_now(lambda connection: records.of_endpoint(connection, name))
    assert entry in [one.entry for one in kept]
    store.read_now(lambda connection: inventory.of_endpoint(connection, name, with_ended=True))
