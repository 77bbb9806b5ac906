"""The list of artifacts, and how far they have spread, on both stores."""

from tests.fleet.small_fleet import DESKTOP, LAPTOP, LLAMA, NOW, PICKLE, POET, SERVER, fill

from weighbridge.fleet.listed_artifacts import EXAMPLE, Spread, artifact, listing, spread
from weighbridge.fleet.listing import Asked, piece
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.store import Store

NAMES = {LLAMA: "llama", POET: "poet", PICKLE: "pickle"}


def names(store: Store, query: str, scope: Scope = EVERYTHING, sort: str = "size") -> str:
    asked = Asked(query=query, sort=sort, down=True)
    found = store.read_now(lambda connection: piece(connection, listing(scope), asked, NOW))
    return " ".join(NAMES[row.sha256] for row in found.rows)


def test_queries_find_artifacts_by_what_they_are_and_where_they_went(store: Store) -> None:
    store.write_now(fill)
    for query, expected in (
        ("", "llama poet pickle"),
        (EXAMPLE, "poet"),
        (f"digest:{LLAMA}", "llama"),
        ("digest:3c3c", "pickle"),
        ("size:>1GB", "llama"),
        ("license:nc", "poet pickle"),
        ("commercial:>=prohibited", "poet pickle"),
        ("assessment:>=hostile", "pickle"),
        ("verdict:>=warn", "llama poet"),
        ("-verdict:deny", "llama pickle"),
        ("path:100%_", "poet"),
        ("path:/srv", "llama pickle"),
        (f"endpoint:{DESKTOP}", "llama"),
        ("check:pickle-call", "pickle"),
        ("severity:medium", "poet"),
        ("check:listener-exposed", ""),
        ("runtime:ollama", "llama"),
        ("ran:1d", "llama"),
        ("first:>1d", "llama poet pickle"),
        ("first:<1d", ""),
        ("model.pkl", "pickle"),
        ("100%_poet", "poet"),
    ):
        assert names(store, query) == expected, query


def test_rows_are_counted_with_and_without_a_query(store: Store) -> None:
    store.write_now(fill)
    for query, expected in (("", 3), ("verdict:deny", 1), ("format:none", 0)):
        asked = Asked(query=query, limit=1)
        found = store.read_now(lambda c, asked=asked: piece(c, listing(EVERYTHING), asked, NOW))
        assert found.total == expected, query


def test_nobody_sees_what_is_only_elsewhere(store: Store) -> None:
    store.write_now(fill)
    lab = Scope(groups=("lab",))
    assert names(store, "", lab) == "llama poet"
    assert names(store, "verdict:warn", lab) == ""
    assert names(store, "path:/srv", lab) == ""
    assert names(store, "runtime:ollama", lab) == ""
    assert names(store, "/srv/llama", lab) == ""
    assert names(store, "", Scope(groups=())) == ""
    assert store.read_now(lambda connection: artifact(connection, lab, PICKLE)) is None
    seen = store.read_now(lambda connection: artifact(connection, lab, POET))
    assert seen is not None
    assert (seen.format, seen.measured) == ("gguf", True)


def test_how_far_a_digest_has_spread_depends_on_who_asks(store: Store) -> None:
    store.write_now(fill)

    def of(scope: Scope, digest: str = LLAMA) -> Spread:
        return store.read_now(lambda connection: spread(connection, scope, [digest]))[digest]

    assert of(EVERYTHING) == Spread(path="/srv/llama.gguf", endpoints=2, gone=1, running=1, decision="warn")
    assert of(Scope(endpoint_id=LAPTOP)) == Spread(
        path="/home/ada/llama.gguf", endpoints=1, gone=0, running=1, decision="allow"
    )
    assert of(Scope(endpoint_id=SERVER)).running == 0
    assert of(Scope(groups=())) == Spread()
    assert of(EVERYTHING, "f" * 64) == Spread()
