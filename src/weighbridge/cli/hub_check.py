"""`wb hub check`: compare the catalog of the hub with the bytes that it keeps."""

import asyncio
import json
from typing import TYPE_CHECKING

import click
import msgspec

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import format_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import config_option, database_option, require_server, settings_of
from weighbridge.report.words import counted, size

if TYPE_CHECKING:
    from weighbridge.fleet.store import Store
    from weighbridge.hub.blobs import BlobStore
    from weighbridge.hub.checking import Trouble

_WHAT_TO_DO = {
    "missing": "restore it from a backup, or fetch the release again",
    "wrong-size": "restore it from a backup, or fetch the release again",
    "damaged": "restore it from a backup, or fetch the release again; tell who pulled it",
    "misplaced": "nobody gets it meanwhile; `wb hub check --repair` puts it back",
    "exposed": "nobody gets it: a digest alone opens nothing; it is taken back with the next decision about it",
    "unknown": "nobody gets it; the server removes it after three days",
}
_SEVERE = frozenset({"missing", "wrong-size", "damaged", "misplaced"})
_MOST_LINES = 20


@click.command("check", short_help="Compare the catalog of the hub with the bytes that it keeps.")
@click.option("--deep", is_flag=True, help="Read and hash all bytes, too.")
@click.option("--repair", is_flag=True, help="Put bytes that lie in the wrong place where the catalog says.")
@format_option
@database_option
@config_option
@click.pass_obj
def command(
    screen: Screen, deep: bool, repair: bool, format_name: str, database: str | None, config: str | None
) -> int:
    """Compare the catalog of the hub with the bytes that it keeps; change nothing without `--repair`.

    The server may go on meanwhile. Exit code 1: bytes that the catalog names cannot be served.
    """
    require_server()
    from weighbridge.fleet.opening import database_url
    from weighbridge.fleet.store import Store
    from weighbridge.host.confined import confinement
    from weighbridge.host.real import RealMachine
    from weighbridge.hub.blobs import BlobStore
    from weighbridge.hub.opening import blobs_url
    from weighbridge.hub.space import every, floor

    machine = RealMachine()
    settings = settings_of(config, {"database": database, "without_tls": True})
    store = Store.open(database_url(settings, machine.state_folder))
    try:
        blobs = BlobStore.open(blobs_url(settings, machine.state_folder))
        found = asyncio.run(_collected(store, blobs, deep=deep, repair=repair))
        disk = asyncio.run(floor(blobs, settings))
        waiting = store.read_now(every)
    finally:
        store.close()
    if format_name == "json":
        screen.data(json.dumps([msgspec.to_builtins(one) for one in found], indent=2) + "\n")
    else:
        _tell(screen, found, deep=deep)
    took = sum(one.total for one in waiting)
    if waiting:
        screen.say(f"· {size(took)} wait for approval, of {counted(len(waiting), 'account')}", "muted")
    if disk is not None:
        free, kept = disk
        full = free <= kept
        left = f"{size(free)} left on its disk, of which {size(kept)} stay free"
        screen.say(f"{'! no uploads are taken: ' if full else '· '}{left}", "warning" if full else "muted")
    if missing := confinement():
        screen.say(f"! {missing}", "warning")
    return Exit.FAILED if any(one.kind in _SEVERE for one in found) else Exit.WITHIN_POLICY


async def _collected(store: "Store", blobs: "BlobStore", *, deep: bool, repair: bool) -> "list[Trouble]":
    from weighbridge.hub.checking import check, put_back

    found = [trouble async for trouble in check(store, blobs, deep=deep)]
    return [one for one in found if not (repair and await put_back(store, blobs, one))]


def _tell(screen: Screen, found: "list[Trouble]", *, deep: bool) -> None:
    kinds: dict[str, list[Trouble]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(one)
    for kind, some in kinds.items():
        screen.say(f"{'✗' if kind in _SEVERE else '!'} {kind}  {counted(len(some), 'blob')}: {_WHAT_TO_DO[kind]}")
        for one in some[:_MOST_LINES]:
            screen.say(f"    {one.sha256[:16] or '-'}  {one.detail}", "muted")
        if len(some) > _MOST_LINES:
            screen.say(f"    and {len(some) - _MOST_LINES:,} more; `--format json` lists all", "muted")
    if not found:
        screen.say(
            f"✓ all bytes that the catalog names are there{', with the digests that it names' if deep else ''}",
            "success",
        )
