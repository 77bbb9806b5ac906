"""Views under a name, on both stores."""

import pytest

from weighbridge.fleet import saved_views
from weighbridge.fleet.permissions import GRANTED, Role, Viewer
from weighbridge.fleet.saved_views import KEPT, MOST_PINNED, SavedView, address
from weighbridge.fleet.store import Store
from weighbridge.model.errors import WeighbridgeError

NOW = 1_790_000_000_000


def person(name: str, role: Role = Role.ANALYST) -> Viewer:
    return Viewer(account_id=name * 8, name=name, role=role, permissions=GRANTED[role])


ADA, BOB, VERA = person("ada"), person("bob"), person("vera", Role.VIEWER)


def save(store: Store, who: Viewer, name: str, what: str = "artifacts", **more: object) -> SavedView:
    values: dict[str, object] = {"query": "verdict:deny"} | more
    return store.write_now(lambda c: saved_views.save(c, NOW, who, name, what, **values))  # type: ignore[arg-type]


def names(store: Store, who: Viewer, what: str = "") -> list[str]:
    return [one.name for one in store.read_now(lambda connection: saved_views.views(connection, who, what))]


def test_a_view_is_an_address(store: Store) -> None:
    made = save(store, ADA, "  Denied   ones ", sort="size", down=True, columns="sha256,size")
    assert made.name == "Denied ones"
    assert address(made) == "/artifacts?q=verdict%3Adeny&sort=size&down=true&columns=sha256%2Csize"
    assert names(store, ADA) == ["Denied ones"]
    assert names(store, ADA, "findings") == []


def test_what_is_shared_is_seen_by_all_and_changed_by_one(store: Store) -> None:
    own, shared = save(store, ADA, "mine"), save(store, ADA, "ours", shared=True)
    assert names(store, BOB) == ["ours"]
    for one in (own, shared):
        assert (
            store.write_now(lambda c, one=one: saved_views.rename(c, NOW, BOB, one.view_id, "x", shared=True)) is None
        )
        assert not store.write_now(lambda c, one=one: saved_views.remove(c, NOW, BOB, one.view_id))
    renamed = store.write_now(lambda c: saved_views.rename(c, NOW, ADA, shared.view_id, "theirs", shared=False))
    assert renamed is not None
    assert (renamed.name, names(store, BOB)) == ("theirs", [])


def test_views_of_lists_that_one_may_not_see_are_not_seen(store: Store) -> None:
    save(store, ADA, "who ran what", "records", query="kind:process", shared=True)
    assert (names(store, BOB), names(store, VERA)) == (["who ran what"], [])


def test_saving_again_under_the_same_name_replaces(store: Store) -> None:
    first, second = save(store, ADA, "mine"), save(store, ADA, "mine", query="verdict:warn")
    assert first.view_id == second.view_id
    assert second.query == "verdict:warn"
    assert save(store, ADA, "mine", "endpoints").view_id != first.view_id
    other = save(store, ADA, "another")
    with pytest.raises(WeighbridgeError, match="already"):
        store.write_now(lambda c: saved_views.rename(c, NOW, ADA, other.view_id, "mine", shared=False))


def test_what_was_removed_can_be_brought_back_for_a_while(store: Store) -> None:
    made = save(store, ADA, "mine")
    assert store.write_now(lambda c: saved_views.remove(c, NOW, ADA, made.view_id))
    assert names(store, ADA) == []
    assert not store.write_now(lambda c: saved_views.bring_back(c, NOW, BOB, made.view_id))
    assert not store.write_now(lambda c: saved_views.bring_back(c, NOW + KEPT + 1, ADA, made.view_id))
    assert store.write_now(lambda c: saved_views.bring_back(c, NOW + KEPT, ADA, made.view_id))
    assert names(store, ADA) == ["mine"]


def test_pins_are_everybodys_own(store: Store) -> None:
    made, private = save(store, ADA, "ours", shared=True), save(store, ADA, "mine")

    def pin(who: Viewer, view_id: str, *, pinned: bool = True) -> bool:
        return store.write_now(lambda c: saved_views.pin(c, NOW, who, view_id, pinned=pinned))

    assert pin(BOB, made.view_id)
    assert pin(BOB, made.view_id)
    assert not pin(BOB, private.view_id)
    pins = store.read_now(lambda connection: saved_views.pins(connection, BOB))
    assert [(one.name, one.path) for one in pins] == [("ours", "/artifacts?q=verdict%3Adeny")]
    assert store.read_now(lambda connection: saved_views.pins(connection, ADA)) == []
    assert pin(BOB, made.view_id, pinned=False)
    assert store.read_now(lambda connection: saved_views.pins(connection, BOB)) == []
    many = [save(store, BOB, f"view {number}") for number in range(MOST_PINNED)]
    assert all(pin(BOB, one.view_id) for one in many)
    with pytest.raises(WeighbridgeError, match="the most"):
        pin(BOB, made.view_id)


def test_a_view_is_found_by_its_name_ones_own_first(store: Store) -> None:
    save(store, ADA, "denied", shared=True)
    mine = save(store, BOB, "Denied", query="x")
    found = store.read_now(lambda connection: saved_views.by_name(connection, BOB, "DENIED"))
    assert found is not None
    assert found.view_id == mine.view_id
    assert store.read_now(lambda connection: saved_views.by_name(connection, BOB, "nothing")) is None


@pytest.mark.parametrize(
    ("name", "what"), [("", "artifacts"), ("x" * 61, "artifacts"), ("a\x1bb", "artifacts"), ("a", "no")]
)
def test_what_is_no_view_is_refused(store: Store, name: str, what: str) -> None:
    with pytest.raises(WeighbridgeError) as refused:
        save(store, ADA, name, what)
    assert refused.value.code == "E-view"


@pytest.mark.parametrize("more", [{"query": "a\0"}, {"query": "("}, {"sort": "a\0"}, {"columns": "a\n"}])
def test_what_no_list_would_take_is_not_saved(store: Store, more: dict[str, object]) -> None:
    with pytest.raises(WeighbridgeError):
        save(store, ADA, "mine", **more)
    assert not store.write_now(lambda c: saved_views.bring_back(c, NOW, ADA, "\0"))


def test_nobody_saves_without_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST", 2)
    save(store, ADA, "one")
    save(store, ADA, "two")
    save(store, ADA, "two")
    with pytest.raises(WeighbridgeError, match="the most"):
        save(store, ADA, "three")
