"""`wb pull` as people type it, against a small hub."""

import pytest
from tests.cli_runs import wb
from tests.pipeline.hub_server import COMMIT, SmallHub


@pytest.fixture
def hub(tmp_path, monkeypatch):
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    with SmallHub({"config.json": b"{}", "model.gguf": b"GGUF" * 1000}) as started:
        monkeypatch.setenv("WEIGHBRIDGE_HUB", started.url)
        yield started


def test_a_model_comes_and_its_folder_is_what_a_script_gets(hub, tmp_path):
    code, out, err = wb("pull", "acme/coder")
    assert code == 0, err
    assert out.strip() == str(tmp_path / "hf" / "hub" / "models--acme--coder" / "snapshots" / COMMIT)
    assert "2 files, every byte checked, 4.00 kB fetched" in err
    assert "For code only." in err
    assert 'from_pretrained("acme/coder")' in err
    assert "all of it was here" in wb("pull", "acme/coder")[2]


def test_a_version_is_asked_for(hub):
    wb("pull", "acme/coder@v1")
    assert hub.seen[0][0] == "/api/models/acme/coder/revision/v1"


def test_a_refusal_is_an_exit_code_and_the_next_step(hub):
    hub.refusal = 403, {"error": "acme/coder is not approved yet. Follow it here: https://hub.example.com/x"}
    code, out, err = wb("pull", "acme/coder")
    assert (code, out) == (21, "")
    assert "is not approved yet" in err
    assert "https://hub.example.com/x" in err


def test_a_name_that_is_none_is_refused_without_asking_anybody(hub):
    assert wb("pull", "../../etc")[0] == 2
    assert hub.seen == []


def test_something_must_be_named(hub):
    assert wb("pull")[0] == 2
