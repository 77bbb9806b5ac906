import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.model.artifact import Coverage
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Persona, Severity
from weighbridge.pipeline.examined import Examined, Outcome, decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FACTS = st.builds(Fact, name=st.text(), value=VALUES, grade=st.sampled_from(Grade), source=st.text())
FINDINGS = st.builds(
    Finding,
    check=st.text(),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    message=st.text(),
    remedy=st.text(),
    implies=st.sampled_from(Assessment),
    evidence=st.builds(Evidence, offset=st.none() | st.integers(), member=st.none() | st.text()),
    atlas=st.none() | st.text(),
    persona=st.sampled_from(Persona),
)
EXAMINED = st.builds(
    Examined,
    member=st.none() | st.text(),
    format=st.text(),
    size=st.integers(0),
    holds_model=st.booleans(),
    assessment=st.sampled_from(Assessment),
    facts=st.lists(FACTS, max_size=3).map(tuple),
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
    parts_wanted=st.lists(st.tuples(st.text(), st.booleans()), max_size=2).map(tuple),
    coverage=st.none()
    | st.builds(Coverage, bytes_read=st.integers(0), skipped=st.lists(st.text(), max_size=2).map(tuple)),
    sha256=st.none() | st.text(),
)


@given(st.lists(EXAMINED, max_size=3))
def test_what_goes_into_the_cache_comes_out_equal(examined: list[Examined]) -> None:
    outcome = Outcome(examined=tuple(examined))
    assert decode(encode(outcome)) == outcome


@pytest.mark.parametrize("content", [b"", b"{}x", b'[{"member": null}]', b'[{"assessment": "fine"}]', b"[1]"])
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode(content)


def test_a_configuration_file_without_findings_is_no_artifact() -> None:
    plain = Examined(member=None, format="zip", size=1, holds_model=False, assessment=Assessment.NOT_A_MODEL)
    assert not plain.is_artifact


def test_a_file_with_something_to_say_is_an_artifact_even_without_a_model() -> None:
    odd = Examined(member=None, format="zip", size=1, holds_model=False, assessment=Assessment.HOSTILE)
    assert odd.is_artifact
