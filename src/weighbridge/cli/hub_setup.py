"""`wb hub setup`: let the tools of this machine use the hub, after showing what that changes."""

import os
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.named_file import text_of
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.host.machine import Machine
    from weighbridge.pipeline.hub_access import HubAccess
    from weighbridge.pipeline.hub_setting_up import Planned

_LARGEST_FILE = 1 << 20
_TO_COME = "(to come)"
"""Stands for a token that is asked for when the person has agreed."""


@click.command("setup", short_help="Let the tools of this machine use the hub.")
@click.argument("url", required=False)
@click.option("--token-file", metavar="FILE", help="A token of the hub; an enrolled machine gets one by itself.")
@click.option("--ca", metavar="FILE", help="Certificates (PEM) that are trusted for this hub.")
@click.option("--undo", is_flag=True, help="Take everything back.")
@click.option("--status", is_flag=True, help="Show what is set up, and whether the hub answers and knows you.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(
    screen: Screen,
    url: str | None,
    token_file: str | None,
    ca: str | None,
    undo: bool,
    status: bool,
    dry_run: bool,
    yes: bool,
) -> int:
    """Tell Hugging Face tools, llama.cpp, Ollama and LM Studio where the hub is.

    Without URL it is the hub of the fleet that this machine belongs to, and the machine gets a token of its own. What
    would change is shown first; --undo takes it back.
    """
    from weighbridge.cli.hub_setup_key import forget_key, tell_key
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.hub_access import kept_access
    from weighbridge.pipeline.hub_setting_up import apply, plan

    named = url or token_file or ca
    if undo and (named or status):
        raise click.UsageError("--undo stands alone")
    if status and (named or dry_run or yes):
        raise click.UsageError("--status stands alone")
    machine = RealMachine()
    if status:
        from weighbridge.cli.hub_setup_status import show_status

        return show_status(screen, machine)
    before = kept_access(machine) if undo else None
    access, asks = (None, False) if undo else _access(machine, url, token_file, ca)
    planned = plan(machine, access)
    for change in planned.changes:
        screen.data(change.diff)
    if not planned.changes:
        screen.say("· the files of this machine say so already" if not undo else "· nothing was set up", "muted")
    if dry_run:
        return Exit.WITHIN_POLICY
    if planned.changes and not yes and not click.confirm("Change these files?", err=True):
        screen.say("· nothing was changed", "muted")
        return Exit.WITHIN_POLICY
    if access is not None and asks:
        # Not before: a new token ends the one that the tools use.
        planned = planned._replace(access=_with_token(machine, access))
    apply(machine, planned)
    if undo:
        if before is not None:
            forget_key(screen, machine, before)
        screen.say("✓ the tools of this machine are as they were; open a new terminal", "success")
    else:
        _tell(screen, machine, planned)
        if planned.access is not None and planned.wanted is not None:
            tell_key(screen, machine, planned.access, planned.wanted)
    return Exit.WITHIN_POLICY


def _access(machine: "Machine", url: str | None, token_file: str | None, ca: str | None) -> "tuple[HubAccess, bool]":
    """Return the hub, and whether its token is still to be asked for with the device key."""
    from weighbridge.pipeline.hub_access import ADDRESS, TOKEN, HubAccess, hub_client
    from weighbridge.pipeline.membership import FleetFolder
    from weighbridge.sync.hub_token import is_token

    membership = FleetFolder(machine).membership()
    wanted = (url or os.environ.get(ADDRESS) or (membership.url if membership else "")).rstrip("/")
    if not wanted:
        raise WeighbridgeError(
            "E-no-hub", "no hub is known on this machine", "name it: wb hub setup https://hub.example.com"
        )
    given = text_of(token_file, "--token-file", _LARGEST_FILE).strip() if token_file else os.environ.get(TOKEN, "")
    authorities = text_of(ca, "--ca", _LARGEST_FILE) if ca else None
    same = membership is not None and membership.url == wanted
    if membership is not None and same and not given:
        own = HubAccess(url=wanted, token=_TO_COME, authorities=membership.authorities, proxy=membership.proxy)
        return own, True
    if given and not is_token(given):
        raise click.UsageError("this is no token of the hub: it begins with hf_ and has at least 34 letters and digits")
    if membership is not None and same:
        authorities = authorities or membership.authorities
    access = HubAccess(url=wanted, token=given, authorities=authorities)
    hub_client(access).close()  # says what is wrong with the address before anything is changed
    return access, False


def _with_token(machine: "Machine", access: "HubAccess") -> "HubAccess":
    from weighbridge.pipeline.hub_access import hub_client
    from weighbridge.pipeline.hub_token import hub_token

    client = hub_client(access)
    try:
        return hub_token(machine, client)
    finally:
        client.close()


def _tell(screen: Screen, machine: "Machine", planned: "Planned") -> None:
    from weighbridge.pipeline.hub_setting_up import tools_here
    from weighbridge.pipeline.hub_setup import tool_lines

    if planned.wanted is None:
        return
    screen.say(f"✓ the tools of this machine use {planned.wanted.url}; open a new terminal", "success")
    for tool, line in tool_lines(tools_here(machine), planned.wanted):
        screen.say(f"  {tool:<19} {line}", "muted")
