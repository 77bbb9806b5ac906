"""Signing and verifying a model of two files: `python -m bench.signing SCRATCH`.

Rates are bytes per processor second, so that a busy machine does not count.
"""

import argparse
from pathlib import Path
from resource import RUSAGE_SELF

from bench.digest import SIZE, middle, processor, rates, write
from bench.paired import save

from weighbridge.host.real import RealMachine
from weighbridge.pipeline.signatures import sign_model, verify_model
from weighbridge.signing.keys import new_private_key, read_private_key
from weighbridge.signing.verification import Outcome, Trust

ROUNDS = 3


def main() -> None:
    """Measure and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    folder = parser.parse_args().scratch / "model"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("a.bin", "b.bin"):
        write(folder / name)
    machine, key = RealMachine(), read_private_key(new_private_key(), "key")
    path, trust = bytes(folder.resolve()), Trust(at=machine.now(), key=key.public_key())
    content, _ = sign_model(machine, path, key)
    assert verify_model(machine, path, content, trust).outcome is Outcome.VERIFIED
    processor(RUSAGE_SELF)
    size = 2 * SIZE
    signing = [rates(lambda: sign_model(machine, path, key), size, RUSAGE_SELF) for _ in range(ROUNDS)]
    verifying = [rates(lambda: verify_model(machine, path, content, trust), size, RUSAGE_SELF) for _ in range(ROUNDS)]
    save("signing", {"sign": middle(signing), "verify": middle(verifying), "budget": "1 GB per processor second"})


if __name__ == "__main__":
    main()
