from weighbridge.checks.check import Subject
from weighbridge.checks.listener_exposed import judge
from weighbridge.model.finding import Severity
from weighbridge.model.server_observation import ServerListener

SUBJECT = Subject(format="process", name="ollama (pid 7)")


def listener(**changes):
    values = {"title": "Ollama", "address": "0.0.0.0", "port": 11434, "exposed": True, "authenticated": None}
    return ServerListener(**(values | changes))


def test_a_server_beyond_loopback_is_found():
    (finding,) = judge(listener(bind="OLLAMA_HOST=127.0.0.1"), SUBJECT)
    assert finding.severity is Severity.MEDIUM
    assert finding.message == "Ollama listens on 0.0.0.0:11434, where other machines can reach it."
    assert finding.remedy.startswith("Set OLLAMA_HOST=127.0.0.1,")


def test_one_that_asks_for_a_key_is_a_lesser_one():
    (finding,) = judge(listener(authenticated=True), SUBJECT)
    assert finding.severity is Severity.LOW
    assert finding.remedy.startswith("Bind it to 127.0.0.1,")


def test_one_on_loopback_is_not_found():
    assert [*judge(listener(address="127.0.0.1", exposed=False, authenticated=False), SUBJECT)] == []
