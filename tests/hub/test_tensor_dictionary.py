"""Which checkpoints are nothing but tensors: everything else is refused, and nothing is ever built."""

import pickle

import pytest
from tests.hub.checkpoints import checkpoint, old_checkpoint, old_program, tensor
from tests.hub.weighable import EVIL
from tests.samples.pickle_assembly import call, stream, value
from tests.samples.torch_files import STATE_DICT, legacy, torch_zip

from weighbridge.hub.tensor_dictionary import NotSimpleError, plan
from weighbridge.model.source import BytesSource

OLD = old_program(w=tensor(old=True))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (torch_zip(EVIL), "more than tensors: posix.system"),
        (checkpoint(w=tensor(), x=call("builtins", "eval", "1")), "more than tensors"),
        (checkpoint(w=tensor(strides=(1, 2))), "does not lie in order"),
        (checkpoint(w=tensor((2, 4), (4, 1))), "outside of its storage"),
        (checkpoint(w=tensor(offset=-1)), "a shape that is none"),
        (checkpoint(w=tensor(key="7")), "outside of its storage"),
        (checkpoint(w=value("just text")), "w is no tensor"),
        (torch_zip(stream(value([1, 2]))), "no dictionary"),
        (torch_zip(b"\x80\x02}"), "cannot be followed"),
        (torch_zip(stream(STATE_DICT), byteorder=b"big"), "not little-endian"),
        (b"PK\x03\x04 no archive", "0 pickles"),
        (b"GGUF", "none of the forms"),
        (legacy(EVIL), "more than tensors: posix.system"),
        (legacy(OLD, system=pickle.dumps({"little_endian": False}, 2)), "not little-endian"),
        (legacy(OLD, keys=pickle.dumps(["1"], 2)), "no tensor is of"),
        (legacy(OLD, keys=pickle.dumps([], 2)), "behind its end"),
        (legacy(OLD)[:-1], "not as long as"),
        (legacy(OLD) + b"x", "behind its end"),
        (legacy(OLD.replace(b"NtQ", b"\x8a\x01\x01tQ")), "a view of another"),
        (legacy(b"\x80\x02}"), "cannot be followed"),
    ],
    ids=[
        *("evil", "eval", "strides", "long", "negative", "absent", "text", "list", "cut", "big", "broken"),
        *("form", "old-evil", "old-big", "old-key", "old-keys", "old-short", "old-long", "old-view", "old-cut"),
    ],
)
def test_everything_else_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(NotSimpleError, match=said):
        plan(BytesSource(content, b"x.bin"))


def test_tensors_are_planned_by_name() -> None:
    found = plan(BytesSource(checkpoint(b=tensor(), a=tensor((3,), (1,), 2)), b"x.bin"))
    assert [(one.name, one.shape, one.begin, one.size) for one in found] == [("a", (3,), 8, 12), ("b", (2, 3), 0, 24)]


def test_tensors_of_the_form_before_are_planned_alike() -> None:
    content = old_checkpoint(b=tensor(old=True), a=tensor((3,), (1,), 2, old=True))
    found = plan(BytesSource(content, b"x.bin"))
    assert [(one.name, one.shape, one.begin, one.size) for one in found] == [("a", (3,), 8, 12), ("b", (2, 3), 0, 24)]
    assert found[1].storage.read(0, 24) == content[-24:]


def test_a_tensor_without_numbers_needs_no_storage() -> None:
    (found,) = plan(BytesSource(checkpoint(a=tensor((0, 3), (3, 1), key="9", elements=0)), b"x.bin"))
    assert (found.shape, found.begin, found.size) == ((0, 3), 0, 0)
