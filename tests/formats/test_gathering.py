"""What was read before a defect is kept; whatever stops a reader becomes an observation."""

import pytest

from weighbridge.formats.gathering import MOST_OBSERVATIONS, Gathering, StructureError, gathered
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, Excess, Malformed, Unread
from weighbridge.model.source import BytesSource, LimitReached, SourceError


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (StructureError(Damage.INVALID, "broken", 7), Malformed),
        (LimitReached("things", 5), Excess),
        (SourceError("gone"), Unread),
    ],
)
def test_facts_survive_what_stops_the_reader(raised: Exception, kind: type) -> None:
    def body(_source: object, _budget: object, gathering: Gathering) -> None:
        gathering.fact("name", "kept", "here")
        raise raised

    reading = gathered("x", body)(BytesSource(b""), Budget())
    assert [fact.value for fact in reading.facts] == ["kept"]
    assert [type(observation) for observation in reading.observations] == [kind]


def test_empty_and_repeated_facts_are_dropped_and_long_ones_cut() -> None:
    gathering = Gathering("x")
    for value in ("", None, (), "a", "a", "b" * 9000):
        gathering.fact("name", value, "here")
    assert [len(str(fact.value)) for fact in gathering.reading().facts] == [1, 2000]


def test_observations_are_bounded() -> None:
    gathering = Gathering("x")
    for index in range(MOST_OBSERVATIONS + 50):
        gathering.damaged(Damage.INVALID, "again", index)
    assert len(gathering.reading().observations) == MOST_OBSERVATIONS
