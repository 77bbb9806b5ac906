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
from typing import TYPE_CHECKING

from weighbridge.model.record import record
from weighbridge.sync.judging import (
    LARGEST_METADATA,
    RefusalError,
    Wanted,
    judged,
    limit_of,
    plain_keys,
    take_held,
    there,
    unreadable,
    whole,
)
from weighbridge.sync.policy_bundle import LARGEST_BUNDLE
from weighbridge.sync.ruling_updates import ROLE_MARK, RULING_FILES, SignedRuling, rulings
from weighbridge.sync.rulings import ROLES

if TYPE_CHECKING:
    from tuf.api.metadata import Root, Targets  # type: ignore[attr-defined]  # its documented home
    from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

PATH = "/v1/policy/"
"""Below which a server has the files, each by plain GET."""
ROOT, TIMESTAMP, SNAPSHOT, TARGETS = "root.json", "timestamp.json", "snapshot.json", "targets.json"
HELD = (ROOT, TIMESTAMP, SNAPSHOT, TARGETS, *RULING_FILES.values())
"""Metadata that an endpoint keeps, by these names."""
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

_NAME = re.compile(r"policy-([1-9][0-9]{0,14})\.json")
_HEX = re.compile(r"[0-9a-f]{64}")
_ROLE = "|".join(ROLES)
_FILE = re.compile(
    rf"[1-9][0-9]{{0,8}}\.(?:root|snapshot|targets|{_ROLE})\.json|timestamp\.json"
    rf"|[0-9a-f]{{64}}\.(?:policy|{_ROLE})-[1-9][0-9]{{0,14}}\.json"
)
_CODE = re.compile(r"([0-9]{1,15})(?: ([a-z]{1,20}))?")


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
    rulings: tuple[SignedRuling, ...] = ()
    """In the order of `sync.rulings.ROLES`; roles that nobody signed anything for are left out."""
    expires: str = ""
    """When the first of what was signed ends, RFC 3339: from then on nobody can know what is new."""


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
        found = yield from rulings(trusted, held, keep)
        # A server with a stolen key may sign a timestamp for ten years; what people signed still ends.
        signed = trusted.root, trusted.timestamp, trusted.snapshot, trusted.targets
        return Refreshed(
            keep=keep,
            policies=listed(trusted.targets),
            rulings=found,
            expires=_text(min(one.expires for one in signed)),
        )
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


def bundle_wanted(signed: Signed | SignedRuling) -> Wanted:
    """Return which file holds a policy, or a text of rulings."""
    return Wanted(name=f"{signed.sha256}.{signed.name}", limit=signed.length)


def expires_at(timestamp: bytes) -> datetime | None:
    """Return when a timestamp that was verified before ends; None if there is none."""
    from tuf.api.metadata import Metadata, Timestamp  # type: ignore[attr-defined]  # its documented home

    try:
        return Metadata[Timestamp].from_bytes(timestamp).signed.expires
    except unreadable():
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


def held_words(text: str) -> str:
    """Return such a text as people say it: `policy 7`, `policy 7 (expired)`, `no policy of the fleet (unpinned)`.

    Any other text is not from this version of Weighbridge, and comes back as it is.
    """
    number, code = held_of(text)
    if not number and not code and text not in ("", "0"):
        return text
    return f"{f'policy {number}' if number else 'no policy of the fleet'}{f' ({code})' if code else ''}"


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
    with judged():
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
        with judged():
            trusted.update_root(whole(content))
        _plain(trusted.root)
        keep[ROOT] = content
    raise RefusalError("damaged", "there is no end of new roots")


def _timestamp(
    trusted: "TrustedMetadataSet", held: Mapping[str, bytes], keep: dict[str, bytes]
) -> Generator[Wanted, bytes | None, None]:
    from tuf.api.exceptions import EqualVersionNumberError

    take_held(trusted.update_timestamp, held.get(TIMESTAMP))
    content = yield Wanted(name=TIMESTAMP, limit=LARGEST_TIMESTAMP)
    with judged():
        try:
            trusted.update_timestamp(there(content, TIMESTAMP))
            keep[TIMESTAMP] = content or b""
        except EqualVersionNumberError:
            trusted._check_final_timestamp()


def _snapshot(
    trusted: "TrustedMetadataSet", held: Mapping[str, bytes], keep: dict[str, bytes]
) -> Generator[Wanted, bytes | None, None]:
    if take_held(lambda content: trusted.update_snapshot(content, trusted=True), held.get(SNAPSHOT)):
        return
    meta = trusted.timestamp.snapshot_meta
    content = yield Wanted(name=f"{meta.version}.snapshot.json", limit=limit_of(meta.length))
    with judged():
        trusted.update_snapshot(there(content, SNAPSHOT))
    keep[SNAPSHOT] = content or b""


def _targets(
    trusted: "TrustedMetadataSet", held: Mapping[str, bytes], keep: dict[str, bytes]
) -> Generator[Wanted, bytes | None, None]:
    if take_held(trusted.update_targets, held.get(TARGETS)):
        return
    meta = trusted.snapshot.meta.get(TARGETS)
    if meta is None:
        raise RefusalError("mixed", "the snapshot names no targets")
    content = yield Wanted(name=f"{meta.version}.targets.json", limit=limit_of(meta.length))
    with judged():
        trusted.update_targets(there(content, TARGETS))
    if ROLE_MARK in trusted.targets.unrecognized_fields:
        raise RefusalError("mixed", "the server shows rulings in the place of the list of policies")
    keep[TARGETS] = content or b""


def _plain(root: "Root") -> None:
    """Refuse keys that could only be checked by other means than arithmetic."""
    plain_keys(root.keys.values())


def _threshold(root: "Root", name: str) -> str:
    role = root.roles[name]
    return f"{role.threshold} of {len(role.keyids)}"


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
