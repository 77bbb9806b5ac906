"""`wb export`: what other products consume, from one policy or from what was seen."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import policy_option, quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.export.event import Event
    from weighbridge.policy.policy import Policy

_LEDGER = "ledger"


@click.command("export", short_help="Write rules, profiles and events for other products.")
@click.argument("format_name", required=False, metavar="[FORMAT]")
@policy_option
@click.option(
    "--from",
    "source",
    metavar="REPORT",
    help="JSON of `wb scan`, `wb ps` or `wb agent audit`; - is stdin, ledger is what this machine recorded.",
)
@click.option(
    "-o", "--output", metavar="FOLDER|FILE", help="Where to: a folder for rules, a file for events; - is stdout."
)
@quiet_option
@click.pass_obj
def command(
    screen: Screen, format_name: str | None, policy: str | None, source: str | None, output: str | None, quiet: bool
) -> int:
    """Write what other products enforce or watch for, from one policy; or events, from a report.

    Without FORMAT all formats are listed. Rules with --from also block the models that the report's policy denied, by
    digest. A policy that observes never gives anything that blocks.
    """
    from weighbridge.export.registry import EVENTS, EXPORTS
    from weighbridge.policy.nearest import did_you_mean

    screen.quiet = quiet
    if format_name is None:
        return _list(screen)
    if format_name in EXPORTS:
        return _rules(screen, format_name, policy, source, output)
    if format_name in EVENTS:
        return _events(screen, format_name, source, output)
    raise click.UsageError(f"there is no format {format_name!r}: {did_you_mean(format_name, (*EXPORTS, *EVENTS))}")


def _list(screen: Screen) -> int:
    from weighbridge.export.registry import EVENTS, EXPORTS, event_export, export

    width = max(map(len, (*EXPORTS, *EVENTS)))
    lines = ["From a policy (wb export FORMAT --policy NAME -o FOLDER):"]
    lines += [f"  {name:{width}}  {export(name).title}" for name in EXPORTS]
    lines += ["", "From what was seen (wb export FORMAT --from REPORT.json):"]
    lines += [f"  {name:{width}}  {event_export(name).title}" for name in EVENTS]
    screen.data("\n".join(lines) + "\n")
    return Exit.WITHIN_POLICY


def _rules(screen: Screen, name: str, policy_name: str | None, source: str | None, output: str | None) -> int:
    from weighbridge.export.intent import intent_of
    from weighbridge.export.left_out import left_out
    from weighbridge.export.registry import export
    from weighbridge.export.reported import blocked_in
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.export_products import products
    from weighbridge.pipeline.policies import default_policy, load_policy

    machine = RealMachine()
    policy = load_policy(machine, policy_name or default_policy(machine), check=True)
    blocked = blocked_in(_weighed_by(policy, source)) if source is not None else []
    chosen = export(name)
    intent = intent_of(policy, products(), blocked=blocked)
    files = chosen.write(intent)
    if not files:
        screen.say(f"· policy {intent.policy} asks for nothing that {chosen.title} can express", "muted")
        _not_in_it(screen, left_out(intent, chosen))
        return Exit.WITHIN_POLICY
    if output is None or output == "-":
        if len(files) > 1:
            raise WeighbridgeError(
                "E-usage", f"{chosen.title}: {len(files)} files", f"name a folder: wb export {name} -o FOLDER"
            )
        screen.data(next(iter(files.values())))
    else:
        _write(screen, output, files)
        counted = "1 file" if len(files) == 1 else f"{len(files)} files"
        screen.say(f"✓ {counted} written to {output}", "success")
    if not intent.enforced:
        screen.say(f"policy {intent.policy} is in mode {policy.settings.mode}: nothing in this blocks", "muted")
    _not_in_it(screen, left_out(intent, chosen))
    screen.say(chosen.next_step, "hint")
    return Exit.WITHIN_POLICY


def _not_in_it(screen: Screen, missing: Iterable[str]) -> None:
    for one in missing:
        screen.say(f"! not in it: {one}", "warning")


def _events(screen: Screen, name: str, source: str | None, output: str | None) -> int:
    from weighbridge.export.events import events_of
    from weighbridge.export.registry import event_export

    chosen = event_export(name)
    if source is None:
        raise WeighbridgeError(
            "E-usage",
            f"{chosen.title}: events of what?",
            f"wb scan --format json --output report.json; wb export {name} --from report.json",
        )
    events = _recorded() if source == _LEDGER else events_of(_report(source))
    to_screen = output is None or output == "-"
    written, kept = 0, []
    for event in events:
        line = chosen.line(event)
        if line is None:
            continue
        written += 1
        if to_screen:
            screen.data(f"{line}\n")
        else:
            kept.append(f"{line}\n")
    if not written:
        screen.say(f"· nothing in it that {chosen.title} has a place for", "muted")
    if output is not None and not to_screen:
        screen.write_file(output, "".join(kept))
        screen.say(f"✓ {written:,} events written to {output}", "success")
        screen.say(chosen.next_step, "hint")
    return Exit.WITHIN_POLICY


def _recorded() -> "Iterator[Event]":
    from weighbridge import __version__
    from weighbridge.cli.ledger_files import readable
    from weighbridge.cli.weighing import host_name
    from weighbridge.export.records import record_events
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.export_records import recorded

    with readable():
        yield from record_events(recorded(RealMachine()), host_name() or "this machine", __version__)


def _weighed_by(policy: "Policy", source: str) -> Mapping[str, Any]:
    """Return a report; what another policy denied says nothing about this one."""
    from weighbridge.export.reported import SCAN, policies_in

    if source == _LEDGER:
        raise click.UsageError("rules come from a policy and a report of `wb scan`, not from the ledger")
    report = _report(source)
    if report["schema"] != SCAN:
        raise WeighbridgeError(
            "E-usage", f"{source} is no report of `wb scan`", "wb scan --format json --output report.json"
        )
    mine = f"{policy.settings.name} {policy.settings.version}"
    others = sorted(policies_in(report) - {mine})
    if others:
        raise WeighbridgeError(
            "E-usage",
            f"{source} was weighed by policy {', '.join(others)}, not by {mine}",
            "scan with the same policy: wb scan --policy NAME --format json --output report.json",
        )
    return report


def _report(source: str) -> dict[str, Any]:
    from weighbridge.cli.signing_files import content
    from weighbridge.pipeline.export_reports import LARGEST_BYTES, report_of

    if source == "-":
        return report_of(sys.stdin.buffer.read(LARGEST_BYTES), "standard input")
    return report_of(content(source, LARGEST_BYTES, "E-report-unreadable"), os.path.basename(source))


def _write(screen: Screen, folder: str, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = os.path.join(folder, *name.split("/"))
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
        except OSError as error:
            raise WeighbridgeError(
                "E-output-failed",
                f"cannot make {os.path.dirname(path)}: {error.strerror or error}",
                "name a folder that does not exist yet or that you may write to",
                exit_code=1,
            ) from error
        screen.write_file(path, text)
