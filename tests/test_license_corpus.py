"""The license corpus: genuine texts are recognized, and nothing else is ever taken for a free license."""

from collections.abc import Iterable

import pytest

from tests.samples.license_answers import answer, answers
from tests.samples.license_case import TermsCase, TextCase, named, permissive, right
from tests.samples.license_registry import MODELS, TEXTS
from weighbridge.model.license import IdentifiedText

LEAST_RECOGNIZED = 0.98
LEAST_NAMED = 0.8


@pytest.fixture(scope="module")
def texts() -> dict[str, IdentifiedText]:
    return {case.id: answer(case) for case in TEXTS}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return answers(MODELS, tmp_path_factory.mktemp("models"), tmp_path_factory.mktemp("state"))


def test_the_corpus_is_large_and_has_no_case_twice() -> None:
    ids = [case.id for case in (*TEXTS, *MODELS)]
    assert len(ids) == len(set(ids))
    assert len(ids) >= 200
    assert len(_of(TEXTS, genuine=True)) >= 100
    assert len(_of(TEXTS, genuine=False)) >= 100


def test_genuine_texts_are_recognized(texts: dict[str, IdentifiedText]) -> None:
    genuine = _of(TEXTS, genuine=True)
    missed = [f"{case.id}: {texts[case.id]}" for case in genuine if not right(case, texts[case.id])]
    assert len(missed) <= len(genuine) * (1 - LEAST_RECOGNIZED), "\n".join(missed)


@pytest.mark.parametrize("case", [case for case in TEXTS if not case.genuine], ids=lambda case: case.id)
def test_nothing_else_is_taken_for_a_license(case: TextCase, texts: dict[str, IdentifiedText]) -> None:
    assert not permissive(texts[case.id]), case.lesson
    assert right(case, texts[case.id]), case.lesson


def test_changed_texts_still_name_what_they_were_made_from(texts: dict[str, IdentifiedText]) -> None:
    changed = [case for case in TEXTS if case.id.startswith(("edited/", "half/"))]
    assert sum(named(case, texts[case.id]) for case in changed) >= len(changed) * LEAST_NAMED


def test_the_test_can_fail(texts: dict[str, IdentifiedText]) -> None:
    """A genuine answer to a changed text would be seen."""
    genuine = next(case for case in TEXTS if case.id == "genuine/mit-plain")
    assert permissive(texts[genuine.id])
    assert not right(TextCase(id="x/y", build=genuine.build, genuine=False), texts[genuine.id])


@pytest.mark.parametrize("case", MODELS, ids=lambda case: case.id)
def test_terms_of_a_whole_model(case: TermsCase, models: dict[str, str]) -> None:
    assert models[case.id] in case.expect, case.lesson


def _of(cases: Iterable[TextCase], *, genuine: bool) -> list[TextCase]:
    return [case for case in cases if case.genuine is genuine]
