import pytest
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, NOW, SERVER, fill

from weighbridge.fleet import labels, listed_endpoints
from weighbridge.fleet.listing import Asked, piece
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.model.errors import WeighbridgeError


@pytest.fixture
def labeled(store):
    def job(connection):
        fill(connection)
        labels.set_labels(connection, LAPTOP, {"site": "berlin", "tier": "1"}, AT)
        labels.set_labels(connection, SERVER, {"site": "paris"}, AT)

    store.write_now(job)
    return store


def found(store, query):
    listing = listed_endpoints.listing(EVERYTHING)
    rows = store.read_now(lambda connection: piece(connection, listing, Asked(query=query), NOW)).rows
    return {row.endpoint_id for row in rows}


def test_queries_ask_for_labels(labeled):
    assert found(labeled, "label:site=berlin") == {LAPTOP}
    assert found(labeled, "label:site=*") == {LAPTOP, SERVER}
    assert found(labeled, "NOT label:site=*") == {DESKTOP}
    assert found(labeled, 'label:"tier=1" label:site=berlin') == {LAPTOP}
    assert found(labeled, "label:site") == set()


def test_labels_are_shown_with_the_endpoint_and_replaced_as_a_whole(labeled):
    def job(connection):
        changed = labels.set_labels(connection, LAPTOP, {"tier": "2"}, AT)
        again = labels.set_labels(connection, LAPTOP, {"tier": "2"}, AT)
        shown = listed_endpoints.endpoint(connection, EVERYTHING, LAPTOP).labels
        return changed, again, shown, labels.of_endpoints(connection, [LAPTOP, SERVER])

    changed, again, shown, known = labeled.write_now(job)
    assert (changed, again, shown) == (True, False, '{"tier":"2"}')
    assert known == {LAPTOP: {"tier": "2"}, SERVER: {"site": "paris"}}


def test_they_are_counted_within_a_scope(labeled):
    def counted(scope):
        return labeled.read_now(lambda connection: labels.counted(connection, scope))

    assert counted(EVERYTHING) == [("site=berlin", 1), ("site=paris", 1), ("tier=1", 1)]
    assert counted(Scope(groups=("ops",))) == [("site=paris", 1)]


@pytest.mark.parametrize(
    "wanted",
    [
        {"Site": "x"},
        {"": "x"},
        {"a" * 41: "x"},
        {"a=b": "x"},
        {"site": ""},
        {"site": " x"},
        {"site": "x "},
        {"site": "x\n"},
        {"site": "<b>"},
        {"site": "=1+1"},
        {"site": "x" * 128},
        {f"a{number}": "x" for number in range(33)},
    ],
)
def test_what_is_no_label(store, wanted):
    with pytest.raises(WeighbridgeError) as raised:
        store.write_now(lambda connection: labels.set_labels(connection, LAPTOP, wanted, AT))
    assert raised.value.code == "E-label"
