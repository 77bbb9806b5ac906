"""`wb hub setup --status`: which hub this machine uses, what its tools are told, and what the hub says."""

from typing import TYPE_CHECKING

from weighbridge.cli.exits import Exit
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.host.machine import Machine


def show_status(screen: Screen, machine: "Machine") -> int:
    """Show it; return the exit code.

    Raises:
        WeighbridgeError: `E-no-hub`, `E-fleet-address`, `E-hub-setup`, `E-fleet-state`.
    """
    from weighbridge.cli.hub_setup_feed import feed_words
    from weighbridge.pipeline.hub_access import hub_access, hub_client
    from weighbridge.pipeline.hub_feed_update import refresh_if_set_up
    from weighbridge.pipeline.hub_setting_up import overruled, tools_here
    from weighbridge.pipeline.hub_setup import Wanted, tool_lines
    from weighbridge.pipeline.hub_status import untold, who_asks
    from weighbridge.report.escape import visible

    access = hub_access(machine)
    client = hub_client(access)
    files = untold(machine, access)
    if files is None:
        told = "not told yet: wb hub setup"
    elif files:
        told = f"{', '.join(files)} says otherwise: wb hub setup"
    else:
        told = "use it, in every new terminal"
    code, error, fed = Exit.WITHIN_POLICY, None, None
    try:
        known = who_asks(client, access)
        said = f"answers, and knows you as {visible(known.name, 100)}"
        said += f", who may {visible(known.right, 10)}" if known.right else ""
    except WeighbridgeError as caught:
        said, error = caught.message, caught
        code = Exit(caught.exit_code) if caught.exit_code in (Exit.FAILED, Exit.DENY) else Exit.FAILED
    try:
        fed = refresh_if_set_up(machine, access, client)
    finally:
        client.close()
    screen.data(f"hub     {access.url}\n")
    screen.data(f"answer  {visible(said, 500)}\n")
    screen.data(f"token   {'kept' if access.token else 'none'}\n")
    screen.data(f"tools   {visible(told, 500)}\n")
    if fed is not None:
        screen.data(f"revoked {visible(feed_words(fed), 500)}\n")
        screen.data(f"key     {visible(fed.key or 'not known yet', 200)}\n")
    if files == []:
        for line in overruled(machine, Wanted(url=access.url)):
            screen.data(f"        {visible(line, 500)}\n")
        for tool, line in tool_lines(tools_here(machine), Wanted(url=access.url)):
            screen.data(f"        {tool:<19} {line}\n")
    if error is not None:
        screen.say(f"  {error.hint}", "muted")
    return code
