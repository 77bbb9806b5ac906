"""What is written can be taken back to the byte, and shells read it as it was meant."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.pipeline.hub_setup import BEGIN, Surroundings, Wanted, changes, tool_lines, variables

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
