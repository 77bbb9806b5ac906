"""Answers to the license corpus: texts through the matcher, models through one scan."""

import os
from collections.abc import Iterable
from pathlib import Path

from tests.samples.license_case import TermsCase, TextCase
from tests.scanning import scan
from weighbridge.licensing.identify_text import identify
from weighbridge.model.license import IdentifiedText, LicenseText


def answer(case: TextCase) -> IdentifiedText:
    """Return what the matcher says of the text."""
    return identify(LicenseText(source="LICENSE beside the file", text=case.build()))


def answers(cases: Iterable[TermsCase], folder: Path, state: Path) -> dict[str, str]:
    """Write every model into a folder of its own, scan them all, and return case id -> effective commercial use."""
    subjects = {}
    for case in cases:
        for name, content in case.build().items():
            path = folder / case.id / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        subjects[os.fsencode(folder / case.id / case.subject)] = case.id
    scanned = scan(folder, state, "--no-cache")
    return {
        subjects[path]: artifact["license"]["effective"]["commercial"]
        for path, _member, artifact in scanned.places()
        if path in subjects
    }
