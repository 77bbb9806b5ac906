"""What the subcommands of `wb fleet policy` share: the database, the time, who asks, and files that people sign."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from weighbridge.cli.serve import config_option, database_option, require_server, settings_of
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from weighbridge.cli.screen import Screen
    from weighbridge.fleet.store import Store

T = TypeVar("T")
WHO = "command line"
number_argument = click.argument("number", type=click.IntRange(1, (1 << 53) - 1))
reason_option = click.option("--reason", required=True, help="Why, for those who come after.")
output_option = click.option(
    "-o", "--output", metavar="FILE", help="Where what people sign is written. [policy-NUMBER.sign.json]"
)


class Fleet(NamedTuple):
    """An open database and the time."""

    store: "Store"
    now: int
    """Milliseconds since 1970, UTC."""

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
        settings = settings_of(machine, config, {"database": database, "without_tls": True})
        store = Store.open(database_url(settings, machine.state_folder))
        try:
            return function(screen, Fleet(store, int(machine.now().timestamp() * 1000)), **options)
        finally:
            store.close()

    command.__name__, command.__doc__ = function.__name__, function.__doc__
    # Options stand on the function that click sees.
    command.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    return database_option(config_option(click.pass_obj(command)))


def read_signed(path: str) -> bytes:
    """Return a file that people sign. Raises `E-policy-metadata`."""
    from weighbridge.host.real import RealMachine
    from weighbridge.model.source import LimitReached
    from weighbridge.sync.judging import LARGEST_METADATA

    try:
        return RealMachine().read_file(os.fsencode(os.path.abspath(path)), LARGEST_METADATA)
    except (OSError, LimitReached) as error:
        reason = getattr(error, "strerror", None) or "is too large"
        raise WeighbridgeError(
            "E-policy-metadata", f"{path}: {reason}", "name a file that `wb fleet policy upload` or `root` wrote"
        ) from None


def write_to_sign(screen: "Screen", path: str, content: bytes) -> None:
    """Write a file that people sign, and say how."""
    screen.write_file(os.path.abspath(path), content.decode())
    screen.say(f"→ sign     wb fleet policy sign {path} --key YOUR-KEY   (each person, where their key is)", "hint")
