"""`wb pull`: an approved model from the hub, checked, where the tools of this machine look for it."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from weighbridge.pipeline.hub_pull import Pulled


@click.command("pull", short_help="Bring an approved model here, checked byte by byte.")
@click.argument("name", metavar="NAME[@VERSION]")
@click.option("--include", multiple=True, metavar="PATTERN", help="Only files like this: '*.gguf'.")
@quiet_option
@click.pass_obj
def command(screen: Screen, name: str, include: tuple[str, ...], quiet: bool) -> int:
    """Bring a model from the hub and put it where Hugging Face tools, Ollama and LM Studio find it.

    What broke off goes on where it ended. VERSION is a branch, a tag or a commit; without one it is the release that
    the hub recommends.
    """
    screen.quiet = quiet
    from time import sleep

    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.hub_access import hub_access, hub_client
    from weighbridge.pipeline.hub_download import AT_ONCE
    from weighbridge.pipeline.hub_pull import pull

    machine = RealMachine()
    access = hub_access(machine)
    client = hub_client(access, AT_ONCE)
    try:
        model, _, version = name.partition("@")
        with screen.progress() as progress:
            pulled = pull(
                machine,
                access,
                client,
                model,
                version or "main",
                include=include,
                wait=sleep,
                listener=progress.listener,
            )
    finally:
        client.close()
    _tell(screen, pulled)
    return Exit.WITHIN_POLICY


def _tell(screen: Screen, pulled: "Pulled") -> None:
    from weighbridge.report.escape import visible
    from weighbridge.report.words import counted, size

    release = pulled.release
    fetched = f"{size(pulled.fetched)} fetched" if pulled.fetched else "all of it was here"
    screen.say(
        f"✓ {release.name}@{release.commit[:12]}   {counted(len(pulled.files), 'file')}, every byte checked, {fetched}",
        "success",
    )
    if release.warning:
        screen.say(f"! {visible(release.warning, 500)}", "warning")
    for place in pulled.places:
        copy = "" if place.shares else "   (a copy: it lies on another disk)"
        screen.say(f"  {place.tool:<13} {visible(place.how, 200)}{copy}", "muted")
    screen.data(visible(pulled.places[0].path.decode("utf-8", "surrogateescape"), 4096) + "\n")
