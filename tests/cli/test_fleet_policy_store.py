from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)

from weighbridge.fleet import audit
from weighbridge.fleet.store import Store


def test_what_the_command_line_does_is_on_the_trail(fleet):  # noqa: F811
    fleet.trusted()
    fleet.published()
    fleet.well("halt", "--reason", "wait")
    store = Store.open(fleet.url)
    actions = [one.action for one in store.read_now(lambda connection: audit.newest(connection, 4))]
    store.close()
    assert actions == ["policy.halt", "policy.publish", "policy.upload", "policy.root"]


def test_a_database_that_is_not_there_is_said(fleet):  # noqa: F811
    fleet.url = "sqlite:////nowhere/fleet.db"
    assert fleet("status")[0] in (1, 2)
