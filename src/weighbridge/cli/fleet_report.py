"""`wb fleet report`: make a signed pack of evidence, on the server's own machine."""

import os
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, with_fleet
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weighbridge.fleet.evidence_packs import Pack

_MOST_DAYS = 3_660


@click.command("report", short_help="Make a signed pack of evidence.")
@click.argument("pack", required=False, metavar="[PACK]")
@click.option("--days", type=click.IntRange(1, _MOST_DAYS), default=90, show_default=True, help="How far to look back.")
@click.option("--group", default="", help="Only endpoints of this group.")
@click.option("-o", "--output", metavar="FILE", help="Where the ZIP is written. [evidence-PACK-DAY.zip]")
@click.option("--pdf", is_flag=True, help="Put the page in as PDF, too; needs the extra `pdf`.")
@click.option("--key", is_flag=True, help="Print the key that packs are signed with, and nothing else.")
@with_fleet
def command(
    screen: Screen,
    fleet: Fleet,
    pack: str | None,
    days: int,
    group: str,
    output: str | None,
    pdf: bool,
    key: bool,
) -> int:
    """Make a signed pack of evidence: a report as HTML, its rows as CSV and JSON, and the heads of the ledgers.

    Without PACK, the packs that there are. Whoever gets one checks it with `wb ledger verify FILE --key KEY`; tell them
    the key over another way than the pack.
    """
    from weighbridge.fleet import evidence_pack

    keys = fleet.write(evidence_pack.keys)
    if key:
        screen.data(f"{keys.signer.public.text}\n")
        return Exit.WITHIN_POLICY
    if pack is None:
        screen.data("".join(_listed()))
        return Exit.WITHIN_POLICY
    wanted = _named(pack)
    from weighbridge.console.report_file import report_file
    from weighbridge.fleet.evidence_report import machine_asker

    asker = machine_asker(group)
    found = fleet.read(lambda connection: evidence_pack.found(connection, wanted, asker, fleet.now, days))
    try:
        made = evidence_pack.made(found, keys, report_file, evidence_pack.as_pdf if pdf else None)
    except ValueError as error:
        raise WeighbridgeError("E-report", f"the pack {error}", "ask for fewer days or for one group") from None
    target = output or made.name
    fleet.write(lambda connection, _: evidence_pack.note(connection, None, found.report, made))
    screen.write_file(os.path.abspath(target), made.content)
    screen.say(f"✓ pack     {target}   {found.report.title}, {days} days, {found.report.scope}", "success")
    screen.say(f"  covers   {found.report.coverage.says}")
    screen.say(f"→ check    wb ledger verify {target} --key KEY   (`wb fleet report --key` prints the key)", "hint")
    return Exit.WITHIN_POLICY


def _named(name: str) -> "Pack":
    """Return a pack. Raises WeighbridgeError `E-report`."""
    from weighbridge.fleet.evidence_packs import PACKS
    from weighbridge.fleet.evidence_packs import pack as named
    from weighbridge.policy.nearest import did_you_mean

    found = named(name)
    if found is None:
        hint = did_you_mean(name, PACKS)
        raise WeighbridgeError("E-report", f"there is no report called `{name[:40]}`", hint)
    return found


def _listed() -> "Iterator[str]":
    from weighbridge.fleet.evidence_packs import PACKS

    for one in map(_named, PACKS):
        yield f"{one.id:<12}  {one.title:<20}  {one.framework}\n"
