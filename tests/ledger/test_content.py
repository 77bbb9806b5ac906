import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.host.durable import DurableFolder
from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.content import LARGEST_CONTENT, ContentReference, ContentStore, reference_of
from weighbridge.model.errors import WeighbridgeError


class Lab:
    def __init__(self) -> None:
        self.contents, self.keys = FakeDisk(), FakeDisk()
        self.store = ContentStore(DurableFolder(self.contents), DurableFolder(self.keys))


@given(st.binary(max_size=500))
def test_what_is_kept_is_read_and_stands_nowhere_in_the_clear(content: bytes) -> None:
    lab = Lab()
    reference = lab.store.seal(content)
    assert lab.store.open(reference) == content
    (sealed,) = lab.contents.files().values()
    assert len(content) < 6 or content not in sealed
    assert reference_of(reference.data()) == reference


def test_equal_contents_look_different() -> None:
    lab = Lab()
    first, second = lab.store.seal(b"same"), lab.store.seal(b"same")
    assert len({first.id, second.id}) == len({first.digest, second.digest}) == 2
    assert len(set(lab.contents.files().values())) == 2


def test_shredding_takes_content_and_key_and_leaves_others() -> None:
    lab = Lab()
    first, second = lab.store.seal(b"one"), lab.store.seal(b"two")
    key = lab.keys.content(f"{first.id[:2]}/{first.id[2:]}")
    lab.store.shred([first])
    lab.store.shred([first])
    assert lab.store.open(first) is None
    assert lab.store.open(second) == b"two"
    assert key not in lab.keys.files().values()
    assert len(lab.contents.files()) == 1


def test_content_that_survives_its_key_cannot_be_read() -> None:
    lab = Lab()
    reference = lab.store.seal(b"one")
    before = lab.contents.files()
    lab.store.shred([reference])
    lab.contents.restore(before)
    assert lab.store.open(reference) is None


def test_what_was_exchanged_is_noticed() -> None:
    lab = Lab()
    first, second = lab.store.seal(b"one"), lab.store.seal(b"two")
    path, other = (f"{one.id[:2]}/{one.id[2:]}" for one in (first, second))
    lab.contents.change(path, lab.contents.content(other))
    lab.keys.change(path, lab.keys.content(other))
    for reference in (
        first,
        ContentReference(id=first.id, digest=second.digest, sealed_sha256=second.sealed_sha256),
        ContentReference(id=second.id, digest=first.digest, sealed_sha256=second.sealed_sha256),
    ):
        with pytest.raises(ValueError, match="not what was recorded"):
            lab.store.open(reference)


def test_a_full_disk_keeps_nothing() -> None:
    lab = Lab()
    lab.contents.capacity = 3
    with pytest.raises(WeighbridgeError) as caught:
        lab.store.seal(b"one")
    assert caught.value.code == "E-ledger-write"
    assert list(lab.keys.files()) == []
    with pytest.raises(ValueError):
        lab.store.seal(bytes(LARGEST_CONTENT + 1))


def test_the_derived_keys_are_those_of_rfc_5869() -> None:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    from weighbridge.ledger.content import _derived

    for purpose in (b"content", b"digest"):
        derived = HKDF(SHA256(), 32, None, b"weighbridge " + purpose).derive(b"k" * 32)
        assert _derived(b"k" * 32, purpose) == derived


@pytest.mark.parametrize("value", [None, {}, {"id": "../../x", "digest": "a", "sealed_sha256": "b"}, {"id": 1}])
def test_what_is_no_reference_is_refused(value: object) -> None:
    assert reference_of(value) is None
    with pytest.raises(ValueError):
        Lab().store.open(ContentReference(id="0" * 31 + "/", digest="", sealed_sha256=""))
