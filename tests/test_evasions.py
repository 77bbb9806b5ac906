"""All hand-made cases through a whole scan: evasions are never clean, payloads that fire are hard, data is clean."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import unavailable
from tests.samples.case import HARD, Case
from tests.samples.firing import available
from tests.samples.outcome import assess, build
from tests.samples.registry import BENIGN, EVASIONS
from tests.scanning import ROOT

CASES = (*EVASIONS, *BENIGN)


@pytest.fixture(scope="module")
def assessments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return assess(CASES, tmp_path_factory.mktemp("cases"), tmp_path_factory.mktemp("state"))[0]


@pytest.fixture(scope="module")
def fired(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    """Case id -> what it did under its real loader, for the loaders that are installed."""
    cases = [case for case in EVASIONS if case.fires and available(case.fires)]
    subjects = build(cases, tmp_path_factory.mktemp("firing"))
    child = subprocess.run(
        [sys.executable, "-m", "tests.samples.firing"],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        input=json.dumps([[case.fires, str(subjects[case.id])] for case in cases]),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-3000:]
    return dict(zip((case.id for case in cases), json.loads(child.stdout), strict=True))


def test_ids_are_unique_and_the_suite_is_large() -> None:
    ids = [case.id for case in CASES]
    assert len(ids) == len(set(ids))
    assert len(EVASIONS) >= 150
    assert all(case.expect <= HARD for case in EVASIONS if case.fires)
    assert all("clean" not in case.expect for case in EVASIONS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_subject_gets_an_allowed_assessment(case: Case, assessments: dict[str, str]) -> None:
    assert assessments[case.id] in case.expect, case.lesson


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the proof needs fork")
@pytest.mark.parametrize("case", [case for case in EVASIONS if case.fires], ids=lambda case: case.id)
def test_payload_truly_fires(case: Case, fired: dict[str, str | None]) -> None:
    if not available(str(case.fires)):
        unavailable(f"{case.fires} is not installed")
    assert fired[case.id] is not None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the proof needs fork")
def test_the_proof_itself_can_fail(tmp_path: Path) -> None:
    harmless = tmp_path / "plain.pkl"
    harmless.write_bytes(b"\x80\x04ccollections\nOrderedDict\n)R.")
    child = subprocess.run(
        [sys.executable, "-m", "tests.samples.firing"],
        cwd=ROOT,
        input=json.dumps([["pickle", str(harmless)]]),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(child.stdout) == [None]
