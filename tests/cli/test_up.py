import importlib.util
import io
from pathlib import Path

import pytest

from weighbridge.cli import up
from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen
from weighbridge.host.fake import FakeMachine
from weighbridge.pipeline.demo_files import safetensors


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    small = FakeMachine(environment={"WEIGHBRIDGE_STATE": str(tmp_path / "state")})
    small.add_file(b"/home/ada/a.safetensors", safetensors([("a", (4,), "F32")]))
    monkeypatch.setattr("weighbridge.host.real.RealMachine", lambda: small)
    return small


def test_once_shows_the_table_writes_the_page_and_ends(machine: FakeMachine, tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run(["up", "--once"], Screen(out, err, {})) == 0
    assert "CLEAN 1" in out.getvalue()
    page = tmp_path / "state" / "report.html"
    assert str(page) in err.getvalue()
    assert "a.safetensors" in page.read_text(encoding="utf-8")


def test_it_serves_until_interrupted(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def interrupted(self: object) -> None:
        seen.append(self)
        raise KeyboardInterrupt

    monkeypatch.setattr("weighbridge.cli.page_server.PageServer.serve_forever", interrupted)
    monkeypatch.setattr("webbrowser.open", lambda url: pytest.fail(f"opened {url}"))
    err = io.StringIO()
    assert run(["up", "--report-only", "--no-open"], Screen(io.StringIO(), err, {"DISPLAY": ":0"})) == 0
    assert len(seen) == 1
    assert "http://127.0.0.1:" in err.getvalue()


def test_a_page_is_opened_only_where_there_is_a_display(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("weighbridge.cli.page_server.PageServer.serve_forever", lambda self: None)
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("sys.platform", "linux")
    run(["up", "--report-only"], Screen(io.StringIO(), io.StringIO(), {}))
    assert opened == []
    run(["up", "--report-only"], Screen(io.StringIO(), io.StringIO(), {"DISPLAY": ":0"}))
    assert len(opened) == 1
    assert up.REPORT == "report.html"


def test_what_was_postponed_is_said(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "MOST_HASHED", 10)
    err = io.StringIO()
    assert run(["up", "--once"], Screen(io.StringIO(), err, {})) == 0
    assert "1 artifact" in err.getvalue()
    assert "`wb scan` hashes all" in err.getvalue()
    monkeypatch.setattr(up, "SECONDS", -1.0)
    machine.add_file(b"/home/ada/b.safetensors", safetensors([("b", (4,), "F32")]))
    err = io.StringIO()
    assert run(["up", "--once"], Screen(io.StringIO(), err, {})) == 4
    assert "`wb up` again goes on from here" in err.getvalue()


def test_without_what_the_server_needs_the_report_is_served(
    machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []
    monkeypatch.setattr("weighbridge.cli.page_server.PageServer.serve_forever", lambda self: served.append(self))
    real = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name, *more: None if name == "litestar" else real(name, *more)
    )
    err = io.StringIO()
    assert run(["up", "--no-open"], Screen(io.StringIO(), err, {})) == 0
    assert len(served) == 1
    assert "pip install 'weighbridge[server]'" in err.getvalue()


def test_what_is_not_recorded_is_not_shown_in_a_console(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.cli.page_server.PageServer.serve_forever", lambda self: None)
    monkeypatch.setattr(up, "console_served", lambda *_, **__: pytest.fail("the console was served"))
    assert run(["up", "--no-open", "--no-record"], Screen(io.StringIO(), io.StringIO(), {})) == 0
