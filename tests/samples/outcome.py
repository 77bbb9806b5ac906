"""Builds cases into one folder, scans it once as a person would, and gives the assessment of every subject."""

from collections.abc import Iterable
from pathlib import Path

from tests.samples.case import Case
from tests.scanning import Scanned, scan


def build(cases: Iterable[Case], folder: Path) -> dict[str, Path]:
    """Write the files of every case into a folder of its own. Returns case id -> path of its subject's file."""
    subjects = {}
    for case in cases:
        place = folder / case.id
        for name, content in case.build().items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        subjects[case.id] = place / case.subject.partition("!/")[0]
    return subjects


def assess(cases: Iterable[Case], folder: Path, state: Path) -> tuple[dict[str, str], Scanned]:
    """Return case id -> assessment of the subject, and the whole scan."""
    wanted = list(cases)
    subjects = build(wanted, folder)
    scanned = scan(folder, state, "--no-cache")
    assessments = {}
    for case in wanted:
        _file, separator, member = case.subject.partition("!/")
        assessments[case.id] = scanned.assessment(subjects[case.id], member if separator else None)
    return assessments, scanned
