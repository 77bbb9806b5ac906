"""`wb fleet policy root`: say whose signatures count."""

from datetime import UTC, datetime

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, with_fleet, write_to_sign
from weighbridge.cli.named_file import content_of
from weighbridge.cli.screen import Screen


@click.command("root", short_help="Say whose signatures count: writes what these people sign first.")
@click.option("--signer", "signers", multiple=True, required=True, metavar="FILE", help="A person's public key (PEM).")
@click.option("--threshold", type=click.IntRange(1, 50), required=True, help="How many of them must sign.")
@click.option("-o", "--output", metavar="FILE", default="root.sign.json", show_default=True, help="What they sign.")
@with_fleet
def command(screen: Screen, fleet: Fleet, signers: tuple[str, ...], threshold: int, output: str) -> int:
    """Write a root: the public keys of the people who sign policies, and how many of them must.

    Each person makes a key with `wb sign --new-key`, or has an Ed25519 key in PEM. The server learns public keys only.
    To change who signs, make the next root: enough of the people before and enough of the new ones sign it.
    """
    from weighbridge.fleet import policy_repository
    from weighbridge.signing.keys import LARGEST_KEY_BYTES, read_policy_public_key
    from weighbridge.sync.policy_metadata import described, new_root

    people = []
    for name in signers:
        try:
            pem = content_of(name, LARGEST_KEY_BYTES)
        except OSError as error:
            raise click.UsageError(f"--signer {name}: {error.strerror}") from None
        people.append(read_policy_public_key(pem, name))
    online = fleet.write(lambda connection, _: policy_repository.online_key(connection)).public_key()
    before = fleet.read(policy_repository.root)
    version = 1 if before is None else described(before).version + 1
    root = new_root(people, threshold, online, datetime.fromtimestamp(fleet.now / 1000, UTC), version)
    write_to_sign(screen, output, root)
    return Exit.WITHIN_POLICY
