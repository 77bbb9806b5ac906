"""`wb hub setup`: let the tools of this machine use the hub, after showing what that changes."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from weighbridge.cli.asking import agreed
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
@click.option("--catalog-key", metavar="KEY", help="Whose word on revoked models counts; else the first that is seen.")
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
    catalog_key: str | None,
    undo: bool,
    status: bool,
    dry_run: bool,
    yes: bool,
) -> int:
    """Tell Hugging Face tools, llama.cpp, Ollama and LM Studio where the hub is.

    Without URL it is the hub of the fleet that this machine belongs to, and the machine gets a token of its own. What
    would change is shown first; --undo takes it back.
    """
    from weighbridge.cli.hub_setup_feed import check_key, learn_key
    from weighbridge.cli.hub_setup_key import forget_key, tell_key
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.hub_access import kept_access
    from weighbridge.pipeline.hub_setting_up import apply, plan

    named = url or token_file or ca or catalog_key
    if undo and (named or status):
        raise click.UsageError("--undo stands alone")
    if status and (named or dry_run or yes):
        raise click.UsageError("--status stands alone")
    machine = RealMachine()
    if status:
        from weighbridge.cli.hub_setup_status import show_status

        return show_status(screen, machine)
    check_key(catalog_key or "")
    before = kept_access(machine) if undo else None
    access, asks = (None, False) if undo else _access(machine, url, token_file, ca, asks_person=not (yes or dry_run))
    planned = plan(machine, access)
    for change in planned.changes:
        screen.data(change.diff)
    if not planned.changes and machine.platform != "windows":
        screen.say("· the files of this machine say so already" if not undo else "· nothing was set up", "muted")
    if dry_run:
        return Exit.WITHIN_POLICY
    if planned.changes and not yes and not agreed("Change these files?"):
        screen.say("· nothing was changed", "muted")
        return Exit.WITHIN_POLICY
    if access is not None and asks:
        # Not before: a new token ends the one that the tools use.
        planned = planned._replace(access=_with_token(machine, access))
    apply(machine, planned)
    if undo:
        if before is not None:
            forget_key(screen, machine, before)
        _tell_windows(screen, machine, planned)
        screen.say("✓ the tools of this machine are as they were; open a new terminal", "success")
    else:
        _tell(screen, machine, planned)
        if planned.access is not None and planned.wanted is not None:
            tell_key(screen, machine, planned.access, planned.wanted)
            learn_key(screen, machine, planned.access, catalog_key or "")
    return Exit.WITHIN_POLICY


def _access(
    machine: "Machine", url: str | None, token_file: str | None, ca: str | None, *, asks_person: bool
) -> "tuple[HubAccess, bool]":
    """Return the hub, and whether its token is still to be asked for with the device key."""
    from weighbridge.pipeline.hub_access import ADDRESS, TOKEN, HubAccess, hub_client, kept_access
    from weighbridge.pipeline.membership import FleetFolder
    from weighbridge.sync.hub_token import is_token

    membership = FleetFolder(machine).membership()
    kept = None
    with suppress(WeighbridgeError):  # what is damaged is written anew
        kept = kept_access(machine)
    known = (kept.url if kept else "") or (membership.url if membership else "")
    wanted = (url or os.environ.get(ADDRESS) or known).rstrip("/")
    if not wanted:
        raise WeighbridgeError(
            "E-no-hub", "no hub is known on this machine", "name it: wb hub setup https://hub.example.com"
        )
    given = text_of(token_file, "--token-file", _LARGEST_FILE).strip() if token_file else os.environ.get(TOKEN, "")
    authorities = text_of(ca, "--ca", _LARGEST_FILE) if ca else None
    if kept is not None and kept.url == wanted:
        authorities = authorities or kept.authorities
    same = membership is not None and membership.url == wanted
    if membership is not None and same and not given:
        own = HubAccess(url=wanted, token=_TO_COME, authorities=membership.authorities, proxy=membership.proxy)
        return own, True
    if not given and kept is not None and kept.url == wanted:
        given = kept.token
    if not given and asks_person and sys.stdin.isatty():
        given = click.prompt(
            f"Token, made at {wanted}/catalog/tokens (empty for none)",
            default="",
            show_default=False,
            hide_input=True,
            err=True,
        ).strip()
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
    from weighbridge.pipeline.hub_setting_up import overruled, tools_here
    from weighbridge.pipeline.hub_setup import tool_lines
    from weighbridge.report.escape import visible

    if planned.wanted is None:
        return
    _tell_windows(screen, machine, planned)
    screen.say(f"✓ the tools of this machine use {planned.wanted.url}; open a new terminal", "success")
    for line in overruled(machine, planned.wanted):
        screen.say(f"! {visible(line, 500)}; take it out", "warning")
    if not planned.wanted.token_file:
        screen.say(
            "· without a token; if the hub wants one, make it at "
            f"{planned.wanted.url}/catalog/tokens: wb hub setup --token-file FILE",
            "hint",
        )
    for tool, line in tool_lines(tools_here(machine), planned.wanted):
        screen.say(f"  {tool:<19} {line}", "muted")


def _tell_windows(screen: Screen, machine: "Machine", planned: "Planned") -> None:
    """Say what a person types where programs read no file of settings."""
    if machine.platform != "windows":
        return
    from weighbridge.pipeline.hub_setup import windows_lines

    screen.say("· type these lines once; terminals that are opened later know them", "hint")
    for line in windows_lines(planned.wanted):
        screen.data(f"{line}\n")
