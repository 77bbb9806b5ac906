"""`wb pull`: an approved model from the hub, checked, where the tools of this machine look for it."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.host.fleet_http import FleetClient
    from weighbridge.host.machine import Machine
    from weighbridge.pipeline.hub_access import HubAccess
    from weighbridge.pipeline.hub_lock import Locked
    from weighbridge.pipeline.hub_pull import Pulled
    from weighbridge.pipeline.hub_wanted import Wanted

_OTHERS = 5


@click.command("pull", short_help="Bring an approved model here, checked byte by byte.")
@click.argument("name", metavar="[NAME[@VERSION]]", required=False)
@click.option("--task", metavar="TASK", help="The model that the hub recommends for it: coding, embedding.")
@click.option("--include", multiple=True, metavar="PATTERN", help="Only files like this: '*.gguf'.")
@click.option("--lock", metavar="FILE", help="Write down which commit and bytes came, beside what FILE has already.")
@click.option("--locked", metavar="FILE", help="Bring exactly what FILE says.")
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    name: str | None,
    task: str | None,
    include: tuple[str, ...],
    lock: str | None,
    locked: str | None,
    quiet: bool,
) -> int:
    """Bring a model from the hub and put it where Hugging Face tools, Ollama and LM Studio find it.

    What broke off goes on where it ended. VERSION is a branch, a tag, a commit or what the hub calls a release; without
    one it is the release that the hub recommends.
    """
    screen.quiet = quiet
    if sum(one is not None for one in (name, task, locked)) != 1:
        raise click.UsageError("name a model, or give --task or --locked")
    if locked is not None and (include or lock is not None):
        raise click.UsageError("--locked stands alone: the file says which files")
    from weighbridge.cli.hub_setup_feed import ask_what_was_revoked
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.hub_access import hub_access, hub_client
    from weighbridge.pipeline.hub_download import AT_ONCE
    from weighbridge.pipeline.hub_wanted import wanted, wanted_again

    models = _locked(locked) if locked is not None else []
    kept = _locked(lock, may_be_new=True) if lock is not None else []
    machine = RealMachine()
    access = hub_access(machine)
    client = hub_client(access, AT_ONCE)
    try:
        ask_what_was_revoked(screen, machine, access, client)
        if locked is not None:
            # All of them are looked up first: a file that does not hold any more brings nothing.
            for one in [wanted_again(client, access, model) for model in models]:
                _pull(screen, machine, access, client, one)
            return Exit.WITHIN_POLICY
        meant = name or "" if task is None else _recommended(screen, client, access, task)
        model, _, version = meant.partition("@")
        pulled = _pull(screen, machine, access, client, wanted(client, access, model, version or "main", include))
    finally:
        client.close()
    if lock is not None:
        _write(screen, lock, kept, pulled)
    return Exit.WITHIN_POLICY


def _recommended(screen: Screen, client: "FleetClient", access: "HubAccess", task: str) -> str:
    from weighbridge.pipeline.hub_catalog import recommended
    from weighbridge.report.escape import visible

    found = recommended(client, access, task)
    version = f" {found.version}" if found.version else ""
    data = f", for data that is {found.data_classes.replace(',', ', ')}" if found.data_classes else ""
    said = f"· {task}: {found.name}{version}, {found.why}; approved {found.approved_on}{data}"
    screen.say(visible(said, 300), "hint")
    if found.others:
        more = f" and {len(found.others) - _OTHERS} more" if len(found.others) > _OTHERS else ""
        screen.say(visible(f"  there are also {', '.join(found.others[:_OTHERS])}{more}", 400), "muted")
    return f"{found.name}@{found.revision}"


def _pull(screen: Screen, machine: "Machine", access: "HubAccess", client: "FleetClient", wanted: "Wanted") -> "Pulled":
    from time import sleep

    from weighbridge.pipeline.hub_pull import pull

    with screen.progress() as progress:
        pulled = pull(machine, access, client, wanted, wait=sleep, listener=progress.listener)
    _tell(screen, pulled)
    _record(screen, machine, access, pulled)
    return pulled


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
    for note in pulled.notes:
        screen.say(f"! {visible(note, 500)}", "warning")
    screen.data(visible(pulled.places[0].path.decode("utf-8", "surrogateescape"), 4096) + "\n")


def _record(screen: Screen, machine: "Machine", access: "HubAccess", pulled: "Pulled") -> None:
    from weighbridge.pipeline.hub_recording import record_pull

    try:
        record_pull(machine, access, pulled)
    except WeighbridgeError as error:
        # The model is here and right; what is wrong with the ledger is told by its own commands.
        screen.say(f"! ledger  not recorded: {error.message}", "warning")
        screen.say(f"  {error.hint}", "muted")


def _locked(path: str, *, may_be_new: bool = False) -> "list[Locked]":
    from weighbridge.cli.named_file import content_of
    from weighbridge.pipeline.hub_lock import LARGEST, read_lock

    try:
        return read_lock(content_of(path, LARGEST))
    except OSError as error:
        if may_be_new and isinstance(error, FileNotFoundError):
            return []
        raise click.UsageError(f"{path}: {error.strerror or error}") from None


def _write(screen: Screen, path: str, kept: "list[Locked]", pulled: "Pulled") -> None:
    from weighbridge.pipeline.hub_lock import Locked, lock_text, with_model

    release = pulled.release
    new = Locked(name=release.name, commit=release.commit, files=tuple((one.path, one.sha256) for one in pulled.files))
    screen.write_file(path, lock_text(with_model(kept, new)))
    screen.say(f"  locked in {path}; the same again: wb pull --locked {path}", "muted")
