"""Compressed data as a `ByteSource`: forward reading through a sliding window, in bounded memory.

Contract of `StreamSource`:

- `size` is what the container declares, if it declares it. Otherwise it is found by one counting pass to the end
  (nothing kept but the window), at the first use, within the budget. Recognition must not pay for that:
  `tail(length, within)` gives the end only if it is near.
- Bytes before a defect are readable; `damage` then says why the rest is not. A range without a single readable byte
  raises `SourceError`. `size`, if not declared, is the number of readable bytes.
- Every expanded byte counts against the budget, also when a backward read expands it again. What compressed data
  may become is `Limits.expanded_bytes` plus `Limits.expansion_ratio` times the compressed bytes consumed, where only
  bytes that were not themselves expanded count: nested bombs earn nothing. Archives that are unpacked to disk and not
  into memory (`archive`) have `Limits.archive_bytes` and `Limits.archive_ratio` instead.
- A codec that can be marked (deflate) goes back to the nearest mark; any other starts again. `watch` hashes a range
  when it comes by for the first time, so that nobody has to go back for its digest.
- At most `LIVE_STREAMS` streams of one budget keep their window and decoder; an older one starts again when used.
"""

import hashlib
from collections.abc import Iterator

from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource, LimitReached, SourceError
from weighbridge.model.stream_marks import Codec, Marks, Pull

WINDOW_BYTES = 2 << 20
"""How far back a read may go without starting again."""

HEAD_KEPT_BYTES = 16 << 10
"""The start stays in memory: recognition comes back to it."""

RESTARTS = 64
"""How often one stream may start again."""

MOST_HASHED = 50_000
"""Digests that one stream remembers."""

LIVE_STREAMS = 10
"""How many streams of one budget keep their state."""

_FIRST_TAKE = 4096
_WHOLE_PIECE = 64 << 10
_CHUNK = 256 << 10
"""The window is a row of pieces of about this size, so that sliding it moves no bytes."""


class _Watched:
    """A range that is being hashed while it comes by."""

    __slots__ = ("digest", "end", "following", "start")

    def __init__(self, start: int, length: int, digest: "hashlib._Hash") -> None:
        self.start = self.following = start
        self.end = start + length
        self.digest = digest


