"""What endpoint and server say to each other. Every field has its limit; an unknown field is refused.

An endpoint sends two messages, `Enroll` once and `Sync` from then on. What a server can say is `Enrolled`, `Synced` and
`Refused`: numbers, words for a person and signatures, nothing that names a file, a command or a query.

Versions (docs/explanation/versions.md has the whole rule): endpoints and servers of neighboring versions go on working.

- A field that stood in a version stays there: never removed, renamed, narrowed or given another meaning.
- A new field has a default and says since when it is there: `name: Annotated[Text, since(VERSION)] = ""`. Nobody who
  speaks an older version is sent it (`envelope.encoded`), so nobody meets a field that is unknown there.
- A message states its version, and its answer is of the same. Who is asked in a version that it does not speak says
  which ones it does (`Refused.versions`); the endpoint then asks again in the newest of them.
- `Refused` is of version 1 and has its fields for good: everybody must be able to read why not.
- `VERSION` counts up once a release, with the first field that is new since the last one.
"""

from base64 import b32encode, b64decode, b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from typing import Annotated

from msgspec import Meta, Struct

VERSION = 3
"""Of these messages."""
OLDEST = 1
"""The oldest version that is still spoken."""
VERSIONS = tuple(range(OLDEST, VERSION + 1))
SYNC_PATH = "/v1/sync"
ENROLL_PATH = "/v1/enroll"
MOST_ENTRIES = 8192
MOST_PROOF = 63
LARGEST_ENTRY_TEXT = 65_535
_LARGEST = (1 << 53) - 1

Size = Annotated[int, Meta(ge=0, le=_LARGEST)]
Moment = Annotated[str, Meta(max_length=40)]
"""RFC 3339, UTC."""
Word = Annotated[str, Meta(max_length=64)]
Text = Annotated[str, Meta(max_length=255)]
Hash = Annotated[str, Meta(min_length=44, max_length=44)]
"""32 bytes in base 64."""
Proof = Annotated[tuple[Hash, ...], Meta(max_length=MOST_PROOF)]
NoteText = Annotated[str, Meta(max_length=16_384)]
KeyText = Annotated[str, Meta(min_length=1, max_length=4096)]
Entry = Annotated[str, Meta(max_length=LARGEST_ENTRY_TEXT)]
Seconds = Annotated[float, Meta(ge=0, le=1e12)]
EndpointId = Annotated[str, Meta(pattern=r"^[a-z2-7]{16}$")]


def since(version: int) -> Meta:
    """Mark a field that older versions do not have: nobody who speaks one of those is sent it."""
    return Meta(extra={"since": version})


