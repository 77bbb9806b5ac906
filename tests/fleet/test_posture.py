"""The fleet in a few numbers, on both stores."""

from tests.fleet.small_fleet import AT, LAPTOP, fill

from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.posture import CheckCount, Posture, read
from weighbridge.fleet.store import Store


def posture(store: Store, scope: Scope = EVERYTHING) -> Posture:
    return store.read_now(lambda connection: read(connection, scope, AT))


def test_each_number_is_what_its_list_shows(store: Store) -> None:
    store.write_now(fill)
    found = posture(store)
    assert (found.endpoints, found.recent, found.artifacts, found.running) == (3, 1, 3, 1)
    assert found.verdicts == {"warn": 1, "deny": 1}
    assert found.findings == {"critical": 1, "medium": 1}
    assert found.runtimes == {"llama_cpp": 1}
    assert found.checks == [
        CheckCount(check_id="pickle-call", severity="critical", findings=1, endpoints=1),
        CheckCount(check_id="license-prohibits", severity="medium", findings=1, endpoints=1),
    ]


def test_numbers_are_of_the_scope_alone(store: Store) -> None:
    store.write_now(fill)
    own = posture(store, Scope(endpoint_id=LAPTOP))
    assert (own.endpoints, own.artifacts, own.running) == (1, 2, 1)
    assert own.verdicts == {"allow": 1, "deny": 1}
    assert own.findings == {"medium": 1}
    nobody = posture(store, Scope(groups=()))
    assert (nobody.endpoints, nobody.artifacts, nobody.checks, nobody.verdicts) == (0, 0, [], {})


def test_an_empty_fleet_is_all_zeros(store: Store) -> None:
    assert posture(store).endpoints == 0
