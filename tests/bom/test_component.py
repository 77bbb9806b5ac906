from weighbridge.bom.component import Attribute, Component, Gap, Kind, gap_key, sort_key
from weighbridge.model.fact import Grade


def test_values_come_best_grade_first_and_once() -> None:
    attributes = tuple(
        Attribute(name=name, value=value, grade=grade, source="s")
        for name, value, grade in (
            ("q", "declared", Grade.DECLARED),
            ("q", "measured", Grade.MEASURED),
            ("q", "declared", Grade.DECLARED),
        )
    )
    item = Component(ref="r", kind=Kind.MODEL, name="n", attributes=attributes)
    assert item.values("q") == ("measured", "declared")
    assert item.value("absent", "q") == "measured"
    assert item.value("absent") == ""


def test_order_does_not_depend_on_case() -> None:
    one = Component(ref="2", kind=Kind.MODEL, name="Beta")
    two = Component(ref="1", kind=Kind.MODEL, name="alpha")
    assert sorted([one, two], key=sort_key) == [two, one]
    assert gap_key(Gap(ref="", path="p", reason="r")) < gap_key(Gap(ref="", path="p", member="m", reason="r"))
