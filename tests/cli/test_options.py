import click
from click.testing import CliRunner

from weighbridge.cli.options import format_option
from weighbridge.report.registry import ALIASES, FORMATS


def test_every_renderer_can_be_asked_for() -> None:
    @click.command()
    @format_option("table")
    def show(format_name: str) -> None:
        click.echo(format_name)

    for name in (*FORMATS, *ALIASES):
        assert CliRunner().invoke(show, ["--format", name]).output == f"{name}\n"
    assert CliRunner().invoke(show, ["--format", "xml"]).exit_code == 2
