"""`wb fleet settle`."""

from sqlalchemy import update
from tests.cli.fleet_kit import database, read, wb  # noqa: F401  (a fixture)
from tests.fleet.small_fleet import DESKTOP, LAPTOP

from weighbridge.fleet import audit, enrollment
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.store import Store


def settled(name, reason="looked at both"):
    return wb("fleet", "settle", name, "--reason", reason)


def test_the_command_for_the_machine_that_goes_on_is_printed_and_audited(database):  # noqa: F811
    for name in (LAPTOP, "laptop"):
        code, out, said = settled(name)
        assert (code, out.startswith("wb enroll http"), out.endswith(" --again\n")) == (0, True, True)
        assert f"goes on as {LAPTOP}" in said
    trail = read(database, lambda connection: audit.newest(connection, 9))
    assert [(one.action, one.subject, one.account_name) for one in trail] == [("endpoint.settle", LAPTOP, "")] * 2
    assert {one.note for one in read(database, enrollment.tokens)} == {"looked at both"}


def test_who_is_meant_must_be_clear(database):  # noqa: F811
    code, out, said = settled("nobody")
    assert (code, out, "no endpoint is called nobody" in said) == (2, "", True)
    store = Store.open(database)
    store.write_now(lambda connection: connection.execute(update(ENDPOINTS).values(name="twin")))
    store.close()
    code, _, said = settled("twin")
    assert (code, "several endpoints" in said, LAPTOP in said, DESKTOP in said) == (2, True, True, True)
    assert settled(LAPTOP, "no")[0] == 2


def test_who_was_taken_out_does_not_go_on(database):  # noqa: F811
    store = Store.open(database)
    store.write_now(lambda connection: enrollment.revoke(connection, LAPTOP, 1, "stolen"))
    store.close()
    code, out, said = settled(LAPTOP)
    assert (code, out, "enrolls anew" in said) == (2, "", True)
    assert read(database, enrollment.tokens) == []
