"""Does an evidence pack hold? Signature, every file, nothing beside them, and the ledgers' heads that it brings.

Needs nothing but the files and a key: no server, no network. What a pack says is not judged; only that it is what was
signed, by whom, and that the heads in it were signed by the endpoints themselves.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from weighbridge.ledger.checkpoint import checkpoint_of
from weighbridge.ledger.cosignature import CosignerKey
from weighbridge.ledger.note import Verifier, parse, signature_lines, verified
from weighbridge.ledger.note_keys import PublicKey
from weighbridge.ledger.pack import HEADS, MANIFEST, Head, Heads, Manifest, manifest_of
from weighbridge.ledger.pack_zip import is_whole, unzipped
from weighbridge.model.record import record

_MOST_PROBLEMS = 100


@record
class PackVerification:
    """What became of it."""

    manifest: Manifest | None
    """None if there is none that can be read."""
    signed_by: tuple[str, ...]
    """Trusted keys that signed it."""
    self_asserted: bool
    """Whether nobody gave a key, so that the one that the pack states was taken."""
    problems: tuple[str, ...]
    heads: int
    """Heads of ledgers that their endpoints signed and the server cosigned."""
    unsigned_heads: int
    """Ledgers that the pack names without such a head."""
    is_cut: bool = False
    """Whether there are more ledgers, of which the pack says nothing."""
    ledgers: int = 0
    """That there are, if they are more; 0 if the pack does not say how many."""

    @property
    def holds(self) -> bool:
        """Whether everything is as it was signed."""
        return not self.problems


def verify_pack(content: bytes, keys: Sequence[Verifier]) -> PackVerification:
    """Verify a pack.

    Args:
        content: the ZIP.
        keys: one of which must have signed; with none, the key that the pack states is taken, and that is said.
    """
    try:
        files = unzipped(content)
    except ValueError as error:
        return _nothing(str(error))
    found = verify_files(files, keys)
    order = [] if found.manifest is None else [MANIFEST, *(one.name for one in found.manifest.files)]
    if is_whole(content, files) and (found.problems or [*files] == order):
        return found
    message = "the ZIP is not as it was made: something was changed, moved or added beside its files"
    return _with(found, message)


def verify_files(files: Mapping[str, bytes], keys: Sequence[Verifier]) -> PackVerification:
    """Verify the files of a pack that lie loose. `keys`: as `verify_pack` takes them."""
    if MANIFEST not in files:
        return _nothing("has no manifest")
    try:
        note, manifest = manifest_of(files[MANIFEST])
    except ValueError as error:
        return _nothing(str(error))
    problems: list[str] = []
    trusted, self_asserted = [*keys], not keys
    signed_by: tuple[str, ...] = ()
    try:
        if self_asserted:
            trusted = [PublicKey.parse(manifest.key)]
        signers = verified(note, trusted)
        signed_by = tuple(one.name for one in signers)
        known = {(one.name, one.key_id) for one in signers}
        others = [one.name for one in note.signatures if (one.name, one.key_id) not in known]
        if not signed_by:
            problems.append("the manifest is not signed by a key that is trusted here")
        elif others or len(note.signatures) != len(known):
            name = others[0] if others else signed_by[0]
            problems.append(
                f"the manifest carries a signature of {name} beside that; give its key, too, if you trust it"
            )
    except ValueError as error:
        problems.append(f"the manifest: {error}")
    problems += _files(manifest, files)
    of_ledgers = _heads(manifest, files.get(HEADS))
    return PackVerification(
        manifest=manifest,
        signed_by=signed_by,
        self_asserted=self_asserted,
        problems=tuple((problems + of_ledgers.problems)[:_MOST_PROBLEMS]),
        heads=of_ledgers.whole,
        unsigned_heads=of_ledgers.unsigned,
        is_cut=of_ledgers.is_cut,
        ledgers=of_ledgers.ledgers,
    )


def _nothing(reason: str) -> PackVerification:
    return PackVerification(
        manifest=None,
        signed_by=(),
        self_asserted=False,
        problems=(f"the pack {reason}",),
        heads=0,
        unsigned_heads=0,
    )


def _with(found: PackVerification, problem: str) -> PackVerification:
    return PackVerification(
        manifest=found.manifest,
        signed_by=found.signed_by,
        self_asserted=found.self_asserted,
        problems=(*found.problems, problem),
        heads=found.heads,
        unsigned_heads=found.unsigned_heads,
        is_cut=found.is_cut,
        ledgers=found.ledgers,
    )


def _files(manifest: Manifest, files: Mapping[str, bytes]) -> list[str]:
    problems = []
    named = {one.name: one for one in manifest.files}
    if len(named) != len(manifest.files) or MANIFEST in named:
        problems.append("the manifest names a file twice")
    for name, one in named.items():
        content = files.get(name)
        if content is None:
            problems.append(f"{name} is missing")
        elif (len(content), sha256(content).hexdigest()) != (one.size, one.sha256):
            problems.append(f"{name} is not as it was signed")
    added = [name for name in files if name not in named and name != MANIFEST]
    return problems + [f"{name} was added: the manifest does not name it" for name in added]


class _OfLedgers(NamedTuple):
    whole: int
    unsigned: int
    problems: list[str]
    is_cut: bool = False
    ledgers: int = 0


def _heads(manifest: Manifest, content: bytes | None) -> _OfLedgers:
    if content is None:
        return _OfLedgers(0, 0, [])
    try:
        stated = msgspec.json.decode(content, type=Heads)
        witness = CosignerKey(manifest.witness) if manifest.witness else None
    except (msgspec.DecodeError, RecursionError, ValueError):
        return _OfLedgers(0, 0, [f"{HEADS} cannot be read"])
    whole, unsigned, wrong = 0, 0, []
    for head in stated.heads:
        if not head.checkpoint or not head.cosignature or witness is None:
            unsigned += 1
            continue
        trouble = _why_not(head, witness)
        if trouble:
            wrong.append(f"the head of the ledger of {head.endpoint_id} {trouble}")
        else:
            whole += 1
    return _OfLedgers(whole, unsigned, wrong, not stated.complete, stated.ledgers)


def _why_not(head: Head, witness: CosignerKey) -> str:
    try:
        note = parse(head.checkpoint.encode())
        checkpoint = checkpoint_of(note.text)
        key = PublicKey.parse(head.key)
        if checkpoint.origin != key.name or not verified(note, [key]):
            return "is not signed by its endpoint"
        lines = signature_lines(head.cosignature)
        by_witness = [one for one in lines if (one.name, one.key_id) == (witness.name, witness.key_id)]
        if not by_witness or not all(witness.holds(note.text, one.content) for one in by_witness):
            return "is not cosigned by the server"
        if checkpoint.size != head.cosigned:
            return "speaks of another number of records"
    except ValueError as error:
        return str(error)
    return ""
