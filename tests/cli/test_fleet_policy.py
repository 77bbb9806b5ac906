"""`wb fleet policy` lists what it can; each subcommand has its own test."""

from importlib import import_module

from click.testing import CliRunner

from weighbridge.cli.fleet_policy import SUMMARIES, command


def test_every_subcommand_is_there():
    listed = [line.split()[0] for line in _help().splitlines() if line.startswith("  ") and line[2:3].isalpha()]
    for name in SUMMARIES:
        assert name in listed
        assert import_module(f"weighbridge.cli.fleet_policy_{name.replace('-', '_')}").command.name == name


def _help():
    return CliRunner().invoke(command, ["--help"]).output