class StreamSource:
    """Expanded content of `parent[offset : offset + length]`.

    Args:
        parent: where the compressed bytes stand.
        codec: how they expand (`weighbridge.formats.codec`).
        budget: counts every expanded byte.
        offset: start of the compressed bytes in `parent`.
        length: their number; None for all the rest.
        size: expanded size that the container declares; None if it does not.
        name: last path component of the content.
    """

    __slots__ = (
        "_base",
        "_budget",
        "_codec",
        "_consumed",
        "_credited",
        "_declared",
        "_end",
        "_furthest",
        "_hashed",
        "_head",
        "_length",
        "_marks",
        "_offset",
        "_parent",
        "_pieces",
        "_reached",
        "_restarts",
        "_watched",
        "_window",
        "archive",
        "damage",
        "name",
    )

    expanded = True
    """Tells nested streams that these bytes are not bytes of the file itself."""

    def __init__(
        self,
        parent: ByteSource,
        codec: Codec,
        budget: Budget,
        *,
        offset: int = 0,
        length: int | None = None,
        size: int | None = None,
        name: bytes = b"",
    ) -> None:
        self._parent = parent
        self._codec = codec
        self._budget = budget
        self._offset = offset
        self._length = length
        self._declared = size
        self.name = name
        self.damage: str | None = None
        self.archive = False
        """Whether the content is an archive, or a file of one, that is unpacked to disk."""
        self._head = b""
        self._end: int | None = None
        self._pieces: Iterator[bytes] | None = None
        self._window: list[bytes | bytearray] = []
        self._base = 0
        self._reached = 0
        self._consumed = 0
        self._credited = 0
        self._restarts = -1
        self._furthest = 0
        self._marks = Marks()
        self._watched: _Watched | None = None
        self._hashed: dict[tuple[int, int], bytes] = {}

    @property
    def size(self) -> int:
        """Length in bytes: declared, or found by expanding to the end. Raises `LimitReached`."""
        if self._declared is not None:
            return self._declared
        while self._end is None:
            self._advance()
        return self._end

    @property
    def compressed_consumed(self) -> int:
        """Compressed bytes taken so far."""
        return self._credited

    def size_within(self, limit: int) -> int | None:
        """Return the size if it is declared or at most `limit`; expands no more than `limit` bytes to find out."""
        if self._declared is not None:
            return self._declared
        while self._end is None and self._reached <= limit:
            self._advance()
        return self._end

    def tail(self, length: int, within: int) -> bytes:
        """Return the last `length` bytes if the content is at most `within` long, else nothing."""
        size = self.size_within(within)
        if size is None or size > within:
            return b""
        return self.read(max(0, size - length), length)

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes at `offset`. Raises `SourceError`, `LimitReached`."""
        if offset < 0 or length < 0:
            raise SourceError(f"impossible range {offset}+{length}")
        if length > self._budget.limits.header_bytes + WINDOW_BYTES:
            raise LimitReached("bytes read at once from compressed data", self._budget.limits.header_bytes)
        if self._declared is not None:
            length = max(0, min(length, self._declared - offset))
        if length == 0:
            return b""
        if offset + length <= len(self._head) or self._end == len(self._head):
            return self._head[offset : offset + length] or self._nothing()
        if self._end is not None and offset >= self._end:
            return self._nothing()
        if offset < self._base or self._pieces is None:
            self._restart(offset)
        elif offset > self._reached + WINDOW_BYTES and self._watched is None:
            self._skip_to(offset)
        self._budget.use_stream(self, LIVE_STREAMS)
        while self._reached < offset + length and self._end_not_reached():
            self._advance(keep_from=offset)
        return self._cut(offset, length) or self._nothing()

    def _cut(self, offset: int, length: int) -> bytes:
        """Return what the window holds of a range."""
        wanted = []
        position = self._base
        for chunk in self._window:
            if position >= offset + length:
                break
            if position + len(chunk) > offset:
                wanted.append(bytes(chunk[max(0, offset - position) : offset + length - position]))
            position += len(chunk)
        return wanted[0] if len(wanted) == 1 else b"".join(wanted)

    def watch(self, start: int, length: int) -> None:
        """Hash a range that begins in what was read last, while its bytes come by; `watched` returns the result."""
        if not self._base <= start <= self._reached or len(self._hashed) >= MOST_HASHED:
            return
        self._watched = _Watched(start, length, hashlib.sha256())
        self._hash(start, self._cut(start, self._reached - start))

    def watched(self, start: int, length: int) -> str | None:
        """Return the SHA-256 of a range that was watched from start to end, else None."""
        digest = self._hashed.get((start, length))
        return None if digest is None else digest.hex()

    def _hash(self, position: int, piece: bytes) -> None:
        """Go on with the range that is watched, of which `piece` may hold the next bytes."""
        watched = self._watched
        if watched is None or position + len(piece) < watched.following:
            return
        if position > watched.following:
            self._watched = None  # a jump left bytes out
            return
        watched.digest.update(piece[watched.following - position : watched.end - position])
        watched.following = min(watched.end, position + len(piece))
        if watched.following == watched.end:
            self._hashed[watched.start, watched.end - watched.start] = watched.digest.digest()
            self._watched = None

    def release(self) -> None:
        """Give window, marks and decoder back; the next read starts again."""
        self._pieces = None
        self._marks.clear()
        self._forget()

    def shed(self) -> None:
        """Give the start back, too: an archive of ten thousand members would hold that of each."""
        self.release()
        self._head = b""

    def _forget(self) -> None:
        self._window.clear()
        self._base = self._reached = 0

    def _nothing(self) -> bytes:
        if self.damage is not None:
            raise SourceError(self.damage)
        return b""

    def _end_not_reached(self) -> bool:
        return self._end is None or self._reached < self._end

    def _restart(self, offset: int = 0) -> None:
        if (goes_on := getattr(self._pieces, "mark", None)) is not None and self._reached == self._furthest:
            self._marks.add(self._reached, self._consumed, goes_on())
        self._watched = None
        if self._skip_to(offset, backward=True):
            return
        self._restarts += 1
        if self._restarts > RESTARTS:
            raise SourceError(f"compressed data would have to be expanded more than {RESTARTS} times")
        self._consumed = 0
        self._forget()
        self._pieces = self._codec(self._pull)
        self._budget.use_stream(self, LIVE_STREAMS)

    def _skip_to(self, offset: int, *, backward: bool = False) -> bool:
        """Go to the nearest mark before `offset`, forward only if that saves something; tell whether that was done."""
        mark = self._marks.before(offset)
        if mark is None or (not backward and mark.reached <= self._reached):
            return False
        self._forget()
        self._base = self._reached = mark.reached
        self._consumed = mark.consumed
        self._pieces = mark.codec(self._pull)
        return True

    def _pull(self, amount: int) -> bytes:
        if self._length is not None:
            amount = min(amount, self._length - self._consumed)
        if amount <= 0:
            return b""
        # Little at first: recognition needs only the start, and how well the content packs shows early.
        amount = min(amount, max(_FIRST_TAKE, self._consumed))
        block = self._parent.read(self._offset + self._consumed, amount)
        self._consumed += len(block)
        if self._consumed > self._credited:
            if not getattr(self._parent, "expanded", False):
                self._budget.earn_expansion(self._consumed - self._credited)
            self._credited = self._consumed
        return block

    def _advance(self, keep_from: int | None = None) -> None:
        """Take one more piece; forget what lies more than a window before it and before `keep_from`."""
        if self._pieces is None:
            self._restart()
        assert self._pieces is not None  # noqa: S101  (told to the type checker; _restart sets it)
        try:
            piece = next(self._pieces, None)
            self._spend(len(piece or b""))
        except SourceError as error:
            self.damage = str(error)
            piece = None
        except LimitReached:
            self.release()
            raise
        if self._pieces is None:
            raise SourceError("more compressed streams inside each other than are kept open")
        if piece is None:
            self._finish()
            return
        if self._reached < HEAD_KEPT_BYTES and len(self._head) == self._reached:
            self._head += piece[: HEAD_KEPT_BYTES - self._reached]
        last = self._window[-1] if self._window else None
        if len(piece) >= _WHOLE_PIECE:
            self._window.append(piece)
        elif isinstance(last, bytearray) and len(last) + len(piece) <= _CHUNK:
            last += piece
        else:
            self._window.append(bytearray(piece))
        self._hash(self._reached, piece)
        self._reached += len(piece)
        if self._reached > self._furthest:
            self._furthest = self._reached
            if self._marks.due(self._reached) and (goes_on := getattr(self._pieces, "mark", None)) is not None:
                self._marks.add(self._reached, self._consumed, goes_on())
        oldest = self._reached - WINDOW_BYTES
        if keep_from is not None:
            oldest = min(oldest, keep_from)
        while self._base + len(self._window[0]) <= oldest:
            self._base += len(self._window.pop(0))
        if self._declared is not None and self._reached > self._declared:
            self.damage = f"expands to more than the declared {self._declared} bytes"
            self._finish()

    def _spend(self, amount: int) -> None:
        if self.archive:
            self._budget.spend_unpacking(amount, nested=getattr(self._parent, "expanded", False))
        else:
            self._budget.spend_expansion(amount)

    def _finish(self) -> None:
        """Note where the content ends; content short of the declared size is damage."""
        self._end = self._reached
        if self._declared is not None and self._end < self._declared and self.damage is None:
            self.damage = f"ends after {self._end} of {self._declared} bytes"


def joined(pieces: Iterator[bytes]) -> Pull:
    """Return a `Pull` over expanded pieces, so that one codec can feed the next."""
    rest = bytearray()

    def pull(amount: int) -> bytes:
        while len(rest) < amount:
            piece = next(pieces, None)
            if piece is None:
                break
            rest.extend(piece)
        block = bytes(rest[:amount])
        del rest[:amount]
        return block

    return pull
