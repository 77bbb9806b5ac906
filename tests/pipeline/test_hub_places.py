"""A release stands where the tools look, once."""

import hashlib
import os
from pathlib import Path

import pytest
from tests.pipeline.hub_kit import FILES, WEIGHTS, pulled, repository
from tests.pipeline.hub_server import COMMIT


def test_a_release_stands_in_the_cache_as_its_own_library_puts_it(hub, home):
    found = pulled(hub)
    snapshot = repository(home) / "snapshots" / COMMIT
    assert {str(one.relative_to(snapshot)): one.read_bytes() for one in snapshot.rglob("*") if one.is_file()} == FILES
    assert (repository(home) / "refs" / "main").read_text() == COMMIT
    names = {one.name for one in (repository(home) / "blobs").iterdir()}
    assert names == {hashlib.sha256(content).hexdigest() for content in FILES.values()}
    assert (snapshot / "nested" / "same.gguf").resolve() == (snapshot / "model.gguf").resolve()
    assert found.release.warning == "For code only."
    assert found.fetched == sum(map(len, set(FILES.values())))
    assert all(headers["Authorization"] == "Bearer hf_" + "a" * 40 for _, headers in hub.seen)


def test_it_is_said_how_to_load_what_there_is(hub, home):
    assert pulled(hub).places[0].how == 'from_pretrained("acme/coder")'
    hub.files = {path: content for path, content in FILES.items() if path != "config.json"}
    assert pulled(hub).places[0].how == 'hf_hub_download("acme/coder", "model.gguf")'


def test_the_stock_library_finds_it_without_asking_anybody(hub, home, monkeypatch):
    pulled(hub)
    huggingface_hub = pytest.importorskip("huggingface_hub")
    found = huggingface_hub.snapshot_download("acme/coder", local_files_only=True, cache_dir=str(home / "hf" / "hub"))
    assert Path(found).joinpath("config.json").read_bytes() == b"{}"


def test_lm_studio_finds_the_weights_and_they_take_no_room(hub, home):
    (home / ".lmstudio").mkdir()
    found = pulled(hub)
    placed = home / ".lmstudio" / "models" / "acme" / "coder" / "model.gguf"
    assert placed.read_bytes() == WEIGHTS
    assert os.stat(placed).st_ino == os.stat(repository(home) / "snapshots" / COMMIT / "model.gguf").st_ino
    assert [place.tool for place in found.places] == ["Hugging Face", "LM Studio"]
