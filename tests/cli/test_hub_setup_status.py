"""`wb hub setup --status` as people read it."""

import pytest
from tests.cli_runs import wb


def status():
    return wb("hub", "setup", "--status")


def test_it_says_which_hub_whether_it_answers_and_what_tools_are_told(small_hub, setup_home):
    assert status()[0] == 2, "no hub is known"
    wb("hub", "setup", small_hub.url, "--token-file", str(setup_home / "token"), "--yes")
    small_hub.answers["/api/whoami-v2"] = 200, {"name": "dana\x1b[31m", "auth": {"accessToken": {"role": "read"}}}
    code, out, _ = status()
    assert code == 0
    assert f"hub     {small_hub.url}" in out
    assert "knows you as dana\\x1b[31m, who may read" in out
    assert "tools   use it" in out
    assert "hf download" in out
    (setup_home / ".bashrc").write_text("")
    assert f"{setup_home}/.bashrc says otherwise" in status()[1]


@pytest.mark.parametrize(("answer", "code"), [((401, {"error": "Who asks? Make a token."}), 21), ((200, []), 1)])
def test_what_is_wrong_is_said_and_is_an_exit_code(small_hub, setup_home, monkeypatch, answer, code):
    monkeypatch.setenv("WEIGHBRIDGE_HUB", small_hub.url)
    small_hub.answers["/api/whoami-v2"] = answer
    found, out, _ = status()
    assert found == code
    assert "tools   not told yet: wb hub setup" in out
    assert "token   none" in out


def test_it_stands_alone(setup_home):
    assert wb("hub", "setup", "--status", "--undo")[0] == 2
    assert wb("hub", "setup", "--status", "https://hub.example.com")[0] == 2
