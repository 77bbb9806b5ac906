"""Evidence packs: files, a manifest that names each by its hash, and the signature under it. Values in, values out.

The manifest is a signed note whose text is JSON, so that one file says what was signed and who signed it. It comes
first in the ZIP; its hashes hold the other files, and `pack_zip` holds the rest.

Source: C2SP signed-note; FIPS 180-4 (SHA-256).
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from weighbridge.ledger.note import Note, Signer, parse, signed
from weighbridge.ledger.pack_zip import MOST_FILES, zipped

MANIFEST = "manifest.note"
SCHEMA = "weighbridge.evidence/1"
HEADS = "ledgers.json"
"""The heads of the ledgers that a pack speaks of, if it brings them."""
_Text = Annotated[str, Meta(max_length=4000)]
_Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class PackedFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a pack."""

    name: _Text
    sha256: _Hash
    size: Annotated[int, Meta(ge=0)]


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a pack is. Times are ISO 8601 in UTC."""

    schema: _Text
    pack: _Text
    """Its id, as `board`."""
    title: _Text
    version: _Text
    """Of the mapping from controls to queries."""
    made_at: _Text
    made_by: _Text
    since: _Text
    until: _Text
    scope: _Text
    """Of which endpoints it speaks, in words."""
    coverage: _Text
    """How much of them it covers, in words."""
    server: _Text
    """Version of Weighbridge that made it."""
    epoch: _Text
    """Which life of the server's database it was made from."""
    key: _Text
    """The public key that signs it, as it says itself."""
    witness: _Text
    """The public key under which the server cosigns ledgers; empty if it never did."""
    files: Annotated[list[PackedFile], Meta(max_length=MOST_FILES)]


class Head(Struct, frozen=True, kw_only=True):
    """The head of one endpoint's ledger, as far as the server has it."""

    endpoint_id: str
    endpoint: str
    """Its host name, as it says."""
    key: str
    """The public key of the ledger."""
    records: int
    """That the server has."""
    cosigned: int
    """That the checkpoint covers."""
    checkpoint: str
    """As the endpoint signed it; empty while it signed none."""
    cosignature: str
    """The server's line under it."""
    skipped: int
    """Records that retention removed at the endpoint before they were sent."""


class Heads(Struct, frozen=True, kw_only=True):
    """The file of heads."""

    heads: list[Head]
    complete: bool
    """Whether every ledger of the scope is among them."""
    ledgers: int = 0
    """That there are; packs of older servers do not say it, and have 0."""


def listed(files: Mapping[str, bytes]) -> list[PackedFile]:
    """Return what a manifest says about files."""
    return [
        PackedFile(name=name, sha256=sha256(content).hexdigest(), size=len(content)) for name, content in files.items()
    ]


def sealed(manifest: Manifest, files: Mapping[str, bytes], signer: Signer) -> bytes:
    """Return a pack: the files under a manifest that names them, signed.

    Args:
        manifest: which names the files as `listed` does.
        files: by name; never one called `manifest.note`.
        signer: the key.

    Raises:
        ValueError: the files are too many, too large or called what a pack cannot hold.
    """
    text = json.dumps(msgspec.to_builtins(manifest), indent=1, ensure_ascii=True) + "\n"
    return zipped({MANIFEST: bytes(signed(text, signer)), **files})


def manifest_of(content: bytes) -> tuple[Note, Manifest]:
    """Return the note and the manifest in the file `manifest.note`.

    Raises:
        ValueError: it is none; with a reason for a person.
    """
    try:
        note = parse(content)
        manifest = msgspec.json.decode(note.text.encode(), type=Manifest)
    except (msgspec.DecodeError, RecursionError):
        raise ValueError("has a manifest that cannot be read") from None
    except ValueError as error:
        raise ValueError(f"has a manifest that {error}") from None
    if manifest.schema != SCHEMA:
        raise ValueError("was made by another version of Weighbridge")
    return note, manifest


def is_pack(head: bytes) -> bool:
    """Tell by its first bytes whether a file is a pack, perhaps a damaged one."""
    return head.startswith(b"PK") and MANIFEST.encode() in head[:64]
