"""llama.cpp whole, with `-hf`: its own downloader, cache and server load a model from a real `wb serve`.

The server is the one inside the xllamacpp wheel. With `--deep` so is the program `llama-server`, where one is on the
path or named by WEIGHBRIDGE_LLAMA_SERVER.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from tests.fleet.server_process import LIMIT, free_port
from tests.hub.clients.people import RunningHub
from tests.live.tiny_model import write_tiny_model

pytest.importorskip("xllamacpp")
NAMES = ("tiny-Q4_0.gguf", "tiny model-F16.gguf")
WHEEL = [sys.executable, str(Path(__file__).with_name("llama_server.py"))]
_STEP = 0.05


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Two models that llama.cpp runs; one has a name that must be written otherwise in an address."""
    folder = tmp_path_factory.mktemp("weights")
    return {name: write_tiny_model(folder / name, seed).read_bytes() for seed, name in enumerate(NAMES)}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, weights: dict[str, bytes]) -> Iterator[RunningHub]:
    """A hub with an approved model."""
    started = RunningHub(tmp_path_factory.mktemp("hub"))
    started.publish("acme/tiny-GGUF", weights)
    yield started
    started.close()


@pytest.fixture(params=["wheel", pytest.param("program", marks=pytest.mark.deep)])
def program(request: pytest.FixtureRequest) -> list[str]:
    """How the server is started."""
    if request.param == "wheel":
        return WHEEL
    found = os.environ.get("WEIGHBRIDGE_LLAMA_SERVER") or shutil.which("llama-server")
    if found is None:
        pytest.skip("there is no llama-server on the path")
    return [found]


class LlamaCpp:
    """A machine with llama.cpp.

    Args:
        program: that starts the server.
        home: where its cache lies.
        settings: its variables: where the hub is, and whose token this is.
    """

    def __init__(self, program: list[str], home: Path, settings: dict[str, str]) -> None:
        self._program, self._home = program, home
        self._settings = {"HOME": str(home), "HF_HOME": str(home / "hf"), "PATH": os.defpath, **settings}
        self.said = ""

    @contextmanager
    def _started(self, model: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        port = free_port()
        known = ["-hf", model, "--port", str(port), "--host", "127.0.0.1", "-c", "256", "-np", "1", "-t", "1"]
        with (self._home / "said").open("w+") as said:
            started = [*self._program, *known, "--no-warmup"]
            process = subprocess.Popen(started, env=self._settings, cwd=self._home, stdout=said, stderr=said, text=True)
            try:
                yield process, f"http://127.0.0.1:{port}"
            finally:
                process.kill()
                process.wait(LIMIT)
                self.said = (self._home / "said").read_text()

    def asked(self, model: str) -> int:
        """Load a model and let it write; return how many tokens came: none if it did not load."""
        with self._started(model) as (process, origin), httpx.Client(timeout=LIMIT, trust_env=False) as client:
            end = time.monotonic() + LIMIT
            while process.poll() is None:
                assert time.monotonic() < end, (self._home / "said").read_text()
                with suppress(httpx.TransportError):
                    if client.get(f"{origin}/health").status_code == 200:
                        question = {"prompt": "a", "n_predict": 4, "ignore_eos": True}
                        return client.post(f"{origin}/completion", json=question).json()["tokens_predicted"]
                time.sleep(_STEP)
        return 0

    def blobs(self) -> dict[str, Path]:
        """Return what lies in the cache, by its digest."""
        found = (path for path in self._home.rglob("*") if path.is_file() and not path.is_symlink())
        return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in found if path.name != "said"}


def machine(hub: RunningHub, program: list[str], home: Path, endpoint: str = "HF_ENDPOINT") -> LlamaCpp:
    """Return a machine of somebody who may read."""
    home.mkdir(exist_ok=True)
    elsewhere = {"HF_ENDPOINT": "http://127.0.0.1:1"}  # where nobody is
    return LlamaCpp(program, home, elsewhere | {endpoint: hub.origin, "HF_TOKEN": hub.tokens["rita"]})


@pytest.mark.parametrize(("tag", "name"), [("Q4_0", NAMES[0]), ("F16", NAMES[1])])
def test_a_model_is_loaded_by_its_name(hub: RunningHub, weights, program: list[str], tmp_path: Path, tag, name):
    llama = machine(hub, program, tmp_path, "MODEL_ENDPOINT")
    assert llama.asked(f"acme/tiny-GGUF:{tag}") == 4, llama.said
    assert hashlib.sha256(weights[name]).hexdigest() in llama.blobs()


def test_a_download_that_broke_off_goes_on(hub: RunningHub, weights, program: list[str], tmp_path: Path):
    """From an empty cache but for half a file: whoever began anew would leave the wrong start where it is."""
    digest = hashlib.sha256(weights[NAMES[0]]).hexdigest()
    part = tmp_path / "hf" / "hub" / "models--acme--tiny-GGUF" / "blobs" / f"{digest}.downloadInProgress"
    part.parent.mkdir(parents=True)
    half = len(weights[NAMES[0]]) // 2
    # Bytes that only the first half can have: a whole download would replace them.
    part.write_bytes(b"GGUF" + bytes(half - 4))
    llama = machine(hub, program, tmp_path)
    llama.asked("acme/tiny-GGUF:Q4_0")
    assert part.with_suffix("").read_bytes() == b"GGUF" + bytes(half - 4) + weights[NAMES[0]][half:], llama.said


def test_what_its_people_read(hub: RunningHub, program: list[str], tmp_path: Path):
    llama = machine(hub, program, tmp_path)
    assert not llama.asked("acme/none")
    link = f"{hub.origin}/catalog/request?model=acme/none"
    assert f"acme/none is not in the catalog. Ask for it: wb request acme/none --why ..., or {link}" in llama.said
    assert not llama.asked("acme/tiny-GGUF:Q9_9")
    assert "tiny-Q4_0.gguf" in llama.said  # it says itself what there is instead


def test_a_revocation_reaches_a_full_cache(hub: RunningHub, weights, program: list[str], tmp_path: Path):
    """The page that takes the place of a revoked model has no weights, and so the cached ones are not taken either."""
    model = f"acme/doomed-{len(program)}"
    hub.publish(model, {NAMES[0]: weights[NAMES[0]]})
    llama = machine(hub, program, tmp_path)
    assert llama.asked(model) == 4, llama.said
    hub.decide(hub.head(model), "revoke", reason="It phones home")
    assert llama.asked(model) == 0
    assert f"no GGUF files found in repository {model}" in llama.said
