"""`wb verify`: check a model against its signature, or against a bill of materials."""

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.weighing import absolute_paths
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.signing.verification import Verification

_SHOWN = 20
"""Differences that the table lists; json has them all."""


@click.command("verify", short_help="Check a model against its signature or a bill of materials.")
@click.argument("path")
@click.option("--signature", metavar="FILE", help="Signature file. [model.sig in the folder, or PATH.sig]")
@click.option("--key", metavar="FILE", help="Public key that must have signed (PEM).")
@click.option(
    "--certificate-roots", metavar="FILE", help="Authorities that the signer's certificate must lead to (PEM)."
)
@click.option("--at", metavar="TIME", help="Check certificates as of this time (ISO 8601). [now]")
@click.option("--bom", metavar="FILE", help="Check against a CycloneDX or SPDX document instead of a signature.")
@click.option("--follow-links", is_flag=True, help="Take links for their content although none were signed.")
@click.option("--ignore", multiple=True, metavar="PATH", help="Let a path of the model be unsigned; may be repeated.")
@click.option("-f", "--format", "format_name", type=click.Choice(["json", "table"]), default="table", show_default=True)
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    path: str,
    signature: str | None,
    key: str | None,
    certificate_roots: str | None,
    at: str | None,
    bom: str | None,
    follow_links: bool,
    ignore: tuple[str, ...],
    format_name: str,
    quiet: bool,
) -> int:
    """Check that every file of a model is the one that was signed, and that nothing was added. Needs no network.

    Exits with 0 if it is, 21 if not, 4 if that cannot be told here.
    """
    screen.quiet = quiet
    (model,) = absolute_paths([path])
    if sum(value is not None for value in (key, certificate_roots, bom)) != 1:
        raise click.UsageError("give one of --key, --certificate-roots and --bom")
    from weighbridge.host.real import RealMachine

    machine = RealMachine()
    if bom is not None:
        from weighbridge.bom.read import LARGEST_BYTES, entries, read_bom
        from weighbridge.cli.signing_files import content
        from weighbridge.pipeline.signatures import verify_against_bom

        document = read_bom(content(bom, LARGEST_BYTES, "E-bom-unreadable"), os.path.basename(bom))
        found = verify_against_bom(machine, model, entries(document))
    else:
        from weighbridge.cli.signing_files import certificates, content, public_key, signature_path
        from weighbridge.pipeline.signatures import verify_model
        from weighbridge.signing.bundle import LARGEST_BYTES as LARGEST_BUNDLE
        from weighbridge.signing.verification import Trust

        target = os.path.realpath(os.fsencode(signature)) if signature is not None else signature_path(model)
        if not os.path.isfile(target):
            raise WeighbridgeError(
                "E-signature-missing",
                f"there is no signature at {os.fsdecode(target)}",
                "say where it is with --signature FILE",
            )
        trust = Trust(
            at=machine.now() if at is None else _time(at),
            key=public_key(key) if key is not None else None,
            roots=certificates(certificate_roots) if certificate_roots is not None else (),
        )
        found = verify_model(
            machine,
            model,
            content(os.fsdecode(target), LARGEST_BUNDLE, "E-signature-missing"),
            trust,
            signature=target,
            follow_links=follow_links,
            ignored=tuple(name.strip("/") for name in ignore),
        )
    screen.data(_json(found) if format_name == "json" else _table(found))
    return _exit(found)


def _exit(found: "Verification") -> Exit:
    return {"verified": Exit.WITHIN_POLICY, "failed": Exit.DENY, "unverifiable": Exit.UNEXAMINED}[found.outcome.value]


def _json(found: "Verification") -> str:
    document = {
        "schema": "weighbridge.verification/1",
        "outcome": found.outcome.value,
        "method": found.method,
        "signer": found.signer or None,
        "grade": "signed" if found.outcome.value == "verified" and found.method != "bom" else None,
        "files": found.files,
        "bytes": found.size,
        "problems": [{"kind": one.kind.value, "path": one.path, "reason": one.reason} for one in found.problems],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _table(found: "Verification") -> str:
    from weighbridge.report.escape import MESSAGE_LIMIT, visible
    from weighbridge.report.words import counted, size

    against = "the bill of materials" if found.method == "bom" else "the signature"
    if found.outcome.value == "verified":
        lines = [f"✓ verified: {counted(found.files, 'file')}, {size(found.size)}, all as in {against}"]
        if found.signer:
            lines.append(f"  signed by {visible(found.signer, MESSAGE_LIMIT)}")
        return "\n".join(lines) + "\n"
    word = "not verified" if found.outcome.value == "failed" else "cannot be verified here"
    lines = [f"✗ {word}"]
    for problem in found.problems[:_SHOWN]:
        reason = visible(problem.reason, MESSAGE_LIMIT)
        lines.append(f"  {visible(problem.path, MESSAGE_LIMIT)}: {reason}" if problem.path else f"  {reason}")
    if len(found.problems) > _SHOWN:
        lines.append(f"  and {len(found.problems) - _SHOWN:,} more; `--format json` lists all")
    return "\n".join(lines) + "\n"


def _time(text: str) -> datetime:
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--at {text} is no time; write it like 2026-11-21T12:00:00Z") from None
    return stated if stated.tzinfo is not None else stated.replace(tzinfo=UTC)
