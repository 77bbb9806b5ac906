from weighbridge.checks.check import Subject
from weighbridge.checks.server_tools_enabled import judge
from weighbridge.model.finding import Severity
from weighbridge.model.server_observation import ServerTools

SUBJECT = Subject(format="process", name="llama-server (pid 7)")


def test_a_server_with_tools_is_found():
    (finding,) = judge(ServerTools(title="llama.cpp", arguments=("--tools",), tools=("exec_shell_command",)), SUBJECT)
    assert finding.severity is Severity.MEDIUM
    assert finding.message == "llama.cpp may act by itself: exec_shell_command."


def test_one_that_others_reach_is_serious():
    (finding,) = judge(ServerTools(title="llama.cpp", arguments=("--agent",), exposed=True), SUBJECT)
    assert finding.severity is Severity.HIGH
    assert finding.evidence.value == "--agent"


def test_code_of_models_is_a_finding_of_its_own():
    (finding,) = judge(ServerTools(title="vLLM", arguments=("--trust-remote-code",)), SUBJECT)
    assert finding.message == "vLLM runs code that comes with the models it loads."


def test_a_server_without_tools_is_not_found():
    assert [*judge(ServerTools(title="llama.cpp"), SUBJECT)] == []
