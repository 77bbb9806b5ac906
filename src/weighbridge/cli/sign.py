"""`wb sign`: sign a model, or make a key."""

import os

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.weighing import absolute_paths
from weighbridge.model.errors import WeighbridgeError


@click.command("sign", short_help="Sign a model, as OpenSSF Model Signing describes it.")
@click.argument("path", required=False)
@click.option("--key", metavar="FILE", help="Private key (PEM; P-256, P-384 or P-521).")
@click.option("--certificate", metavar="FILE", help="Certificates of the key (PEM), its own first.")
@click.option("-o", "--output", metavar="FILE", help="Signature file. [model.sig in the folder, or PATH.sig]")
@click.option("--ignore", multiple=True, metavar="PATH", help="Leave out a path of the model; may be repeated.")
@click.option("--new-key", metavar="FILE", help="Make a P-256 key: FILE for you alone, FILE.pub for everybody.")
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    path: str | None,
    key: str | None,
    certificate: str | None,
    output: str | None,
    ignore: tuple[str, ...],
    new_key: str | None,
    quiet: bool,
) -> int:
    """Sign every file of a model. Anybody with the public key can check it, without a network.

    The passphrase of an encrypted key is taken from WEIGHBRIDGE_KEY_PASSPHRASE.
    """
    screen.quiet = quiet
    if new_key is not None:
        if path is not None or key is not None or certificate is not None:
            raise click.UsageError("--new-key makes a key and signs nothing")
        return _make_key(screen, new_key)
    if path is None or key is None:
        raise click.UsageError("give a PATH and --key FILE, or --new-key FILE to make a key")
    from weighbridge.cli.signing_files import certificates, ignored_names, private_key, signature_path
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.signatures import sign_model
    from weighbridge.report.words import counted

    (model,) = absolute_paths([path])
    target = os.path.abspath(os.fsencode(output)) if output is not None else signature_path(model)
    kept = os.path.join(os.path.realpath(os.path.dirname(target)), os.path.basename(target))
    content, manifest = sign_model(
        RealMachine(),
        model,
        private_key(key),
        chain=certificates(certificate) if certificate is not None else (),
        ignored=ignored_names(ignore, model),
        signature=kept,
    )
    screen.write_file(os.fsdecode(kept), content.decode("utf-8"))
    screen.say(
        f"✓ {counted(len(manifest.resources), 'file')} signed; signature in {output or _called(target)}", "success"
    )
    return Exit.WITHIN_POLICY


def _called(path: bytes) -> str:
    """Return a path below this folder as people type it, any other whole."""
    relative = os.path.relpath(path)
    return os.fsdecode(path if relative.startswith(b"..") else relative)


def _make_key(screen: Screen, name: str) -> int:
    from weighbridge.signing.keys import fingerprint, new_private_key, public_pem, read_private_key

    public = name + ".pub"
    for file in (name, public):
        if os.path.lexists(file):
            raise WeighbridgeError("E-output-failed", f"{file} exists", "choose another name; keys are never replaced")
    pem = new_private_key()
    key = read_private_key(pem, name).public_key()
    screen.write_file(os.path.abspath(name), pem.decode("ascii"), private=True)
    screen.write_file(os.path.abspath(public), public_pem(key).decode("ascii"))
    screen.say(f"✓ private key in {name}, public key in {public}", "success")
    screen.data(f"{fingerprint(key)}\n")
    return Exit.WITHIN_POLICY
