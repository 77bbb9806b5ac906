from hypothesis import given
from hypothesis import strategies as st

from weighbridge.lineage.declared import ancestors, declared_ancestry
from weighbridge.model.ancestry import Relation
from weighbridge.model.fact import Fact, Grade


def base(value):
    return Fact(name="base_model", value=value, grade=Grade.DECLARED, source="model card")


def test_names_in_order_each_once():
    facts = [base("Org/A"), Fact(name="name", value="x", grade=Grade.DECLARED, source="s"), base(("org/a", "Org/B"))]
    assert ancestors(facts) == ("Org/A", "Org/B")


def test_an_address_is_the_name_in_it():
    for address in (
        "https://huggingface.co/Org/Name",
        "http://www.huggingface.co/Org/Name/tree/main?x#y",
        "huggingface.co/models/Org/Name",
        "hf.co/Org/Name",
    ):
        assert ancestors([base(address)]) == ("Org/Name",)


def test_other_addresses_and_paths_stay_as_they_are():
    assert ancestors([base("https://example.org/Org/Name")]) == ("https://example.org/Org/Name",)
    assert ancestors([base("./local/folder")]) == ("./local/folder",)
    assert ancestors([base("https://evil.example/huggingface.co/Org/Name")])[0].startswith("https://evil")


def test_what_is_no_name_is_left_out():
    assert ancestors([base(""), base("  "), base(None), base(3), base(("", 4))]) == ()
    assert len(ancestors([base(tuple(f"a/{number}" for number in range(500)))])) == 64


@given(st.lists(st.text() | st.integers() | st.none() | st.tuples(st.text()), max_size=5))
def test_any_value_is_taken(values):
    names = ancestors([base(value) for value in values])
    assert all(name and len(name) <= 300 for name in names)


def test_ancestors_with_relation_grade_and_source():
    facts = [base("Org/A"), Fact(name="base_model.relation", value="quantized", grade=Grade.DECLARED, source="card")]
    (found,) = declared_ancestry(facts)
    assert (found.name, found.relation, found.grade, found.source) == (
        "Org/A",
        Relation.QUANTIZED,
        Grade.DECLARED,
        "model card",
    )
    assert declared_ancestry([base("Org/A"), base("org/a")])[0].relation is Relation.DERIVED
    assert declared_ancestry([]) == ()


def test_an_adapter_says_its_relation_by_being_one():
    adapter = Fact(name="type", value="adapter", grade=Grade.DECLARED, source="adapter configuration")
    assert declared_ancestry([adapter, base("Org/A")])[0].relation is Relation.ADAPTER
