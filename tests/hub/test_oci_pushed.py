"""What was pushed stays for whoever pushed it, for some time; what a release was made of stays."""

from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index, oci_pushed
from weighbridge.hub.oci_pushed import Place, PushedManifest

HERE, THERE = Place("acme/tiny", "ada"), Place("acme/tiny", "bob")


def manifest(digest: str, release_id: str = "", subject: str = "") -> PushedManifest:
    """Return a manifest."""
    return PushedManifest(
        digest=digest, media_type="a/b", artifact_type="", subject=subject, release_id=release_id, content=b"{}", size=2
    )


def test_each_has_their_own(store: Store):
    store.write_now(lambda c: oci_pushed.add_blob(c, 1, HERE, "sha256:a", "a", 5))
    assert store.read_now(lambda c: oci_pushed.blobs(c, HERE, ["sha256:a", "sha256:b"]))["sha256:a"].size == 5
    assert not store.read_now(lambda c: oci_pushed.blobs(c, THERE, ["sha256:a"]))
    assert store.read_now(lambda c: oci_pushed.anywhere(c, "ada", "sha256:a")).sha256 == "a"
    assert store.read_now(lambda c: oci_pushed.anywhere(c, "bob", "sha256:a")) is None
    assert not store.write_now(lambda c: oci_pushed.remove_blob(c, THERE, "sha256:a"))
    assert store.write_now(lambda c: oci_pushed.remove_blob(c, HERE, "sha256:a"))


def test_a_tag_means_the_last_manifest(store: Store):
    for digest in ("sha256:a", "sha256:b"):
        store.write_now(lambda c, digest=digest: oci_pushed.add_manifest(c, 1, HERE, manifest(digest, subject="s")))
        store.write_now(lambda c, digest=digest: oci_pushed.tag(c, 1, HERE, "v1", digest))
    assert store.read_now(lambda c: oci_pushed.tagged(c, HERE, "v1")).digest == "sha256:b"
    assert [one.digest for one in store.read_now(lambda c: oci_pushed.about(c, HERE, "s"))] == ["sha256:a", "sha256:b"]
    assert store.write_now(lambda c: oci_pushed.remove_manifest(c, HERE, "sha256:b"))
    assert store.read_now(lambda c: oci_pushed.tags(c, HERE)) == []


def test_what_nobody_took_up_ends(store: Store):
    store.write_now(lambda c: oci_pushed.add_manifest(c, 1, HERE, manifest("sha256:a")))
    store.write_now(lambda c: oci_pushed.add_manifest(c, 1, HERE, manifest("sha256:b")))
    store.write_now(lambda c: oci_pushed.point_to_release(c, HERE, "sha256:b", "release"))
    store.write_now(lambda c: oci_pushed.add_blob(c, 1, HERE, "sha256:c", "c", 5))
    store.write_now(lambda c: oci_pushed.tag(c, 1, HERE, "v1", "sha256:a"))
    assert store.write_now(lambda c: oci_pushed.prune(c, 1)) == 0
    assert store.write_now(lambda c: oci_pushed.prune(c, 2)) == 3
    assert [one.digest for one in store.read_now(lambda c: oci_pushed.of_release(c, "release"))] == ["sha256:b"]


def test_bytes_that_were_pushed_are_no_garbage(store: Store):
    digest = "c" * 64
    store.write_now(lambda c: blob_index.add(c, 1, digest, 5))
    assert store.read_now(lambda c: blob_index.unheld(c, 2, 10))
    store.write_now(lambda c: oci_pushed.add_blob(c, 1, HERE, f"sha256:{digest}", digest, 5))
    assert not store.read_now(lambda c: blob_index.unheld(c, 2, 10))
    assert not store.write_now(lambda c: blob_index.forget_unheld(c, digest, 2))
