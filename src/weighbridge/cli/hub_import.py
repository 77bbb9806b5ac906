"""`wb hub import`: take a release out of a file that another hub wrote."""

import asyncio
import os

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.hub_opened import opened_hub
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import config_option, database_option
from weighbridge.model.errors import WeighbridgeError


@click.command("import", short_help="Take a release out of a file that another hub wrote.")
@click.argument("source", metavar="FILE")
@click.option("-k", "--key", "keys", multiple=True, required=True, metavar="KEY", help="Key that must have signed it.")
@database_option
@config_option
@click.pass_obj
def command(screen: Screen, source: str, keys: tuple[str, ...], database: str | None, config: str | None) -> int:
    """Take a release that `wb hub export` wrote into quarantine here, and have it weighed by the rules of this place.

    Every byte is compared with the signed manifest. That another hub approved it decides nothing here.
    """
    with opened_hub(screen, database, config) as hub:
        from weighbridge.host.whole_file import reading
        from weighbridge.hub.bundle import import_release
        from weighbridge.ledger.note_keys import PublicKey

        try:
            trusted = [PublicKey.parse(text) for text in keys]
        except ValueError as error:
            raise WeighbridgeError(
                "E-bundle", f"a key {error}", "`wb hub export` says the key; get it from who made the file"
            ) from error
        try:
            with reading(os.fsencode(source)) as file:
                release = asyncio.run(import_release(hub, file, trusted, "import"))
        except OSError as error:
            raise WeighbridgeError(
                "E-bundle", f"cannot read {source}: {error.strerror}", "name a file that this user may read"
            ) from error
    screen.say(f"✓ {release.commit_id[:12]} is in quarantine, {release.files} files", "success")
    screen.say("→ a running server weighs it now; without one: wb hub work --once", "hint")
    return Exit.WITHIN_POLICY
