"""`wb check`: the build gate. What would ship, and whether it may."""

import os
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit, exit_for
from weighbridge.cli.options import cache_option, output_option, persona_option, quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.weighing import absolute_paths, deliver, run_context, warn_of_stale
from weighbridge.model.verdict import Decision

if TYPE_CHECKING:
    from weighbridge.model.artifact import Scan
    from weighbridge.pipeline.ship import Shipment

_NAMED = 3
"""Paths that a headline names."""
_OWN = ("github", "gitlab", "junit", "table")
_FORMATS = ("github", "gitlab", "json", "json-v1", "junit", "sarif", "table")


@click.command("check", short_help="Gate a build: what would ship from here, and whether it may.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("-f", "--format", "format_name", type=click.Choice(_FORMATS), default="table", show_default=True)
@output_option
@click.option(
    "--policy",
    metavar="NAME|FOLDER",
    help="Weigh by this pack (observe, balanced, regulated) or policy folder. [the fleet's, else balanced]",
)
@click.option("--waivers", multiple=True, metavar="PATH", help="Signed waivers. [waivers/ beside policy and PATH]")
@click.option("--fail-on", type=click.Choice(["warn", "deny"]), default="deny", help="Verdict that fails. [deny]")
@persona_option
@cache_option
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    paths: tuple[str, ...],
    format_name: str,
    output: str | None,
    policy: str | None,
    waivers: tuple[str, ...],
    fail_on: str,
    persona: str,
    no_cache: bool,
    quiet: bool,
) -> int:
    """Check what would ship: a source tree, wheel, sdist, tarball, npm package or container image.

    Images are read layer by layer, unpacked or saved (OCI layout, docker save): what a later layer deletes still
    ships. Without a PATH the current folder is checked. Exits with 21 if something is denied, 20 if something waits
    for a review; with `--format sarif` only 0 to 4.
    """
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.options import Options
    from weighbridge.pipeline.policies import default_policy, load_policy
    from weighbridge.pipeline.ship import weigh_shipment
    from weighbridge.pipeline.waivers import FOLDER, find_waivers

    screen.quiet = quiet
    machine = RealMachine()
    roots = absolute_paths(paths or (".",))
    chosen = policy or default_policy(machine, "balanced")
    weighing = load_policy(machine, chosen)
    places = absolute_paths(waivers) or tuple(
        os.path.join(place, FOLDER) for place in (os.path.abspath(os.fsencode(chosen)), *roots)
    )
    found = find_waivers(machine, places, weighing.settings.waiver_keys)
    options = Options(roots=roots, cache=not no_cache, policy=chosen)
    with screen.progress() as progress:
        shipment = weigh_shipment(machine, options, found.valid, progress.listener, screen.interrupts)
    warn_of_stale(screen, weighing.stale_words)
    context = run_context(screen, machine, options, shipment.scan, persona=persona)
    if format_name not in _OWN:
        deliver(screen, shipment.scan, context, format_name, output)
    else:
        from weighbridge.report import annotations
        from weighbridge.report.gate import Gate, screen_text

        gate = Gate(
            artifacts=shipment.scan.artifacts,
            policy=context.policy or weighing.words,
            root=_base(roots, shipment.scan) if format_name == "table" else os.getcwd(),
            subject=_subject(paths),
            unexamined=shipment.scan.unexamined,
            refused=found.refused,
            waived=len(shipment.waived),
        )
        to_file = output not in (None, "-")
        if format_name == "table":
            text = screen_text(gate, context.width, color=context.color and not to_file)
        else:
            text = {"github": annotations.github, "gitlab": annotations.gitlab, "junit": annotations.junit}[
                format_name
            ](gate)
        if output is None or output == "-":
            screen.data(text)
        else:
            screen.write_file(output, text)
            screen.say(f"✓ report written to {output}", "success")
    for file, reason in found.refused if format_name != "table" else ():
        screen.say(f"! the waiver {file} does not hold: it {reason}", "warning")
    return _exit(shipment, fail_on_warn=fail_on == "warn", verdicts=format_name != "sarif")


def _base(roots: tuple[bytes, ...], scan: "Scan") -> str:
    """Return the folder that paths on the screen are relative to: the one checked, else the one that people are in."""
    told = [place.path for artifact in scan.artifacts for place in artifact.places[:1]]
    told += [missed.path for missed in scan.unexamined]
    bases = []
    for given, here in (
        (roots, os.getcwdb()),
        (tuple(map(os.path.realpath, roots)), os.path.realpath(os.getcwdb())),  # a link is told by where it leads
    ):
        if all(path.startswith(os.path.join(here, b"")) for path in given) and len(given) > 1:
            base = here
        else:
            base = os.path.commonpath(given) if len({os.path.splitdrive(path)[0] for path in given}) == 1 else b""
            base = base if os.path.isdir(base) else os.path.dirname(base)
        bases.append(base)
    chosen = next((base for base in bases if base and any(path.startswith(base) for path in told)), bases[0])
    return os.fsdecode(chosen)


def _subject(paths: tuple[str, ...]) -> str:
    """Return what was checked, for a person; a hook may name thousands of files."""
    if len(paths) > _NAMED:
        return f"{', '.join(paths[:_NAMED])} and {len(paths) - _NAMED:,} more"
    return ", ".join(paths or (".",))


def _exit(shipment: "Shipment", *, fail_on_warn: bool, verdicts: bool) -> Exit:
    scan = shipment.scan
    code = exit_for(scan, fail_on_warn=fail_on_warn, verdicts=verdicts)
    decisions = {artifact.verdict.decision for artifact in scan.artifacts if artifact.verdict is not None}
    if code is Exit.NOTHING:
        return Exit.WITHIN_POLICY  # a build without models is a good build
    if verdicts and code is not Exit.INTERRUPTED and Decision.DENY not in decisions and Decision.PENDING in decisions:
        return Exit.WARN
    return code
