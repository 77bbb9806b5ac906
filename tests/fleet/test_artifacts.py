"""What is known of a digest."""

from tests.fleet.test_inventory import joined
from tests.fleet.wire import DIGEST, artifact

from weighbridge.fleet import artifacts
from weighbridge.fleet.store import Store


def test_what_was_told_last_counts(store: Store) -> None:
    _, device = joined(store)
    device.record(artifact())
    device.sync_all()
    known = store.read_now(lambda connection: artifacts.artifact(connection, DIGEST))
    assert known is not None
    assert (known.format, known.size, known.assessment, known.told_by) == ("gguf", 7, "clean", device.endpoint_id)
    kind, data = artifact()
    device.record((kind, data | {"assessment": "malicious", "size": 1 << 52}))
    device.sync_all()
    again = store.read_now(lambda connection: artifacts.artifact(connection, DIGEST))
    assert again is not None
    assert (again.assessment, again.size, again.first_at) == ("malicious", 1 << 52, known.first_at)


def test_what_has_no_digest_is_not_in_the_list(store: Store) -> None:
    _, device = joined(store)
    device.record(artifact("/models/half.part"), artifact("claimed:" + "b" * 64))
    device.sync_all()
    claimed = store.read_now(lambda connection: artifacts.artifact(connection, "b" * 64))
    assert claimed is not None
    assert not claimed.measured
    assert store.read_now(lambda connection: artifacts.artifact(connection, "/models/half.part")) is None
