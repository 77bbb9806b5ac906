"""Bills of materials of 1,000 artifacts: user time of the record, of each document, and of its text.

`python -m bench.bom` makes the scan in memory (names, 24 facts, licenses and an ancestor each) and writes both formats.
"""

import hashlib
import resource
import statistics
from collections.abc import Callable

from bench.paired import save

from weighbridge.bom import cyclonedx, spdx
from weighbridge.bom.build import from_scan
from weighbridge.bom.places import Places
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment
from weighbridge.model.license import Commercial, DeclaredLicense, LicenseTerms
from weighbridge.model.place import Place
from weighbridge.report.bill import Write, written

COUNT = 1000
ROUNDS = 7


def scan() -> Scan:
    """Return a scan of 1,000 artifacts as rich as those of a real machine."""
    artifacts = []
    for number in range(COUNT):
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        facts = tuple(
            Fact(
                name=f"training.setting_{index}" if index > 5 else ("architecture", "parameters", "name")[index % 3],
                value=f"value {number} {index}",
                grade=Grade.MEASURED if index % 2 else Grade.DECLARED,
                source=f"header key general.key_{index}",
            )
            for index in range(24)
        )
        artifacts.append(
            Artifact(
                format="gguf",
                size=4_000_000_000 + number,
                places=(Place(path=f"/srv/models/group{number % 40}/model-{number}.gguf".encode()),),
                assessment=Assessment.CLEAN,
                sha256=digest,
                blake3=digest[::-1],
                facts=facts,
                license=LicenseTerms(
                    declared=(DeclaredLicense(value="apache-2.0", source="header key general.license"),),
                    concluded="apache-2.0",
                    commercial=Commercial.ALLOWED,
                    reasons=("Declared as `apache-2.0`; a declaration is not proof.",),
                ),
                ancestry=(
                    Ancestor(
                        name=f"org/base-{number % 7}",
                        relation=Relation.QUANTIZED,
                        grade=Grade.DECLARED,
                        source="header key general.base_model.0",
                    ),
                ),
            )
        )
    return Scan(artifacts=tuple(artifacts), repositories=(), unexamined=(), files_seen=COUNT, bytes_seen=COUNT)


def user_time(work: Callable[[], object]) -> float:
    """Return the user time of `work` in this process, seconds."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    work()
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime - before


def main() -> None:
    """Measure and save medians."""
    found = scan()
    places = Places(("/srv/models",))
    measured: dict[str, dict[str, float]] = {}
    for name, write in (("CycloneDX", cyclonedx.document), ("SPDX", spdx.document)):
        texts: list[str] = []

        def work(write: Write = write, texts: list[str] = texts) -> None:
            texts.append(written(from_scan(found, places, tool="0"), write))

        times = [user_time(work) for _ in range(ROUNDS)]
        measured[name] = {
            "artifacts": COUNT,
            "seconds": round(statistics.median(times), 3),
            "megabytes": round(len(texts[0]) / 1e6, 2),
        }
        print(name, measured[name], flush=True)
    save("bom", measured)


if __name__ == "__main__":
    main()
