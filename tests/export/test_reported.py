import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.export.event_samples import scan_report

from weighbridge.export.reported import base_name, blocked_in, number, objects, policies_in, text, texts

DENIED = {
    "sha256": "ab" * 32,
    "size": 7,
    "format": "pickle",
    "places": [{"path": "C:\\models\\a.pkl"}],
    "verdict": {"decision": "warn", "by_rules": "deny", "rules": [{"id": "r", "reason": "Why."}]},
}


def test_what_the_rules_deny_is_blocked_even_where_the_mode_only_reports() -> None:
    (one,) = blocked_in({"artifacts": [DENIED]})
    assert (one.sha256, one.name, one.size, one.rule, one.reason) == ("ab" * 32, "a.pkl", 7, "r", "Why.")


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": {"decision": "warn", "by_rules": "warn"}},
        {"verdict": None},
        {"sha256": None},
        {"sha256": "AB" * 32},
        {"sha256": "ab" * 31 + "');DROP"},
    ],
)
def test_what_is_not_denied_or_has_no_digest_is_not(change: dict[str, object]) -> None:
    assert blocked_in({"artifacts": [DENIED | change]}) == []


def test_a_report_names_the_policy_that_weighed() -> None:
    assert policies_in(scan_report()) == {"observe 1"}


def test_lone_surrogates_are_escaped() -> None:
    assert text({"a": "\ud800"}, "a") == "\\ud800"
    assert texts({"a": ["\ud800", 1]}, "a") == ("\\ud800",)


@given(st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()))
def test_what_is_not_of_its_type_counts_as_absent(value: object) -> None:
    assert list(objects({"a": value}, "a")) == []
    assert number({"a": True}, "a") is None
    assert isinstance(text({"a": value}, "a"), str)


def test_the_last_part_of_a_path() -> None:
    paths = ("/a/b.gguf", "C:\\a\\b", "/a/b/", "b", "", "/a/b\\c", "\\\\host\\b")
    assert [base_name(one) for one in paths] == ["b.gguf", "b", "b", "b", "", "b\\c", "b"]
