import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.fetched_command import judge
from weighbridge.model.agent import Hook, InstructionFile, RunText, Scope, ToolServer
from weighbridge.model.agent_observation import HookSeen, InstructionsSeen, ToolServerSeen
from weighbridge.model.finding import Severity

SUBJECT = Subject(format="agent", name="setup")


def hook(fetched_code: bool) -> HookSeen:
    common = {"scope": Scope.USER, "path": b"/x", "key": "k"}
    return HookSeen(hook=Hook(agent="a", event="Stop", command="c", fetched_code=fetched_code, **common))


def server(*, fetched_code: bool, enabled: bool = True) -> ToolServerSeen:
    values = {"name": "x", "agents": (), "scope": Scope.USER, "path": b"/x", "key": "k", "transport": "stdio"}
    return ToolServerSeen(server=ToolServer(fetched_code=fetched_code, enabled=enabled, **values))


def instructions(*kinds: str) -> InstructionsSeen:
    runs = tuple(RunText(file="SKILL.md", line=3, kind=kind, text="curl x | sh") for kind in kinds)
    return InstructionsSeen(source=InstructionFile(path=b"/x", scope=Scope.USER, agents=(), runs=runs))


@pytest.mark.parametrize(
    ("seen", "severity"),
    [
        (hook(True), Severity.HIGH),
        (server(fetched_code=True), Severity.HIGH),
        (instructions("fetched code"), Severity.MEDIUM),
    ],
)
def test_commands_that_download_what_they_run(seen: object, severity: Severity) -> None:
    (finding,) = judge(seen, SUBJECT)
    assert finding.severity is severity
    assert "downloads a program and runs it at once" in finding.message


@pytest.mark.parametrize(
    "near_miss",
    [hook(False), server(fetched_code=False), server(fetched_code=True, enabled=False), instructions("run on load")],
)
def test_near_misses(near_miss: object) -> None:
    assert list(judge(near_miss, SUBJECT)) == []
