"""What subcommands of `wb hub` share that work on the hub itself: its database, its bytes, its settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from weighbridge.cli.serve import clock_of, require_server, settings_of

if TYPE_CHECKING:
    from weighbridge.cli.screen import Screen
    from weighbridge.hub.hub import Hub


@contextmanager
def opened_hub(screen: "Screen", database: str | None, config: str | None) -> "Iterator[Hub]":
    """Open the hub of this machine; its server may go on meanwhile. Raises WeighbridgeError."""
    require_server()
    from weighbridge.fleet.opening import database_url, open_beside
    from weighbridge.fleet.server import Server
    from weighbridge.host.real import RealMachine
    from weighbridge.hub.opening import open_hub

    machine = RealMachine()
    settings = settings_of(config, {"database": database, "without_tls": True})
    store = open_beside(database_url(settings, machine.state_folder))
    try:
        clock = clock_of(machine)
        server = Server(settings, store, clock, machine.monotonic, lambda line: screen.say(line.rstrip("\n")))
        try:
            yield open_hub(server, machine.state_folder)
        finally:
            server.close()
    finally:
        store.close()
