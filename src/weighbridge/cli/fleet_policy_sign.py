"""`wb fleet policy sign`: sign a list of policies or a root, where the key is."""

import os

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import read_signed
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


@click.command("sign", short_help="Sign a list of policies, or a root, where your key is. Needs no server.")
@click.argument("file")
@click.option(
    "--key", required=True, metavar="FILE", help="Your private key: PEM, P-256 (`wb sign --new-key`) or Ed25519."
)
@click.option("--policy", "folder", metavar="FOLDER", help="The policy that you read: sign only if it is the new one.")
@click.option("--text", "text", metavar="FILE", help="What the rulings say: sign only if it is this.")
@click.pass_obj
def command(screen: Screen, file: str, key: str, folder: str | None, text: str | None) -> int:
    """Add your signature to FILE, which `wb fleet policy upload`, `root` or `wb fleet revocations --sign` wrote.

    With --policy the newest policy in FILE must be, to the last byte, the one in FOLDER: so nobody can have you sign
    another one than you read. The passphrase of an encrypted key is taken from WEIGHBRIDGE_KEY_PASSPHRASE.
    """
    from weighbridge.cli.fleet_ruling_text import read_ruling
    from weighbridge.cli.signing_files import policy_key
    from weighbridge.report.escape import visible
    from weighbridge.sync.policy_metadata import add_signature, described
    from weighbridge.sync.ruling_metadata import role_of

    content = read_signed(file)
    said = described(content)
    if folder is not None:
        _compare(file, content, folder)
    role = role_of(content)
    if role:
        screen.data("".join(f"{line}\n" for line in read_ruling(content, text)))
    for one in said.policies:
        screen.data(f"policy {one.number}  {one.sha256}  {visible(one.title, 100)}\n")
    signed = add_signature(content, policy_key(key))
    screen.write_file(os.path.abspath(file), signed.decode())
    count = len(described(signed).signed_by)
    what = role or ("list of policies" if said.kind == "targets" else said.kind)
    screen.say(f"✓ signed   {what} {said.version}, good until {said.expires}; signatures: {count}", "success")
    screen.say(f"→ publish  wb fleet policy publish {file}   (once enough people have signed)", "hint")
    return Exit.WITHIN_POLICY


def _compare(file: str, content: bytes, folder: str) -> None:
    from hashlib import sha256

    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.policy_folder import folder_files
    from weighbridge.sync.policy_bundle import packed
    from weighbridge.sync.policy_metadata import described

    listed = described(content).policies
    if not listed:
        raise WeighbridgeError("E-policy-metadata", f"{file} lists no policy", "leave --policy out to sign a root")
    newest = listed[-1]
    try:
        bundle = packed(newest.number, folder_files(RealMachine(), folder))
    except ValueError as error:
        raise WeighbridgeError("E-policy-unreadable", str(error), "give the policy folder that you read") from None
    if sha256(bundle).hexdigest() != newest.sha256:
        raise WeighbridgeError(
            "E-policy-signatures",
            f"policy {newest.number} in {file} is not the policy in {folder}",
            "nothing was signed; ask who uploaded it what changed",
            exit_code=1,
        )
