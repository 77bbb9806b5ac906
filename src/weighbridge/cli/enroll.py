"""`wb enroll`: join a fleet, see how far its server is, leave it."""

import os
import sys

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

_LARGEST_FILE = 1 << 20
_TOKEN = "WEIGHBRIDGE_TOKEN"  # noqa: S105  (the name of a variable)


@click.command("enroll", short_help="Join a fleet, show how far its server is, or leave it.")
@click.argument("url", required=False)
@click.option("--token", metavar="TOKEN", help=f"From an administrator of the fleet; or set {_TOKEN}.")
@click.option("--token-file", metavar="FILE", help="Where the token stands; - for standard input.")
@click.option("--ca", metavar="FILE", help="Certificates (PEM) to trust for this server instead of the system's.")
@click.option("--proxy", metavar="URL", help="HTTP proxy to the server. [what the system or HTTPS_PROXY says]")
@click.option("--status", is_flag=True, help="Show the fleet, and how much of the ledger its server has.")
@click.option("--leave", is_flag=True, help="Send nothing any more and forget the device key; the ledger stays.")
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    url: str | None,
    token: str | None,
    token_file: str | None,
    ca: str | None,
    proxy: str | None,
    status: bool,
    leave: bool,
    quiet: bool,
) -> int:
    """Join the fleet of the server at URL (https://fleet.example.com).

    From then on `wb watch` and `wb sync` send the records of this machine's ledger there, and nothing else:
    `wb ledger show` shows every one of them. The server can run, read and change nothing here.
    """
    screen.quiet = quiet
    if sum((url is not None, status, leave)) != 1:
        raise click.UsageError("give the URL of a server, or --status, or --leave")
    if status:
        return _status(screen)
    if leave:
        return _leave(screen)
    return _join(screen, url or "", _token(token, token_file), _authorities(ca), proxy)


def _join(screen: Screen, url: str, token: str, authorities: str | None, proxy: str | None) -> int:
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.enroll import enroll
    from weighbridge.pipeline.membership import FleetFolder
    from weighbridge.pipeline.sync_drain import client_of

    machine = RealMachine()
    client = client_of(url, authorities=authorities, proxy=proxy)
    try:
        state = enroll(machine, client.address.url, token, client, authorities=authorities, proxy=proxy)
    finally:
        client.close()
    membership = FleetFolder(machine).membership()
    name = "" if membership is None else membership.endpoint_id
    if state == "pending":
        screen.say(f"· {name} waits for approval by {client.address.url}", "warning")
    else:
        screen.say(f"✓ {name} belongs to the fleet of {client.address.url}", "success")
    screen.say("· sent from now on: the records that `wb ledger show` shows; `wb enroll --leave` ends it", "muted")
    return Exit.WITHIN_POLICY


def _status(screen: Screen) -> int:
    from weighbridge.host.real import RealMachine
    from weighbridge.ledger.reader import LogError
    from weighbridge.pipeline.ledger_open import ledger_reader
    from weighbridge.pipeline.membership import FleetFolder
    from weighbridge.pipeline.sync_drain import member
    from weighbridge.report.escape import visible

    machine = RealMachine()
    membership, progress = member(machine), FleetFolder(machine).progress()
    try:
        size = ledger_reader(machine).head().size
    except (LogError, WeighbridgeError):
        size = 0
    have = progress.place.acknowledged
    rows = [
        ("fleet", membership.url),
        ("endpoint", membership.endpoint_id),
        ("enrolled", membership.enrolled_at),
        ("records", f"{have:,} of {size:,} are at the server"),
        ("last sent", progress.last_success or "never"),
    ]
    if abs(progress.clock_offset) > 60:
        rows.append(("clock", f"this machine's is {progress.clock_offset:+,.0f} s from the server's"))
    if progress.code:
        rows.append(("trouble", f"{progress.reason} ({progress.code}, {progress.failures} in a row)"))
    for name, value in rows:
        screen.data(f"{name:<10} {visible(value)}\n")
    return Exit.WITHIN_POLICY


def _leave(screen: Screen) -> int:
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.membership import FleetFolder
    from weighbridge.pipeline.sync_drain import member

    machine = RealMachine()
    membership, folder = member(machine), FleetFolder(machine)
    lock = folder.lock()
    try:
        folder.leave()
    finally:
        lock.close()
    screen.say(f"✓ nothing is sent to {membership.url} any more", "success")
    screen.say("· the ledger stays; what the server has, stays there", "muted")
    return Exit.WITHIN_POLICY


def _token(token: str | None, file: str | None) -> str:
    if token is not None and file is not None:
        raise click.UsageError("--token and --token-file exclude each other")
    found = token
    if file == "-":
        found = sys.stdin.readline()
    elif file is not None:
        found = _text(file, "--token-file")
    elif token is None:
        found = os.environ.get(_TOKEN)
    if not found or not found.strip():
        raise click.UsageError(f"a token is needed: --token-file FILE, --token TOKEN or {_TOKEN}")
    return found.strip()


def _authorities(file: str | None) -> str | None:
    return None if file is None else _text(file, "--ca")


def _text(path: str, option: str) -> str:
    from weighbridge.host.real import RealMachine
    from weighbridge.model.source import LimitReached

    try:
        return RealMachine().read_file(os.fsencode(os.path.abspath(path)), _LARGEST_FILE).decode("ascii")
    except (OSError, LimitReached, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is no text"
        raise click.UsageError(f"{option} {path}: {reason}") from None
