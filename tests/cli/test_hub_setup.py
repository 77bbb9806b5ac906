"""`wb hub setup` as people type it: what it shows, asks and leaves."""

import io

import pytest
from tests.cli_runs import wb


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "HF_HOME", "HF_HUB_CACHE", "HF_TOKEN", "WEIGHBRIDGE_HUB"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    (tmp_path / ".bashrc").write_text("# mine\n")
    return tmp_path


def test_it_shows_the_change_makes_it_and_takes_it_back(home):
    (home / "token").write_text("hf_" + "a" * 40 + "\n")
    code, out, err = wb("hub", "setup", "https://hub.example.com/", "--token-file", str(home / "token"), "--yes")
    assert code == 0
    assert "+export HF_ENDPOINT='https://hub.example.com'" in out
    assert "a" * 40 not in out + err
    assert "hf download NAMESPACE/NAME" in err
    assert wb("hub", "setup", "https://hub.example.com", "--yes", "--token-file", str(home / "token"))[1] == ""
    code, out, err = wb("hub", "setup", "--undo", "--yes")
    assert (code, (home / ".bashrc").read_text()) == (0, "# mine\n")
    assert "as they were" in err


def test_running_it_again_keeps_the_hub_and_its_token(home):
    (home / "token").write_text("hf_" + "a" * 40)
    assert wb("hub", "setup", "https://hub.example.com", "--yes")[0] == 0
    code, _, err = wb("hub", "setup", "--token-file", str(home / "token"), "--yes")
    assert code == 0
    assert "without a token" not in err
    code, out, err = wb("hub", "setup", "--yes")
    assert (code, out) == (0, "")
    assert "say so already" in err
    assert (home / "state" / "hub-access" / "token").exists()


def test_without_a_token_it_says_where_one_is_made(home):
    code, _, err = wb("hub", "setup", "https://hub.example.com", "--yes")
    assert code == 0
    assert "https://hub.example.com/catalog/tokens: wb hub setup --token-file FILE" in err


def test_where_nobody_can_be_asked_nothing_changes(home, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    code, _, err = wb("hub", "setup", "https://hub.example.com")
    assert code == 2
    assert "--yes" in err
    assert (home / ".bashrc").read_text() == "# mine\n"


def test_a_line_that_wins_is_said_then_and_later(home):
    (home / ".bashrc").write_text("export HF_ENDPOINT=https://huggingface.example\n")
    _, _, err = wb("hub", "setup", "https://127.0.0.1:1", "--yes")
    assert "sets HF_ENDPOINT as well, and wins" in err
    assert "sets HF_ENDPOINT as well, and wins" in wb("hub", "setup", "--status")[1]


def test_a_dry_run_changes_nothing(home):
    code, out, _ = wb("hub", "setup", "https://hub.example.com", "--dry-run")
    assert code == 0
    assert "HF_ENDPOINT" in out
    assert (home / ".bashrc").read_text() == "# mine\n"
    assert not (home / "state" / "hub-access" / "access").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("setup",), "E-no-hub"),
        (("setup", "http://hub.example.com"), "E-fleet-address"),
        (("setup", "--undo", "https://hub.example.com"), "stands alone"),
        (("setup", "https://hub.example.com", "--token-file", "missing"), "missing"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(home, arguments, code):
    status, _, err = wb("hub", *arguments, "--yes")
    assert status == 2
    assert code in err
    assert (home / ".bashrc").read_text() == "# mine\n"


def test_what_is_no_token_is_refused(home):
    (home / "token").write_text("secret; rm -rf /\n")
    status, _, err = wb("hub", "setup", "https://hub.example.com", "--token-file", str(home / "token"), "--yes")
    assert status == 2
    assert "is no token of the hub" in err
