from importlib import import_module

from weighbridge.cli.registry import COMMANDS


def test_commands_are_sorted_and_say_the_same_as_their_modules() -> None:
    assert [entry.name for entry in COMMANDS] == sorted(entry.name for entry in COMMANDS)
    for entry in COMMANDS:
        assert import_module(entry.module).command.get_short_help_str(200) == entry.summary
