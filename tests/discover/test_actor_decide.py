import pytest

from weighbridge.discover.actor_decide import ActorEvidence, AncestorProcess, decide
from weighbridge.model.actor import ActorKind
from weighbridge.model.trace import Behavior

SELF = AncestorProcess(pid=10, started=100, name="python3")
SHELL = AncestorProcess(pid=9, started=90, name="bash")
CLAUDE = AncestorProcess(
    pid=8, started=80, name="claude", agent="claude_code", agent_title="Claude Code", said_by="program claude"
)
CURSOR = AncestorProcess(
    pid=7, started=70, name="cursor", agent="cursor", agent_title="Cursor", host=True, said_by="program cursor"
)
TERMINAL = AncestorProcess(pid=6, started=60, name="kitty", role="terminal")
SSHD = AncestorProcess(pid=5, started=50, name="sshd", role="login")
CRON = AncestorProcess(pid=4, started=40, name="cron", role="scheduler")
INIT = AncestorProcess(pid=1, started=1, name="systemd", role="first")
AGENT_LIKE = Behavior(
    opens=120,
    files=114,
    reopened=1.05,
    system_share=0.0,
    written_share=0.05,
    folders_per_file=0.5,
    kinds=1.9,
    looking_share=0.7,
    lookers=6,
    program_kinds=2.6,
    starts=300,
    sensitive=3,
)
COMPILE = Behavior(
    opens=600,
    files=125,
    reopened=2.0,
    system_share=0.6,
    written_share=0.25,
    folders_per_file=0.1,
    kinds=1.6,
    looking_share=0.0,
    lookers=0,
    program_kinds=1.9,
    starts=189,
    sensitive=0,
)


@pytest.mark.parametrize(
    ("evidence", "kind", "reason"),
    [
        ({"chain": (CLAUDE, SHELL, TERMINAL)}, "agent", "it is Claude Code (program claude)"),
        ({"chain": (SELF, SHELL, CLAUDE, SHELL, TERMINAL)}, "agent", "started by Claude Code (pid 8, program claude)"),
        ({"chain": (SELF, SHELL, TERMINAL), "terminal": True}, "human", "at a terminal, below kitty (pid 6)"),
        ({"chain": (SELF, SHELL, CURSOR), "terminal": True}, "human", "at a terminal, below cursor (pid 7)"),
        ({"chain": (SELF, SHELL, CURSOR), "markers": (("CURSOR_AGENT", "cursor"),)}, "agent", "started by Cursor"),
        ({"chain": (SELF, SHELL, SSHD, INIT), "terminal": True}, "human", "at a terminal, below sshd (pid 5)"),
        ({"chain": (SELF, SSHD, INIT)}, "human", "started in the session of sshd"),
        ({"chain": (SELF, SHELL, CRON, INIT)}, "service", "started by cron (pid 4)"),
        ({"chain": (SELF, INIT), "unit": "ollama.service"}, "service", "runs as ollama.service"),
        ({"chain": (SELF, INIT), "unit": "user@1000.service/x.service"}, "service", "runs as x.service"),
        ({"chain": (SELF, INIT), "unit": "user@1000.service"}, "service", "hangs on systemd"),
        ({"chain": (SELF,), "container": True}, "service", "runs in a container without a terminal"),
        (
            {"chain": (SELF, INIT), "markers": (("CLAUDECODE", "claude_code"),)},
            "agent",
            "its environment holds CLAUDECODE",
        ),
        ({"chain": (SELF, INIT), "markers": (("AI_AGENT", None),)}, "agent", "its environment holds AI_AGENT"),
        ({"chain": (SELF, INIT), "unit": "app-firefox-1.scope"}, "human", "runs in a person's session"),
        ({"chain": (SELF, SHELL)}, "unknown", "neither its parents nor a terminal tell"),
        ({"chain": (SELF, SHELL), "behavior": AGENT_LIKE}, "agent", "nothing but its behavior says so"),
        ({"chain": (SELF, SHELL), "behavior": COMPILE}, "unknown", "neither parents nor terminal nor behavior tell"),
        ({"chain": (SELF, INIT), "behavior": AGENT_LIKE}, "agent", "nothing but its behavior says so"),
    ],
)
def test_who(evidence: dict[str, object], kind: str, reason: str) -> None:
    actor = decide(ActorEvidence(**evidence))
    assert actor.kind == kind
    assert actor.reasons[0].startswith(reason)


def test_the_session_is_that_of_the_topmost_process_of_the_agent() -> None:
    sub_agent = AncestorProcess(
        pid=20, started=200, name="claude", agent="claude_code", agent_title="Claude Code", said_by="x"
    )
    actor = decide(ActorEvidence(chain=(SELF, sub_agent, SHELL, CLAUDE, TERMINAL)))
    assert (actor.agent, actor.session) == ("claude_code", "8:80")


def test_autonomous_by_arguments_or_by_settings() -> None:
    free = AncestorProcess(
        pid=8,
        started=80,
        name="claude",
        agent="claude_code",
        agent_title="Claude Code",
        said_by="x",
        autonomy=("--yolo",),
    )
    actor = decide(ActorEvidence(chain=(SELF, free)))
    assert actor.autonomous
    assert actor.reasons[1] == "told to act without asking: --yolo"
    assert decide(ActorEvidence(chain=(SELF, CLAUDE), autonomous=frozenset({"claude_code"}))).autonomous
    assert not decide(ActorEvidence(chain=(SELF, CLAUDE), autonomous=frozenset({"codex"}))).autonomous


def test_a_marker_alone_is_told_as_evidence_that_anybody_can_make() -> None:
    actor = decide(ActorEvidence(chain=(SELF, SHELL, INIT), markers=(("CLAUDECODE", "claude_code"),)))
    assert "anybody can set such a variable" in actor.reasons[1]
    assert actor.session == "9:90"


def test_behavior_does_not_overrule_lineage_and_is_told() -> None:
    actor = decide(ActorEvidence(chain=(SELF, SHELL, TERMINAL), terminal=True, behavior=AGENT_LIKE))
    assert actor.kind is ActorKind.HUMAN
    assert any("as agents do" in reason for reason in actor.reasons)


def test_what_was_not_visible_is_told() -> None:
    actor = decide(ActorEvidence(chain=(SELF,), hidden=("environment",)))
    assert actor.reasons[-1] == "not visible: environment"
