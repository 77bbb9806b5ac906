from hypothesis import given
from hypothesis import strategies as st

from weighbridge.formats.tensor_table import Tensor, census, digest, facts, shares
from weighbridge.model.fact import Grade

TABLE = [Tensor("b", "F16", (2, 3)), Tensor("a", "F32", (4,)), Tensor("s", "I64", ())]


def test_the_order_of_tensors_does_not_matter():
    assert digest(TABLE) == digest(reversed(TABLE))


@given(st.permutations([Tensor("a|b", "F32", (1,)), Tensor("a", "b|F32", (1,)), Tensor("a\n", "F32", ())]))
def test_separators_in_names_cannot_forge_another_table(table):
    assert digest(table[:1]) != digest(table[1:2])


def test_name_type_and_shape_all_count():
    base = digest([Tensor("a", "F32", (2, 3))])

    assert len({base, digest([Tensor("b", "F32", (2, 3))]), digest([Tensor("a", "F16", (2, 3))])}) == 3
    assert base != digest([Tensor("a", "F32", (3, 2))])


def test_census_and_facts():
    found = {fact.name: fact for fact in facts(TABLE, "table")}

    assert census(TABLE) == {"F16": 6, "F32": 4, "I64": 1}
    assert shares(census(TABLE)) == "F16 55 %, F32 36 %, I64 9 %"
    assert shares({}) == "no values"
    assert found["parameters"].value == 11
    assert found["tensors"].value == 3
    assert all(fact.grade is Grade.MEASURED for fact in found.values())


def test_the_canonical_text_is_a_promise():
    assert digest([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest([Tensor("w", "F32", (2, 3))]) == __import__("hashlib").sha256(b"w|F32|2x3\n").hexdigest()
