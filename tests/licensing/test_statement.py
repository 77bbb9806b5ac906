import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.licensing.statement import statements
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Confidence
from weighbridge.model.license import Commercial

KEY = "header key general.license"


def fact(name, value, source=KEY):
    return Fact(name=name, value=value, grade=Grade.DECLARED, source=source)


def only(value):
    (statement,) = statements([fact("license", value)])
    return statement


def test_a_known_label():
    statement = only("Apache 2.0")
    assert (statement.names, statement.terms.commercial) == ("apache-2.0", Commercial.ALLOWED)
    assert statement.confidence is Confidence.MEDIUM
    assert only("kimi-k3").confidence is Confidence.LOW


def test_other_names_nothing_and_an_unknown_name_something():
    assert only("other").empty
    unknown = only("acme-license")
    assert not unknown.empty
    assert (unknown.names, unknown.licenses, unknown.terms.commercial) == (None, (), Commercial.UNKNOWN)


def test_an_ambiguous_label_is_the_strictest_and_never_a_permission():
    assert only("modified-mit").terms.commercial is Commercial.CONDITIONAL
    assert only("llama").terms.commercial is Commercial.PROHIBITED
    assert only("yi-34b").names is None


@pytest.mark.parametrize(
    ("written", "names", "commercial"),
    [
        ("Apache-2.0 OR MIT", "apache-2.0 OR mit", Commercial.ALLOWED),
        ("apache-2.0 or cc-by-nc-4.0", "apache-2.0 OR cc-by-nc-4.0", Commercial.ALLOWED),
        ("apache-2.0 OR acme-license", None, Commercial.UNKNOWN),
        ("apache-2.0 OR other", None, Commercial.UNKNOWN),
        ("mit AND cc-by-nc-4.0", "mit AND cc-by-nc-4.0", Commercial.PROHIBITED),
        ("mit and acme", None, Commercial.UNKNOWN),
        ("mit, gemma", "mit AND gemma", Commercial.CONDITIONAL),
        ("(mit or gemma) and llama3", "(mit OR gemma) AND llama3", Commercial.CONDITIONAL),
        ("gpl-2.0 WITH classpath-exception-2.0", "gpl-2.0 WITH classpath-exception-2.0", Commercial.ALLOWED),
        ("gpl-2.0 WITH commons-clause", None, Commercial.UNKNOWN),
    ],
)
def test_expressions(written, names, commercial):
    statement = only(written)
    assert (statement.names, statement.terms.commercial) == (names, commercial)


def test_only_what_declares_and_no_title_of_a_layer():
    facts = [
        fact("license", "MIT License", "Ollama license layer sha256:0123"),
        fact("license.link", "https://huggingface.co/acme/m/blob/main/LICENSE"),
        fact("license.text", "MIT License"),
        fact("name", "mit"),
    ]
    assert statements(facts) == ()


def test_lists_and_repeats_and_odd_values():
    found = statements([fact("license", ("mit", "mit", 3, None)), fact("license", "mit"), fact("license", None)])
    assert [item.names for item in found] == ["mit"]
    assert len(statements([fact("license", tuple(f"x{number}" for number in range(500)))])) == 64


VALUE = st.none() | st.integers() | st.text() | st.tuples(st.text(), st.text())


@given(st.lists(st.builds(fact, st.sampled_from(["license", "license.name", "x"]), VALUE), max_size=5))
def test_any_value_is_taken(facts):
    for statement in statements(facts):
        assert statement.licenses or statement.terms.commercial is Commercial.UNKNOWN


def test_the_front_matter_of_a_layer_declares():
    (statement,) = statements([fact("license.spdx", "Apache-2.0", "license layer sha256:0123, spdx-id")])
    assert statement.names == "apache-2.0"


def test_a_link_restricts_or_leaves_open_and_never_grants():
    commons = "https://creativecommons.org/licenses/by-nc/4.0/"
    (nc,) = statements([fact("license.link", commons)])
    assert (nc.licenses, nc.link, nc.terms.commercial) == (("cc-by-nc-4.0",), True, Commercial.PROHIBITED)
    (elsewhere,) = statements([fact("license.link", "https://acme.example/terms")])
    assert (elsewhere.names, elsewhere.licenses, elsewhere.link) == (None, (), True)
    assert statements([fact("license.link", "https://opensource.org/license/mit")]) == ()


def test_a_tag_of_the_hub_declares():
    (tagged,) = statements([fact("tags", ("text-generation", "License:cc-by-nc-4.0"))])
    assert tagged.names == "cc-by-nc-4.0"
    assert statements([fact("tags", "license")]) == ()
