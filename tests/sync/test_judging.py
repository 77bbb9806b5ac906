"""What the library says of hostile metadata becomes one of our own words."""

import pytest
from tuf.api import exceptions

from weighbridge.sync.judging import (
    LARGEST_METADATA,
    OVERSIZED,
    RefusalError,
    judged,
    limit_of,
    take_held,
    there,
    unreadable,
    whole,
)
from weighbridge.sync.policy_updates import REFUSALS


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (exceptions.UnsignedMetadataError("x"), "unsigned"),
        (exceptions.BadVersionNumberError("x"), "old"),
        (exceptions.ExpiredMetadataError("x"), "expired"),
        (exceptions.LengthOrHashMismatchError("x"), "mixed"),
        (exceptions.RepositoryError("x"), "damaged"),
        (RecursionError("x"), "damaged"),
        (KeyError("x"), "damaged"),
    ],
)
def test_each_error_has_its_word(raised, code):
    with pytest.raises(RefusalError) as caught, judged():
        raise raised
    assert caught.value.code == code
    assert code in REFUSALS


def test_what_is_no_error_of_reading_is_not_judged():
    with pytest.raises(KeyboardInterrupt), judged():
        raise KeyboardInterrupt
    with pytest.raises(exceptions.EqualVersionNumberError), judged():
        raise exceptions.EqualVersionNumberError
    with pytest.raises(RefusalError) as caught, judged():
        raise RefusalError("old", "said before")
    assert str(caught.value) == "said before"
    assert OSError not in unreadable()


def test_files_have_their_limits():
    assert (limit_of(None), limit_of(10), limit_of(1 << 40)) == (LARGEST_METADATA, 10, LARGEST_METADATA)
    assert there(b"x", "a") == whole(b"x") == b"x"
    with pytest.raises(RefusalError, match="the server has no a"):
        there(None, "a")
    with pytest.raises(RefusalError, match="larger"):
        whole(OVERSIZED)


def test_what_is_held_counts_if_it_still_does():
    def fails(_content):
        raise exceptions.ExpiredMetadataError("x")

    assert take_held(lambda _content: None, b"x")
    assert not take_held(lambda _content: None, None)
    assert not take_held(fails, b"x")
