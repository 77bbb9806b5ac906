"""`wb enroll`: join a fleet, see how far its server is, leave it."""

import os
import sys
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.named_file import text_of
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.host.fleet_http import FleetClient
    from weighbridge.host.real import RealMachine

_LARGEST_FILE = 1 << 20
_TOKEN = "WEIGHBRIDGE_TOKEN"  # noqa: S105  (the name of a variable)


@click.command("enroll", short_help="Join a fleet, show how far its server is, or leave it.")
@click.argument("url", required=False)
@click.option("--token", metavar="TOKEN", help=f"From an administrator of the fleet; or set {_TOKEN}.")
@click.option("--token-file", metavar="FILE", help="Where the token stands; - for standard input.")
@click.option("--ca", metavar="FILE", help="Certificates (PEM) to trust for this server instead of the system's.")
@click.option("--proxy", metavar="URL", help="HTTP proxy to the server. [what the system or HTTPS_PROXY says]")
@click.option("--policy-root", metavar="FILE", help="Whose policies count, brought by hand. [what the server says]")
@click.option("--again", is_flag=True, help="Go on with a new device key, after a copy of this machine was found.")
@click.option("--status", is_flag=True, help="Show the fleet, and how much of the ledger its server has.")
@click.option("--my-device", is_flag=True, help="Print a link to all that the fleet knows of this machine.")
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
    policy_root: str | None,
    again: bool,
    status: bool,
    my_device: bool,
    leave: bool,
    quiet: bool,
) -> int:
    """Join the fleet of the server at URL (https://fleet.example.com).

    On a machine that belongs to it already, the same command needs no token: it learns whose policies
    count, if that was not known yet.

    From then on `wb watch` and `wb sync` send the records of this machine's ledger there, and nothing else:
    `wb ledger show` shows every one of them. The server can run, read and change nothing here.
    """
    screen.quiet = quiet
    if sum((url is not None, status, my_device, leave)) != 1:
        raise click.UsageError("give the URL of a server, or --status, --my-device or --leave")
    if again and url is None:
        raise click.UsageError("--again needs the URL of the server")
    if status:
        return _status(screen)
    if my_device:
        return _my_device(screen)
    if leave:
        return _leave(screen)
    root = None if policy_root is None else text_of(policy_root, "--policy-root", _LARGEST_FILE).encode()
    return _join(screen, url or "", _token(token, token_file), _authorities(ca), proxy, root, again=again)


def _join(
    screen: Screen,
    url: str,
    token: str,
    authorities: str | None,
    proxy: str | None,
    root: bytes | None,
    *,
    again: bool,
) -> int:
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.enroll import enroll
    from weighbridge.pipeline.membership import FleetFolder
    from weighbridge.pipeline.sync_drain import client_of

    machine = RealMachine()
    before = FleetFolder(machine).membership()
    if before is not None:
        authorities, proxy = authorities or before.authorities, proxy or before.proxy
    client = client_of(url, authorities=authorities, proxy=proxy)
    is_member = before is not None and before.url == client.address.url
    try:
        if token or again or not is_member:
            state = enroll(
                machine, client.address.url, _needed(token), client, authorities=authorities, proxy=proxy, again=again
            )
        else:
            state = "active"
        _pin(screen, machine, client, root)
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


def _pin(screen: Screen, machine: "RealMachine", client: "FleetClient", root: bytes | None) -> None:
    """Learn whose policies count; without that none is taken, and everything else goes on."""
    from weighbridge.pipeline.policy_update import pin

    try:
        said = pin(machine, client, root)
    except WeighbridgeError as error:
        if error.code != "E-enroll-unreachable":
            raise
        screen.say(f"▲ {error.message}; no policy of this fleet is taken until the same command learns it", "warning")
        return
    if said:
        screen.say(f"✓ policies count if signed as it says: {said}", "success")


