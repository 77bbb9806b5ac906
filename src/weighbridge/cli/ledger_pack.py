"""What `wb ledger verify` says of an evidence pack."""

import json
import os
import stat
from collections.abc import Sequence
from typing import TYPE_CHECKING

from weighbridge.cli.exits import Exit
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from weighbridge.host.machine import Machine
    from weighbridge.ledger.note import Verifier
    from weighbridge.ledger.pack_verify import PackVerification

_HEAD = 64
_SHOWN = 12


def is_pack(machine: "Machine", path: bytes) -> bool:
    """Tell whether a path is an evidence pack, or a folder into which one was unpacked."""
    from weighbridge.ledger.pack import MANIFEST
    from weighbridge.ledger.pack import is_pack as looks_like_one

    try:
        return looks_like_one(machine.peek(path, _HEAD, 0)[0])
    except OSError:
        return _can_be_read(machine, os.path.join(path, MANIFEST.encode()))


def pack(screen: Screen, machine: "Machine", path: bytes, keys: "Sequence[Verifier]", format_name: str) -> Exit:
    """Verify an evidence pack and say what holds. Raises WeighbridgeError `E-ledger-file`: it cannot be read."""
    found = _verified(machine, path, keys)
    screen.data(_json(found) if format_name == "json" else _table(found))
    return Exit.WITHIN_POLICY if found.holds else Exit.LEDGER


def _verified(machine: "Machine", path: bytes, keys: "Sequence[Verifier]") -> "PackVerification":
    from weighbridge.ledger.pack_verify import verify_files, verify_pack
    from weighbridge.ledger.pack_zip import LARGEST
    from weighbridge.model.errors import WeighbridgeError
    from weighbridge.model.source import LimitReached

    try:
        if stat.S_ISDIR(machine.stat(path, follow=True).st_mode):
            return verify_files(_loose(machine, path), keys)
        return verify_pack(machine.read_file(path, LARGEST), keys)
    except (OSError, LimitReached) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise WeighbridgeError(
            "E-ledger-file", f"the pack cannot be read: {reason}", "ask who sent it for another copy"
        ) from None


def _loose(machine: "Machine", folder: bytes) -> dict[str, bytes]:
    """Return the files of a folder that a pack was unpacked into, as far as its names can be those of one."""
    from weighbridge.host.durable_disk import RealDisk
    from weighbridge.ledger.pack_zip import LARGEST, MOST_FILES

    disk, files, folders = RealDisk(folder), dict[str, bytes](), [""]
    room = LARGEST
    for place in folders:
        for name in disk.names(place):
            inside = f"{place}/{name}" if place else name
            if stat.S_ISDIR(machine.stat(os.path.join(folder, os.fsencode(inside)), follow=False).st_mode):
                folders.append(inside)
            else:
                files[inside] = disk.read(inside, room)
                room -= len(files[inside])
            if len(files) + len(folders) > MOST_FILES:
                raise OSError("there are too many files")
    return files


def _can_be_read(machine: "Machine", path: bytes) -> bool:
    try:
        return bool(machine.peek(path, 1, 0)[0])
    except OSError:
        return False


def _json(found: "PackVerification") -> str:
    import msgspec

    document = {
        "schema": "weighbridge.pack-verification/1",
        "holds": found.holds,
        "signed_by": list(found.signed_by),
        "key_from_the_pack": found.self_asserted,
        "problems": list(found.problems),
        "heads": found.heads,
        "ledgers_without_head": found.unsigned_heads,
        "heads_are_cut": found.is_cut,
        "ledgers": found.ledgers or found.heads + found.unsigned_heads,
        "manifest": None if found.manifest is None else msgspec.to_builtins(found.manifest),
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _table(found: "PackVerification") -> str:
    from weighbridge.report.escape import MESSAGE_LIMIT, visible
    from weighbridge.report.words import counted

    manifest, lines = found.manifest, []
    if found.holds and manifest is not None:
        lines.append(f"✓ the pack holds: {counted(len(manifest.files), 'file')}, every one as it was signed")
    else:
        lines.append("✗ the pack does not hold")
    lines += [f"  {visible(problem, MESSAGE_LIMIT)}" for problem in found.problems[:_SHOWN]]
    if len(found.problems) > _SHOWN:
        lines.append(f"  and {len(found.problems) - _SHOWN:,} more; `--format json` lists all")
    if manifest is None:
        return "\n".join(lines) + "\n"
    lines.append(f"  signed by {', '.join(visible(name) for name in found.signed_by) or 'nobody who is trusted here'}")
    if found.self_asserted:
        lines.append("  · by the key that the pack states itself: compare that with what the fleet's people say")
        lines.append(f"    {visible(manifest.key)}")
    says = (
        ("what", f"{manifest.title}, {manifest.since[:10]} to {manifest.until[:10]}"),
        ("made", f"{manifest.made_at} by {manifest.made_by}, Weighbridge {manifest.server}"),
        ("scope", manifest.scope),
        ("covers", manifest.coverage),
    )
    lines += [f"  {word:<7} {visible(text, MESSAGE_LIMIT)}" for word, text in says]
    if found.heads or found.unsigned_heads:
        heads = counted(found.heads, "ledger") + " signed by their endpoints and cosigned by the server"
        lines.append(
            f"  heads   {heads}; {found.unsigned_heads:,} without" if found.unsigned_heads else f"  heads   {heads}"
        )
    if found.is_cut:
        named = found.heads + found.unsigned_heads
        these = f"{named:,} of {counted(found.ledgers, 'ledger')}" if found.ledgers else counted(named, "ledger")
        lines.append(f"  ! these are {these}; of the others it has no head")
    return "\n".join(lines) + "\n"
