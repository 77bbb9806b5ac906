"""`wb ledger prove`: a file that proves one record."""

import os

import click

from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


@click.command("prove", short_help="Prove that one record is in the ledger.")
@click.argument("index", type=click.IntRange(min=0))
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; standard output by default.")
@click.pass_obj
def command(screen: Screen, index: int, output: str | None) -> int:
    """Write a proof (C2SP tlog-proof) that record INDEX is in the ledger; the file is all that is needed to check it.

    Check it anywhere with `wb ledger verify FILE --key KEY`.
    """
    from weighbridge.cli.ledger_files import readable
    from weighbridge.host.real import RealMachine
    from weighbridge.ledger.proof import Proof
    from weighbridge.pipeline.ledger_open import ledger_reader

    log = ledger_reader(RealMachine())
    with readable():
        head = log.head()
        size = head.checkpoint.size
        if index >= size:
            newer = index < head.size
            raise WeighbridgeError(
                "E-usage",
                f"record {index:,} is not signed yet" if newer else f"there is no record {index:,}",
                "try again in a moment"
                if newer
                else f"records 0 to {size - 1:,} are signed; `wb ledger show` lists them",
            )
        if index < log.minimum():
            raise WeighbridgeError(
                "E-usage",
                f"record {index:,} was removed by retention",
                f"only its hash is left; records from {log.minimum():,} on can be proven",
            )
        (entry,) = log.entries(index, index + 1, head)
        proof = bytes(Proof(index, entry, log.inclusion(index, size), head.note, head.checkpoint))
    if output is None or output == "-":
        screen.data(proof.decode())
        return 0
    screen.write_file(output, proof.decode())
    screen.say(f"✓ proof of record {index:,} written to {os.fsdecode(output)}", "success")
    return 0
