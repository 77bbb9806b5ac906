"""`wb hub export`: write a release into a file, for a hub without a network."""

import asyncio
import os
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.hub_opened import opened_hub
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import config_option, database_option
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.command("export", short_help="Write a release into a file, for a hub without a network.")
@click.argument("name", metavar="NAME[@REVISION]")
@click.argument("target", metavar="FILE")
@database_option
@config_option
@click.pass_obj
def command(screen: Screen, name: str, target: str, database: str | None, config: str | None) -> int:
    """Write a release that is served into FILE, with its bytes, its bill of materials and a signature of this hub.

    `wb hub import` takes it elsewhere, given the key that is said here.
    """
    with opened_hub(screen, database, config) as hub:
        from weighbridge.fleet.witness import catalog_key
        from weighbridge.host.whole_file import writing
        from weighbridge.hub import models
        from weighbridge.hub.bundle import export_release
        from weighbridge.hub.look_up import release_of

        wanted, _, revision = name.partition("@")

        def find(connection: "Connection") -> str:
            model = models.by_text(connection, wanted)
            release = None if model is None else release_of(connection, model, revision or "main")
            if release is None:
                raise WeighbridgeError("E-bundle", f"the catalog has no {name[:100]}", "look for it in the catalog")
            return release.release_id

        release_id = hub.server.store.read_now(find)
        try:
            with writing(os.fsencode(target)) as file:
                manifest = asyncio.run(export_release(hub, release_id, file))
        except OSError as error:
            raise WeighbridgeError(
                "E-bundle", f"cannot write {target}: {error.strerror}", "name a place with room for all of it"
            ) from error
        now = hub.server.clock()
        key = hub.server.store.write_now(lambda connection: catalog_key(connection, now))
    screen.say(f"✓ {manifest.model} at {manifest.commit[:12]} is in {target}", "success")
    screen.say(f"→ signed by {key.public.text}", "hint")
    return Exit.WITHIN_POLICY
