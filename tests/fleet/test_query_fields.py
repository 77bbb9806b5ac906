from datetime import UTC, datetime

import pytest

from weighbridge.fleet.query_fields import Condition, Field, FieldKind, condition
from weighbridge.fleet.query_syntax import Operator, Term, parse
from weighbridge.model.errors import WeighbridgeError

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIELDS = {
    "kind": Field(kind=FieldKind.KEYWORD, about="what it is"),
    "says": Field(kind=FieldKind.TEXT, about="what it says"),
    "digest": Field(kind=FieldKind.DIGEST, about="SHA-256"),
    "ports": Field(kind=FieldKind.NUMBER, about="how many ports"),
    "size": Field(kind=FieldKind.SIZE, about="bytes"),
    "seen": Field(kind=FieldKind.TIME, about="when"),
    "severity": Field(kind=FieldKind.CHOICE, about="how bad", choices=("low", "medium", "high")),
    "running": Field(kind=FieldKind.BOOLEAN, about="now"),
}


def read(text: str) -> Condition:
    term = parse(text)
    assert isinstance(term, Term)
    return condition(term, FIELDS, NOW)


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "operator", "value", "upper"),
    [
        ("kind:weights", Operator.IS, "weights", ""),
        ("kind:a..b", Operator.IS, "a..b", ""),
        ("digest:SHA256:ABCD", Operator.IS, "abcd", ""),
        ("ports:>3", Operator.ABOVE, 3, ""),
        ("ports:1..9", Operator.BETWEEN, 1, 9),
        ("size:4GiB", Operator.IS, 4 << 30, ""),
        ("size:>=1.5GB", Operator.AT_LEAST, 1_500_000_000, ""),
        ("size:512", Operator.IS, 512, ""),
        ("seen:7d", Operator.AT_LEAST, at("2026-11-14T12:00Z"), ""),
        ("seen:<7d", Operator.ABOVE, at("2026-11-14T12:00Z"), ""),
        ("seen:>1w", Operator.BELOW, at("2026-11-14T12:00Z"), ""),
        ("seen:1d..7d", Operator.BETWEEN, at("2026-11-14T12:00Z"), at("2026-11-20T12:00Z")),
        ("seen:7d..1d", Operator.BETWEEN, at("2026-11-14T12:00Z"), at("2026-11-20T12:00Z")),
        ("seen:<now", Operator.BELOW, at("2026-11-21T12:00Z"), ""),
        ("seen:2026-11-20", Operator.BETWEEN, at("2026-11-20T00:00Z"), at("2026-11-20T23:59:59.999Z")),
        ("seen:>2026-11-20", Operator.ABOVE, at("2026-11-20T23:59:59.999Z"), ""),
        ("seen:<=2026-11-20", Operator.AT_MOST, at("2026-11-20T23:59:59.999Z"), ""),
        ("seen:>=2026-11-20T08:00Z", Operator.AT_LEAST, at("2026-11-20T08:00Z"), ""),
        ("seen:2026-11-01..2026-11-02", Operator.BETWEEN, at("2026-11-01T00:00Z"), at("2026-11-02T23:59:59.999Z")),
        ("severity:high", Operator.IS, ("high",), ""),
        ("severity:>=medium", Operator.IS, ("medium", "high"), ""),
        ("severity:>high", Operator.IS, (), ""),
        ("severity:<High", Operator.IS, ("low", "medium"), ""),
        ("severity:low..medium", Operator.IS, ("low", "medium"), ""),
        ("running:yes", Operator.IS, True, ""),
        ("running:FALSE", Operator.IS, False, ""),
    ],
)
def test_values_are_read_in_their_fields_type(text: str, operator: Operator, value: object, upper: object) -> None:
    found = read(text)
    assert (found.operator, found.value, found.upper) == (operator, value, upper)


def test_a_star_stands_for_any_characters_unless_it_is_quoted() -> None:
    assert read("kind:we*").pattern
    assert not read('kind:"we*"').pattern
    assert not read("says:we*").pattern


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("knd:x", "there is no field `knd` here (character 1 of the query)", "did you mean `kind`?"),
        ("severity:hgh", "`severity` is never `hgh` (character 1 of the query)", "did you mean `high`?"),
        ("severity:low..worst", "`severity` is never `worst` (character 1 of the query)", "valid here"),
        ("kind:>x", "`kind` has no order, so `>` does not apply (character 1 of the query)", ""),
        ("ports:many", "`ports` is a whole number, not `many` (character 1 of the query)", ""),
        ("size:big", "`size` is a size like 500MB or 4GiB, not `big` (character 1 of the query)", ""),
        ("digest:xyz1", "`digest` is a SHA-256: 4 to 64 of 0-9 and a-f, not `xyz1` (character 1 of the query)", ""),
        ("running:maybe", "`running` is yes or no, not `maybe` (character 1 of the query)", ""),
        ("seen:soon", "`seen` is a time, not `soon` (character 1 of the query)", "seven days ago"),
        ("seen:999999w", "`seen` is a time, not `999999w` (character 1 of the query)", ""),
        ("seen:2026-13-01", "`seen` is a time, not `2026-13-01` (character 1 of the query)", ""),
        ("kind:" + "x" * 501, "a value of `kind` has more than 500 characters (character 1 of the query)", ""),
    ],
)
def test_what_a_field_cannot_hold_is_refused_with_what_it_can(text: str, sentence: str, hint: str) -> None:
    with pytest.raises(WeighbridgeError) as refused:
        read(text)
    assert (refused.value.code, refused.value.message) == ("E-query", sentence)
    assert hint in refused.value.hint
