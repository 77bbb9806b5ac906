"""Evidence packs for tests, made of a few files."""

import msgspec

from weighbridge.ledger.checkpoint import Checkpoint
from weighbridge.ledger.cosignature import EdCosigner
from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.pack import HEADS, SCHEMA, Head, Heads, Manifest, listed, sealed

KEY = PrivateKey("weighbridge/evidence/test", bytes(range(32)))
WITNESS = EdCosigner("weighbridge/fleet/test", b"w" * 32)
LAPTOP = PrivateKey("laptop", b"l" * 32)
FILES = {"report.html": b"<p>all is well</p>", "rows/01.csv": b"a,b\r\n", "report.json": b"{}"}


def head(size: int = 7, signer: PrivateKey = LAPTOP, witness: EdCosigner = WITNESS) -> Head:
    """Return the head of a ledger."""
    text = Checkpoint("laptop", size, bytes(32)).text
    note = signed(text, signer)
    return Head(
        endpoint_id="a" * 16,
        endpoint="laptop",
        key=LAPTOP.public.text,
        records=size,
        cosigned=size,
        checkpoint=bytes(note).decode(),
        cosignature=witness.cosign(text, 1_700_000_000).line,
        skipped=0,
    )


def manifest(files, **values: str) -> Manifest:
    """Return what a manifest says about files."""
    words = dict.fromkeys(("pack", "title", "version", "made_by", "scope", "coverage", "server", "epoch"), "x")
    times = {"made_at": "2026-11-21T12:00:00Z", "since": "2026-08-23T12:00:00Z", "until": "2026-11-21T12:00:00Z"}
    keys = {"schema": SCHEMA, "key": KEY.public.text, "witness": WITNESS.text}
    return Manifest(**words | times | keys | values, files=listed(files))


def heads(*found: Head) -> bytes:
    """Return the file of heads."""
    return msgspec.json.encode(Heads(heads=[*found], complete=True))


def pack(files=None, **values: str) -> bytes:
    """Return a whole pack."""
    files = {HEADS: heads(head()), **FILES} if files is None else files
    return sealed(manifest(files, **values), files, KEY)
