"""`wb agent audit`: agents, tool servers, skills, hooks, permissions and keys, from files alone."""

import os

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import output_option, quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.weighing import absolute_paths


@click.command("audit", short_help="Show agents and what is wrong with their configuration.")
@click.argument("paths", nargs=-1, metavar="[PROJECT]...")
@click.option("-f", "--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
@output_option
@click.option(
    "--fail-on",
    type=click.Choice(["medium", "high", "critical"]),
    help="Exit with 20 if a finding is at least so severe.",
)
@click.option("--no-tools", is_flag=True, help="Do not search homes for AI tools; this is the longer part.")
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    paths: tuple[str, ...],
    format_name: str,
    output: str | None,
    fail_on: str | None,
    no_tools: bool,
    quiet: bool,
) -> int:
    """Show the agents on this machine: what they are connected to, told and allowed, and what is wrong with it.

    Reads configurations of users, of PROJECT folders (this one, if none is given) and of projects that agents know.
    Nothing that is found is started, no tool server is asked, no socket is opened; of a key only its format, its place
    and a fingerprint leave the program.
    """
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.agent_audit import audit_agents

    screen.quiet = quiet
    machine = RealMachine()
    audit = audit_agents(machine, absolute_paths(paths or (".",)), tools=not no_tools)
    if format_name == "json":
        from weighbridge.report.agent_audit_json import document
        from weighbridge.report.indented import indented

        text = indented(document(audit)) + "\n"
    else:
        from weighbridge.report.agent_audit_table import render

        to_file = output is not None and output != "-"
        home = os.fsdecode(machine.homes()[0])
        text = render(audit, width=screen.width, color=screen.color and not to_file, home=home)
    if output is None or output == "-":
        screen.data(text)
    else:
        screen.write_file(output, text)
    severities = {finding.severity.value for one in audit.judged for finding in one.findings}
    order = ("medium", "high", "critical")
    if fail_on is not None and severities & set(order[order.index(fail_on) :]):
        return Exit.WARN
    return Exit.UNEXAMINED if audit.unexamined else Exit.WITHIN_POLICY
