from tests.samples.agent_homes import HF

from weighbridge.discover.actor import Actors
from weighbridge.discover.environment_keys import environment_keys
from weighbridge.discover.fingerprint import Fingerprints
from weighbridge.discover.process_view import look
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.model.actor import ActorKind
from weighbridge.model.running import RunningProcess
from weighbridge.pipeline.running_actors import topmost, with_actor

CLAUDE = b"/home/ada/.local/share/claude/versions/2.1.3"


def machine() -> FakeLive:
    live = FakeLive()
    line = (b"claude", b"--dangerously-skip-permissions")
    live.add(FakeProcess(pid=5, started=5, name=b"claude", executable=CLAUDE, command_line=line))
    live.add(FakeProcess(pid=6, started=6, parent=5, name=b"claude", executable=CLAUDE))
    live.add(FakeProcess(pid=7, started=7, parent=6, name=b"llama-server", environment={"HF_TOKEN": HF}))
    return live


def test_an_agent_that_started_more_of_itself_is_shown_once() -> None:
    live = machine()
    views = look(live)
    assert topmost(Actors(live, views).agents(), views) == {5}


def test_a_process_gets_its_actor_and_the_findings_on_it() -> None:
    live = machine()
    actors = Actors(live, look(live))
    keys = environment_keys(live, (7,), Fingerprints(b"k" * 32, kept=True))
    process = with_actor(RunningProcess(pid=7, started=7, name="llama-server"), actors, keys[7])
    assert (process.actor.kind, process.actor.session) == (ActorKind.AGENT, "5:5")
    assert [finding.check for finding in process.findings] == ["exposed-key"]
    agent = with_actor(RunningProcess(pid=5, started=5, name="claude", executable=CLAUDE), actors)
    (finding,) = agent.findings
    assert finding.message == "Claude Code: it acts without asking (command line is --dangerously-skip-permissions)."
    assert HF not in repr(process)
