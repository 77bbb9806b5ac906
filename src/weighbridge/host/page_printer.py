"""Prints a page to PDF in a process of its own, which reaches no network and fetches nothing that the page names.

What does it is the optional package WeasyPrint, which needs Pango on the system. The process gets the page on its
standard input and gives the PDF on its standard output; it may die without harm.
"""

import os
import subprocess  # noqa: TID251  (host is where processes are started)
import sys
from importlib.util import find_spec

import weighbridge
from weighbridge.host import page_printer_child

LARGEST_PAGE = 32 << 20
TIMEOUT_SECONDS = 180.0
"""Wall-clock limit; the processor time of the process is limited beside that."""
_SAID = 500


class PrintError(Exception):
    """A page could not be printed; the text says why."""


def can_print() -> bool:
    """Tell whether the package that prints is installed."""
    return find_spec("weasyprint") is not None


def printed(page: str, timeout: float = TIMEOUT_SECONDS) -> bytes:
    """Return a page as PDF. Slow, so never in an event loop.

    Args:
        page: HTML that needs nothing else; what it names is not fetched.
        timeout: seconds after which it is given up.

    Raises:
        PrintError: why it cannot be printed.
    """
    content = page.encode("utf-8", "replace")
    if len(content) > LARGEST_PAGE:
        raise PrintError("the page is too long to be printed")
    folder = os.path.dirname(os.path.dirname(os.path.abspath(weighbridge.__file__)))
    script = os.path.abspath(page_printer_child.__file__)
    command = [sys.executable, "-I", "-B", "-X", "utf8", script, folder]
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter and file, no shell)
            command, input=content, capture_output=True, check=False, timeout=timeout, env=_environment(), cwd=folder
        )
    except subprocess.TimeoutExpired:
        raise PrintError(f"no PDF within {timeout:g} s") from None
    except OSError as error:
        raise PrintError(f"the process that prints did not start: {error.strerror}") from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["the process that prints ended"]
        raise PrintError(lines[-1][:_SAID])
    return done.stdout


def _environment() -> dict[str, str]:
    kept = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ}
