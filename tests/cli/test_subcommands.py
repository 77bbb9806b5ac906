import click
import pytest
from click.testing import CliRunner

from weighbridge.cli.subcommands import Subcommands


@pytest.fixture
def group() -> Subcommands:
    return Subcommands("policy", summaries={"show": "Show it.", "test": "Try it."})


def test_the_list_loads_nothing(group: Subcommands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Subcommands, "get_command", lambda *_: pytest.fail("a subcommand was loaded"))
    result = CliRunner().invoke(group, ["--help"])
    assert (result.exit_code, "show  Show it." in result.output) == (0, True)


def test_a_subcommand_is_the_file_named_after_both(group: Subcommands) -> None:
    context = click.Context(group)
    show = group.get_command(context, "show")
    assert show is not None
    assert show.name == "show"
    assert group.get_command(context, "diff") is None