def _status(screen: Screen) -> int:
    from weighbridge.host.real import RealMachine
    from weighbridge.ledger.reader import LogError
    from weighbridge.pipeline.fleet_policy import held_now
    from weighbridge.pipeline.ledger_open import ledger_reader
    from weighbridge.pipeline.membership import FleetFolder
    from weighbridge.pipeline.sync_drain import member
    from weighbridge.report.escape import visible
    from weighbridge.sync.policy_updates import REFUSALS

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
    held = held_now(machine)
    if held.number:
        rows.append(("policy", f"{held.number} of the fleet is in force: this machine weighs by it"))
    if held.stale_since:
        rows.append(("", f"stale since {held.stale_since}: a newer one may be withheld ({held.code}: {held.reason})"))
    elif held.code and held.number:
        rows.append(("policy", f"none newer: {held.reason} ({held.code}); the last good one stays"))
    elif held.code == "unpinned":
        rows.append(("policy", f"none of the fleet's: {REFUSALS[held.code]}"))
        rows.append(("", f"`wb enroll {membership.url}` asks; --policy-root FILE says so without the server"))
    elif held.code:
        rows.append(("policy", f"none of the fleet's: {held.reason} ({held.code})"))
    rows += _catalog(machine)
    if abs(progress.clock_offset) > 60:
        rows.append(("clock", f"this machine's is {progress.clock_offset:+,.0f} s from the server's"))
    if progress.code:
        rows.append(("trouble", f"{progress.reason} ({progress.code}, {progress.failures} in a row)"))
    for name, value in rows:
        screen.data(f"{name:<10} {visible(value)}\n")
    return Exit.WITHIN_POLICY


def _catalog(machine: "RealMachine") -> list[tuple[str, str]]:
    """Return what this machine knows of the fleet's catalog; nothing if the fleet has said nothing."""
    from weighbridge.pipeline.fleet_rulings import held_rulings
    from weighbridge.report.words import counted
    from weighbridge.sync.rulings import CATALOG

    try:
        held = held_rulings(machine)
    except WeighbridgeError as error:
        return [("rulings", error.message)]
    if CATALOG not in held.texts:
        return []
    said = f"{counted(len(held.approved), 'release')} may be used, as text {held.texts[CATALOG].number} says"
    more = f"; {counted(held.left_out, 'older one')} had no room in it" if held.left_out else ""
    return [("catalog", said + more)]


def _my_device(screen: Screen) -> int:
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.my_device import my_device
    from weighbridge.pipeline.sync_drain import client_of, member

    machine = RealMachine()
    membership = member(machine)
    client = client_of(membership.url, authorities=membership.authorities, proxy=membership.proxy)
    try:
        link = my_device(machine, client)
    finally:
        client.close()
    screen.data(f"{link.address}\n")
    minutes = round(link.lasts.total_seconds() / 60)
    screen.say(f"· open it in a browser within {minutes} minutes; it works once, and shows this machine alone", "muted")
    return Exit.WITHIN_POLICY


def _leave(screen: Screen) -> int:
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.fleet_policy import PolicyFolder
    from weighbridge.pipeline.membership import FleetFolder
    from weighbridge.pipeline.sync_drain import member

    machine = RealMachine()
    membership, folder = member(machine), FleetFolder(machine)
    lock = folder.lock()
    try:
        folder.leave()
        PolicyFolder(machine).forget()
    finally:
        lock.close()
    screen.say(f"✓ nothing is sent to {membership.url} any more", "success")
    screen.say("· the ledger stays; what the server has, stays there", "muted")
    return Exit.WITHIN_POLICY


def _needed(token: str) -> str:
    if not token:
        raise click.UsageError(f"a token is needed: --token-file FILE, --token TOKEN or {_TOKEN}")
    return token


def _token(token: str | None, file: str | None) -> str:
    if token is not None and file is not None:
        raise click.UsageError("--token and --token-file exclude each other")
    found = token
    if file == "-":
        found = sys.stdin.readline()
    elif file is not None:
        found = text_of(file, "--token-file", _LARGEST_FILE)
    elif token is None:
        found = os.environ.get(_TOKEN)
    return (found or "").strip()


def _authorities(file: str | None) -> str | None:
    return None if file is None else text_of(file, "--ca", _LARGEST_FILE)
