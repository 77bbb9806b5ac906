"""`wb pull` as people type it, against a small hub."""

import pytest
from tests.cli_runs import wb
from tests.pipeline.hub_answers import NOON, entry
from tests.pipeline.hub_server import COMMIT, SmallHub


@pytest.fixture
def hub(tmp_path, monkeypatch):
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "OLLAMA_MODELS"):
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


def test_a_task_brings_what_the_hub_recommends_and_says_why(hub):
    coder, other = entry("acme/coder", data_classes="internal"), entry("acme/older", NOON - 1)
    hub.answers["/api/v1/models?task=coding&sort=best&limit=200"] = 200, {"models": [coder, other]}
    code, _, err = wb("pull", "--task", "coding")
    assert code == 0
    assert "coding: acme/coder, the newest; approved 2026-11-20, for data that is internal" in err
    assert "there are also acme/older" in err
    hub.answers["/api/v1/models?task=poems&sort=best&limit=200"] = 200, {"models": []}
    assert wb("pull", "--task", "poems")[0] == 3


def test_a_lock_file_brings_the_same_again_and_says_when_it_cannot(hub, tmp_path):
    lock = tmp_path / "models.lock"
    code, _, err = wb("pull", "acme/coder", "--include", "*.json", "--lock", str(lock))
    assert code == 0, err
    assert f"wb pull --locked {lock}" in err
    assert wb("pull", "acme/coder", "--include", "*.json", "--lock", str(lock))[0] == 0
    assert lock.read_text().count('"name"') == 1
    code, out, err = wb("pull", "--locked", str(lock))
    assert (code, out.count("\n")) == (0, 1)
    assert "1 file, every byte checked" in err
    hub.files["config.json"] = b"[]"
    code, _, err = wb("pull", "--locked", str(lock))
    assert code == 1
    assert "E-pull-locked" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("acme/coder", "--task", "x"),
        ("--locked", "x", "--lock", "y"),
        ("--locked", "x", "--include", "*"),
        ("--locked", "missing"),
    ],
)
def test_what_makes_no_sense_asks_nobody(hub, arguments):
    assert wb("pull", *arguments)[0] == 2
    assert hub.seen == []


def test_a_file_that_is_something_else_is_not_written_over(hub, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert wb("pull", "acme/coder", "--lock", str(tmp_path / "notes.txt"))[0] == 2
    assert (tmp_path / "notes.txt").read_text() == "mine"
