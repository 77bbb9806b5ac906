from tests.samples.agent_homes import HF

from weighbridge.discover.environment_keys import environment_keys
from weighbridge.discover.fingerprint import Fingerprints
from weighbridge.host.fake_live import FakeLive, FakeProcess

PRINTS = Fingerprints(b"k" * 32, kept=True)


def test_keys_by_process_without_values() -> None:
    live = FakeLive()
    live.add(FakeProcess(pid=5, environment={"HF_TOKEN": HF, "PATH": "/bin"}))
    live.add(FakeProcess(pid=6, environment={"HF_TOKEN": "${HF_TOKEN}"}))
    live.add(FakeProcess(pid=7, environment={"HF_TOKEN": HF}, hidden={"environment_of"}))
    found = environment_keys(live, (5, 6, 7, 8), PRINTS, {5: "claude_code"})
    (key,) = found.pop(5)
    assert found == {}
    assert (key.format, key.name, key.pid, key.place) == ("huggingface", "HF_TOKEN", 5, "environment")
    assert (key.agents, key.fingerprint) == (("claude_code",), PRINTS.of(HF))
    assert HF not in repr(key)
    assert {(read.operation, read.pid) for read in live.reads} == {("environment_of", pid) for pid in (5, 6, 7, 8)}
