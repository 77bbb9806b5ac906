from weighbridge.checks.check import Subject
from weighbridge.checks.listener_unauthenticated import judge
from weighbridge.model.finding import Persona, Severity
from weighbridge.model.server_observation import ServerListener

SUBJECT = Subject(format="process", name="vllm (pid 7)")


def listener(**changes):
    values = {"title": "vLLM", "address": "0.0.0.0", "port": 8000, "exposed": True, "authenticated": False}
    return ServerListener(**(values | changes))


def test_an_open_server_that_others_reach_is_serious():
    (finding,) = judge(listener(), SUBJECT)
    assert (finding.severity, finding.persona) == (Severity.HIGH, Persona.REGULAR)
    assert finding.message == "vLLM on 0.0.0.0:8000 answers every machine that reaches it without a key."


def test_on_loopback_it_is_told_to_auditors():
    (finding,) = judge(listener(address="127.0.0.1", exposed=False), SUBJECT)
    assert (finding.severity, finding.persona) == (Severity.INFO, Persona.AUDITOR)


def test_a_unix_socket_is_named_by_its_path():
    (finding,) = judge(listener(address="/run/llama.sock", port=None, exposed=False), SUBJECT)
    assert "/run/llama.sock answers" in finding.message


def test_one_with_a_key_or_of_which_it_is_not_known_is_not_found():
    assert [*judge(listener(authenticated=True), SUBJECT)] == []
    assert [*judge(listener(authenticated=None), SUBJECT)] == []
