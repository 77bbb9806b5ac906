"""Printing to PDF, where WeasyPrint and Pango are: nothing is fetched, opened or reached."""

import subprocess
import sys

import pytest

from weighbridge.host import page_printer, page_printer_child
from weighbridge.host.page_printer import PrintError, can_print, printed

PAGE = "<!doctype html><html lang='en'><title>t</title><body><h1>Board page</h1>{}</body></html>"


@pytest.fixture(scope="module")
def printer():
    if not can_print():
        pytest.skip("WeasyPrint is not installed: it is an extra")
    try:
        printed(PAGE.format(""))
    except PrintError as error:
        if "cannot be loaded" in str(error):
            pytest.skip(str(error))
        raise


def test_a_page_is_printed_and_the_same_twice(printer):
    page = PAGE.format("<p>all is well</p>")
    assert printed(page).startswith(b"%PDF-")
    assert printed(page) == printed(page)


def test_what_a_page_names_is_not_fetched(printer, tmp_path):
    secret = tmp_path / "secret.css"
    secret.write_text("@page{size:10cm 10cm}")
    wants = (
        f"<link rel=stylesheet href='{secret.as_uri()}'><img src='{secret.as_uri()}'>"
        "<img src='http://127.0.0.1:9/x.png'><object data='file:///etc/passwd'></object>"
    )
    with_it, without = printed(PAGE.format(wants + "<p>end</p>")), printed(PAGE.format("<p>end</p>"))
    assert b"/MediaBox [0 0 283" not in with_it
    assert with_it.count(b"/Image") == without.count(b"/Image")


@pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is Linux's")
def test_the_process_that_prints_reaches_nothing(tmp_path):
    """What runs after it gave up its rights: no socket, no program, no file written; fonts are read."""
    program = f"""
import sys, os, socket
sys.path.insert(0, {str(page_printer_child.__file__).rpartition("/weighbridge/")[0]!r})
from weighbridge.host import page_printer_child
page_printer_child._give_up_rights()
for name, attempt in (
    ("socket", lambda: socket.socket()),
    ("program", lambda: os.execv("/bin/true", ["true"])),
    ("write", lambda: os.write(os.open({str(tmp_path / "x")!r}, os.O_WRONLY | os.O_CREAT), b"x")),
):
    try:
        attempt()
        print(name, "worked")
    except OSError as error:
        print(name, "refused")
print("read", len(open("/proc/self/status").read()) > 0)
"""
    with_signal = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + program
    command = [sys.executable, "-I", "-c", with_signal]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == ["socket refused", "program refused", "write refused", "read True"]


def test_a_page_that_takes_too_long_is_given_up(printer):
    with pytest.raises(PrintError, match=r"no PDF within 0\.01 s"):
        printed(PAGE.format("<p>x</p>" * 1000), timeout=0.01)


def test_a_page_that_is_too_long_is_not_tried(monkeypatch):
    monkeypatch.setattr(page_printer, "LARGEST_PAGE", 10)
    with pytest.raises(PrintError, match="too long"):
        printed("x" * 11)


def test_without_the_package_that_is_said(monkeypatch, tmp_path):
    child = tmp_path / "child.py"
    child.write_text("import sys\nsys.stderr.write('first\\nWeasyPrint cannot be loaded: no Pango\\n')\nsys.exit(1)\n")
    monkeypatch.setattr(page_printer_child, "__file__", str(child))
    with pytest.raises(PrintError, match="cannot be loaded: no Pango"):
        printed("x")
    child.write_text("import sys\nsys.stdout.write('no pdf')\n")
    with pytest.raises(PrintError, match="ended"):
        printed("x")
