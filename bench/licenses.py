"""What the license stage costs beside the rest of a scan: `python -m bench.licenses`.

One process, a machine in memory, processor time. Three folders of a thousand models each: nobody says anything; labels
and bases; labels, bases and a license text beside every one (twenty distinct texts, made of table words).
"""

import json
import time
from collections.abc import Callable

from bench.paired import save

from weighbridge.host.fake import FakeMachine
from weighbridge.model.artifact import Artifact
from weighbridge.pipeline import run as flow
from weighbridge.pipeline.options import Options

COUNT = 1_000
TEXTS = 20
LABELS = ("apache-2.0", "mit", "llama3.1", "cc-by-nc-4.0", "other")
BASES = ("meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B", "acme/base")


def _model(number: int, metadata: dict[str, str]) -> bytes:
    table = {"w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}, "__metadata__": metadata}
    header = json.dumps(table).encode()
    return len(header).to_bytes(8, "little") + header + number.to_bytes(16, "little")


def _machine(*, labels: bool, texts: bool) -> FakeMachine:
    machine = FakeMachine()
    for number in range(COUNT):
        folder = b"/home/ada/models/m%d" % number
        metadata = {"format": "pt"}
        if labels:
            metadata |= {"license": LABELS[number % len(LABELS)], "base_model": BASES[number % len(BASES)]}
        machine.add_file(folder + b"/model.safetensors", _model(number, metadata))
        if texts:
            words = f"License {number % TEXTS}\n" + "Permission is granted to anyone under these terms. " * 200
            machine.add_file(folder + b"/LICENSE", words.encode())
    return machine


def _timed(machine: FakeMachine) -> dict[str, float]:
    spent = 0.0
    stage: Callable[..., tuple[Artifact, ...]] = flow.license_artifacts

    def timed(*arguments: object, **options: object) -> tuple[Artifact, ...]:
        nonlocal spent
        start = time.process_time()
        found = stage(*arguments, **options)
        spent += time.process_time() - start
        return found

    flow.license_artifacts = timed
    try:
        start = time.process_time()
        flow.scan(machine, Options(roots=(b"/home/ada",), cache=False))
        whole = time.process_time() - start
    finally:
        flow.license_artifacts = stage
    return {
        "models": COUNT,
        "scan_s": round(whole, 3),
        "stage_s": round(spent, 4),
        "share_percent": round(100 * spent / whole, 1),
        "microseconds_each": round(1e6 * spent / COUNT, 1),
    }


def main() -> None:
    """Run each folder three times and keep the cheapest run."""
    results = {}
    for name, labels, texts in (
        ("nothing said", False, False),
        ("labels and bases", True, False),
        ("labels, bases and texts", True, True),
    ):
        runs = [_timed(_machine(labels=labels, texts=texts)) for _ in range(3)]
        results[name] = min(runs, key=lambda run: run["stage_s"])
        print(name, results[name])
    save("licenses", results)


if __name__ == "__main__":
    main()
