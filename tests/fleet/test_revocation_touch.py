"""What a digest touches: counts of all, deleted files and ended processes too, within a scope."""

from sqlalchemy import update
from tests.fleet.ruling_people import delegate, sign, viewer
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, LLAMA, SERVER, fill
from tests.fleet.test_revocations import record

from weighbridge.fleet import revocations
from weighbridge.fleet.endpoints import PRESENCE
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.projection import apply
from weighbridge.fleet.revocation_touch import touched
from weighbridge.fleet.store import Store
from weighbridge.sync.rulings import REVOCATIONS


def look(store: Store, scope: Scope = EVERYTHING, sha256: str = LLAMA):
    return store.read_now(lambda c: touched(c, scope, sha256))


def test_every_endpoint_process_and_person(store: Store) -> None:
    store.write_now(fill)
    found = look(store)
    assert (found.endpoints, found.gone, found.running, found.ran) == (2, 1, 1, 1)
    assert {one.endpoint_id: one.places for one in found.places} == {LAPTOP: 2, SERVER: 1, DESKTOP: 0}
    assert found.places[-1].endpoint_id == DESKTOP, "where it is gone comes last"
    assert {(one.endpoint, one.ended_at is None) for one in found.runs} >= {("laptop", True)}
    people = {one.name: (one.owns, one.ran) for one in found.people}
    assert people["ada"] == (1, 2)
    assert people["bob"] == (1, 0)
    assert (found.known.sha256, found.revocation, found.mentions) == (LLAMA, None, [])


def test_measured_and_claimed_on_one_endpoint_are_one(store: Store) -> None:
    store.write_now(fill)
    claimed = record("sighting", artifact=f"claimed:{LLAMA}", path="/home/ada/other.gguf", store="ollama")
    store.write_now(lambda c: apply(c, LAPTOP, [claimed]))
    found = look(store)
    assert found.endpoints == 2
    assert [one.endpoint_id for one in found.places].count(LAPTOP) == 1


def test_a_part_of_the_fleet(store: Store) -> None:
    store.write_now(fill)
    found = look(store, Scope(groups=("ops",)))
    assert ([one.endpoint_id for one in found.places], found.gone) == ([SERVER], 0)
    assert look(store, Scope(groups=())).known is None
    assert look(store, Scope(groups=())).active == 0


def test_what_nobody_ever_saw(store: Store) -> None:
    store.write_now(fill)
    found = look(store, sha256="4d" * 32)
    assert (found.known, found.endpoints, found.places, found.people) == (None, 0, [], [])


def test_another_thing_that_names_it(store: Store) -> None:
    store.write_now(fill)
    store.write_now(lambda c: apply(c, LAPTOP, [record("artifact", artifact=LLAMA, format="gguf", size=1)]))
    assert look(store).mentions == [], "what the page tells elsewhere is no mention"


def test_how_many_endpoints_say_that_they_refuse_it(store: Store) -> None:
    store.write_now(fill)
    store.write_now(delegate)
    store.write_now(lambda c: revocations.revoke(c, AT, viewer(), LLAMA, "It phones home."))
    assert (look(store).told, look(store).active) == (0, 3)
    store.write_now(lambda c: sign(c, REVOCATIONS))
    said = update(PRESENCE).where(PRESENCE.c.endpoint_id == LAPTOP)
    for word, told in (("0 0 0", 0), ("1 0 0", 1), ("9 0 0", 1), ("nonsense", 0)):
        store.write_now(lambda c, word=word: c.execute(said.values(rulings=word)))
        assert look(store).told == told, word
