"""From a key that is trusted to the one that signs now: only over statements of both."""

import pytest
from tests.ledger.logs import KEY

from weighbridge.ledger.checkpoint import checkpoint_of
from weighbridge.ledger.key_change import KeyChange, all_keys, change_of, followed, state_change
from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey

SECOND, THIRD, THIEF = (PrivateKey(KEY.name, bytes([number]) * 32) for number in (2, 3, 4))
ELSEWHERE = PrivateKey("another.example/log", bytes(32))


def change(before: PrivateKey, after: PrivateKey, size: int = 7) -> KeyChange:
    return change_of(bytes(state_change(size, before, after)))


CHAIN = (change(KEY, SECOND), change(SECOND, THIRD, 9))


def test_a_chain_is_followed_from_each_of_its_keys() -> None:
    for key in (KEY, SECOND, THIRD):
        assert followed(key.public, CHAIN).text == THIRD.public.text
        assert [one.text for one in all_keys(key.public, CHAIN)] == [one.public.text for one in (KEY, SECOND, THIRD)]
    assert followed(KEY.public, ()).text == KEY.public.text
    assert (CHAIN[1].size, CHAIN[1].origin) == (9, KEY.name)
    assert [one.text for one in all_keys(THIEF.public, CHAIN)] == [THIEF.public.text]


def test_what_the_key_before_did_not_sign_leads_nowhere() -> None:
    text = state_change(7, KEY, THIEF).text
    only_new, only_old = (change_of(bytes(signed(text, one))) for one in (THIEF, KEY))
    torn = change(KEY, SECOND)
    torn = change_of(bytes(torn.note._replace(text=torn.note.text.replace("\n7\n", "\n8\n"))))
    for bad in (only_new, only_old, torn, change(KEY, ELSEWHERE), change(THIEF, SECOND)):
        assert followed(KEY.public, [bad]).text == KEY.public.text
        assert len(all_keys(KEY.public, [bad])) == 1


def test_a_statement_is_no_checkpoint_and_no_checkpoint_a_statement() -> None:
    with pytest.raises(ValueError, match="no number"):
        checkpoint_of(CHAIN[0].note.text)
    with pytest.raises(ValueError, match="no statement"):
        change_of(bytes(signed(f"{KEY.name}\n7\n{SECOND.public.text}\n", KEY)))
    for text in ("x\n1\ny\nz\n", f"x\n1\n{KEY.public.text}\ny\n", f"x\n01\n{KEY.public.text}\n{KEY.public.text}\n"):
        with pytest.raises(ValueError):
            change_of(bytes(signed(f"weighbridge.key-change/1\n{text}", KEY)))
