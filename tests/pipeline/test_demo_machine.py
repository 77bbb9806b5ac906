from functools import cache

from weighbridge.host.fake import FakeMachine
from weighbridge.model.artifact import Scan
from weighbridge.model.finding import Assessment
from weighbridge.pipeline.demo_machine import demo_machine
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan


@cache
def weighed() -> tuple[FakeMachine, Scan]:
    machine = demo_machine()
    return machine, scan(machine, Options(cache=False))


def assessment(ending: str) -> Assessment:
    _, result = weighed()
    (found,) = [
        artifact
        for artifact in result.artifacts
        if any(place.path.endswith(ending.encode()) for place in artifact.places)
    ]
    return found.assessment


def test_the_sample_machine_shows_every_assessment() -> None:
    assert assessment("Downloads/sentiment_weights.dat") is Assessment.MALICIOUS
    assert assessment("Downloads/helpful-assistant.gguf") is Assessment.MALICIOUS
    assert assessment("Downloads/merged-style.safetensors") is Assessment.HOSTILE
    assert assessment("Downloads/half-a-model.gguf") is Assessment.INCOMPLETE
    assert assessment("Downloads/private-model.zip") is Assessment.INCOMPLETE
    assert assessment("churn/baseline.pkl") is Assessment.REVIEW
    assert assessment("churn/whole_model.pt") is Assessment.REVIEW
    assert assessment("churn/checkpoints/epoch-3.pt") is Assessment.CLEAN
    assert assessment("vision/detector.onnx") is Assessment.CLEAN
    assert assessment("search/embeddings.npy") is Assessment.CLEAN
    assert assessment("adapter/adapter_model.safetensors") is Assessment.CLEAN


def test_stores_are_recognized_and_copies_joined() -> None:
    _, result = weighed()
    stores = {place.store for artifact in result.artifacts for place in artifact.places} - {None}
    assert stores == {"huggingface", "lm-studio", "ollama"}
    (shared,) = [
        artifact
        for artifact in result.artifacts
        if any(place.path.endswith(b"models/qwen3.gguf") for place in artifact.places)
    ]
    assert len(shared.places) == 2


def test_what_may_not_be_read_is_said() -> None:
    _, result = weighed()
    assert [item.path.rpartition(b"/")[2] for item in result.unexamined] == [b"secret"]
