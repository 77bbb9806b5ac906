"""`wb waive`: write a signed waiver."""

import datetime
import os

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


@click.command("waive", short_help="Waive one rule for one artifact, signed and until a day.")
@click.argument("digest", metavar="SHA256")
@click.option("--rule", required=True, metavar="ID", help="Rule that shall not hold (`deny-noncommercial`).")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--reason", required=True, help="Why.")
@click.option("--expires", required=True, metavar="DATE", help="Last day (2027-01-31).")
@click.option("--key", required=True, metavar="FILE", help="Private key (PEM); the policy lists its public half.")
@click.option("-o", "--output", metavar="FILE", help="Where to write. [waivers/DIGEST-RULE.json]")
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    digest: str,
    rule: str,
    owner: str,
    reason: str,
    expires: str,
    key: str,
    output: str | None,
    quiet: bool,
) -> int:
    """Let one artifact pass one rule of `wb check`. Put the file under version control; it is said in every report.

    It holds if the policy lists the key under `waiver_keys`. What is malicious or hostile is never waived.
    """
    screen.quiet = quiet
    from weighbridge.cli.signing_files import private_key
    from weighbridge.host.real import RealMachine
    from weighbridge.signing.waiver import Waiver, waiver_file

    try:
        day = datetime.date.fromisoformat(expires)
    except ValueError:
        raise click.UsageError(f"--expires {expires} is no date; write it like 2027-01-31") from None
    if day < RealMachine().now().date():
        raise click.UsageError(f"--expires {day} is over; a waiver holds until its last day")
    waiver = Waiver(sha256=digest.lower().removeprefix("sha256:"), rule=rule, owner=owner, reason=reason, expires=day)
    try:
        content = waiver_file(waiver, private_key(key))
    except ValueError as error:
        raise click.UsageError(f"the waiver {error}") from None
    target = output or os.path.join("waivers", f"{waiver.sha256[:16]}-{rule}.json")
    if output is None:
        _make_folder("waivers")
    screen.write_file(target, content.decode("utf-8"))
    screen.say(f"✓ waiver for {rule} until {day} written to {target}", "success")
    return Exit.WITHIN_POLICY


def _make_folder(name: str) -> None:
    try:
        os.makedirs(name, exist_ok=True)
    except OSError as error:
        raise WeighbridgeError(
            "E-output-failed",
            f"cannot make the folder {name}: {(error.strerror or str(error)).lower()}",
            "say where to write with --output FILE",
            exit_code=1,
        ) from None
