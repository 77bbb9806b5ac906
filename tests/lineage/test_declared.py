from hypothesis import given
from hypothesis import strategies as st

from weighbridge.lineage.declared import declared_ancestry, with_declared
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Fact, Grade


def base(value):
    return Fact(name="base_model", value=value, grade=Grade.DECLARED, source="model card")


def ancestors(facts):
    return tuple(one.name for one in declared_ancestry(facts))


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


def fact(name, value, source="README.md: model card front matter"):
    return Fact(name=name, value=value, grade=Grade.DECLARED, source=source)


def relations(*facts):
    return {one.name: one.relation for one in declared_ancestry(facts)}


def test_several_of_one_card_are_a_merge_unless_it_says_otherwise():
    two = fact("base_model", ("Org/A", "Org/B"))
    assert relations(two) == {"Org/A": Relation.MERGED, "Org/B": Relation.MERGED}
    assert set(relations(two, fact("base_model.relation", "finetune")).values()) == {Relation.FINE_TUNED}
    each = fact("base_model.relation", ("quantized", "adapter"))
    assert relations(two, each) == {"Org/A": Relation.QUANTIZED, "Org/B": Relation.ADAPTER}
    assert relations(two, fact("base_model.relation", "nonsense")) == relations(two)


def test_several_of_one_header_are_a_merge_and_one_is_not():
    numbered = [base_of(number) for number in (0, 1)]
    assert set(relations(*numbered).values()) == {Relation.MERGED}
    assert relations(numbered[0]) == {"Org/M0": Relation.DERIVED}
    assert relations(numbered[0], fact("base_model", "Org/B"))["Org/B"] is Relation.DERIVED


def base_of(number):
    return fact("base_model", f"Org/M{number}", f"header key general.base_model.{number}")


def test_the_recipe_of_a_merge_goes_before_the_card():
    recipe = "mergekit_config.yml: mergekit configuration"
    facts = [
        fact("base_model", ("Org/A", "Org/C")),
        fact("base_model.relation", "finetune"),
        fact("base_model", ("Org/A", "Org/B"), recipe),
        fact("merge.method", "ties", recipe),
        fact("merge.parents", {"Org/A": "weight 0.6"}, recipe),
        fact("merge.adapters", ("Org/L",), recipe),
    ]
    found = declared_ancestry(facts)
    assert [(one.name, one.relation, one.detail) for one in found] == [
        ("Org/A", Relation.MERGED, "mergekit ties, weight 0.6"),
        ("Org/C", Relation.FINE_TUNED, ""),
        ("Org/B", Relation.MERGED, "mergekit ties"),
        ("Org/L", Relation.ADAPTER, "mergekit ties"),
    ]
    layers = [fact("base_model", ("Org/A",), recipe), fact("merge.method", "passthrough", recipe)]
    assert relations(*layers) == {"Org/A": Relation.GRAFTED}


def test_declared_ancestors_stand_beside_measured_ones():
    measured = Ancestor(name="org/a", relation=Relation.SAME, grade=Grade.MEASURED, source="lineage atlas")
    found = with_declared((measured,), [base(("Org/A", "Org/B"))])
    assert [(one.name, one.grade) for one in found] == [("org/a", Grade.MEASURED), ("Org/B", Grade.DECLARED)]


def test_tags_of_the_hub_name_ancestors():
    tags = ("chat", "base_model:Org/A", "base_model:quantized:Org/B", "base_model:finetune:Org/A", "base_model:")
    fact = Fact(name="tags", value=tags, grade=Grade.DECLARED, source="tags")
    found = {one.name: one.relation for one in declared_ancestry([fact])}
    assert found == {"Org/A": Relation.DERIVED, "Org/B": Relation.QUANTIZED}
    assert ancestors([base("org/b"), fact]) == ("org/b", "Org/A")
