"""`wb fleet target kinds`: what targets there can be."""

import json

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import format_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import require_server


@click.command("kinds", short_help="Show what targets there can be.")
@format_option
@click.pass_obj
def command(screen: Screen, format_name: str) -> int:
    """Show each kind of target: what its address looks like, whether it needs a secret, what it is sent usually."""
    require_server()
    import msgspec

    from weighbridge.fleet.export_shown import kinds

    found = kinds()
    if format_name == "json":
        screen.data(json.dumps([msgspec.to_builtins(one) for one in found], indent=2) + "\n")
        return Exit.WITHIN_POLICY
    for one in found:
        screen.data(f"{one.kind:<9} {one.title}\n")
        more = [one.address, f"{', '.join(one.topics)} from {one.severity} on"]
        more += ["needs a secret"] if one.needs_secret else []
        more += [f"events as {' or '.join(one.formats)}"] if one.formats else []
        more += ["takes digests"] if one.takes_digests else []
        screen.data(f"          {'; '.join(more)}\n")
        for option in one.options:
            usual = "needed" if option.needed else f"usually {option.usual}" if option.usual else "if wanted"
            screen.data(f"          --option {option.name}=…  {option.about} ({usual})\n")
    return Exit.WITHIN_POLICY
