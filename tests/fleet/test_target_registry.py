from typing import get_args, get_type_hints

from weighbridge.fleet.new_target import NewTarget
from weighbridge.fleet.outbox_events import SEVERITIES, TOPICS
from weighbridge.fleet.target_registry import TARGETS


def test_every_target_is_listed_under_its_id_and_can_be_asked_for() -> None:
    assert list(TARGETS) == sorted(TARGETS)
    assert list(get_args(get_type_hints(NewTarget)["kind"])) == list(TARGETS)
    for name, target in TARGETS.items():
        assert target.id == name
        assert set(target.topics) <= set(TOPICS)
        assert target.severity in SEVERITIES
