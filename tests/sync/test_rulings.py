"""Texts of rulings: equal ones are equal bytes, and nothing else than rulings is taken for one."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sync.ruling_texts import BAD, WORSE, exempted, revoked, text_of

from weighbridge.sync.rulings import (
    CATALOG,
    EXCEPTIONS,
    LARGEST_RULINGS,
    MOST_RULINGS,
    REVOCATIONS,
    ROLES,
    URGENT,
    day_of,
    exceptions_text,
    numbers_of,
    numbers_text,
    read_exceptions,
    read_revocations,
    revocations_text,
    too_long,
)


def test_the_order_in_which_they_come_does_not_matter():
    one, other = revoked(BAD), revoked(WORSE, "1" * 16, replacement="Qwen3 8B from the catalog")
    text = revocations_text(REVOCATIONS, 3, [one, other], ["b" * 16, "a" * 16])
    assert text == revocations_text(REVOCATIONS, 3, [other, one], ["a" * 16, "b" * 16, "a" * 16])
    read = read_revocations(text, REVOCATIONS)
    assert (read.number, read.revoked, read.settled) == (3, (one, other), ("a" * 16, "b" * 16))
    first, second = exempted(id="1" * 16), exempted(id="2" * 16, check="", rule="deny-noncommercial")
    assert read_exceptions(exceptions_text(9, [second, first])).exceptions == (first, second)


def test_a_text_of_one_role_is_none_of_another():
    text = text_of(URGENT, 1, revoked())
    assert read_revocations(text, URGENT).revoked == (revoked(),)
    with pytest.raises(ValueError, match=r"is no weighbridge\.revocations/1"):
        read_revocations(text, REVOCATIONS)
    with pytest.raises(ValueError, match="holds no rulings"):
        read_exceptions(text)
    with pytest.raises(ValueError, match="only people settle"):
        revocations_text(URGENT, 1, [], ["a" * 16])


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"rule": ""}, "names no rule or check"),
        ({"check": "pickle-code"}, "names no rule or check, or both"),
        ({"rule": "a rule"}, "names no rule"),
        ({"rule": "", "check": "../.."}, "names no rule"),
        ({"thing": "ollama"}, "is for no one thing"),
        ({"sha256": ""}, "is for no one thing"),
        ({"sha256": "BA" * 32}, "names no SHA-256"),
        ({"rule": "", "check": "pickle-code", "sha256": "", "thing": "ollama"}, "for no digest"),
        ({"until": "2026-13-01"}, "no day"),
        ({"until": "never"}, "holds no rulings"),
        ({"owner": ""}, "holds no rulings"),
        ({"reason": ""}, "holds no rulings"),
        ({"endpoints": ("../../etc/passw",)}, "holds no rulings"),
    ],
)
def test_an_exception_is_from_one_thing_for_one_thing_and_ends(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        exceptions_text(1, [exempted(**wrong)])


@pytest.mark.parametrize("word", ["\x1b[2J", "a\nb", "\u202eevil", "\x00"])
def test_what_cannot_be_shown_is_no_reason(word):
    with pytest.raises(ValueError, match="cannot be shown"):
        revocations_text(REVOCATIONS, 1, [revoked(reason=word)])
    with pytest.raises(ValueError, match="cannot be shown"):
        exceptions_text(1, [exempted(owner=word)])


def test_what_is_twice_is_refused():
    with pytest.raises(ValueError, match="revoked twice"):
        revocations_text(REVOCATIONS, 1, [revoked(), revoked(ruling_id="1" * 16)])
    with pytest.raises(ValueError, match="twice"):
        exceptions_text(1, [exempted(), exempted()])


def test_too_much_is_refused():
    many = [revoked(f"{number:064x}", f"{number:016x}") for number in range(MOST_RULINGS + 1)]
    with pytest.raises(ValueError, match="holds no rulings"):
        revocations_text(REVOCATIONS, 1, many)
    with pytest.raises(ValueError, match="4 MB"):
        read_revocations(b" " * (LARGEST_RULINGS + 1), REVOCATIONS)


@pytest.mark.parametrize("number", [0, -1, 1 << 53])
def test_a_number_counts(number):
    with pytest.raises(ValueError, match=r"rulings|canonical|integer"):
        revocations_text(REVOCATIONS, number, [])


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_other_text_is_refused_with_a_reason(content):
    for read in (lambda: read_revocations(content, REVOCATIONS), lambda: read_exceptions(content)):
        with pytest.raises(ValueError, match="the text"):
            read()


SENTENCES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Zs")), min_size=1, max_size=500)


@given(SENTENCES, SENTENCES)
def test_whatever_people_write_comes_back_as_it_was(reason, replacement):
    one = revoked(reason=reason, replacement=replacement[:200])
    assert read_revocations(revocations_text(REVOCATIONS, 1, [one]), REVOCATIONS).revoked == (one,)


def test_nobody_grants_more_than_a_year():
    today = date(2026, 11, 21)
    assert not too_long("2027-11-22", today)
    assert too_long("2027-11-23", today)
    assert not too_long("2020-01-01", today)
    assert day_of(datetime(2026, 11, 21, 23, 59, tzinfo=UTC)) == "2026-11-21"


def test_roles_have_names_of_their_own():
    assert ROLES == (REVOCATIONS, URGENT, EXCEPTIONS, CATALOG)


def test_the_word_of_numbers_has_three_for_good():
    """Older versions read exactly three, and would take a longer word for none: no revocation would reach them."""
    numbers = {REVOCATIONS: 3, EXCEPTIONS: 1, CATALOG: 9}
    assert numbers_text(numbers) == "3 0 1"
    assert numbers_of("3 0 1") == {REVOCATIONS: 3, URGENT: 0, EXCEPTIONS: 1}
    assert numbers_of("3 0 1 9") == {}
