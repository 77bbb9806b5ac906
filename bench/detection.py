"""What other scanners say of our evasion cases and of real benign files: `python -m bench.detection SCRATCH`."""

import argparse
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.paired import save
from bench.peer_tools import PEERS, Peer, ask, install, version
from tests.real.home import ALLOWED
from tests.real.writing import STANDARD, write_all
from tests.samples.case import HARD
from tests.samples.outcome import assess, build
from tests.samples.registry import EVASIONS
from tests.scanning import scan


def _counted(answers: list[str]) -> dict[str, int]:
    counts = Counter(answers)
    return {verdict: counts[verdict] for verdict in ("hard", "soft", "quiet")}


def _asked(peer: Peer, program: Path, paths: list[Path], scratch: Path) -> list[str]:
    folder = scratch / f"answers-{peer.name}"
    folder.mkdir(exist_ok=True)
    return [ask(program, peer, path, folder) for path in paths]


def _own(assessment: str) -> str:
    return "hard" if assessment in HARD else "quiet" if assessment in ("clean", "not-a-model") else "soft"


def main() -> None:
    """Judge every case and every real file by every scanner."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--every", type=int, default=1, help="ask others only about every Nth case")
    chosen = parser.parse_args()
    scratch = chosen.scratch.resolve()
    cases = EVASIONS[:: chosen.every]
    for name in ("cases", "alone", "benign", "notes"):
        shutil.rmtree(scratch / name, ignore_errors=True)
        (scratch / name).mkdir(parents=True)
    assessments, _scanned = assess(cases, scratch / "cases", scratch / "state")
    subjects = build(cases, scratch / "alone")
    kinds, _problems = write_all(STANDARD, scratch / "benign", scratch / "notes")
    real = [scratch / "benign" / path for path, kind in kinds.items() if kind in ("data", "framework")]
    judged = scan(scratch / "benign", scratch / "state", "--no-cache")
    firing = [case.id for case in cases if case.fires]
    measured: dict[str, object] = {
        "cases": len(cases),
        "firing": len(firing),
        "real_files": len(real),
        "libraries": len({path.relative_to(scratch / "benign").parts[0] for path in real}),
        "versions": {},
    }
    own = {case: _own(answer) for case, answer in assessments.items()}
    answers = {
        "weighbridge": {
            "evasions": _counted(list(own.values())),
            "firing": _counted([own[case] for case in firing]),
            "benign": _counted([_own(judged.assessment(path)) for path in real]),
        }
    }
    assert all(judged.assessment(scratch / "benign" / path) in ALLOWED[kind] for path, kind in kinds.items())
    programs = {peer: install(peer, scratch / "peers") for peer in PEERS}
    present = [(peer, program) for peer, program in programs.items() if program]
    paths = [subjects[case.id] for case in cases]
    with ThreadPoolExecutor(2) as pool:
        bad = pool.map(lambda pair: _asked(*pair, paths, scratch), present)
        good = pool.map(lambda pair: _asked(*pair, real, scratch), present)
        for (peer, program), said, said_of_real in zip(present, bad, good, strict=True):
            by_case = dict(zip((case.id for case in cases), said, strict=True))
            answers[peer.name] = {
                "evasions": _counted(said),
                "firing": _counted([by_case[case] for case in firing]),
                "benign": _counted(said_of_real),
            }
            measured["versions"] |= {peer.name: version(program, peer)}
            print(peer.name, answers[peer.name], flush=True)
    save("detection", measured | {"answers": answers})


if __name__ == "__main__":
    main()
