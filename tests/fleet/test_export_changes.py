"""What people do to targets, from the machine of the server itself; over HTTP: test_export_routes.py."""

import pytest
from tests.fleet.told import NOW, tell_all

from weighbridge.fleet import audit, export_changes, export_shown
from weighbridge.fleet.new_target import NewTarget
from weighbridge.fleet.problem import RefusedError
from weighbridge.model.errors import WeighbridgeError

SECRET = "a-secret-of-splunk"


def wanted(**more):
    return NewTarget(**{"name": "SIEM", "kind": "splunk", "address": "https://a.example", "since": 0} | more)


@pytest.fixture
def target_id(store):
    store.write_now(tell_all)
    return store.write_now(lambda c: export_changes.add(c, NOW, None, wanted(), SECRET)).target_id


def test_everything_is_on_the_trail_without_a_secret(store, target_id):
    def job(connection):
        export_changes.pause(connection, NOW, None, target_id, paused=True)
        export_changes.set_secret(connection, NOW, None, target_id, "another-secret")
        assert export_changes.replay(connection, NOW, None, target_id, NOW + 1) == 2
        assert export_changes.send_letters(connection, NOW, None, target_id) == 0
        assert export_changes.drop_letters(connection, NOW, None, target_id) == 0
        export_changes.retry(connection, NOW, target_id)
        export_changes.remove(connection, NOW, None, target_id)
        return audit.newest(connection, 20)

    entries = store.write_now(job)
    assert [one.action.removeprefix("export.") for one in reversed(entries)] == [
        "add",
        "change",
        "change",
        "replay",
        "replay-dead-letters",
        "drop-dead-letters",
        "remove",
    ]
    assert "secret-of" not in str(entries)
    assert "another-secret" not in str(entries)


def test_nothing_is_done_to_a_target_that_is_not_there(store):
    for change in (
        lambda c: export_changes.pause(c, NOW, None, "x", paused=True),
        lambda c: export_changes.set_secret(c, NOW, None, "x", SECRET),
        lambda c: export_changes.remove(c, NOW, None, "x"),
        lambda c: export_changes.retry(c, NOW, "x"),
        lambda c: export_changes.replay(c, NOW, None, "x", 0),
        lambda c: export_changes.send_letters(c, NOW, None, "x"),
        lambda c: export_changes.drop_letters(c, NOW, None, "x"),
    ):
        with pytest.raises(RefusedError) as raised:
            store.write_now(change)
        assert raised.value.status == 404


def test_a_webhook_is_given_a_secret_and_others_must_bring_one(store):
    assert export_changes.made_secret(wanted(kind="webhook")).startswith("whsec_")
    assert export_changes.made_secret(wanted(kind="webhook", secret="mine-alone")) is None
    assert export_changes.made_secret(wanted()) is None
    with pytest.raises(WeighbridgeError, match="needs a secret"):
        store.write_now(lambda c: export_changes.add(c, NOW, None, wanted(), ""))


def test_what_is_shown_holds_no_secret(store, target_id):
    shown = store.read_now(export_shown.listed)
    assert [one.target_id for one in shown] == [target_id]
    assert SECRET not in str(shown)
    assert (shown[0].behind, shown[0].cursor, shown[0].state) == (3, 0, "sending")
