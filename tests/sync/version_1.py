"""Messages of version 1 as endpoints that are out there write and read them; not to be changed any more.

These are the fields of `sync/messages.py` when version 1 was frozen, with their limits; an unknown field is refused.
"""

from typing import Annotated

from msgspec import Meta, Struct

Size = Annotated[int, Meta(ge=0, le=(1 << 53) - 1)]
Moment = Annotated[str, Meta(max_length=40)]
Word = Annotated[str, Meta(max_length=64)]
Text = Annotated[str, Meta(max_length=255)]
Hash = Annotated[str, Meta(min_length=44, max_length=44)]
Proof = Annotated[tuple[Hash, ...], Meta(max_length=63)]
NoteText = Annotated[str, Meta(max_length=16_384)]
KeyText = Annotated[str, Meta(min_length=1, max_length=4096)]
Entry = Annotated[str, Meta(max_length=65_535)]
Seconds = Annotated[float, Meta(ge=0, le=1e12)]
EndpointId = Annotated[str, Meta(pattern=r"^[a-z2-7]{16}$")]
Version = Annotated[int, Meta(ge=1, le=1000)]


class Frozen(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A part of a message."""


class Host(Frozen, frozen=True, kw_only=True):
    """What an endpoint says of itself."""

    name: Text = ""
    platform: Word = ""
    release: Text = ""
    architecture: Word = ""


class Enroll(Frozen, frozen=True, kw_only=True):
    """An endpoint asks to belong to the fleet."""

    version: Version = 1
    token: Annotated[str, Meta(min_length=8, max_length=200)]
    public_key: Hash
    ledger_key: KeyText
    host: Host
    sensor: Word


class Enrolled(Frozen, frozen=True, kw_only=True):
    """It does."""

    version: Version = 1
    endpoint_id: EndpointId
    state: Word
    epoch: Word
    witness_key: KeyText
    next_sync_in: Seconds
    server_time: Moment


class Snapshot(Frozen, frozen=True, kw_only=True):
    """A part of everything that there is."""

    part: Size
    last: bool
    size: Size
    entries: Annotated[tuple[Entry, ...], Meta(max_length=8192)]


class Sync(Frozen, frozen=True, kw_only=True):
    """Entries and their proof."""

    version: Version = 1
    batch: Word
    size: Size
    cosigned: Size
    checkpoint: NoteText
    continues: Proof
    first: Size
    skipped: Annotated[tuple[Hash, ...], Meta(max_length=128)] = ()
    entries: Annotated[tuple[Entry, ...], Meta(max_length=8192)] = ()
    covers: Proof
    key_changes: Annotated[tuple[NoteText, ...], Meta(max_length=100)] = ()
    behind: bool = False
    inventory_digest: Hash | None = None
    snapshot: Snapshot | None = None
    device_time: Moment = ""
    monotonic: Seconds = 0.0
    boot: Word = ""
    policy_version: Text = ""
    sensor: Word = ""


class Synced(Frozen, frozen=True, kw_only=True):
    """What the server has now."""

    version: Version = 1
    acknowledged: Size
    cosigned: Size
    accepted: bool
    cosignature: NoteText = ""
    server_time: Moment
    epoch: Word
    resync: bool = False
    policy_version: Text = ""
    next_sync_in: Seconds
    notices: Annotated[tuple[Text, ...], Meta(max_length=10)] = ()


class Refused(Frozen, frozen=True, kw_only=True):
    """Why not."""

    version: Version = 1
    code: Word
    message: Text
    server_time: Moment
    retry_in: Seconds = 0.0
    versions: Annotated[tuple[Annotated[int, Meta(ge=0, le=1000)], ...], Meta(max_length=10)] = ()


KINDS = (Enroll, Enrolled, Host, Refused, Snapshot, Sync, Synced)
