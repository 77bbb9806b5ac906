"""Time and memory beside other scanners on the same inputs, in paired runs: `python -m bench.peers SCRATCH`."""

import argparse
from pathlib import Path

from bench.inputs import build
from bench.paired import WEIGHBRIDGE, paired, save, summarize
from bench.peer_tools import PEERS, QUIET, install, version

_OWN = ["scan", "--format", "json", "--no-digest", "--no-cache", "--quiet"]


def main() -> None:
    """Install peers, write inputs, run everything in turn, save the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=120, help="seconds after which a run is given up")
    parser.add_argument("--inputs", nargs="*", help="only these inputs")
    chosen = parser.parse_args()
    scratch = chosen.scratch.resolve()
    inputs = build(scratch / "inputs")
    programs = {peer: install(peer, scratch / "peers") for peer in PEERS}
    versions = {peer.name: version(program, peer) for peer, program in programs.items() if program}
    environment = QUIET | {"WEIGHBRIDGE_STATE": str(scratch / "state"), "HOME": str(scratch)}
    measured: dict[str, object] = {"versions": versions}
    for name, path in inputs.items():
        if chosen.inputs and name not in chosen.inputs:
            continue
        commands = {"weighbridge": [*WEIGHBRIDGE, *_OWN, str(path)]}
        for peer, program in programs.items():
            if program is not None and not (name == "tree" and peer.name == "fickling"):
                commands[peer.name] = [str(program), *peer.arguments(str(path), str(scratch / f"{peer.name}.json"))]
        rounds = min(chosen.rounds, 3) if name == "tree" else chosen.rounds
        measured[name] = summarize(paired(commands, rounds, environment=environment, limit=chosen.limit))
        print(name, measured[name], flush=True)
    if not chosen.inputs:
        save("peers", measured)


if __name__ == "__main__":
    main()
