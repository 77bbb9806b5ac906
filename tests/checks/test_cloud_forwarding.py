from weighbridge.checks.check import Subject
from weighbridge.checks.cloud_forwarding import judge
from weighbridge.model.server_observation import CloudModels

SUBJECT = Subject(format="process", name="ollama (pid 7)")


def test_models_that_are_computed_elsewhere_are_found():
    (finding,) = judge(CloudModels(title="Ollama", models=("a:cloud", "b:cloud"), forbid="OLLAMA_NO_CLOUD=1"), SUBJECT)
    assert finding.message == "Ollama on this machine sends prompts for a:cloud and 1 more to somebody else's machines."
    assert finding.remedy == "Set OLLAMA_NO_CLOUD=1, or allow it by policy."


def test_one_model_is_named():
    (finding,) = judge(CloudModels(title="Ollama", models=("a:cloud",)), SUBJECT)
    assert "for a:cloud to" in finding.message
    assert finding.remedy == "Remove them, or allow them by policy."


def test_a_server_of_local_models_is_not_found():
    assert [*judge(CloudModels(title="Ollama", models=()), SUBJECT)] == []
