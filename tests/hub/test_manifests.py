"""Manifests stay as they were first made; small contents are found by the model that they belong to."""

from weighbridge.fleet.store import Store
from weighbridge.hub import manifests
from weighbridge.hub.manifest_parts import Made, attached, descriptor, digest_of

ONE = Made(kind="ollama", media_type="a/b", content=b'{"one":1}', tags=("Q4_0", "m"), contents=(b"small",))
ABOUT = attached(
    {"mediaType": "a/b", "digest": ONE.digest, "size": 9}, "application/x", descriptor("a/c", b"[]"), b"[]", {}
)


def test_what_was_made_stays(store: Store):
    store.write_now(lambda c: manifests.freeze(c, 1, "model", "release", [ONE]))
    store.write_now(lambda c: manifests.freeze(c, 2, "model", "release", [ONE, ABOUT]))
    found = store.read_now(lambda c: manifests.of_release(c, "release"))
    assert [(one.kind, one.tags, one.frozen_at) for one in found] == [("ollama", ("Q4_0", "m"), 1), ("referrer", (), 2)]
    assert store.read_now(lambda c: manifests.bytes_of(c, found[0])) == ONE.content


def test_by_digest_within_a_model(store: Store):
    store.write_now(lambda c: manifests.freeze(c, 1, "model", "one", [ONE]))
    store.write_now(lambda c: manifests.freeze(c, 1, "model", "two", [ONE]))
    found = store.read_now(lambda c: manifests.with_digest(c, "model", ONE.digest))
    assert [one.release_id for one in found] == ["one", "two"]
    assert not store.read_now(lambda c: manifests.with_digest(c, "other", ONE.digest))
    small = digest_of(b"small")
    assert store.read_now(lambda c: manifests.small_contents(c, "model", small)) == [
        ("one", b"small"),
        ("two", b"small"),
    ]
    assert not store.read_now(lambda c: manifests.small_contents(c, "other", small))


def test_what_is_about_a_manifest(store: Store):
    store.write_now(lambda c: manifests.freeze(c, 1, "model", "one", [ONE, ABOUT]))
    (found,) = store.read_now(lambda c: manifests.about(c, ["one"], ONE.digest))
    assert (found.artifact_type, found.digest) == ("application/x", ABOUT.digest)
    assert not store.read_now(lambda c: manifests.about(c, ["two"], ONE.digest))
