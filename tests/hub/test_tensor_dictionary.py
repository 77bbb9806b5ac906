"""Which checkpoints are nothing but tensors: everything else is refused, and nothing is ever built."""

import pytest
from tests.hub.checkpoints import checkpoint, tensor
from tests.hub.weighable import EVIL
from tests.samples.pickle_assembly import call, stream, value
from tests.samples.torch_files import STATE_DICT, torch_zip

from weighbridge.hub.tensor_dictionary import NotSimpleError, plan
from weighbridge.model.source import BytesSource


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
    ],
    ids=["evil", "eval", "strides", "long", "negative", "absent", "text", "list", "cut", "big", "broken"],
)
def test_everything_else_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(NotSimpleError, match=said):
        plan(BytesSource(content, b"x.bin"))


def test_tensors_are_planned_by_name() -> None:
    found = plan(BytesSource(checkpoint(b=tensor(), a=tensor((3,), (1,), 2)), b"x.bin"))
    assert [(one.name, one.shape, one.begin, one.size) for one in found] == [("a", (3,), 8, 12), ("b", (2, 3), 0, 24)]
