"""All that is known of a digest, on both stores."""

from tests.fleet.small_fleet import LAPTOP, LLAMA, PICKLE, POET, SERVER, fill

from weighbridge.fleet.artifact_page import ArtifactPage, read
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.store import Store


def page(store: Store, scope: Scope, digest: str) -> ArtifactPage | None:
    return store.read_now(lambda connection: read(connection, scope, digest))


def test_everything_known_of_a_digest_is_on_its_page(store: Store) -> None:
    store.write_now(fill)
    found = page(store, EVERYTHING, LLAMA)
    assert found is not None
    assert (found.spread.endpoints, found.spread.gone, found.spread.running) == (2, 1, 1)
    assert {one.endpoint_name for one in found.sightings} == {"laptop", "desktop", "server"}
    assert {one.runtime for one in found.runs} == {"llama_cpp", "ollama"}
    assert {one.decision for one in found.verdicts} == {"allow", "warn"}
    assert found.findings == []
    assert found.endpoint_names[SERVER] == "server"


def test_findings_on_a_claimed_digest_are_on_its_page(store: Store) -> None:
    store.write_now(fill)
    found = page(store, EVERYTHING, POET)
    assert found is not None
    assert [one.check_id for one in found.findings] == ["license-prohibits"]


def test_a_page_shows_nothing_from_beyond_the_scope(store: Store) -> None:
    store.write_now(fill)
    lab = Scope(groups=("lab",))
    found = page(store, lab, LLAMA)
    assert found is not None
    assert {one.endpoint_name for one in found.sightings} == {"laptop", "desktop"}
    assert [one.runtime for one in found.runs] == ["llama_cpp"]
    assert [one.decision for one in found.verdicts] == ["allow"]
    assert SERVER not in found.endpoint_names
    assert page(store, lab, PICKLE) is None
    assert page(store, Scope(endpoint_id=LAPTOP), PICKLE) is None
    assert page(store, EVERYTHING, "f" * 64) is None
