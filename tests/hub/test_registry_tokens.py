"""Tokens of the registry say what they are for, and nobody else can make one."""

import random

import pytest

from weighbridge.hub.registry_tokens import Grant, read, scopes_of, signed

SECRET = b"s" * 32
GRANT = Grant(until=5, account_id="a", proof_id="t", writes=True, scopes=(("acme/tiny", "pull"),))


def test_a_token_says_what_was_granted():
    assert read(SECRET, signed(SECRET, GRANT)) == GRANT
    assert read(b"other", signed(SECRET, GRANT)) is None


def test_no_other_text_is_a_token():
    text, dice = signed(SECRET, GRANT), random.Random(3)
    for _ in range(500):
        at = dice.randrange(len(text))
        changed = text[:at] + dice.choice("aA0._-=é\x00 ") + text[at + dice.randrange(2) :]
        assert changed == text or read(SECRET, changed) is None
    for bad in ("", "wbr_", "wbr_.", "hf_x", text + "0", "wbr_" + "A" * 10_000):
        assert read(SECRET, bad) is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["repository:Acme/Tiny:pull"], (("acme/tiny", "pull"),)),
        (["repository:acme/tiny:pull,push"], (("acme/tiny", "pull"), ("acme/tiny", "push"))),
        (["repository:gemma3:pull"], (("library/gemma3", "pull"),)),
        (["repository:a/b:pull repository:c/d:push"], (("a/b", "pull"), ("c/d", "push"))),
        (["repository:a/b:*"], (("a/b", "pull"), ("a/b", "push"))),
        (["registry:catalog:*", "", "repository::pull", "repository:a/b:delete", "x"], ()),
    ],
)
def test_what_is_asked_for(asked, said):
    assert scopes_of(asked) == said


def test_a_request_for_everything_is_cut():
    assert len(scopes_of([f"repository:a/{number}:pull" for number in range(1_000)])) == 20
