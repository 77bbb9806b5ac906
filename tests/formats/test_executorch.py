"""ExecuTorch programs."""

from hypothesis import given
from tests.samples import graphs_other
from tests.samples.graphs_reading import damaged, kinds, read, recognized, survives

from weighbridge.formats.executorch import READER

SEEDS = [c.build()[c.subject] for c in graphs_other.EVASIONS + graphs_other.BENIGN if "executorch" in c.id]


def test_plain_and_foreign() -> None:
    plain, foreign = SEEDS[-1], SEEDS[0]
    assert recognized(READER, plain)
    assert not kinds(read(READER, plain))
    assert kinds(read(READER, foreign)) == {"GraphOperator"}


def test_other_files() -> None:
    assert not recognized(READER, b"\x10\0\0\0ETxx" + bytes(40))
    assert not recognized(READER, b"\xff\xff\0\0ET12" + bytes(40))


@given(damaged(SEEDS))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
