import pytest

from weighbridge.fleet.passwords import LONGEST, check_password, hashed, is_weak, matches
from weighbridge.model.errors import WeighbridgeError

GOOD = "correct horse battery"


def test_only_the_same_password_matches():
    stored = hashed(GOOD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(stored, GOOD)
    assert not matches(stored, GOOD + " ")
    assert not matches(stored, "")
    assert not is_weak(stored)
    assert hashed(GOOD) != stored


def test_who_has_none_gets_in_with_none():
    for password in (
        "",
        GOOD,
        "nobody's, so that asking for an unknown account takes as long as for a known one",
    ):
        assert not matches(None, password)
    assert not matches("", GOOD)
    assert not matches("no hash", GOOD)


def test_what_is_too_long_is_not_hashed_at_all():
    assert not matches(hashed("x" * LONGEST), "x" * (LONGEST + 1))


def test_less_effort_than_now_is_weak():
    assert is_weak("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$" + "A" * 22)


@pytest.mark.parametrize(
    "password", ["", "short", "aaaaaaaaaaaaaaaaaa", "ababababcdcdcdcd", "x" * 1025, "grace-hopper-1"]
)
def test_what_can_be_guessed_is_refused(password):
    with pytest.raises(WeighbridgeError) as caught:
        check_password(password, "grace-hopper")
    assert caught.value.code == "E-password"


@pytest.mark.parametrize("password", [GOOD, "grace-hopper likes long compilers", "пароль из нескольких слов"])
def test_length_is_enough(password):
    check_password(password, "grace-hopper")
