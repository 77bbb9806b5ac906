"""Texts of what the catalog approved: equal ones are equal bytes, and nothing else is taken for one."""

import pytest
from tests.sync.ruling_texts import BAD, GOOD, WORSE, approved, revoked, text_of

from weighbridge.sync.approvals import approvals_text, read_approvals
from weighbridge.sync.rulings import MOST_RULINGS, REVOCATIONS


def test_the_order_in_which_they_come_does_not_matter():
    one, other = approved(), approved(BAD, WORSE, model="", data_classes=())
    text = approvals_text(3, [one, other], 2)
    assert text == approvals_text(3, [other, one], 2)
    read = read_approvals(text)
    assert (read.number, read.approved, read.left_out) == (3, (one, other), 2)


def test_a_digest_is_approved_once():
    for same in ([approved(), approved()], [approved(BAD, GOOD), approved(GOOD, WORSE)], [approved(BAD, BAD)]):
        with pytest.raises(ValueError, match="approved twice"):
            approvals_text(1, same)


def test_more_digests_than_a_text_holds():
    many = [
        approved(*(f"{number:064x}" for number in range(first, first + 100))) for first in range(0, MOST_RULINGS, 100)
    ]
    assert len(read_approvals(approvals_text(1, many)).approved) == 100
    with pytest.raises(ValueError, match="more than 10000 digests"):
        approvals_text(1, [*many, approved()])


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"until": "2027-02-30"}, "no day"),
        ({"until": "soon"}, "holds no rulings"),
        ({"model": "acme/\u202ecoder"}, "cannot be shown"),
        ({"replacement": "a\x1b[31m"}, "cannot be shown"),
        ({"commit": "main"}, "holds no rulings"),
        ({"data_classes": tuple("x" * 21 for _ in range(2))}, "holds no rulings"),
        ({"model": "x" * 201}, "holds no rulings"),
    ],
)
def test_what_no_approval_says(change, match):
    with pytest.raises(ValueError, match=match):
        approvals_text(1, [approved(**change)])


@pytest.mark.parametrize("number", [0, -1, 1 << 53])
def test_numbers_that_are_none(number):
    with pytest.raises(ValueError, match=r"holds no rulings|beyond what JSON"):
        approvals_text(number, [])


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\xff", text_of(REVOCATIONS, 1, revoked()), b" " * (5 << 20), b"[" * 100_000]
)
def test_other_texts(content):
    with pytest.raises(ValueError, match=r"holds no rulings|no weighbridge.catalog/1|more than 4 MB"):
        read_approvals(content)
