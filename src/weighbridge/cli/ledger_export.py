"""`wb ledger export`: the ledger as static files."""

import os
from collections.abc import Iterable

import click

from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

_AT_ONCE = 256


@click.command("export", short_help="Write the ledger as static files that other tools verify.")
@click.argument("target", metavar="FOLDER|FILE.zip")
@click.pass_obj
def command(screen: Screen, target: str) -> int:
    """Write what the last checkpoint covers to a new folder or ZIP, with the public key.

    The files are those of C2SP tlog-tiles: served by any web server, they are a transparency log.
    """
    from weighbridge.cli.ledger_files import own_key, readable
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.ledger_export import exported_files
    from weighbridge.pipeline.ledger_open import ledger_reader

    machine = RealMachine()
    log = ledger_reader(machine)
    if os.path.lexists(target):
        raise WeighbridgeError("E-usage", f"{target} exists already", "name a folder or file that does not exist yet")
    path = os.path.abspath(os.fsencode(target))
    with readable():
        size = log.head().checkpoint.size
        files = exported_files(log, own_key(machine).text)
        try:
            if target.lower().endswith(".zip"):
                from weighbridge.host.zip_folder import write_zip  # an export to a folder needs no ZIP

                count = write_zip(path, files)
            else:
                count = _write_folder(path, files)
        except OSError as error:
            raise WeighbridgeError(
                "E-output-failed",
                f"cannot write {target}: {error.strerror or error}",
                "choose a place that you may write to, with enough room",
                exit_code=1,
            ) from error
    screen.say(f"✓ {size:,} records in {count:,} files: {target}", "success")
    screen.say(f"Anybody can check it: wb ledger verify {target} --key KEY   (`wb ledger checkpoint --key`)", "hint")
    return 0


def _write_folder(path: bytes, files: Iterable[tuple[str, bytes]]) -> int:
    from weighbridge.host.durable import DurableFolder
    from weighbridge.host.durable_disk import RealDisk

    folder = DurableFolder(RealDisk(path))
    count, waiting = 0, dict[str, bytes]()
    for name, content in files:
        waiting[name] = content
        count += 1
        if len(waiting) == _AT_ONCE:
            folder.replace(waiting)
            waiting = {}
    folder.replace(waiting)
    folder.remove_empty_folder("temporary")
    return count
