"""`wb verify`: check a model against its signature, or against a bill of materials."""

import json
import os
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.signing_files import trust_options
from weighbridge.cli.weighing import absolute_paths

if TYPE_CHECKING:
    from weighbridge.signing.verification import Verification

_REVOCATION = {
    "checked": "no certificate was revoked, by the lists given",
    "not-checked": "whether a certificate was revoked was not checked; --crl FILE takes its authority's list",
}
_SHOWN = 20
"""Differences that the table lists; json has them all."""


@click.command("verify", short_help="Check a model against its signature or a bill of materials.")
@click.argument("path")
@trust_options
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
    crl: tuple[str, ...],
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
        from weighbridge.pipeline.listed_files import verify_against_bom

        document = read_bom(content(bom, LARGEST_BYTES, "E-bom-unreadable"), os.path.basename(bom))
        found = verify_against_bom(machine, model, entries(document), {gap.path for gap in document.gaps})
    else:
        from weighbridge.cli.signing_files import ignored_names, signature_at, trust
        from weighbridge.pipeline.signatures import verify_model

        target, signed = signature_at(model, signature)
        found = verify_model(
            machine,
            model,
            signed,
            trust(key, certificate_roots, crl, at),
            signature=target,
            follow_links=follow_links,
            ignored=ignored_names(ignore, model),
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
        "revocation": found.revocation.value if found.revocation is not None else None,
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
        if found.revocation is not None:
            lines.append(f"  {_REVOCATION[found.revocation.value]}")
        return "\n".join(lines) + "\n"
    word = "not verified" if found.outcome.value == "failed" else "cannot be verified here"
    lines = [f"✗ {word}"]
    for problem in found.problems[:_SHOWN]:
        reason = visible(problem.reason, MESSAGE_LIMIT)
        lines.append(f"  {visible(problem.path, MESSAGE_LIMIT)}: {reason}" if problem.path else f"  {reason}")
    if len(found.problems) > _SHOWN:
        lines.append(f"  and {len(found.problems) - _SHOWN:,} more; `--format json` lists all")
    return "\n".join(lines) + "\n"
