"""What subcommands of `wb fleet` share; `test_fleet_policy_store.py` tries it through them, too."""

import click
from tests.cli.fleet_kit import database  # noqa: F401

from weighbridge.cli.boundary import run
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.fleet import endpoints


def test_a_command_gets_an_open_database_and_its_own_options(database):  # noqa: F811  (the fixture above)
    seen = []

    @click.command("x")
    @click.option("--word")
    @with_fleet
    def command(_screen, fleet: Fleet, word: str) -> int:
        """Do something."""
        seen.append((word, fleet.read(lambda connection: len(endpoints.page(connection)))))
        seen.append(fleet.write(lambda _, now: now == fleet.now))
        return 0

    command.main(["--word", "w", "--database", database], standalone_mode=False, obj=None)
    assert seen == [("w", 3), True]
    assert {one.name for one in command.params} == {"word", "database", "config"}
    assert run(["fleet", "apply"]) == 2
