"""Codes that link machines: bounded, for one account, used once; tests/hub/test_oci_token.py signs for them."""

import pytest
from tests.hub.ollama_key import OllamaKey

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.store import Store
from weighbridge.hub import machine_codes
from weighbridge.hub.names import RESERVED
from weighbridge.model.errors import WeighbridgeError


@pytest.fixture
def ada(store: Store) -> str:
    """An account; its id."""
    return store.write_now(lambda c: accounts.add(c, 1, "ada", Role.VIEWER)).account_id


def test_the_command_is_one_that_ollama_takes(store: Store, ada: str) -> None:
    code = store.write_now(lambda c: machine_codes.make(c, 1, ada))
    assert code.command("https://hub.example.com") == f"ollama pull hub.example.com/link/{code.text}"
    assert code.command("http://127.0.0.1:8480") == f"ollama pull --insecure 127.0.0.1:8480/link/{code.text}"
    assert machine_codes.NAMESPACE in RESERVED


def test_codes_that_nobody_uses_are_bounded_and_end(store: Store, ada: str) -> None:
    def make(now: int) -> None:
        store.write_now(lambda c: machine_codes.make(c, now, ada))

    for _ in range(20):
        make(1)
    with pytest.raises(RefusedError):
        make(1)
    make(1 + machine_codes.LASTS)


def test_what_a_request_asks_for() -> None:
    assert machine_codes.in_scopes((("link/a", "pull"),)) == "a"
    assert machine_codes.in_scopes((("acme/a", "pull"),)) == ""
    assert machine_codes.in_scopes((("link/a", "pull"), ("acme/a", "pull"))) == ""
    assert machine_codes.in_scopes(()) == ""


def test_a_code_gives_the_name_and_the_right_that_it_was_made_for(store: Store, ada: str) -> None:
    key = OllamaKey()
    code = store.write_now(lambda c: machine_codes.make(c, 1, ada, public=key.public, name="desk", right="write"))
    assert store.read_now(lambda c: machine_codes.waits(c, 2, code.text))
    with pytest.raises(WeighbridgeError, match="links no machine"):
        store.write_now(lambda c: machine_codes.redeem(c, 2, code.text, OllamaKey().public))
    made = store.write_now(lambda c: machine_codes.redeem(c, 2, code.text, key.public))
    assert (made.account_id, made.name, made.right) == (ada, "desk", "write")
    assert not store.read_now(lambda c: machine_codes.waits(c, 2, code.text))


@pytest.mark.parametrize("more", [{"name": "a\nb"}, {"right": "all"}])
def test_names_and_rights_are_bounded(store: Store, ada: str, more: dict[str, str]) -> None:
    with pytest.raises(WeighbridgeError, match="called"):
        store.write_now(lambda c: machine_codes.make(c, 1, ada, **more))
