import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.ledger.checkpoint import Checkpoint, checkpoint_of

EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
"""Source: C2SP tlog-checkpoint."""


def test_the_example_of_the_specification_is_read_and_written() -> None:
    checkpoint = checkpoint_of(EXAMPLE)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root[:2]) == (
        "example.com/behind-the-sofa",
        20852163,
        b"\n\xc5",
    )
    assert checkpoint.text == EXAMPLE
    assert checkpoint_of(EXAMPLE + "more\n").extensions == ("more",)


@given(st.integers(0, (1 << 63) - 1), st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("o", size, root)
    assert checkpoint_of(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    ("old", "new"),
    [("20852163", "020852163"), ("20852163", "-1"), ("20852163", "1e3"), ("20852163", "²"), ("20852163", "9" * 19),
     ("CsUY", "CsU"), ("q2I=", "q2J="), ("example.com/behind-the-sofa\n", "")],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError):
        checkpoint_of(EXAMPLE.replace(old, new))
