"""The program's own fingerprint."""

import os
import subprocess
import sys

import pytest

from weighbridge.host import program


def test_it_is_stable_and_follows_the_files(tmp_path, monkeypatch):
    package = tmp_path / "package"
    (package / "room").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "room" / "rule.py").write_text("1")
    monkeypatch.setattr(program.weighbridge, "__file__", str(package / "__init__.py"))
    first = program.program_fingerprint("room")
    assert program.program_fingerprint("room") == first
    (package / "room" / "__pycache__").mkdir()
    (package / "room" / "__pycache__" / "x.pyc").write_text("1")
    (package / "other").mkdir()
    (package / "other" / "x.py").write_text("1")
    assert program.program_fingerprint("room") == first
    (package / "room" / "rule.py").write_text("2")
    assert program.program_fingerprint("room") != first


def test_another_version_in_its_place_is_noticed_and_none_is_too(tmp_path, monkeypatch):
    file = tmp_path / "__init__.py"
    file.write_text("1")
    monkeypatch.setattr(program.weighbridge, "__file__", str(file))
    first = program.program_stamp()
    assert first == program.program_stamp() != ()
    (tmp_path / "new").write_text("22")
    (tmp_path / "new").replace(file)
    assert program.program_stamp() not in (first, ())
    file.unlink()
    assert program.program_stamp() == ()


@pytest.mark.skipif(os.name == "nt", reason="a process keeps its program there")
def test_it_starts_anew_in_the_same_process():
    script = "import os; from weighbridge.host.program import start_anew; print(os.getpid()); start_anew(['--version'])"
    done = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    said = done.communicate(timeout=60)[0].splitlines()
    assert said[0] == str(done.pid)
    assert said[1].startswith("weighbridge ")
