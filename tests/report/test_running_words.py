import pytest
from tests.tui.snapshots import AGENT, OFFICE, SERVER

from weighbridge.model.actor import Actor, ActorKind
from weighbridge.model.running import Listener, RunningWeights, WeightsEvidence
from weighbridge.report.running_words import (
    accelerator_word,
    actor_word,
    digest_word,
    listener_word,
    network_word,
    runtime_word,
    weights_name,
    weights_state,
)

MAPPED = (WeightsEvidence.MAPPED,)


@pytest.mark.parametrize(
    ("weights", "name", "digest", "state"),
    [
        (RunningWeights(evidence=MAPPED), "—", "—", ""),
        (RunningWeights(evidence=MAPPED, path=b"C:\\m\\a.gguf", deleted=True), "a.gguf", "—", "deleted since"),
        (RunningWeights(evidence=MAPPED, path=b"/m/a", name="phi"), "phi", "—", ""),
        (RunningWeights(evidence=MAPPED, sha256="12" * 32, claimed_sha256="34" * 32), "—", "121212121212", ""),
        (RunningWeights(evidence=MAPPED, claimed_sha256="34" * 32), "—", "~343434343434", ""),
        (RunningWeights(evidence=MAPPED, name="\x1b[1m"), "\\x1b[1m", "—", ""),
    ],
)
def test_weights(weights: RunningWeights, name: str, digest: str, state: str) -> None:
    assert (weights_name(weights), digest_word(weights), weights_state(weights)) == (name, digest, state)


@pytest.mark.parametrize(
    ("listener", "word"),
    [
        (Listener(transport="tcp", address="127.0.0.1", port=80), "127.0.0.1:80"),
        (Listener(transport="tcp", address="::1", port=80), "[::1]:80"),
        (Listener(transport="unix", address="@x"), "@x"),
    ],
)
def test_listeners(listener: Listener, word: str) -> None:
    assert listener_word(listener) == word


def test_the_rest() -> None:
    assert accelerator_word(SERVER.accelerators[0]) == "H100 75% 4.00 GB"
    assert (actor_word(AGENT.actor), actor_word(Actor(kind=ActorKind.AGENT)), actor_word(Actor())) == (
        "agent claude_code",
        "agent",
        "unknown",
    )
    assert network_word(OFFICE) == "corporate"
    assert (runtime_word(SERVER), runtime_word(AGENT)) == ("llama_cpp", "claude")
