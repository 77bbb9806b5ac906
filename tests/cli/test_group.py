import pytest
from click.testing import CliRunner

from weighbridge.cli.group import group
from weighbridge.cli.registry import COMMANDS


def test_help_lists_every_command_with_its_summary() -> None:
    text = CliRunner().invoke(group, ["--help"], prog_name="wb").output
    for entry in COMMANDS:
        assert entry.name in text
        assert entry.summary.split(".")[0].split()[0] in text


def test_no_arguments_show_the_help() -> None:
    assert "Commands:" in CliRunner().invoke(group, [], prog_name="wb").output


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_command_loads_and_explains_itself(entry) -> None:
    result = CliRunner().invoke(group, [entry.name, "--help"], prog_name="wb")
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"Usage: wb {entry.name}")
