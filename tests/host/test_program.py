"""The program's own fingerprint."""

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
