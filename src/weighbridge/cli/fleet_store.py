"""What subcommands of `wb fleet` share that work on the database itself: the database, the time, the settings."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from weighbridge.cli.serve import config_option, database_option, require_server, settings_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from weighbridge.cli.screen import Screen
    from weighbridge.fleet.settings import Settings
    from weighbridge.fleet.store import Store

T = TypeVar("T")
format_option = click.option(
    "-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True
)


class Fleet(NamedTuple):
    """An open database and the time."""

    store: "Store"
    now: int
    """Milliseconds since 1970, UTC."""
    settings: "Settings"

    def write(self, job: "Callable[[Connection, int], T]") -> T:
        """Run a job in a transaction."""
        return self.store.write_now(lambda connection: job(connection, self.now))

    def read(self, job: "Callable[[Connection], T]") -> T:
        """Run a job on a snapshot."""
        return self.store.read_now(job)


def with_fleet(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take `--database` and `--config`; it is called with an open `Fleet` after the screen."""

    def command(screen: "Screen", /, *, database: str | None, config: str | None, **options: Any) -> Any:  # noqa: ANN401
        require_server()
        from weighbridge.fleet.opening import database_url
        from weighbridge.fleet.store import Store
        from weighbridge.host.real import RealMachine

        machine = RealMachine()
        settings = settings_of(config, {"database": database, "without_tls": True})
        store = Store.open(database_url(settings, machine.state_folder))
        try:
            return function(screen, Fleet(store, int(machine.now().timestamp() * 1000), settings), **options)
        finally:
            store.close()

    command.__name__, command.__doc__ = function.__name__, function.__doc__
    # Options stand on the function that click sees.
    command.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    return database_option(config_option(click.pass_obj(command)))
