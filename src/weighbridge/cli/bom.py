"""`wb bom`: write a bill of materials, compare two, or score one."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit, exit_for
from weighbridge.cli.options import cache_option, output_option, policy_option, quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.signing_files import content, signature_at, trust, trust_options
from weighbridge.cli.source_date import source_date, stated_time
from weighbridge.cli.weighing import absolute_paths, weigh

if TYPE_CHECKING:
    from weighbridge.bom.component import Bom
    from weighbridge.pipeline.signed_facts import Covered
    from weighbridge.signing.verification import Trust

_DOCUMENTS = ("cyclonedx", "spdx")
_HEAD_BYTES = 64 << 10
_MARKS = (b'"bomFormat"', b'"@graph"', b'"spdxVersion"')
"""One of them stands near the start of every document."""


@click.command("bom", short_help="Write, compare or score a bill of materials.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice(["cyclonedx", "spdx", "table", "json"]),
    help="cyclonedx (default) or spdx; table (default) or json with --diff and --score.",
)
@output_option
@click.option("--diff", nargs=2, metavar="OLD NEW", help="Compare two documents; exits with 20 if they differ.")
@click.option("--score", "scoring", is_flag=True, help="Show how complete a document, or that of a path, would be.")
@click.option("--timestamp", metavar="TIME", help="Time to write into the document; else SOURCE_DATE_EPOCH, else none.")
@click.option("--absolute-paths", "whole_paths", is_flag=True, help="Write whole paths; they name people and folders.")
@trust_options
@policy_option
@cache_option
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    paths: tuple[str, ...],
    format_name: str | None,
    output: str | None,
    diff: tuple[str, str] | None,
    scoring: bool,
    timestamp: str | None,
    whole_paths: bool,
    signature: str | None,
    key: str | None,
    certificate_roots: str | None,
    crl: tuple[str, ...],
    at: str | None,
    policy: str | None,
    no_cache: bool,
    quiet: bool,
) -> int:
    """Write a bill of materials of the models under the given paths, or on this machine.

    CycloneDX 1.7 or SPDX 3.0.1, the same bytes for the same content: digests, licenses declared and concluded,
    ancestors, evidence, verdicts, and the Python distributions beside the models. Paths are relative to what is
    scanned.

    With --key or --certificate-roots the signature of PATH must hold, and what its files declare counts as signed.
    """
    screen.quiet = quiet
    about = diff is not None or scoring
    if format_name is not None and (format_name in _DOCUMENTS) is about:
        fits = "table or json" if about else "cyclonedx or spdx"
        raise click.UsageError(f"--format {format_name} does not fit here; use {fits}")
    signed = _wants_signature(paths, (signature, key, certificate_roots, at, *crl), diff is not None)
    if sum(value is not None for value in (key, certificate_roots)) != signed:
        raise click.UsageError("a signature is checked with one of --key and --certificate-roots")
    if diff is not None and (paths or scoring):
        raise click.UsageError("--diff takes two documents and nothing else")
    if diff is not None:
        return _compare(screen, diff, format_name or "table", output)
    time = stated_time(timestamp) if timestamp is not None else source_date(os.environ, strict=True)
    if scoring and not signed and len(paths) == 1 and (read := _document(paths[0])) is not None:
        _deliver_score(screen, read, os.path.basename(paths[0]), format_name or "table", output)
        return Exit.WITHIN_POLICY
    covered = None
    if signed:
        (model,) = absolute_paths(paths)
        covered = _covered(model, signature, trust(key, certificate_roots, crl, at))
    bom, code = _made(screen, paths, policy, time=time, whole_paths=whole_paths, cache=not no_cache, covered=covered)
    if code is Exit.NOTHING:
        screen.say("· no model here", "muted")
    if scoring:
        _deliver_score(screen, bom, bom.name, format_name or "table", output)
        return code
    from weighbridge.bom.cyclonedx import document as cyclonedx
    from weighbridge.bom.spdx import document as spdx
    from weighbridge.report.bill import written

    text = written(bom, spdx if format_name == "spdx" else cyclonedx, checked=True)
    if output is None or output == "-":
        screen.data(text)
    else:
        from weighbridge.cli.bom_words import summary

        screen.write_file(output, text)
        screen.say(f"✓ {summary(bom)} written to {output}", "success")
    return code


def _wants_signature(paths: tuple[str, ...], said: tuple[str | None, ...], comparing: bool) -> bool:
    if not any(said):
        return False
    if comparing or len(paths) != 1:
        raise click.UsageError("a signature is about one model: give its PATH, and neither --diff nor others")
    return True


def _covered(model: bytes, signature: str | None, trusted: "Trust") -> "Covered":
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.signed_facts import covered_by

    target, signed = signature_at(model, signature)
    return covered_by(RealMachine(), model, signed, trusted, signature=target)


def _made(
    screen: Screen,
    paths: tuple[str, ...],
    policy: str | None,
    *,
    time: str | None,
    whole_paths: bool,
    cache: bool,
    covered: "Covered | None" = None,
) -> tuple["Bom", Exit]:
    """Scan and return the record with the exit code of the scan."""
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.options import Options
    from weighbridge.pipeline.policies import default_policy
    from weighbridge.pipeline.toolchains import find_toolchains
    from weighbridge.report.bill import bill, places_of

    machine = RealMachine()
    roots = absolute_paths(paths)
    chosen = policy or default_policy(machine)
    result, context = weigh(screen, machine, Options(roots=roots, with_blake3=True, cache=cache, policy=chosen))
    context = replace(context, timestamp=time, absolute_paths=whole_paths)
    if covered is not None:
        from weighbridge.pipeline.signed_facts import with_signed_facts

        result = with_signed_facts(machine, result, covered)
    # Without paths the whole machine is scanned: every tool's own environment would be listed.
    found = find_toolchains(machine, roots, places_of(context).shown)
    result = replace(result, unexamined=(*result.unexamined, *found.unexamined))
    return bill(result, context, found.distributions), exit_for(result, verdicts=False)


def _compare(screen: Screen, files: tuple[str, str], format_name: str, output: str | None) -> Exit:
    from weighbridge.bom.difference import difference
    from weighbridge.cli.bom_words import difference_document, difference_lines

    old, new = (_required(name) for name in files)
    found = difference(old, new)
    if format_name == "json":
        _deliver_json(screen, difference_document(found), output)
    else:
        _deliver_text(screen, "\n".join(difference_lines(found)) + "\n", output)
    return Exit.WITHIN_POLICY if found.empty else Exit.WARN


def _deliver_score(screen: Screen, bom: "Bom", title: str, format_name: str, output: str | None) -> None:
    from weighbridge.bom.score import score
    from weighbridge.cli.bom_words import score_document, score_lines

    found = score(bom)
    if format_name == "json":
        _deliver_json(screen, score_document(found), output)
    else:
        _deliver_text(
            screen, "\n".join(score_lines(found, title, from_file=bom.foreign, width=screen.width)) + "\n", output
        )


def _deliver_json(screen: Screen, document: object, output: str | None) -> None:
    from weighbridge.report.indented import indented

    _deliver_text(screen, indented(document) + "\n", output)


def _deliver_text(screen: Screen, text: str, output: str | None) -> None:
    if output is None or output == "-":
        screen.data(text)
    else:
        screen.write_file(output, text)


def _required(path: str) -> "Bom":
    from weighbridge.bom.read import LARGEST_BYTES, read_bom

    return read_bom(content(path, LARGEST_BYTES, "E-bom-unreadable"), os.path.basename(path))


def _document(path: str) -> "Bom | None":
    """Return the document at `path`; None for anything else, which is scanned."""
    from weighbridge.host.real import RealMachine

    if not os.path.isfile(path):
        return None
    try:
        head, _ = RealMachine().peek(os.path.realpath(os.fsencode(path)), _HEAD_BYTES, 0)
    except OSError:
        return None
    return _required(path) if any(mark in head for mark in _MARKS) else None
