"""`wb hub work`: do the hub's jobs in this process, beside the server or without one."""

import asyncio
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.hub_opened import opened_hub
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import config_option, database_option
from weighbridge.report.words import counted

if TYPE_CHECKING:
    from weighbridge.hub.hub import Hub


@click.command("work", short_help="Do the hub's jobs: fetch, weigh, settle.")
@click.option("--once", is_flag=True, help="End when nothing is due; otherwise go on until Ctrl-C.")
@database_option
@config_option
@click.pass_obj
def command(screen: Screen, once: bool, database: str | None, config: str | None) -> int:
    """Do the hub's jobs in this process: fetch what was asked for, weigh it, put bytes where they belong.

    A running server does them, too; each job is done by one of them. Useful where a large hub lets machines of their
    own look into models: the same database, and the same bucket or folder for the bytes.
    """
    with opened_hub(screen, database, config) as hub:
        done = asyncio.run(_work(screen, hub, once=once))
    screen.say(f"✓ {counted(done, 'job')} done", "success")
    return Exit.WITHIN_POLICY


async def _work(screen: Screen, hub: "Hub", *, once: bool) -> int:
    from weighbridge.hub.worker import do_next, look_after_jobs
    from weighbridge.hub.works import WORKS

    done = 0
    while await do_next(hub, WORKS):
        done += 1
    if not once:
        screen.say("· waiting for jobs   (Ctrl-C ends)", "muted")
        await look_after_jobs(hub, WORKS)
    return done
