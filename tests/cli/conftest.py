"""What tests of commands share that are about a hub: an empty home, and a small hub."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.pipeline.hub_server import SmallHub


@pytest.fixture
def setup_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the home."""
    for name in ("XDG_CONFIG_HOME", "HF_HOME", "HF_HUB_CACHE", "HF_TOKEN", "WEIGHBRIDGE_HUB", "LM_STUDIO_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    monkeypatch.setattr("weighbridge.pipeline.hub_ollama.OLLAMA_SERVICE", bytes(tmp_path / "service"))
    (tmp_path / "token").write_text("hf_" + "a" * 40)
    return tmp_path


@pytest.fixture
def small_hub() -> Iterator[SmallHub]:
    """Start the hub."""
    with SmallHub({}) as started:
        yield started


@pytest.fixture(autouse=True)
def _no_examples_in_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of examples are nowhere, and nobody outside is asked whether they are."""
    real = socket.getaddrinfo

    def asked(host: object, *arguments: Any, **more: Any) -> Any:
        if str(host).endswith(".example.com"):
            raise socket.gaierror(socket.EAI_NONAME, "name or service not known")
        return real(host, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", asked)
