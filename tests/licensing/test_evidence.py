import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.licensing.evidence import license_id, terms
from weighbridge.licensing.known import COMMERCIAL
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.license import Commercial, DeclaredLicense


def fact(name, value, source="header key general.license"):
    return Fact(name=name, value=value, grade=Grade.DECLARED, source=source)


def test_nothing_is_unknown_and_says_so():
    found = terms(())
    assert (found.declared, found.concluded, found.commercial) == ((), None, Commercial.UNKNOWN)
    assert found.reasons == ("Nothing declares a license.",)


def test_one_known_declaration():
    found = terms([fact("license", "Apache 2.0")])
    assert found.declared == (DeclaredLicense(value="Apache 2.0", source="header key general.license"),)
    assert (found.concluded, found.commercial) == ("apache-2.0", Commercial.ALLOWED)
    assert "a declaration is not proof" in found.reasons[0]


def test_declarations_that_agree_and_that_do_not():
    agree = terms([fact("license", "mit"), fact("license", "MIT License", "model card")])
    assert (agree.concluded, agree.commercial) == ("mit", Commercial.ALLOWED)
    differ = terms([fact("license", "mit"), fact("license", "apache-2.0", "model card")])
    assert (differ.concluded, differ.commercial) == (None, Commercial.UNKNOWN)
    assert differ.reasons == ("The declarations disagree: `apache-2.0`, `mit`.",)
    assert len(differ.declared) == 2


def test_any_prohibition_counts():
    found = terms([fact("license", "apache-2.0"), fact("license", "cc-by-nc-4.0", "model card")])
    assert (found.concluded, found.commercial) == (None, Commercial.PROHIBITED)


@pytest.mark.parametrize("name", ["llama3.1", "gemma", "openrail", "gpl-3.0", "apache-2.0 OR mit", "x" * 5000])
def test_terms_that_must_be_read_are_unknown(name):
    found = terms([fact("license", name)])
    assert (found.concluded, found.commercial) == (None, Commercial.UNKNOWN)
    assert "have not been resolved" in found.reasons[0]


@pytest.mark.parametrize("name", ["other", "Unknown", "  other ", "custom"])
def test_a_label_is_not_a_license(name):
    found = terms([fact("license", name)])
    assert found.commercial is Commercial.UNKNOWN
    assert "names no license" in found.reasons[0]
    assert terms([fact("license", name), fact("license", "mit")]).concluded is None


def test_other_with_a_name_is_that_name():
    assert "`gemma`" in terms([fact("license", "other"), fact("license.name", "gemma")]).reasons[0]


def test_a_text_beside_it_withdraws_permission_until_it_is_compared():
    text = "\n\n# MIT License\n\nwith a sentence more"
    found = terms([fact("license", "mit")], {"LICENSE beside the file": text})
    assert (found.concluded, found.commercial) == ("mit", Commercial.UNKNOWN)
    assert DeclaredLicense(value="MIT License", source="LICENSE beside the file") in found.declared
    assert "has not been compared" in found.reasons[1]


def test_a_title_alone_settles_nothing():
    for one in (
        terms((), {"LICENSE": "MIT License"}),
        terms([fact("license.text", "MIT License")]),
        terms([fact("license", "MIT License", "Ollama license layer sha256:0123")]),
    ):
        assert (one.concluded, one.commercial) == (None, Commercial.UNKNOWN)
        assert one.declared[0].value == "MIT License"
        assert one.reasons[0] == "Only a license text declares a license."


def test_an_ancestor_withdraws_permission_and_never_a_prohibition():
    found = terms([fact("license", "apache-2.0"), fact("base_model", "meta-llama/Llama-3.1-8B")])
    assert (found.concluded, found.commercial) == ("apache-2.0", Commercial.UNKNOWN)
    assert "meta-llama/Llama-3.1-8B" in found.reasons[1]
    kept = terms([fact("license", "cc-by-nc-4.0"), fact("base_model", "a/b")])
    assert kept.commercial is Commercial.PROHIBITED


def test_links_are_evidence_and_name_no_license():
    found = terms([fact("license.link", "https://example.org/LICENSE")])
    assert found.declared[0].value == "https://example.org/LICENSE"
    assert found.commercial is Commercial.UNKNOWN


def test_lists_and_repeats():
    found = terms([fact("license", ("mit", "mit", 3)), fact("license", "mit"), fact("license", None)])
    assert len(found.declared) == 1
    assert found.concluded == "mit"


VALUES = st.one_of(
    st.none(), st.integers(), st.text(), st.sampled_from(sorted(COMMERCIAL)), st.tuples(st.text(), st.text())
)
NAMES = st.sampled_from(["license", "license.name", "license.link", "license.text", "base_model", "x"])


@given(st.lists(st.builds(fact, NAMES, VALUES), max_size=6), st.dictionaries(st.text(), st.text(), max_size=2))
def test_a_permission_needs_agreement_without_doubt(facts, texts):
    found = terms(facts, texts)
    assert found.reasons
    if found.commercial is Commercial.ALLOWED:
        assert found.concluded is not None
        assert not texts
        named = {
            license_id(value)
            for item in facts
            if item.name in ("license", "license.name")
            for value in (item.value if isinstance(item.value, tuple) else (item.value,))
            if isinstance(value, str) and value.strip()
        }
        assert named == {found.concluded}
