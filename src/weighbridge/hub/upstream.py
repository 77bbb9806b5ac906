"""Where requested models are fetched from: what every protocol gives, and how its files come into the store.

A file comes in pieces that are kept: what broke off goes on where it was, also in another life of the server. What an
upstream says of size and digest is held against it; nothing it says leads to an address that settings do not allow.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from contextlib import aclosing
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from weighbridge.host.outgoing import Dialer, ForbiddenError, OutgoingError
from weighbridge.host.outgoing_stream import Fetched, Fetcher
from weighbridge.hub import sent_blobs, space, storing
from weighbridge.hub.caller import Caller
from weighbridge.hub.hub import Hub
from weighbridge.hub.intake import Intake
from weighbridge.hub.look_up import Asked
from weighbridge.hub.names import Name
from weighbridge.hub.worker import CannotError
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

LARGEST = 1 << 40
"""Bytes of one release, 1 TiB."""
_TRIES = 5
"""Times that a file may break off without a single byte more."""
_PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0)


@record
class UpstreamFile:
    """One file as an upstream lists it. Digests are empty where it says none."""

    path: str
    size: int
    sha256: str = ""
    git_id: str = ""
    """The id of its content as a blob of git."""
    url: str = ""
    """Where its bytes are."""
    packed: str = ""
    """`tar` or `tar+gzip`, for an archive of files; empty for a file."""


@record
class UpstreamRelease:
    """What a name and a revision mean upstream."""

    commit: str
    files: tuple[UpstreamFile, ...]


class Upstream(Protocol):
    """A place to fetch models from."""

    async def find(self, name: str, revision: str) -> UpstreamRelease:
        """Return what a name and a revision mean there.

        Raises:
            CannotError: there is no such model, or it may not be had.
            WeighbridgeError: `E-upstream`, which may go better later.
        """
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """What is sent with a request for a file, to this very server alone."""
        ...


def fetcher_of(hub: Hub) -> Fetcher:
    """Return what asks upstream, as the settings allow."""
    networks = hub.server.settings.upstream_networks
    return Fetcher(Dialer(networks, setting="upstream_networks"), networks)


def unreachable(error: OutgoingError) -> Exception:
    """Return the error for an upstream that gave no answer: one that may not be reached will not be so later."""
    if isinstance(error, ForbiddenError):
        return CannotError(f"the upstream leads to where it must not: {error}")
    return WeighbridgeError("E-upstream", f"the upstream did not answer: {error}", "it is asked again later")


def refused(status: int, what: str) -> Exception:
    """Return the error for an answer that is no success."""
    if status in (401, 403):
        return CannotError(f"the upstream does not let this hub have {what}: it answered {status}")
    if status in (404, 410, 451):
        return CannotError(f"the upstream does not have {what}: it answered {status}")
    return WeighbridgeError("E-upstream", f"the upstream answered {status} for {what}", "it is asked again later")


async def fetch_file(
    hub: Hub, fetcher: Fetcher, headers: Mapping[str, str], name: str, file: UpstreamFile, *, model: Name, sender: str
) -> str:
    """Bring one file into quarantine; return its SHA-256.

    What is here already comes once more, unless everybody may have it or this upstream sent it: an upstream that names
    a digest does not have the bytes for that, and would publish what others keep to themselves.

    Args:
        hub: whose store.
        fetcher: asks for it.
        headers: for the upstream itself.
        name: under which it comes in; the same for the same file, so that another try goes on.
        file: which.
        model: that it is fetched for.
        sender: what the bytes that came of this release are noted under.

    Raises:
        CannotError: it is not what the upstream said, or leads where it must not.
        WeighbridgeError: `E-upstream`, `E-blob-full`, `E-blob-write`; what came is kept.
    """
    if file.sha256 and await _is_here(hub, model, sender, file.sha256):
        return file.sha256
    failed, came, said = 0, -1, ""
    while failed < _TRIES:
        await asyncio.sleep(_PAUSES[failed])
        try:
            sha256 = await _try(hub, fetcher, headers, name, file)
            now = hub.server.clock()
            await hub.server.store.write(partial(sent_blobs.note, now=now, account_id=sender, digests=[sha256]))
            return sha256
        except _BrokenError as error:
            said = str(error)
            failed = 0 if error.came > came else failed + 1
            came = error.came
        except CannotError:
            await hub.blobs.drop(name)
            raise
    raise WeighbridgeError("E-upstream", f"{file.path} broke off: {said}", "it is tried again later")


async def _is_here(hub: Hub, model: Name, sender: str, sha256: str) -> bool:
    anybody = Asked(Caller(viewer=None), hub.origin, open_to_all=True)

    def job(connection: Connection) -> bool:
        came = sent_blobs.sent(connection, sender, [sha256])
        return bool(came) or not sent_blobs.strange(connection, anybody, model, [sha256])

    return await hub.server.store.read(job) and await storing.is_stored(hub, sha256) is not None


class _BrokenError(Exception):
    """A file broke off after so many bytes in all."""

    def __init__(self, came: int, said: str) -> None:
        super().__init__(said)
        self.came = came


async def _try(hub: Hub, fetcher: Fetcher, headers: Mapping[str, str], name: str, file: UpstreamFile) -> str:
    intake = await hub.blobs.intake(name)
    try:
        before = intake.size
        if before > file.size:
            raise CannotError(f"{file.path} is longer than the upstream said: {file.size:,} bytes")
        if before < file.size or not before:
            asked = {**headers, "Range": f"bytes={before}-"} if before else dict(headers)
            async with fetcher.fetch(file.url, asked) as answer:
                _check_beginning(answer, before, file)
                # The disk is asked first: whoever may request models must not fill it.
                let_in = space.counted(hub, "", answer.pieces, announced=file.size - before)
                async with aclosing(let_in):
                    await intake.take(let_in, most=file.size)
        if intake.size < file.size:
            raise _BrokenError(intake.size, f"{intake.size:,} of {file.size:,} bytes came")
        return await _kept(hub, intake, file)
    except _AnewError:
        await intake.close()
        await hub.blobs.drop(name)
        raise _BrokenError(-1, "the upstream does not go on where it broke off") from None
    except ForbiddenError as error:
        raise unreachable(error) from error
    except OutgoingError as error:
        raise _BrokenError(intake.size, str(error)) from error
    except WeighbridgeError as error:
        if error.code != "E-blob-size":
            raise
        raise CannotError(f"{file.path} is longer than the upstream said: {file.size:,} bytes") from error
    finally:
        await intake.close()


class _AnewError(Exception):
    """The answer begins elsewhere than it was asked to."""


def _check_beginning(answer: Fetched, before: int, file: UpstreamFile) -> None:
    """Raise what an answer means that does not begin where it should."""
    if answer.status == 206:
        begins = answer.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
        if begins != str(before):
            raise _AnewError
    elif answer.status == 200:
        if before:
            raise _AnewError
    elif answer.status == 416:
        raise _AnewError
    else:
        raise refused(answer.status, file.path)


async def _kept(hub: Hub, intake: Intake, file: UpstreamFile) -> str:
    try:
        received = await hub.blobs.keep(intake, sha256=file.sha256, size=file.size)
    except WeighbridgeError as error:
        if error.code != "E-blob-digest":
            raise
        raise CannotError(f"{file.path} is not what the upstream said it is: {error.message}") from error
    blob = await storing.note(hub, received)
    if file.git_id and not file.sha256:
        digest = hashlib.sha1(b"blob %d\0" % blob.size, usedforsecurity=False)
        async for piece in hub.blobs.read(blob.place, blob.sha256, 0, blob.size):
            digest.update(piece)
        if digest.hexdigest() != file.git_id:
            raise CannotError(f"{file.path} is not what the upstream said it is: another id in git")
    return received.sha256
