import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.licensing.license_texts import exact, text

from weighbridge.licensing.evidence import is_multimodal, own_conclusion, terms
from weighbridge.licensing.table import entries
from weighbridge.lineage.declared import declared_ancestry
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.license import Commercial, DeclaredLicense, TextLikeness


def fact(name, value, source="header key general.license"):
    return Fact(name=name, value=value, grade=Grade.DECLARED, source=source)


def test_nothing_is_unknown_and_says_so():
    found, observations = terms(())
    assert (found.declared, found.texts, found.concluded, found.commercial) == ((), (), None, Commercial.UNKNOWN)
    assert (found.reasons, observations) == (("Nothing declares a license.",), ())
    assert found.effective.commercial is found.commercial


def test_declared_concluded_and_effective_stand_apart():
    facts = [fact("license", "Apache 2.0"), fact("base_model", "meta-llama/Llama-3.1-8B")]
    found, observations = terms(facts, ancestry=declared_ancestry(facts))
    assert found.declared == (DeclaredLicense(value="Apache 2.0", source="header key general.license"),)
    assert (found.concluded, found.method) == ("apache-2.0", "label")
    assert (found.commercial, found.effective.decided_by) == (Commercial.CONDITIONAL, "meta-llama/Llama-3.1-8B")
    assert len(observations) == 1


def test_all_evidence_is_kept():
    facts = [
        fact("license", "other"),
        fact("license.link", "https://example.org/LICENSE"),
        fact("license", "Some License", "Ollama license layer sha256:0123"),
    ]
    found, _ = terms(facts, [text("LICENSE beside the file", TextLikeness.UNIDENTIFIED, content="\n# A title\nwords")])
    assert [item.value for item in found.declared] == [
        "other",
        "https://example.org/LICENSE",
        "Some License",
        "A title",
    ]
    assert found.texts[0].likeness is TextLikeness.UNIDENTIFIED


def test_its_own_name_counts():
    facts = [fact("license", "mit"), fact("base_name", "Qwen2.5"), fact("size_label", "3B")]
    assert own_conclusion(facts).terms.commercial is Commercial.PROHIBITED


def test_whether_it_sees():
    assert is_multimodal([]) is None
    assert is_multimodal([fact("architecture", "llama")]) is False
    assert is_multimodal([fact("architecture", "mllama")]) is True
    small = [fact("license", "llama3.2"), fact("architecture", "llama")]
    assert terms(small)[0].effective.regions_excluded == ()
    assert terms(small[:1])[0].effective.regions_excluded == ("EU",)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.id)
def test_every_license_of_the_table_is_concluded_from_its_text(entry):
    found, observations = terms((), [exact("LICENSE beside the file", entry.id)])
    assert (found.concluded, found.commercial, observations) == (entry.id, entry.commercial, ())
    assert found.effective.obligations == entry.obligations


VALUES = st.one_of(
    st.none(),
    st.integers(),
    st.text(),
    st.sampled_from([entry.id for entry in entries()]),
    st.tuples(st.text(), st.text()),
)
NAMES = st.sampled_from(["license", "license.name", "license.link", "license.text", "base_model", "name"])
TEXTS = st.builds(
    text, st.just("LICENSE"), st.sampled_from(TextLikeness), st.sampled_from([None, "mit", "cc-by-nc-4.0"])
)


@given(st.lists(st.builds(fact, NAMES, VALUES), max_size=6), st.lists(TEXTS, max_size=2))
def test_a_permission_needs_evidence_without_doubt(facts, texts):
    found, observations = terms(facts, texts, declared_ancestry(facts))
    assert found.reasons
    if found.commercial is Commercial.ALLOWED:
        assert found.concluded is not None
        assert observations == ()
        assert all(item.likeness in (TextLikeness.EXACT, TextLikeness.CONTAINED) for item in found.texts)
        assert all(link.commercial is Commercial.ALLOWED for link in found.effective.chain)
