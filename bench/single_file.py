"""One large file, whole process, without digest: time and memory must not depend on size.

`python -m bench.single_file SCRATCH` writes safetensors and GGUF files of 1 MB, 1 GB and 64 GB (the weights are
holes that take no disk) and scans each in turn.
"""

import argparse
from pathlib import Path

from bench.inputs import gguf, safetensors
from bench.paired import WEIGHBRIDGE, paired, save, summarize

SIZES = {"1 MB": 1 << 20, "1 GB": 1 << 30, "64 GB": 64 << 30}


def main() -> None:
    """Write, scan, save medians; the ratio is to the smallest file of the same format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    scratch = parser.parse_args().scratch.resolve()
    folder = scratch / "single"
    folder.mkdir(parents=True, exist_ok=True)
    environment = {"WEIGHBRIDGE_STATE": str(scratch / "state"), "HOME": str(scratch)}
    measured = {}
    for kind, write in (("safetensors", safetensors), ("gguf", gguf)):
        commands = {}
        for label, size in SIZES.items():
            path = folder / f"{label.replace(' ', '')}.{kind}"
            write(path, size)
            commands[label] = [
                *WEIGHBRIDGE,
                "scan",
                "--format",
                "json",
                "--no-digest",
                "--no-cache",
                "--quiet",
                str(path),
            ]
        measured[kind] = summarize(paired(commands, rounds=9, environment=environment), base="1 MB")
        print(kind, measured[kind], flush=True)
        for label in SIZES:
            (folder / f"{label.replace(' ', '')}.{kind}").unlink()
    save("single_file", measured)


if __name__ == "__main__":
    main()
