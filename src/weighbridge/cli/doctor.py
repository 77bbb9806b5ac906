"""`wb doctor`: check that Weighbridge can work here."""

import os
import platform
import sys
from collections.abc import Callable
from typing import NamedTuple

import click

from weighbridge import __version__
from weighbridge.cli.exits import Exit
from weighbridge.cli.screen import Screen


class Result(NamedTuple):
    """One line of the examination."""

    name: str
    good: bool
    detail: str


@click.command("doctor", short_help="Check that Weighbridge can work here.")
@click.pass_obj
def command(screen: Screen) -> int:
    """Check this installation, and tell what can be seen on this machine and what more rights would add.

    A line with ✗ is a fault. A line with · is a limit: everything works, and says what it does not see.
    """
    from weighbridge.cli.doctor_sight import advice, lines

    results = [_examined(name, test) for name, test in TESTS]
    seen = lines()
    width = max(len(name) for name in (*(result.name for result in results), *(line.what for line in seen)))
    shown = [f"{'✓' if result.good else '✗'} {result.name:<{width}}  {result.detail}" for result in results]
    shown += ["", "What can be seen here", *(f"{line.symbol} {line.what:<{width}}  {line.detail}" for line in seen)]
    if more := advice():
        shown += ["", *more]
    screen.data("\n".join(shown) + "\n")
    return Exit.WITHIN_POLICY if all(result.good for result in results) else Exit.FAILED


def _examined(name: str, test: Callable[[], str]) -> Result:
    try:
        return Result(name, True, test())
    except Exception as error:  # noqa: BLE001  (a self-test reports whatever goes wrong)
        return Result(name, False, f"{type(error).__name__}: {error}")


def _versions() -> str:
    return f"weighbridge {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def _parts() -> str:
    from weighbridge.checks.registry import CHECKS
    from weighbridge.discover.registry import PROBES
    from weighbridge.formats.registry import READERS
    from weighbridge.report.registry import FORMATS

    return f"{len(READERS)} readers, {len(CHECKS)} checks, {len(PROBES)} probes, {len(FORMATS)} outputs"


def _state_folder() -> str:
    from weighbridge.host.real import RealMachine

    folder = os.fsdecode(RealMachine().state_folder)
    above = folder
    while not os.path.exists(above):
        above = os.path.dirname(above)
    if not os.access(above, os.W_OK):
        raise PermissionError(f"{above} is not writable")
    return folder


def _machine() -> str:
    from weighbridge.host.real import RealMachine
    from weighbridge.report.words import counted

    machine = RealMachine()
    homes, mounts = len(machine.homes()), len(machine.mounts())
    cores = os.cpu_count() or 1
    return f"{counted(homes, 'home folder')}, {counted(mounts, 'mounted filesystem')}, {counted(cores, 'core')}"


def _isolation() -> str:
    from weighbridge.host.real import RealMachine

    RealMachine().isolated("jinja", b"{{ messages }}")
    return "a child process read a chat template within its limits"


def _digest() -> str:
    import hashlib

    from blake3 import blake3

    if hashlib.sha256(b"abc").hexdigest()[:8] != "ba7816bf" or blake3(b"abc").hexdigest()[:8] != "6437b3ac":
        raise ValueError("wrong digest of a known text")
    return "SHA-256 and BLAKE3 agree with their test vectors"


def _policy() -> str:
    from weighbridge.policy.engine import cedarpy

    return f"Cedar evaluator loads ({cedarpy.__name__})"


def _terminal() -> str:
    return f"stdout {sys.stdout.encoding or 'unknown'}, {'terminal' if sys.stdout.isatty() else 'no terminal'}"


TESTS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("versions", _versions),
    ("parts", _parts),
    ("machine", _machine),
    ("state folder", _state_folder),
    ("digests", _digest),
    ("isolation", _isolation),
    ("policy", _policy),
    ("output", _terminal),
)
