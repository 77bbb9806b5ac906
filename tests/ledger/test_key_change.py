"""From a key that is trusted to the one that signs now: only over statements of both."""

import pytest
from tests.ledger.logs import KEY

from weighbridge.ledger.checkpoint import checkpoint_of
from weighbridge.ledger.key_change import KeyChange, change_of, followed, state_change
from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey

SECOND, THIRD, THIEF = (PrivateKey(KEY.name, bytes([number]) * 32) for number in (2, 3, 4))


def change(before: PrivateKey, after: PrivateKey, index: int = 7, origin: str = KEY.name) -> KeyChange:
    return change_of(bytes(state_change(origin, index, before, after, after.public)))


def end(*changes: KeyChange) -> str:
    return followed(KEY.public, KEY.name, changes).text


def test_a_chain_is_followed_from_each_of_its_keys() -> None:
    chain = (change(KEY, SECOND), change(SECOND, THIRD, 9))
    assert end(*chain) == THIRD.public.text
    assert followed(SECOND.public, KEY.name, chain).text == THIRD.public.text
    assert followed(THIRD.public, KEY.name, chain).text == THIRD.public.text
    assert end() == KEY.public.text
    assert (chain[1].record, chain[1].origin) == (9, KEY.name)


def test_what_the_key_before_did_not_sign_leads_nowhere() -> None:
    text = f"weighbridge.key-change/1\n{KEY.name}\n7\n{THIEF.public.text}\n"
    only_new, only_old = (change_of(bytes(signed(text, one))) for one in (THIEF, KEY))
    forged = change_of(bytes(state_change(KEY.name, 7, THIEF, THIEF, THIEF.public)))
    elsewhere = change(KEY, THIEF, origin="another.example/log")
    other_name = PrivateKey("another.example/log", bytes(32))
    renamed = change_of(bytes(state_change(KEY.name, 7, KEY, other_name, other_name.public)))
    torn = change(KEY, SECOND)
    torn = torn._replace(note=torn.note._replace(text=torn.note.text.replace("7", "8")))
    for bad in (only_new, only_old, forged, elsewhere, renamed, torn):
        assert end(bad) == KEY.public.text


def test_a_statement_is_no_checkpoint_and_no_checkpoint_a_statement() -> None:
    with pytest.raises(ValueError, match="no number"):
        checkpoint_of(change(KEY, SECOND).note.text)
    with pytest.raises(ValueError, match="no statement"):
        change_of(bytes(signed(f"{KEY.name}\n7\n{SECOND.public.text}\n", KEY)))
    for text in ("1\n", "x+1+AQ==\n"):
        with pytest.raises(ValueError):
            change_of(bytes(signed(f"weighbridge.key-change/1\n{KEY.name}\n{text}", KEY)))