class Message(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A message of either side."""

    version: Annotated[int, Meta(ge=1, le=1000)] = VERSION


class Host(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What an endpoint says of itself, for people to recognize it by; nothing is decided on it."""

    name: Text = ""
    """Host name."""
    platform: Word = ""
    release: Text = ""
    architecture: Word = ""


class Enroll(Message, frozen=True, kw_only=True):
    """An endpoint asks to belong to the fleet. Signed with the key that it states."""

    token: Annotated[str, Meta(min_length=8, max_length=200)]
    public_key: Hash
    """Ed25519, made on the device."""
    ledger_key: KeyText
    """The key that signs the endpoint's ledger: `NAME+ID+KEY`."""
    host: Host
    sensor: Word
    """Version of Weighbridge."""
    again: Annotated[EndpointId | None, since(2)] = None
    """The endpoint that this machine is already, and goes on as with a new key."""


class Enrolled(Message, frozen=True, kw_only=True):
    """It does, or will when somebody approves."""

    endpoint_id: EndpointId
    state: Word
    """`active` or `pending`."""
    epoch: Word
    """Names this life of the server's memory; another one after it was restored from a backup."""
    witness_key: KeyText
    """What the server's cosignatures verify with: `NAME+ID+KEY`."""
    next_sync_in: Seconds
    server_time: Moment


class Snapshot(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A part of everything that there is now, by the last entry about each thing; only when the server asked."""

    part: Size
    """0 for the first part; else the index of the record after which it begins."""
    last: bool
    size: Size
    """Entries of the ledger that it takes into account."""
    entries: Annotated[tuple[Entry, ...], Meta(max_length=MOST_ENTRIES)]


class Sync(Message, frozen=True, kw_only=True):
    """The entries after those that the server has, and the proof that they continue them: a `ledger.batch.Batch`."""

    batch: Word
    """Names this attempt in logs."""
    size: Size
    """Entries that the server has, as far as the endpoint knows."""
    cosigned: Size
    """Size of the largest checkpoint that the server cosigned, as far as the endpoint knows."""
    checkpoint: NoteText
    """The last signed checkpoint of the endpoint's ledger."""
    continues: Proof
    """That it continues the one of `cosigned` entries (RFC 6962, 2.1.2)."""
    first: Size
    """Index of the first of `entries`."""
    skipped: Annotated[tuple[Hash, ...], Meta(max_length=128)] = ()
    """Roots over entries from `size` up to `first`, which retention removed before they could be sent."""
    entries: Annotated[tuple[Entry, ...], Meta(max_length=MOST_ENTRIES)] = ()
    covers: Proof
    """That the checkpoint continues the tree that ends with the last of `entries`."""
    key_changes: Annotated[tuple[NoteText, ...], Meta(max_length=100)] = ()
    """Statements that lead from earlier keys of the ledger to the one that signs now."""
    behind: bool = False
    """Whether the ledger ends before what the server cosigned: an old state of the machine was put back."""
    inventory_digest: Hash | None = None
    """`inventory_sum` over everything that there is by all entries up to the last one here; absent if more wait."""
    snapshot: Snapshot | None = None
    device_time: Moment = ""
    monotonic: Seconds = 0.0
    boot: Word = ""
    policy_version: Text = ""
    rulings: Annotated[Word, since(2)] = ""
    """Which rulings are in force here: `sync.rulings.numbers_text`."""
    sensor: Word = ""


class Synced(Message, frozen=True, kw_only=True):
    """What the server has now. Sent after it is durable."""

    acknowledged: Size
    cosigned: Size
    accepted: bool
    """Whether what was sent was taken in; if not, the endpoint goes on from `acknowledged`."""
    cosignature: NoteText = ""
    """Signature line of the server under the checkpoint that was sent."""
    server_time: Moment
    epoch: Word
    resync: bool = False
    """Whether the server asks for a snapshot."""
    policy_version: Text = ""
    rulings: Annotated[Word, since(2)] = ""
    """The newest rulings that the server has: `sync.rulings.numbers_text`."""
    catalog: Annotated[Size, since(3)] = 0
    """The newest text of what the catalog approved; 0 if there is none."""
    next_sync_in: Seconds
    notices: Annotated[tuple[Text, ...], Meta(max_length=10)] = ()
    """Sentences for the person at the endpoint."""


class Refused(Message, frozen=True, kw_only=True):
    """Why not, in the first version for good. `code` is one of `REFUSALS`."""

    version: Annotated[int, Meta(ge=1, le=1000)] = 1
    code: Word
    message: Text
    server_time: Moment
    retry_in: Seconds = 0.0
    versions: Annotated[tuple[Annotated[int, Meta(ge=0, le=1000)], ...], Meta(max_length=10)] = ()


REFUSALS: dict[str, str] = {
    "approval": "The enrollment waits for somebody's approval.",
    "body": "The body cannot be read.",
    "busy": "The server has enough to do; try again later.",
    "clock": "The signature is from another time; `server_time` says which time it is.",
    "forked": "This ledger is not the one that was sent before: a copy of the machine, or a rewritten history.",
    "ledger": "The checkpoint is not signed with the key of this endpoint's ledger.",
    "ledger-changed": "The endpoint is enrolled with another ledger.",
    "replayed": "This very request came before.",
    "revoked": "An administrator took the endpoint out of the fleet.",
    "signature": "The request is not signed as it must be.",
    "token": "The token is unknown, used up, expired or revoked.",
    "unknown": "No endpoint has this key.",
    "version": "The messages are of a version that the server does not speak.",
}


def endpoint_id_of(public_key: bytes) -> str:
    """Return what names the endpoint with this key: 16 characters, the same on every server."""
    return b32encode(sha256(public_key).digest()[:10]).decode().lower()


def to_text(content: bytes) -> str:
    """Return bytes as messages carry them."""
    return b64encode(content).decode()


def hash_of(text: str) -> bytes:
    """Return the 32 bytes of a `Hash`. Raises ValueError if it is none."""
    try:
        content = b64decode(text, validate=True)
    except NotBase64:
        content = b""
    if len(content) != 32 or b64encode(content).decode() != text:
        raise ValueError("is not 32 bytes in base 64")
    return content
