"""Which policy an endpoint may believe: The Update Framework, as a conversation without input or output.

`refresh` says which file it wants next and is given its bytes, or None if the server has none; at the end stand the
metadata to keep and the policies that enough people signed. Whoever drives it fetches and stores. What people sign
(root, targets) lies offline; what the server signs (snapshot, timestamp) can only say how new that is.

Source: TUF specification 1.0.34, section 5 "Detailed client workflow"; the checks of each step are those of
python-tuf's `TrustedMetadataSet`, which loads with the first refresh.
"""

import re
from collections.abc import Generator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from weighbridge.model.record import record
from weighbridge.sync.policy_bundle import LARGEST_BUNDLE

if TYPE_CHECKING:
    from tuf.api.metadata import Root, Targets  # type: ignore[attr-defined]  # its documented home
    from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

PATH = "/v1/policy/"
"""Below which a server has the files, each by plain GET."""
ROOT, TIMESTAMP, SNAPSHOT, TARGETS = "root.json", "timestamp.json", "snapshot.json", "targets.json"
HELD = (ROOT, TIMESTAMP, SNAPSHOT, TARGETS)
"""Metadata that an endpoint keeps, by these names."""
LARGEST_METADATA = 1 << 18
LARGEST_TIMESTAMP = 1 << 14
MOST_ROOTS = 64
"""New roots in one refresh."""

REFUSALS: dict[str, str] = {
    "damaged": "What the server sent cannot be read.",
    "expired": "What the server sent was signed too long ago to be believed.",
    "mixed": "Parts of what the server sent do not belong together.",
    "old": "The server sent something older than what this machine has.",
    "oversized": "What the server sent is larger than it may be.",
    "unlisted": "The server names a policy that nobody signed.",
    "unpinned": "This machine was never told whose signatures count.",
    "unreachable": "The server did not answer.",
    "unsigned": "Too few of those whose signatures count have signed it.",
    "unusable": "The policy is signed, but this version of Weighbridge cannot read it.",
}
"""Why a policy was not taken. In each of these the last good policy stays in force."""

_SCHEMES = frozenset({"ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384"})
"""Signatures that are checked by arithmetic alone: no other program, no network."""
_NAME = re.compile(r"policy-([1-9][0-9]{0,14})\.json")
_HEX = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(
    r"[1-9][0-9]{0,8}\.(?:root|snapshot|targets)\.json|timestamp\.json|[0-9a-f]{64}\.policy-[1-9][0-9]{0,14}\.json"
)
_CODE = re.compile(r"([0-9]{1,15})(?: ([a-z]{1,20}))?")


@record
class Wanted:
    """A file that is wanted next."""

    name: str
    limit: int
    """Bytes; a longer one is given as `OVERSIZED`."""


OVERSIZED = b"\xff"
"""Stands for a file that is too long; no metadata begins like this."""


@record
class Signed:
    """A policy that enough people signed."""

    number: int
    name: str
    sha256: str
    length: int
    title: str


@record
class Refreshed:
    """What came of it."""

    keep: Mapping[str, bytes]
    """Metadata that was verified, by the names of `HELD`; to be stored whatever came of the rest."""
    code: str = ""
    """Why it went no further: one of `REFUSALS`; empty if it did."""
    reason: str = ""
    policies: tuple[Signed, ...] = ()
    """By number."""
    expires: str = ""
    """When the server's word on what is new ends, RFC 3339."""


