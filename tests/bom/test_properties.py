from hypothesis import given
from hypothesis import strategies as st

from weighbridge.bom.component import Attribute, Component, Kind
from weighbridge.bom.properties import flattened, pairs_of, read_pairs
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade

name = st.text("abc/-. ", min_size=1, max_size=5)
ancestor = st.recursive(
    st.builds(
        Ancestor,
        name=name,
        relation=st.sampled_from(Relation),
        grade=st.sampled_from(Grade),
        source=name,
        sha256=st.none() | st.just("a" * 64),
        license=st.none() | st.just("cc-by-nc-4.0"),
        score=st.none() | st.floats(-1, 1),
        share=st.none() | st.floats(-1, 2),
        residual=st.none() | st.floats(0, 1),
        detail=st.just("") | name,
    ),
    lambda inner: st.builds(
        Ancestor,
        name=name,
        relation=st.sampled_from(Relation),
        grade=st.sampled_from(Grade),
        source=name,
        parents=st.lists(inner, max_size=3).map(tuple),
    ),
    max_leaves=8,
)


@given(st.lists(ancestor, max_size=3).map(tuple))
def test_any_tree_of_ancestors_comes_back(ancestors: tuple[Ancestor, ...]) -> None:
    pairs = pairs_of(Component(ref="r", kind=Kind.MODEL, name="n", ancestors=ancestors))
    assert read_pairs(pairs)["ancestors"] == ancestors


@given(st.lists(st.tuples(name, st.text(max_size=5), st.sampled_from(Grade), name), max_size=5))
def test_attributes_come_back_in_order(values: list[tuple[str, str, Grade, str]]) -> None:
    attributes = tuple(Attribute(name=n, value=v, grade=g, source=s) for n, v, g, s in values if v != '""')
    pairs = pairs_of(Component(ref="r", kind=Kind.MODEL, name="n", attributes=attributes))
    assert read_pairs(pairs)["attributes"] == attributes


def test_other_peoples_properties_are_passed_over() -> None:
    assert read_pairs([("syft:package", "x"), ("name", "y")]) == {}
    found = read_pairs(
        [("weighbridge:kind", "model"), ("x", "y"), ("weighbridge:size", "-7"), ("weighbridge:grade", "?")]
    )
    assert found["size"] == 0


def test_odd_values_become_the_cautious_choice() -> None:
    pairs = [
        ("weighbridge:ancestor", "x"),
        ("weighbridge:depth", "99999"),
        ("weighbridge:relation", "cousin"),
        ("weighbridge:grade", "certain"),
        ("weighbridge:score", "nan"),
    ]
    (found,) = read_pairs(pairs)["ancestors"]  # type: ignore[misc]
    assert (found.relation, found.grade, found.score) == (Relation.DERIVED, Grade.DECLARED, None)


def test_flattening_stops_at_a_depth() -> None:
    deep = Ancestor(name="0", relation=Relation.DERIVED, grade=Grade.DECLARED, source="s")
    for number in range(100):
        deep = Ancestor(name=str(number), relation=Relation.DERIVED, grade=Grade.DECLARED, source="s", parents=(deep,))
    assert max(depth for _, depth in flattened((deep,))) == 16
