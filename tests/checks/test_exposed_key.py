import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.exposed_key import judge
from weighbridge.model.agent import LeakedKey
from weighbridge.model.agent_observation import KeySeen
from weighbridge.model.finding import Confidence, Severity

SUBJECT = Subject(format="agent", name=".claude.json")


def key(others: int = 0, sharers: tuple[str, ...] = (), **changes: object) -> KeySeen:
    values = {"format": "huggingface", "provider": "Hugging Face", "fingerprint": "0a" * 16, "name": "HF_TOKEN"}
    return KeySeen(leaked=LeakedKey(**(values | changes)), others=others, sharers=sharers)


def test_a_key_in_a_configuration() -> None:
    (finding,) = judge(key(), SUBJECT)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.HIGH)
    assert finding.message == "A key for Hugging Face (HF_TOKEN) is written out in .claude.json."


@pytest.mark.parametrize(
    "worse",
    [
        key(place="project file"),
        key(readable_by="everybody"),
        key(others=1, sharers=("claude_code", "cursor")),
    ],
)
def test_what_makes_it_worse(worse: KeySeen) -> None:
    (finding,) = judge(worse, SUBJECT)
    assert finding.severity is Severity.HIGH


def test_a_name_alone_is_less_sure() -> None:
    (finding,) = judge(key(format="by-name", provider="unknown"), SUBJECT)
    assert finding.confidence is Confidence.MEDIUM
    assert finding.message == "A secret (HF_TOKEN) is written out in .claude.json."


def test_the_same_key_elsewhere_is_told() -> None:
    (finding,) = judge(key(others=2), SUBJECT)
    assert finding.message.endswith("the same as in 2 other places.")


def test_near_miss_a_store_that_only_its_owner_can_read() -> None:
    assert list(judge(key(place="credential store"), SUBJECT)) == []
    assert list(judge(key(place="credential store", readable_by="everybody"), SUBJECT)) != []


def test_the_environment_of_a_process_is_a_note() -> None:
    (finding,) = judge(key(place="environment", pid=5), Subject(format="process", name="claude (pid 5)"))
    assert finding.severity is Severity.LOW
    assert finding.message == "A key for Hugging Face (HF_TOKEN) is in the environment of claude (pid 5)."