class RefusalError(Exception):
    """Something is not to be believed.

    Args:
        code: one of `REFUSALS`.
        reason: in a few words.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


Asking = Generator[Wanted, bytes | None, Refreshed]


def refresh(held: Mapping[str, bytes], now: datetime) -> Asking:
    """Bring what an endpoint believes up to date.

    Args:
        held: what it keeps; `ROOT` at least.
        now: by this machine's own clock: no server may say what time it is, as old metadata would never run out then.

    Returns:
        What came of it, however it ended.
    """
    keep: dict[str, bytes] = {}
    try:
        trusted = _trusted(held.get(ROOT, b""), now)
        yield from _roots(trusted, keep)
        yield from _timestamp(trusted, held, keep)
        yield from _snapshot(trusted, held, keep)
        yield from _targets(trusted, held, keep)
        return Refreshed(keep=keep, policies=listed(trusted.targets), expires=_text(trusted.timestamp.expires))
    except RefusalError as refused:
        return Refreshed(keep=keep, code=refused.code, reason=refused.reason)


def checked_root(content: bytes) -> str:
    """Return who signs what in a root that is to be trusted from now on, in words.

    Raises:
        RefusalError: it is none, or does not hold by itself.
    """
    if not content or len(content) > LARGEST_METADATA:
        raise RefusalError("damaged", "the root is empty or too large")
    root = _trusted(content, None).root
    return f"root {root.version}: {_threshold(root, 'root')} for keys, {_threshold(root, 'targets')} for policies"


def bundle_wanted(policy: Signed) -> Wanted:
    """Return which file holds a policy."""
    return Wanted(name=f"{policy.sha256}.{policy.name}", limit=policy.length)


def expires_at(timestamp: bytes) -> datetime | None:
    """Return when a timestamp that was verified before ends; None if there is none."""
    from tuf.api.metadata import Metadata, Timestamp  # type: ignore[attr-defined]  # its documented home

    try:
        return Metadata[Timestamp].from_bytes(timestamp).signed.expires
    except _unreadable():
        return None


def is_file(name: str) -> bool:
    """Tell whether a server may have a file of this name below `PATH`."""
    return _FILE.fullmatch(name) is not None


def held_text(number: int, code: str) -> str:
    """Return what an endpoint tells its server (`Sync.policy_version`): `7`, or `7 expired`. 0: none of the fleet's."""
    return f"{number} {code}" if code else str(number)


def held_of(text: str) -> tuple[int, str]:
    """Return number and code of such a text; (0, "") of any other."""
    found = _CODE.fullmatch(text)
    if found is None or (found[2] is not None and found[2] not in REFUSALS):
        return 0, ""
    return int(found[1]), found[2] or ""


def listed(targets: "Targets") -> tuple[Signed, ...]:
    """Return the policies that signed targets name, by number; names of another kind are for others."""
    found = {}
    for name, file in targets.targets.items():
        matched = _NAME.fullmatch(name)
        sha256 = file.hashes.get("sha256", "")
        if matched is None or not _HEX.fullmatch(sha256) or not 0 < file.length <= LARGEST_BUNDLE:
            continue
        title = (file.custom or {}).get("title", "")
        number = int(matched[1])
        shown = title[:200] if isinstance(title, str) else ""
        found[number] = Signed(number=number, name=name, sha256=sha256, length=file.length, title=shown)
    return tuple(found[number] for number in sorted(found))


def _trusted(root: bytes, now: datetime | None) -> "TrustedMetadataSet":
    from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
    from tuf.ngclient.config import EnvelopeType

    if not root:
        raise RefusalError("unpinned", "there is no trusted root")
    with _judged():
        trusted = TrustedMetadataSet(root, EnvelopeType.METADATA)
    _plain(trusted.root)
    if now is not None:
        trusted.reference_time = now
    return trusted


def _roots(trusted: "TrustedMetadataSet", keep: dict[str, bytes]) -> Generator[Wanted, bytes | None, None]:
    for _ in range(MOST_ROOTS):
        content = yield Wanted(name=f"{trusted.root.version + 1}.root.json", limit=LARGEST_METADATA)
        if content is None:
            return
        with _judged():
            trusted.update_root(_whole(content))
        _plain(trusted.root)
        keep[ROOT] = content
    raise RefusalError("damaged", "there is no end of new roots")


