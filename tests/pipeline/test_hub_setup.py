"""What is written can be taken back to the byte, and shells read it as it was meant."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_setup import (
    BEGIN,
    END,
    Surroundings,
    Wanted,
    changes,
    own_settings,
    tool_lines,
    variables,
    windows_lines,
)

HERE = Surroundings(platform="linux", home="/home/ada", shells=("bash", "fish", "zsh"), config="/home/ada/.config")
WANTED = Wanted(url="https://hub.example.com", token_file="/state/it's mine/token", authorities_file="/state/ca.pem")
TEXTS = st.dictionaries(
    st.sampled_from(["/home/ada/.bashrc", "/home/ada/.profile", "/home/ada/.zshenv"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1).filter(lambda text: BEGIN not in text),
)


def applied(files, found):
    files = dict(files)
    for change in found:
        assert files.get(change.path) == change.before
        if change.after is None:
            files.pop(change.path, None)
        else:
            files[change.path] = change.after
    return files


@given(TEXTS)
def test_there_and_back_leaves_every_file_as_it_was(files):
    there = applied(files, changes(WANTED, HERE, files.get))
    assert there != files
    assert changes(WANTED, HERE, there.get) == []
    assert applied(there, changes(None, HERE, there.get)) == files


def test_another_hub_replaces_the_first():
    files = applied({}, changes(WANTED, HERE, {}.get))
    other = Wanted(url="https://other.example.com")
    files = applied(files, changes(other, HERE, files.get))
    assert files["/home/ada/.bashrc"].count(BEGIN) == 1
    assert "hub.example.com" not in "".join(files.values())


def test_what_a_person_wrote_around_it_meanwhile_stays():
    files = applied({"/home/ada/.bashrc": "a\n"}, changes(WANTED, HERE, {"/home/ada/.bashrc": "a\n"}.get))
    files["/home/ada/.bashrc"] = f"before\n{files['/home/ada/.bashrc']}after\n"
    assert applied(files, changes(None, HERE, files.get))["/home/ada/.bashrc"] == "before\na\nafter\n"


@pytest.mark.parametrize("change", [lambda text: text.replace("\n", "\r\n"), lambda text: text.removesuffix("\n")])
def test_what_an_editor_did_to_the_ends_of_lines_does_not_keep_it_there(change):
    ours = changes(WANTED, HERE, {}.get)[0].after
    files = {"/home/ada/.bashrc": change(f"# mine\n{ours}")}
    left = applied(files, changes(None, HERE, files.get))["/home/ada/.bashrc"]
    assert left.splitlines() == ["# mine"]
    assert applied(files, changes(WANTED, HERE, files.get))["/home/ada/.bashrc"].count(BEGIN) == 1


@pytest.mark.parametrize("mark", [BEGIN, END])
def test_half_of_the_marks_is_said_and_not_guessed_at(mark):
    files = {"/home/ada/.bashrc": f"# mine\n{mark}\nexport PATH\n"}
    for wanted in (WANTED, None):
        with pytest.raises(WeighbridgeError, match="one of the two marks") as caught:
            changes(wanted, HERE, files.get)
        assert mark in caught.value.hint


def test_bash_is_told_in_the_files_that_it_reads_when_somebody_logs_in():
    here = Surroundings(
        platform="darwin", home="/h", shells=("bash",), config="/c", login_files=(".bash_profile", ".profile")
    )
    files = applied({"/h/.bash_profile": "# mine\n"}, changes(WANTED, here, {"/h/.bash_profile": "# mine\n"}.get))
    assert {path for path in files if BEGIN in files[path]} == {"/h/.bashrc", "/h/.bash_profile", "/h/.profile"}
    gone = Surroundings(platform="darwin", home="/h", shells=("zsh",), config="/c")
    assert applied(files, changes(None, gone, files.get)) == {"/h/.bash_profile": "# mine\n"}, "whatever is used now"


def test_own_lines_that_set_the_same_are_found_and_ours_are_not():
    texts = {
        "/home/ada/.bashrc": "HF_TOKEN=mine\n  export SSL_CERT_FILE=/x\n# HF_TOKEN=no\nHF_HOME=y\nMODEL_ENDPOINT=z\n"
    }
    there = applied(texts, changes(WANTED, HERE, texts.get))
    shift = there["/home/ada/.bashrc"].splitlines().index("HF_TOKEN=mine") + 1
    assert own_settings(WANTED, HERE, there.get) == [
        ("/home/ada/.bashrc", shift, "HF_TOKEN"),
        ("/home/ada/.bashrc", shift + 1, "SSL_CERT_FILE"),
        ("/home/ada/.bashrc", shift + 4, "MODEL_ENDPOINT"),
    ]
    fish = {"/home/ada/.config/fish/config.fish": "set -g -x HF_ENDPOINT x\nset -e HF_HOME\n"}
    assert own_settings(WANTED, HERE, fish.get) == [("/home/ada/.config/fish/config.fish", 1, "HF_ENDPOINT")]
    plain = Wanted(url="https://hub.example.com")
    assert [name for _, _, name in own_settings(plain, HERE, there.get)] == ["HF_TOKEN", "MODEL_ENDPOINT"]


def test_windows_is_told_in_lines_that_people_type():
    lines = windows_lines(Wanted(url="https://hub.example.com", token_file="C:\\Users\\ada\\token"))
    assert 'setx HF_TOKEN_PATH "C:\\Users\\ada\\token"' in lines
    assert windows_lines(None)[0] == "reg delete HKCU\\Environment /f /v HF_ENDPOINT"


@pytest.mark.parametrize("shell", ["bash", "dash", "zsh", "fish"])
def test_a_shell_has_the_variables_afterwards(shell, tmp_path):
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not installed")
    token = tmp_path / "it's $(touch bad) mine"
    token.write_text("hf_secret\n")
    wanted = Wanted(url="https://hub.example.com/$(touch bad)`touch bad`", token_file=str(token))
    texts = {one.path: one.after for one in changes(wanted, HERE, {}.get)}
    text = next(text for path, text in texts.items() if path.endswith(".fish" if shell == "fish" else ".bashrc"))
    script = tmp_path / "script"
    script.write_text(text)
    said = subprocess.run(
        [found, "-c", f". '{script}'; env"], capture_output=True, text=True, cwd=tmp_path, check=True, env={}
    ).stdout.splitlines()
    assert f"HF_ENDPOINT={wanted.url}" in said
    assert f"HF_TOKEN_PATH={token}" in said
    assert "HF_TOKEN=hf_secret" in said
    assert not (tmp_path / "bad").exists()


def test_no_variable_is_told_for_what_is_not_wanted():
    assert set(variables(Wanted(url="https://x"))) == {"HF_ENDPOINT", "HF_HUB_DISABLE_UPDATE_CHECK"}


def test_the_diff_is_what_people_read():
    (change,) = changes(
        Wanted(url="https://x"), Surroundings(platform="darwin", home="/h", shells=("zsh",), config="/c"), {}.get
    )
    assert change.diff.startswith("--- (new)\n+++ /h/.zshenv\n")
    assert "+export HF_ENDPOINT='https://x'\n" in change.diff


def test_only_tools_that_are_here_are_told_of():
    lines = tool_lines({"ollama": True, "huggingface": False}, Wanted(url="https://hub.example.com"), "Acme/Coder")
    assert lines == [("Ollama", "ollama pull hub.example.com/acme/coder")]
    here = tool_lines({"ollama": True}, Wanted(url="http://127.0.0.1:8480"), "Acme/Coder")
    assert here == [("Ollama", "ollama pull --insecure 127.0.0.1:8480/acme/coder")]
