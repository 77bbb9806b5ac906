"""`wb ledger verify`: does a ledger, a proof or an evidence pack hold?"""

import json
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.host.machine import Machine
    from weighbridge.ledger.note import Verifier
    from weighbridge.ledger.reader import LogReader
    from weighbridge.ledger.verify import Problem, Verification

_SHOWN = 12
_OWN = "bring this file back from a copy; to begin a new ledger, move ledger/ and ledger-key/ to another place"
_EXPORT = "ask who sent it for another export"


@click.command("verify", short_help="Check every record of a ledger, a proof or an evidence pack.")
@click.argument("path", required=False, metavar="[FOLDER|FILE]")
@click.option("-k", "--key", "keys", multiple=True, metavar="KEY|FILE", help="Public key that must have signed.")
@click.option("--against", multiple=True, metavar="FILE", help="A checkpoint that was kept; may be repeated.")
@click.option("-f", "--format", "format_name", type=click.Choice(["json", "table"]), default="table", show_default=True)
@quiet_option
@click.pass_obj
def command(
    screen: Screen, path: str | None, keys: tuple[str, ...], against: tuple[str, ...], format_name: str, quiet: bool
) -> int:
    """Hash every record of this machine's ledger again, compare it with what was signed, and say what does not hold.

    With a FOLDER or ZIP that was exported elsewhere, or a proof FILE, nothing of this machine is used; give the key of
    its owner with --key. So it is with an evidence pack of a fleet, whose key its administrators tell. Exits with 0 if
    all holds, else with 30.
    """
    screen.quiet = quiet
    from weighbridge.cli.ledger_files import keys_of, notes_of, own_key, readable
    from weighbridge.cli.ledger_pack import is_pack, pack
    from weighbridge.cli.weighing import absolute_paths
    from weighbridge.host.real import RealMachine
    from weighbridge.ledger.verify import verify_log
    from weighbridge.model.events import Progress
    from weighbridge.pipeline.ledger_open import ledger_reader
    from weighbridge.pipeline.ledger_source import verifier

    machine = RealMachine()
    trusted = keys_of(machine, keys)
    if path is None:
        log: LogReader = ledger_reader(machine)
        trusted = trusted or [own_key(machine)]
        beside = False
    else:
        (target,) = absolute_paths([path])
        if _is_proof(machine, target):
            return _proof(screen, machine, path, trusted)
        if is_pack(machine, target):
            if against:
                raise WeighbridgeError(
                    "E-usage", "an evidence pack is no ledger to compare a checkpoint with", "leave --against out"
                )
            return pack(screen, machine, target, trusted, format_name)
        from weighbridge.pipeline.ledger_source import ledger_at

        log, found_key = ledger_at(machine, target)
        beside = not trusted and found_key is not None
        if beside and found_key is not None:
            trusted = [verifier(found_key)]
    kept = notes_of(machine, against)
    with readable(_OWN if path is None else _EXPORT), screen.progress() as progress:
        size = log.head().checkpoint.size

        def follow(done: int) -> None:
            progress.listener(Progress(stage="verify", records_done=done, records_total=size))

        found = verify_log(log, trusted, kept, follow, is_own=path is None)
    screen.data(_json(found, beside) if format_name == "json" else _table(found, beside))
    return Exit.WITHIN_POLICY if found.holds else Exit.LEDGER


def _is_proof(machine: "Machine", path: bytes) -> bool:
    from weighbridge.ledger.proof import HEADER

    try:
        return machine.peek(path, len(HEADER), 0)[0] == HEADER.encode()
    except OSError:
        return False


def _proof(screen: Screen, machine: "Machine", path: str, trusted: "list[Verifier]") -> int:
    from weighbridge.cli.ledger_files import content, own_key
    from weighbridge.ledger.entry import decode
    from weighbridge.ledger.proof import LARGEST_PROOF, proof_of, why_not

    try:
        proof = proof_of(content(machine, path, LARGEST_PROOF))
        trouble = why_not(proof, None, trusted or [own_key(machine)])
    except ValueError as error:
        trouble = f"the file {error}"
    if trouble is not None:
        screen.data(f"✗ does not hold: {trouble}\n")
        return Exit.LEDGER
    from weighbridge.cli.ledger_words import line

    record = decode(proof.entry or b"")
    screen.data(f"✓ holds: record {proof.number:,} of {proof.checkpoint.origin}\n")
    if record is not None:
        screen.data(f"  {line(record, '')}\n")
    return Exit.WITHIN_POLICY


def _json(found: "Verification", beside: bool) -> str:
    document = {
        "schema": "weighbridge.ledger-verification/1",
        "holds": found.holds,
        "origin": found.origin,
        "records": found.size,
        "unsigned": found.unsigned,
        "pruned_below": found.minimum,
        "intact": found.intact,
        "signed_by": list(found.signed_by),
        "key_from_the_log": beside,
        "problems": [{"first": one.first, "last": one.last, "reason": one.reason} for one in found.problems],
        "notes": list(found.notes),
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _table(found: "Verification", beside: bool) -> str:
    from weighbridge.report.escape import MESSAGE_LIMIT, visible
    from weighbridge.report.words import counted

    lines = []
    if found.holds:
        lines.append(f"✓ the ledger holds: {counted(found.size, 'record')}, every one as it was signed")
    elif found.intact and any(one.first is not None for one in found.problems):
        lines.append(f"✗ the ledger does not hold from record {found.intact:,} on")
    else:
        lines.append("✗ the ledger does not hold")
    lines += [f"  {visible(_sentence(one), MESSAGE_LIMIT)}" for one in found.problems[:_SHOWN]]
    if len(found.problems) > _SHOWN:
        lines.append(f"  and {len(found.problems) - _SHOWN:,} more; `--format json` lists all")
    lines.append(f"  signed by {', '.join(visible(name) for name in found.signed_by) or 'nobody who is trusted here'}")
    if beside:
        lines.append("  · by the key that lies with it: compare that with what its owner says")
    if found.unsigned:
        lines.append(f"  · {counted(found.unsigned, 'newer record')} not signed yet")
    if found.torn:
        lines.append(f"  · {counted(found.torn, 'byte')} of an unfinished write at the end, which nobody was promised")
    lines += [f"  · {visible(note, MESSAGE_LIMIT)}" for note in found.notes[:_SHOWN]]
    if len(found.notes) > _SHOWN:
        lines.append(f"  · and {len(found.notes) - _SHOWN:,} more notes; `--format json` lists all")
    return "\n".join(lines) + "\n"


def _sentence(problem: "Problem") -> str:
    if problem.first is None or problem.last is None:
        return problem.reason
    if problem.first == problem.last:
        return f"record {problem.first:,} {problem.reason}"
    return f"records {problem.first:,} to {problem.last:,} {problem.reason}"