def _timestamp(
    trusted: "TrustedMetadataSet", held: Mapping[str, bytes], keep: dict[str, bytes]
) -> Generator[Wanted, bytes | None, None]:
    from tuf.api.exceptions import EqualVersionNumberError

    _take_held(trusted.update_timestamp, held.get(TIMESTAMP))
    content = yield Wanted(name=TIMESTAMP, limit=LARGEST_TIMESTAMP)
    with _judged():
        try:
            trusted.update_timestamp(_there(content, TIMESTAMP))
            keep[TIMESTAMP] = content or b""
        except EqualVersionNumberError:
            trusted._check_final_timestamp()


def _snapshot(
    trusted: "TrustedMetadataSet", held: Mapping[str, bytes], keep: dict[str, bytes]
) -> Generator[Wanted, bytes | None, None]:
    if _take_held(lambda content: trusted.update_snapshot(content, trusted=True), held.get(SNAPSHOT)):
        return
    meta = trusted.timestamp.snapshot_meta
    content = yield Wanted(name=f"{meta.version}.snapshot.json", limit=_limit(meta.length))
    with _judged():
        trusted.update_snapshot(_there(content, SNAPSHOT))
    keep[SNAPSHOT] = content or b""


def _targets(
    trusted: "TrustedMetadataSet", held: Mapping[str, bytes], keep: dict[str, bytes]
) -> Generator[Wanted, bytes | None, None]:
    if _take_held(trusted.update_targets, held.get(TARGETS)):
        return
    meta = trusted.snapshot.meta.get(TARGETS)
    if meta is None:
        raise RefusalError("mixed", "the snapshot names no targets")
    content = yield Wanted(name=f"{meta.version}.targets.json", limit=_limit(meta.length))
    with _judged():
        trusted.update_targets(_there(content, TARGETS))
    keep[TARGETS] = content or b""


def _take_held(update: Any, content: bytes | None) -> bool:  # noqa: ANN401  (a method of the library)
    """Let what is held count, as a bound on what may come; tell whether it is still the newest."""
    if content is None:
        return False
    try:
        with _judged():
            update(content)
    except RefusalError:
        return False  # run out, of another version, or of keys that count no more: the new one must be better
    return True


def _limit(length: int | None) -> int:
    return LARGEST_METADATA if length is None else min(length, LARGEST_METADATA)


def _there(content: bytes | None, name: str) -> bytes:
    if content is None:
        raise RefusalError("mixed", f"the server has no {name}")
    return _whole(content)


def _whole(content: bytes) -> bytes:
    if content == OVERSIZED:
        raise RefusalError("oversized", "a file is larger than it may be")
    return content


def _plain(root: "Root") -> None:
    """Refuse keys that could only be checked by other means than arithmetic."""
    for key in root.keys.values():
        if key.scheme not in _SCHEMES:
            raise RefusalError("unsigned", f"the root names a key of the kind {str(key.scheme)[:40]}")


def _threshold(root: "Root", name: str) -> str:
    role = root.roles[name]
    return f"{role.threshold} of {len(role.keyids)}"


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _unreadable() -> tuple[type[Exception], ...]:
    """What reading hostile metadata can raise: of the library, and of what it does with values of any type."""
    from tuf.api.exceptions import RepositoryError
    from tuf.api.serialization import DeserializationError, SerializationError

    values = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
    return RepositoryError, DeserializationError, SerializationError, *values


class _judged:  # noqa: N801  (reads as a word at its uses)
    """Turns what the library raises into a `RefusalError`."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        """Judge. Raises RefusalError."""
        if error is None or isinstance(error, RefusalError) or not isinstance(error, _unreadable()):
            return
        from tuf.api import exceptions

        by_kind: tuple[tuple[type[Exception], str], ...] = (
            (exceptions.UnsignedMetadataError, "unsigned"),
            (exceptions.EqualVersionNumberError, ""),
            (exceptions.BadVersionNumberError, "old"),
            (exceptions.ExpiredMetadataError, "expired"),
            (exceptions.LengthOrHashMismatchError, "mixed"),
        )
        code = next((code for one, code in by_kind if isinstance(error, one)), "damaged")
        if code:
            raise RefusalError(code, str(error)[:150]) from None
