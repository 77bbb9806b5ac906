"""Bringing the files of a release here: several at a time, each gone on with where it ended, each checked byte by byte.

Hashing goes on in a thread of its own while the next bytes come, so that checking costs no time on two cores.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from queue import Queue
from urllib.parse import quote

from weighbridge.host.download import Download, download
from weighbridge.host.fleet_http import FleetClient, HttpError
from weighbridge.host.model_store import Part
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess
from weighbridge.pipeline.hub_listing import HubFile, HubRelease, refused, unreachable

AT_ONCE = 4
_ATTEMPTS = 5
_PAUSE_SECONDS = 1.0
_LARGEST_REFUSAL = 1 << 20


class Downloader:
    """Downloads into one folder of blobs, each named by its SHA-256.

    Args:
        client: the way to the hub; with as many connections as downloads.
        access: who asks.
        folder: where blobs lie.
        wait: waits for so many seconds.
        progress: gets the bytes that came since its last call, from any thread.
    """

    def __init__(
        self,
        client: FleetClient,
        access: HubAccess,
        folder: bytes,
        wait: Callable[[float], None],
        progress: Callable[[int], None],
    ) -> None:
        self._client, self._access, self._folder = client, access, folder
        self._wait, self._progress = wait, progress
        self._stopped = threading.Event()

    def fetch(self, release: HubRelease, files: Sequence[HubFile]) -> None:
        """Bring files here; return when all are there and right.

        Raises:
            WeighbridgeError: `E-hub-refused`, `E-hub-unreachable`, `E-pull-digest`, `E-pull-write`; what came is kept.
        """
        once = {one.sha256: one for one in files}
        threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pull")
        try:
            # The largest first, so that the last one to end is not the longest.
            running = [
                threads.submit(self._fetch_one, release, one)
                for one in sorted(once.values(), key=lambda one: -one.size)
            ]
            wait(running, return_when=FIRST_EXCEPTION)
        except BaseException:
            # Somebody pressed Ctrl-C: a hub that sends nothing must not make them wait; what came is kept.
            self._stopped.set()
            threads.shutdown(wait=False, cancel_futures=True)
            raise
        self._stopped.set()
        threads.shutdown(cancel_futures=True)
        for future in running:
            if not future.cancelled():
                future.result()

    def blob(self, sha256: str) -> bytes:
        """Return where the bytes of a digest lie once they are here."""
        return os.path.join(self._folder, sha256.encode())

    def _fetch_one(self, release: HubRelease, file: HubFile) -> None:
        try:
            part = Part(self.blob(file.sha256) + b".incomplete")
        except OSError as error:
            raise _cannot_write(error) from error
        try:
            broken = "it begins anew each time"
            for attempt in range(_ATTEMPTS):
                if attempt:
                    self._wait(_PAUSE_SECONDS * 2 ** (attempt - 1))
                try:
                    if self._try(release, file, part):
                        return
                except HttpError as error:
                    broken = str(error)
                if self._stopped.is_set():
                    return
            raise unreachable(self._access, broken)
        except OSError as error:
            raise _cannot_write(error) from error
        finally:
            part.close()

    def _try(self, release: HubRelease, file: HubFile, part: Part) -> bool:
        """Go on with a file; return whether it is here now. Raises HttpError if the way to the hub broke."""
        if part.size > file.size:
            part.restart()
        hasher = _Hasher()
        try:
            with part.pieces() as pieces:
                for piece in pieces:
                    hasher.update(piece)
            self._progress(part.size)
            if part.size < file.size:
                path = f"/{quote(release.name)}/resolve/{release.commit}/{quote(file.path)}"
                headers = dict(self._access.headers)
                if part.size:
                    headers["Range"] = f"bytes={part.size}-"
                with download(self._client, path, headers) as answer:
                    if not self._take(answer, file, part, hasher):
                        return False
            right = hasher.digest() == file.sha256
        finally:
            hasher.close()
        if not right:
            part.restart()
            raise WeighbridgeError(
                "E-pull-digest",
                f"{file.path} is not what the hub says: its bytes are not {file.sha256[:12]}",
                "nothing of it was kept; tell who runs the hub, then try again",
                exit_code=1,
            )
        part.publish(self.blob(file.sha256))
        return True

    def _take(self, answer: Download, file: HubFile, part: Part, hasher: "_Hasher") -> bool:
        if answer.status >= 500 or answer.status == 429:
            raise HttpError(f"it answered with {answer.status}")
        if answer.status >= 400:
            raise refused(answer.status, b"".join(answer.pieces)[:_LARGEST_REFUSAL])
        begins = answer.headers.get("content-range", "").startswith(f"bytes {part.size}-")
        if part.size and not (answer.status == 206 and begins):
            # It sends all of it anew, so what is here is of no use.
            self._progress(-part.size)
            part.restart()
            return False
        for piece in answer.pieces:
            if self._stopped.is_set():
                return False
            if part.size + len(piece) > file.size:
                raise HttpError("it sends more than it said")
            part.append(piece)
            hasher.update(piece)
            self._progress(len(piece))
        if part.size != file.size:
            raise HttpError("it ended too soon")
        return True


class _Hasher:
    """SHA-256 in a thread of its own; at most eight pieces behind."""

    def __init__(self) -> None:
        self._pieces: Queue[bytes | None] = Queue(8)
        self._digest = hashlib.sha256()
        self._thread = threading.Thread(target=self._work, name="hash", daemon=True)
        self._thread.start()

    def update(self, piece: bytes) -> None:
        self._pieces.put(piece)

    def digest(self) -> str:
        self.close()
        return self._digest.hexdigest()

    def close(self) -> None:
        if self._thread.is_alive():
            self._pieces.put(None)
            self._thread.join()

    def _work(self) -> None:
        while (piece := self._pieces.get()) is not None:
            self._digest.update(piece)


def _cannot_write(error: OSError) -> WeighbridgeError:
    return WeighbridgeError(
        "E-pull-write",
        f"the model cannot be written: {error.strerror or error}",
        "make room, or name another folder with HF_HOME; what came so far is kept",
        exit_code=1,
    )
