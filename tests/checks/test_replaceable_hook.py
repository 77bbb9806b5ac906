import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.replaceable_hook import judge
from weighbridge.model.agent import Hook, Scope
from weighbridge.model.agent_observation import HookSeen

SUBJECT = Subject(format="agent", name="settings.json")


def hook(**changes: object) -> HookSeen:
    values = {
        "agent": "a",
        "event": "PreToolUse",
        "scope": Scope.USER,
        "path": b"/x",
        "key": "hooks/PreToolUse/0",
        "command": "/tmp/x.sh",
        "program": b"/tmp/x.sh",
        "writable_by_all": b"/tmp",
    }
    return HookSeen(hook=Hook(**(values | changes)))


def test_a_hook_in_a_folder_that_everybody_may_write_to() -> None:
    (finding,) = judge(hook(), SUBJECT)
    assert finding.message == "At PreToolUse it runs /tmp/x.sh, and everybody may write to /tmp."


@pytest.mark.parametrize("near_miss", [hook(writable_by_all=None), hook(program=None, writable_by_all=None)])
def test_near_misses(near_miss: HookSeen) -> None:
    assert list(judge(near_miss, SUBJECT)) == []
