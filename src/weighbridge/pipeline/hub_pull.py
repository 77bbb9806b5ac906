"""`wb pull`: from a name to a model that the tools of this machine find, every byte checked."""

import os
from collections.abc import Callable, Sequence
from hashlib import sha256

from weighbridge.host.durable import BusyError
from weighbridge.host.fleet_http import FleetClient
from weighbridge.host.machine import Machine
from weighbridge.host.model_store import room_for
from weighbridge.ledger.errors import unwritable
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.events import Listener, Progress
from weighbridge.model.record import record
from weighbridge.pipeline.hub_access import FOLDER, HubAccess
from weighbridge.pipeline.hub_download import Downloader
from weighbridge.pipeline.hub_listing import HubFile, HubRelease
from weighbridge.pipeline.hub_ollama import by_itself, in_ollama, ollama_store
from weighbridge.pipeline.hub_places import (
    Placed,
    huggingface_cache,
    in_huggingface_cache,
    in_lm_studio,
    lm_studio_folder,
    repository_folder,
)
from weighbridge.pipeline.hub_wanted import Wanted


@record
class Pulled:
    """What came of it."""

    release: HubRelease
    files: tuple[HubFile, ...]
    """Those that were wanted."""
    fetched: int
    """Bytes that came over the network."""
    places: tuple[Placed, ...]
    notes: tuple[str, ...] = ()
    """What did not come of it, and why: a tool that does not find the model."""


def pull(
    machine: Machine,
    access: HubAccess,
    client: FleetClient,
    wanted: Wanted,
    *,
    wait: Callable[[float], None],
    listener: Listener,
) -> Pulled:
    """Bring a release here, and let the tools of this machine find it.

    Args:
        machine: this machine.
        access: which hub, and who asks.
        client: the way to it.
        wanted: the release, and those of its files that are wanted.
        wait: waits for so many seconds.
        listener: gets progress.

    Raises:
        WeighbridgeError: `E-hub-refused`, `E-hub-unreachable`, `E-pull-busy`, `E-pull-digest`, `E-pull-write`.
    """
    release, files, notes = wanted.release, wanted.files, []
    repository = repository_folder(huggingface_cache(machine), release.name)
    try:
        lock = machine.durable_folder(FOLDER).lock(f"pull-{sha256(repository).hexdigest()[:16]}")
    except BusyError:
        raise WeighbridgeError(
            "E-pull-busy", f"another process pulls {release.name} right now", "wait for it", exit_code=1
        ) from None
    except OSError as error:
        raise unwritable(error) from error
    try:
        fetched = _fetch(machine, access, client, release, files, repository, wait, listener)
        places = [in_huggingface_cache(repository, release, files)]
        studio = lm_studio_folder(machine)
        if studio is not None and (placed := in_lm_studio(studio, repository, release, files)) is not None:
            places.append(placed)
        try:
            store = ollama_store(machine)
            if store is None:
                placed = by_itself(machine, access, release, files)
            else:
                placed = in_ollama(store, client, access, repository, release, files)
            if placed is not None:
                places.append(placed)
        except WeighbridgeError as error:
            notes.append(f"Ollama does not find it: {error.message}; {error.hint}")
    except OSError as error:
        raise WeighbridgeError(
            "E-pull-write",
            f"the model cannot be put in its place: {error.strerror or error}",
            "make room, or name another folder with HF_HOME; what came so far is kept",
            exit_code=1,
        ) from error
    finally:
        lock.close()
    return Pulled(release=release, files=files, fetched=fetched, places=tuple(places), notes=tuple(notes))


def _fetch(
    machine: Machine,
    access: HubAccess,
    client: FleetClient,
    release: HubRelease,
    files: Sequence[HubFile],
    repository: bytes,
    wait: Callable[[float], None],
    listener: Listener,
) -> int:
    blobs = os.path.join(repository, b"blobs")
    missing = [one for one in {file.sha256: file for file in files}.values() if not _is_here(machine, blobs, one)]
    total = sum(one.size for one in missing)
    if total > room_for(blobs):
        raise WeighbridgeError(
            "E-pull-write",
            f"{release.name} needs {total:,} bytes, and there is no room for them",
            "make room, or name another folder with HF_HOME",
            exit_code=1,
        )
    done = 0

    def progress(more: int) -> None:
        nonlocal done
        done += more
        listener(Progress(stage="pull", bytes_done=done, bytes_total=total, current=release.name))

    Downloader(client, access, blobs, wait, progress).fetch(release, missing)
    return total


def _is_here(machine: Machine, blobs: bytes, file: HubFile) -> bool:
    """Tell whether a blob is here and right: hashed again, as whoever can write to the cache can write anything."""
    path = os.path.join(blobs, file.sha256.encode())
    try:
        if machine.stat(path).st_size != file.size:
            return False
    except OSError:
        return False
    ((_, found),) = machine.digest([path])
    return not isinstance(found, OSError) and found.sha256 == file.sha256
