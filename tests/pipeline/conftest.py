"""What tests of the pipeline share."""

from pathlib import Path

import pytest
from tests.pipeline.hub_kit import FILES
from tests.pipeline.hub_server import SmallHub


@pytest.fixture
def hub():
    with SmallHub(dict(FILES)) as started:
        yield started


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME", "LM_STUDIO_HOME", "OLLAMA_MODELS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("weighbridge.pipeline.hub_ollama.OLLAMA_SERVICE", bytes(tmp_path / "service"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    return tmp_path
