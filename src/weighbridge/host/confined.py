"""Runs one piece of our own work on hostile bytes in a process of its own, with few rights, which may die without harm.

The process gets a request on its standard input and gives its answer on its standard output. It has no socket, starts
no program once it has begun, reads nothing but its folder and the interpreter's own libraries where the kernel can see
to that (`landlock.py`), writes no file unless it may (`most_written`), and memory and processor time are limited.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress

import weighbridge
from weighbridge.host import confined_child
from weighbridge.host.landlock import version
from weighbridge.model.record import record

LARGEST_ANSWER = 64 << 20
_SAID = 500
_READ = 1 << 20


class ConfinedError(Exception):
    """The process gave no answer; the text says why."""


@record
class Limits:
    """What a confined process may use."""

    memory: int = 4 << 30
    """Bytes of address space."""
    processor_seconds: int = 600
    seconds: float = 1_200.0
    """Of the wall clock, its start included: a machine that is very busy needs them."""
    most_written: int = 0
    """Bytes of the largest file that it may write; 0: it writes none."""


def confinement() -> str:
    """Return what a confined process can do here that it should not, in words; empty where there is nothing."""
    if version():
        return ""
    return (
        "no Landlock in this kernel (Linux 5.13, switched on): what looks into models could read any file of its user"
    )


async def run_confined(module: str, request: bytes, folder: str, limits: Limits, output: str = "") -> bytes:
    """Run `main(request) -> bytes` of a module.

    Args:
        module: its dotted name; beside `main` it may have `prepare`, which runs before the rights are given up.
        request: what `main` gets.
        folder: where the process stands, and what it may read.
        limits: what it may use.
        output: a folder that it may write in, if it may write; empty for none.

    Returns:
        what `main` returned.

    Raises:
        ConfinedError: it did not start, died, said what is wrong, or exceeded a limit.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(weighbridge.__file__)))
    numbers = (limits.memory, limits.processor_seconds, limits.most_written)
    script = os.path.abspath(confined_child.__file__)
    command = [sys.executable, "-I", "-B", "-X", "utf8", script, package, module, *map(str, numbers), output]
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env=_environment(folder),
            # A Ctrl-C of the terminal is for the server; the child ends with its input.
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise ConfinedError(f"the process did not start: {error.strerror}") from error
    try:
        async with asyncio.timeout(limits.seconds):
            answer, said = await _talk(child, request)
    except TimeoutError:
        raise ConfinedError(f"no answer within {limits.seconds:g} s") from None
    finally:
        with suppress(ProcessLookupError, PermissionError):
            _kill(child)
        await child.wait()
    if child.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines()
        ended = f"the process ended by signal {-child.returncode}" if child.returncode < 0 else "the process ended"
        line = lines[-1] if lines else ended
        raise ConfinedError("".join(mark if mark.isprintable() else "?" for mark in line)[:_SAID])
    return answer


def _kill(child: asyncio.subprocess.Process) -> None:
    """End the process, and whatever it may have left behind."""
    if os.name == "posix":
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()


async def _talk(child: asyncio.subprocess.Process, request: bytes) -> tuple[bytes, bytes]:
    assert child.stdin is not None  # noqa: S101  (all three are pipes)
    assert child.stdout is not None  # noqa: S101
    assert child.stderr is not None  # noqa: S101
    saying = asyncio.ensure_future(_bounded(child.stderr, 1 << 16))
    answering = asyncio.ensure_future(_bounded(child.stdout, LARGEST_ANSWER))
    try:
        with suppress(BrokenPipeError, ConnectionResetError):
            child.stdin.write(request)
            await child.stdin.drain()
            child.stdin.close()
        answer = await answering
        if len(answer) > LARGEST_ANSWER:
            raise ConfinedError("its answer is longer than any may be")
        said = await saying
        await child.wait()
    finally:
        for task in (saying, answering):
            task.cancel()
    return answer, said


async def _bounded(stream: asyncio.StreamReader, most: int) -> bytes:
    found = bytearray()
    while len(found) <= most and (piece := await stream.read(_READ)):
        found += piece
    return bytes(found)


def _environment(folder: str) -> dict[str, str]:
    kept = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    known = {name: os.environ[name] for name in kept if name in os.environ}
    # Nothing of the server's own home or state: the child knows no other place than its folder.
    return known | {"HOME": folder, "WEIGHBRIDGE_STATE": os.path.join(folder, "state")}
