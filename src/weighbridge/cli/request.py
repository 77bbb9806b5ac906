"""`wb request`: ask for a model that the hub does not have, and see what became of it."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from weighbridge.host.fleet_http import FleetClient
    from weighbridge.pipeline.hub_access import HubAccess
    from weighbridge.pipeline.hub_request import Standing

_MINUTES = 60
_LONGEST_MINUTES = 24 * 60
_SIGNS = {"waiting": ("…", "warning"), "approved": ("✓", "success"), "refused": ("✗", "error")}


@click.command("request", short_help="Ask for a model, and see what became of it.")
@click.argument("name", required=False)
@click.option("--why", metavar="TEXT", help="What it is for, in a sentence.")
@click.option("--task", default="", metavar="TASK", help="What it does: coding, embedding.")
@click.option("--data", "data_classes", multiple=True, metavar="CLASS", help="Data that you would give it: internal.")
@click.option("--version", "version", metavar="VERSION", help="A branch, a tag or a commit upstream. [the newest]")
@click.option("--wait", is_flag=True, help="Wait until it is decided.")
@click.option(
    "--minutes",
    type=click.IntRange(1, _LONGEST_MINUTES),
    default=_MINUTES,
    show_default=True,
    help="With --wait: give up then; the request stays.",
)
@click.option("--list", "list_all", is_flag=True, help="List your requests.")
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    name: str | None,
    why: str | None,
    task: str,
    data_classes: tuple[str, ...],
    version: str | None,
    wait: bool,
    minutes: int,
    list_all: bool,
    quiet: bool,
) -> int:
    """Ask for the model NAME (namespace/name, as it is called upstream).

    The hub fetches and weighs it. What is clean, permissive and safe in its format is approved within minutes;
    anything else goes to a person. Asking twice is the same request.
    """
    screen.quiet = quiet
    if list_all == (name is not None):
        raise click.UsageError("name a model, or give --list")
    if list_all and (why or task or data_classes or version or wait):
        raise click.UsageError("--list stands alone")
    if name is not None and not why:
        raise click.UsageError("say what it is for: --why TEXT")
    from weighbridge.cli.hub_setup_feed import ask_what_was_revoked
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.hub_access import hub_access, hub_client

    machine = RealMachine()
    access = hub_access(machine)
    client = hub_client(access)
    try:
        ask_what_was_revoked(screen, machine, access, client)
        if name is None:
            return _list(screen, client, access)
        return _ask(
            screen, client, access, name, why or "", task, data_classes, version, minutes * 60.0 if wait else 0.0
        )
    finally:
        client.close()


def _ask(
    screen: Screen,
    client: "FleetClient",
    access: "HubAccess",
    name: str,
    why: str,
    task: str,
    data_classes: tuple[str, ...],
    version: str | None,
    longest: float,
) -> int:
    from time import sleep

    from weighbridge.pipeline.hub_catalog import is_approved
    from weighbridge.pipeline.hub_request import ask, followed

    if version is None and is_approved(client, access, name):
        screen.say(f"✓ {_shown(name)} is approved already: wb pull {_shown(name)}", "success")
        screen.say("  another version of it has to be named: --version", "muted")
        return Exit.WITHIN_POLICY
    found = ask(client, access, name, why=why, task=task, data_classes=data_classes, revision=version or "main")
    _tell(screen, access, found)
    if longest and found.state == "waiting":
        screen.say("  waiting; Ctrl-C ends the wait and not the request", "muted")
        found = followed(client, access, found, wait=sleep, longest=longest, told=lambda one: _say(screen, one))
        if found.state == "waiting":
            screen.say("· nobody has decided yet; the request stays: wb request --list", "muted")
            return Exit.UNEXAMINED
        _next(screen, access, found)
    return Exit.DENY if found.state == "refused" else Exit.WITHIN_POLICY


def _tell(screen: Screen, access: "HubAccess", found: "Standing") -> None:
    _say(screen, found)
    _next(screen, access, found)


def _say(screen: Screen, found: "Standing") -> None:
    sign, role = _SIGNS[found.state]
    said = f": {_shown(found.said, 500)}" if found.said else ""
    screen.say(f"{sign} {_shown(found.name)}   {found.state}{said}", role)


def _next(screen: Screen, access: "HubAccess", found: "Standing") -> None:
    if found.state == "approved":
        version = "" if found.revision == "main" else f"@{found.commit or found.revision}"
        screen.say(f"  wb pull {_shown(found.name + version)}", "muted")
    else:
        screen.say(f"  {access.url}/catalog/requests", "muted")


def _list(screen: Screen, client: "FleetClient", access: "HubAccess") -> int:
    from weighbridge.pipeline.hub_catalog import day
    from weighbridge.pipeline.hub_request import listed

    found = listed(client, access)
    if not found:
        screen.say("· you have asked for no model yet: wb request NAME --why TEXT", "muted")
        return Exit.NOTHING
    width = max(len(_shown(one.name)) for one in found)
    for one in found:
        version = "" if one.revision == "main" else f"{one.revision}   "
        words = f"{one.state:<8}   {_shown(one.name):<{width}}   {day(one.asked_at)}   {version}{one.said}"
        screen.data(_shown(words, 500).rstrip() + "\n")
    screen.say(f"  what is approved comes with `wb pull`; the rest is at {access.url}/catalog/requests", "muted")
    return Exit.WITHIN_POLICY


def _shown(text: str, longest: int = 200) -> str:
    from weighbridge.report.escape import visible

    return visible(text, longest)
