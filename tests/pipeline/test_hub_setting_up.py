"""Setting up changes real files, keeps the token where only its person can read it, and takes all of it back."""

import os
import stat

import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.host.real import RealMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess, kept_access
from weighbridge.pipeline.hub_setting_up import apply, ollama_key, overruled, plan, surroundings, tools_here
from weighbridge.pipeline.hub_setup import windows_lines

ACCESS = HubAccess(url="https://hub.example.com", token="hf_" + "a" * 40, authorities="-----BEGIN CERTIFICATE-----\n")


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "HF_HOME", "HF_HUB_CACHE", "LM_STUDIO_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    monkeypatch.setattr("weighbridge.pipeline.hub_ollama.OLLAMA_SERVICE", bytes(tmp_path / "service"))
    (tmp_path / ".bashrc").write_text("# mine\n")
    return tmp_path


def test_there_and_back(home):
    machine = RealMachine()
    planned = plan(machine, ACCESS)
    assert (home / ".bashrc").read_text() == "# mine\n", "planning changes nothing"
    apply(machine, planned)
    assert plan(machine, ACCESS).changes == []
    text = (home / ".bashrc").read_text()
    assert text.endswith("# mine\n")
    token = home / "state" / "hub-access" / "token"
    assert token.read_text() == ACCESS.token
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert ACCESS.token not in text
    assert kept_access(machine) == ACCESS
    apply(machine, plan(machine, None))
    assert (home / ".bashrc").read_text() == "# mine\n"
    left = [one for one in home.rglob("*") if one.is_file() and "state" not in one.parts]
    assert left == [home / ".bashrc"]
    assert not token.exists()
    assert kept_access(machine) is None
    assert plan(machine, None).changes == []


def test_what_is_trusted_beside_the_hub_stays_trusted(home):
    apply(RealMachine(), plan(RealMachine(), ACCESS))
    bundle = (home / "state" / "hub-access" / "authorities.pem").read_text()
    assert bundle.endswith(ACCESS.authorities)
    import ssl

    system = ssl.get_default_verify_paths().cafile
    if system is not None:
        assert len(bundle) > len(ACCESS.authorities)


def test_a_file_that_cannot_be_read_stops_it_before_anything_changes(home):
    (home / ".bashrc").write_bytes(b"\xff")
    with pytest.raises(WeighbridgeError) as caught:
        plan(RealMachine(), ACCESS)
    assert caught.value.code == "E-hub-setup"


def test_a_file_that_cannot_be_written_is_said(home, monkeypatch):
    planned = plan(RealMachine(), ACCESS)

    def refuse(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("weighbridge.pipeline.hub_setting_up.write_home_file", refuse)
    with pytest.raises(WeighbridgeError, match="No space left"):
        apply(RealMachine(), planned)
    assert (home / ".bashrc").read_text() == "# mine\n"


def test_on_windows_no_file_changes_and_the_token_is_kept():
    machine = FakeMachine("windows")
    planned = plan(machine, ACCESS)
    assert planned.changes == []
    apply(machine, planned)
    assert kept_access(machine) == ACCESS, "`wb pull` and `wb request` need nothing else"
    endpoint, _, token, *_ = windows_lines(planned.wanted)
    assert endpoint == 'setx HF_ENDPOINT "https://hub.example.com"'
    assert token == f'setx HF_TOKEN_PATH "{planned.wanted.token_file}"'
    assert overruled(machine, planned.wanted) == []
    apply(machine, plan(machine, None))
    assert kept_access(machine) is None


def test_folders_that_were_made_go_again_and_others_stay(home):
    (home / ".config").mkdir()
    (home / ".config" / "fish").mkdir()
    before = sorted(home.rglob("*"))
    machine = RealMachine()
    apply(machine, plan(machine, ACCESS))
    apply(machine, plan(machine, ACCESS))
    assert (home / ".config" / "environment.d").is_dir()
    assert (home / ".config" / "fish" / "conf.d").is_dir()
    apply(machine, plan(machine, None))
    assert sorted(one for one in home.rglob("*") if "state" not in one.parts) == before


def test_lines_of_a_person_that_win_are_named(home):
    (home / ".bashrc").write_text("# HF_ENDPOINT=no\n  export HF_ENDPOINT=https://elsewhere.example.com\nHF_HOME=/x\n")
    machine = RealMachine()
    apply(machine, plan(machine, ACCESS))
    line = (home / ".bashrc").read_text().splitlines().index("  export HF_ENDPOINT=https://elsewhere.example.com") + 1
    expected = f"{home}/.bashrc, line {line}, sets HF_ENDPOINT as well, and wins"
    assert overruled(machine, plan(machine, ACCESS).wanted) == [expected]


def test_only_what_is_here_is_told(home):
    machine = RealMachine()
    assert surroundings(machine).shells == ("bash",)
    assert tools_here(machine) == {"huggingface": True, "llama_cpp": False, "ollama": False, "lm_studio": False}
    for name in (".zshrc", ".ollama", ".lmstudio"):
        (home / name).mkdir() if name != ".zshrc" else (home / name).write_text("")
    assert surroundings(machine).shells == ("bash", "zsh")
    assert tools_here(machine)["ollama"]
    assert ollama_key(machine) == ("", b"")
    (home / ".ollama" / "id_ed25519.pub").write_text("ssh-ed25519 AAAA ada\n")
    assert ollama_key(machine)[0] == "ssh-ed25519 AAAA ada"
    (home / "service" / ".ollama").mkdir(parents=True)
    (home / "service" / ".ollama" / "id_ed25519.pub").write_text("ssh-ed25519 BBBB\n")
    assert ollama_key(machine)[0] == "ssh-ed25519 BBBB", "it is the service that pulls"
    (home / "service" / ".ollama" / "id_ed25519.pub").write_text("ssh-ed25519 BBBB\x1b[31m\n")
    assert ollama_key(machine)[0] == "ssh-ed25519 AAAA ada"
    os.unlink(home / ".ollama" / "id_ed25519.pub")
