"""How `wb fleet hunt` gets to the fleet: the database on the server's own machine, or the API of a server elsewhere."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from weighbridge.cli.named_file import text_of
from weighbridge.cli.serve import config_option, database_option, require_server, settings_of

if TYPE_CHECKING:
    from weighbridge.cli.fleet_hunt_ask import Asker

_LARGEST_FILE = 1 << 20
_TOKEN = "WEIGHBRIDGE_API_TOKEN"  # noqa: S105  (the name of a variable)


class Way(NamedTuple):
    """What the command line says about where to ask."""

    database: str | None
    config: str | None
    server: str | None
    token_file: str | None
    ca: str | None
    proxy: str | None

    @contextmanager
    def asker(self) -> Iterator["Asker"]:
        """Open the way and close it. Raises WeighbridgeError, click.UsageError."""
        if self.server is None:
            if self.token_file or self.ca or self.proxy:
                raise click.UsageError("--token-file, --ca and --proxy go with --server")
            with self._local() as local:
                yield local
            return
        if self.database or self.config:
            raise click.UsageError("--server and --database exclude each other")
        from weighbridge.cli.fleet_hunt_ask import Remote
        from weighbridge.pipeline.sync_drain import client_of

        authorities = None if self.ca is None else text_of(self.ca, "--ca", _LARGEST_FILE)
        given = self.token_file
        token = text_of(given, "--token-file", _LARGEST_FILE) if given else os.environ.get(_TOKEN, "")
        if not token.strip():
            raise click.UsageError(f"--server needs a token of the API: --token-file FILE, or {_TOKEN}")
        client = client_of(self.server, authorities=authorities, proxy=self.proxy)
        try:
            yield Remote(client, token.strip())
        finally:
            client.close()

    @contextmanager
    def _local(self) -> Iterator["Asker"]:
        require_server()
        from weighbridge.cli.fleet_hunt_ask import Local
        from weighbridge.fleet.opening import database_url
        from weighbridge.fleet.store import Store
        from weighbridge.host.real import RealMachine

        machine = RealMachine()
        settings = settings_of(self.config, {"database": self.database, "without_tls": True})
        store = Store.open(database_url(settings, machine.state_folder))
        try:
            yield Local(store, machine.now())
        finally:
            store.close()


def way_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take what a `Way` is made of; it is called with one, `way`."""

    def command(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401  (whatever the command takes)
        way = Way(**{name: options.pop(name) for name in Way._fields})
        return function(*arguments, way=way, **options)

    command.__name__, command.__doc__ = function.__name__, function.__doc__
    command.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    found: Callable[..., Any] = command
    for option in (
        click.option("--proxy", metavar="URL", help="HTTP proxy to it. [what the system or HTTPS_PROXY says]"),
        click.option("--ca", metavar="FILE", help="Certificates (PEM) to trust for it instead of the system's."),
        click.option("--token-file", metavar="FILE", help=f"Where a token of its API stands; or set {_TOKEN}."),
        click.option("--server", metavar="URL", help="Ask this server: https://fleet.example.com"),
        config_option,
        database_option,
    ):
        found = option(found)
    return found
