"""`wb fleet policy upload`: check and try a policy folder, and write what people sign."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import WHO, Fleet, output_option, with_fleet, write_to_sign
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.command("upload", short_help="Check and try a policy folder, and write what people sign.")
@click.argument("folder")
@click.option("--note", default="", help="Why it changes, for people.")
@output_option
@with_fleet
def command(screen: Screen, fleet: Fleet, folder: str, note: str, output: str | None) -> int:
    """Check the policy in FOLDER, try its situations, and keep it under the next number.

    Nothing changes on any endpoint until enough people have signed it and somebody has published it.
    """
    from weighbridge.fleet import audit, policy_versions
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.policy_folder import folder_files
    from weighbridge.report.words import counted

    files = folder_files(RealMachine(), folder)
    tried = policy_versions.checked(files)

    def job(connection: "Connection", now: int) -> policy_versions.Version:
        made = policy_versions.upload(connection, now, WHO, files, tried=tried, note=note)
        audit.note(connection, now, None, "policy.upload", str(made.number), {"title": made.title})
        return made

    made = fleet.write(job)
    text = fleet.read(lambda connection: policy_versions.to_sign(connection, made.number, fleet.now))
    rules, situations = counted(made.rules, "rule"), counted(made.situations, "situation")
    screen.say(f"✓ policy {made.number}   {made.title}: {rules}, {situations} as expected", "success")
    write_to_sign(screen, output or f"policy-{made.number}.sign.json", text)
    return Exit.WITHIN_POLICY
