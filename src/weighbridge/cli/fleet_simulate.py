"""`wb fleet simulate`: let simulated endpoints enroll with a server and send to it."""

import importlib.util
import secrets
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.named_file import text_of
from weighbridge.cli.screen import Screen

_ROOT = Path(__file__).resolve().parents[3]
_MOST = 100_000
_LARGEST_FILE = 1 << 20


@click.command("simulate", short_help="Let simulated endpoints enroll and send, to try a server.")
@click.argument("url")
@click.option("--token-file", metavar="FILE", required=True, help="Where the token stands; - for standard input.")
@click.option("--devices", type=click.IntRange(1, _MOST), default=20, show_default=True, help="How many endpoints.")
@click.option("--rounds", type=click.IntRange(1, _MOST), default=3, show_default=True, help="How often each sends.")
@click.option("--records", type=click.IntRange(1, 1000), default=20, show_default=True, help="Written between two.")
@click.option("--ca", metavar="FILE", help="Certificates (PEM) to trust for this server instead of the system's.")
@click.pass_obj
def command(screen: Screen, url: str, token_file: str, devices: int, rounds: int, records: int, ca: str | None) -> int:
    """Let simulated endpoints enroll with the server at URL and send what a usual day brings.

    They have real keys, signatures and ledgers and realistic inventories, and stay in that fleet: try it on a server
    that you can throw away. The token must let in so many: `wb fleet token --uses 20`. The simulator is that of the
    benchmarks, so this works from a checkout.
    """
    from weighbridge.pipeline.sync_drain import client_of
    from weighbridge.report.words import counted

    simulate = _simulator()
    is_piped = token_file == "-"  # noqa: S105  (the name of standard input)
    token = (sys.stdin.readline() if is_piped else text_of(token_file, "--token-file", _LARGEST_FILE)).strip()
    authorities = None if ca is None else text_of(ca, "--ca", _LARGEST_FILE)
    first = secrets.randbits(48)
    client = client_of(url, authorities=authorities)
    taken = messages = 0
    try:
        for count in simulate(client, token, range(first, first + devices), rounds=rounds, records=records):
            taken, messages = taken + count, messages + 1
    finally:
        client.close()
    screen.say(
        f"✓ {counted(devices, 'simulated endpoint')} sent {counted(taken, 'record')} in {counted(messages, 'message')}",
        "success",
    )
    return Exit.WITHIN_POLICY


def _simulator() -> "Callable[..., Iterator[int]]":
    """Return the simulator of the checkout that this is."""
    if not (_ROOT / "bench" / "simulate.py").is_file():
        raise click.UsageError("the simulator is in no installation: run `./wb fleet simulate` in a checkout")
    if importlib.util.find_spec("bench") is None:
        sys.path.append(str(_ROOT))
    found: Callable[..., Iterator[int]] = import_module("bench.simulate").simulate
    return found
