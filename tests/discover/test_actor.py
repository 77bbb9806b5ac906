import pytest

from weighbridge.discover.actor import Actors, agent_of_unit, markers_in
from weighbridge.discover.process_view import look
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.model.actor import ActorKind


def machine() -> FakeLive:
    live = FakeLive()
    add = live.add
    add(FakeProcess(pid=1, parent=0, started=1, name=b"systemd", executable=b"/usr/lib/systemd/systemd", user=0))
    add(FakeProcess(pid=50, parent=1, started=50, name=b"kitty", executable=b"/usr/bin/kitty"))
    add(FakeProcess(pid=60, parent=50, started=60, name=b"bash", executable=b"/usr/bin/bash", terminal=34816))
    add(
        FakeProcess(
            pid=70,
            parent=60,
            started=70,
            name=b"claude",
            executable=b"/home/ada/.local/share/claude/versions/2.1.3",
            command_line=(b"claude", b"--dangerously-skip-permissions"),
            terminal=34816,
        )
    )
    add(FakeProcess(pid=80, parent=70, started=80, name=b"bash", executable=b"/usr/bin/bash", terminal=34816))
    add(FakeProcess(pid=90, parent=80, started=90, name=b"llama-server", environment={"CLAUDECODE": "1"}))
    add(FakeProcess(pid=91, parent=60, started=91, name=b"llama-server", terminal=34816))
    add(FakeProcess(pid=92, parent=1, started=92, name=b"ollama", service_unit="ollama.service"))
    add(FakeProcess(pid=93, parent=1, started=93, name=b"x", environment={"AGENT": "crush", "CRUSH": "1"}))
    return live


def actors(live: FakeLive) -> Actors:
    return Actors(live, look(live))


def test_agent_human_and_service() -> None:
    found = actors(machine())
    agent = found.actor(90)
    assert (agent.kind, agent.agent, agent.session, agent.autonomous) == (ActorKind.AGENT, "claude_code", "70:70", True)
    assert agent.reasons == (
        "started by Claude Code (pid 70, the path of its program)",
        "told to act without asking: --dangerously-skip-permissions",
        "its environment says so too: CLAUDECODE",
    )
    assert found.actor(91).kind is ActorKind.HUMAN
    assert found.actor(92).kind is ActorKind.SERVICE
    assert found.actor(93).agent == "crush"
    assert found.actor(4711).reasons == ("the process ended",)
    assert found.agents() == {70: "claude_code"}
    assert (found.agent(70), found.agent(80), found.agent(4711)) == ("claude_code", None, None)


def test_a_parent_that_started_later_is_somebody_else() -> None:
    live = machine()
    live.add(FakeProcess(pid=95, parent=70, started=10, name=b"old"))
    assert actors(live).actor(95).kind is not ActorKind.AGENT


def test_parents_in_a_circle_end() -> None:
    live = FakeLive()
    live.add(FakeProcess(pid=2, parent=3, started=5))
    live.add(FakeProcess(pid=3, parent=2, started=5))
    assert actors(live).actor(2).kind is ActorKind.UNKNOWN


def test_what_is_hidden_is_told_and_names_and_arguments_still_count() -> None:
    live = machine()
    process = live._processes[70]
    process.hidden = {"executable"}
    process.command_line = (b"claude",)
    live._processes[90].hidden = {"environment_of"}
    assert actors(live).actor(90).agent == "claude_code"
    live._processes[92].hidden = {"environment_of", "service_unit", "container"}
    assert actors(live).actor(92).reasons[-1] == "not visible: environment"


def test_only_the_process_itself_is_asked() -> None:
    live = machine()
    found = actors(live)
    live.reads.clear()
    found.actor(90)
    assert [(read.operation, read.pid) for read in live.reads] == [
        ("service_unit", 90),
        ("environment_of", 90),
        ("container", 90),
    ]


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"CLAUDECODE": "1"}, (("CLAUDECODE", "claude_code"),)),
        ({"CLAUDECODE": "0"}, ()),
        ({"CODEX_SANDBOX": "seatbelt"}, (("CODEX_SANDBOX", "codex"),)),
        ({"AI_AGENT": "claude-code"}, (("AI_AGENT", "claude_code"),)),
        ({"AI_AGENT": "something"}, (("AI_AGENT", None),)),
        ({"AGENT": ""}, ()),
        ({"PATH": "/bin", "OPENAI_API_KEY": "x"}, ()),
    ],
)
def test_markers(environment: dict[str, str], found: tuple[tuple[str, str | None], ...]) -> None:
    assert markers_in(environment) == found


def test_services_of_agents() -> None:
    one = agent_of_unit("user@1000.service/openclaw-gateway.service")
    assert one is not None
    assert one.id == "openclaw"
    assert agent_of_unit("ollama.service") is None
    live = FakeLive()
    live.add(FakeProcess(pid=5, started=5, service_unit="user@1000.service/openclaw-gateway-work.service"))
    assert actors(live).actor(5).agent == "openclaw"


def test_values_of_variables_do_not_leave() -> None:
    live = machine()
    live._processes[93].environment["SECRET"] = "hunter2hunter2"
    assert "hunter2" not in repr(actors(live).actor(93))


def test_what_was_learned_of_a_process_lasts_until_it_does_something() -> None:
    live = machine()
    views = look(live)
    found = Actors(live, views)
    assert found.agents() == {70: "claude_code"}
    live._processes[70].executable = b"/usr/bin/vim"
    live._processes[70].command_line = (b"vim",)
    found.follow(look(live, views))
    assert found.agents() == {70: "claude_code"}
    live._processes[70].cpu_ticks += 1
    found.follow(look(live, views))
    assert found.agents() == {}
