"""Who asks, with what, and what that lets them do: role x rights in the namespace x kind of proof."""

import pytest

from weighbridge.fleet.permissions import GRANTED, Permission, Role, Viewer
from weighbridge.fleet.store import Store
from weighbridge.hub import grants
from weighbridge.hub.caller import Caller, covers, hidden_from, may_publish, may_read, may_review, tool_of
from weighbridge.hub.names import Name


@pytest.mark.parametrize(
    ("user_agent", "tool", "agent"),
    [
        ("unknown/None; hf_hub/2.4.0; python/3.11; agent/claude-code", "hf_hub 2.4.0", "claude-code"),
        ("transformers/5.23.0; hf_hub/2.4.0; python/3.12", "transformers 5.23.0", ""),
        ("ollama/0.12.1 (amd64 linux) Go/go1.24", "ollama 0.12.1", ""),
        ("llama-cpp", "llama-cpp", ""),
        ("", "", ""),
        ("<script>", "", ""),
        ("a" * 500, "a" * 64, ""),
    ],
)
def test_tools_say_what_they_are(user_agent, tool, agent):
    assert tool_of(user_agent) == (tool, agent)


def person(role: Role, name: str = "ada", *, writes: bool = True) -> Caller:
    viewer = Viewer(account_id=name, name=name, role=role, permissions=GRANTED[role])
    return Caller(viewer=viewer, may_write=writes)


NOBODY = Caller(viewer=None)


@pytest.fixture
def closed(store: Store) -> Store:
    """`vault` is for `insider` to read, for `maker` to publish, for `judge` to review."""
    for account, right in (("insider", grants.READ), ("maker", grants.PUBLISH), ("judge", grants.REVIEW)):
        store.write_now(lambda c, a=account, r=right: grants.give(c, 1, "vault", a, r, by="keeper"))
    return store


def reads(store: Store, caller: Caller, namespace: str, *, open_to_all: bool = False) -> bool:
    return store.read_now(lambda c: may_read(c, caller, namespace, open_to_all=open_to_all))


def test_an_open_namespace_is_read_by_all_accounts(closed: Store) -> None:
    assert all(reads(closed, person(role), "acme") for role in Role)
    assert not reads(closed, NOBODY, "acme")
    assert reads(closed, NOBODY, "acme", open_to_all=True)


def test_a_closed_namespace_is_read_by_those_with_a_right_there(closed: Store) -> None:
    assert not reads(closed, NOBODY, "vault", open_to_all=True)
    assert not reads(closed, person(Role.APPROVER), "Vault")
    assert all(reads(closed, person(Role.VIEWER, name), "Vault") for name in ("insider", "maker", "judge"))
    assert reads(closed, person(Role.ADMINISTRATOR), "vault")


def test_what_is_hidden_from_lists_is_what_may_not_be_read(closed: Store) -> None:
    def hidden(caller: Caller):
        return closed.read_now(lambda c: hidden_from(c, caller))

    assert hidden(NOBODY) == hidden(person(Role.VIEWER)) == {"vault"}
    assert hidden(person(Role.VIEWER, "insider")) == hidden(person(Role.ADMINISTRATOR)) == set()
    nothing = Caller(viewer=Viewer(account_id="x", name="x", role=Role.VIEWER, permissions=frozenset()))
    assert hidden(nothing) is None


def publishes(store: Store, caller: Caller, namespace: str) -> bool:
    return store.read_now(lambda c: may_publish(c, caller, namespace))


def test_who_publishes(closed: Store) -> None:
    assert publishes(closed, person(Role.ANALYST), "acme")
    assert not publishes(closed, person(Role.ANALYST, writes=False), "acme")
    assert not publishes(closed, person(Role.VIEWER), "acme")
    assert not publishes(closed, NOBODY, "acme")
    assert not publishes(closed, person(Role.ANALYST), "vault")
    assert publishes(closed, person(Role.ANALYST, "maker"), "vault")
    # A right in a namespace makes a publisher of somebody whose role does not.
    assert publishes(closed, person(Role.VIEWER, "maker"), "VAULT")
    assert not publishes(closed, person(Role.VIEWER, "maker"), "acme")
    assert publishes(closed, person(Role.ADMINISTRATOR), "vault")


def test_who_reviews(closed: Store) -> None:
    def reviews(caller: Caller, namespace: str) -> bool:
        return closed.read_now(lambda c: may_review(c, caller, namespace))

    assert reviews(person(Role.APPROVER), "acme")
    assert not reviews(person(Role.ANALYST), "acme")
    assert not reviews(NOBODY, "acme")
    assert not reviews(person(Role.APPROVER), "vault")
    assert reviews(person(Role.APPROVER, "judge"), "vault")
    assert not reviews(person(Role.ANALYST, "judge"), "vault")
    assert reviews(person(Role.ADMINISTRATOR), "vault")


def test_a_closed_namespace_is_closed_to_approvers_too(store: Store) -> None:
    """Nobody has to name reviewers for that: whoever has no right there decides nothing, and sees nothing."""
    for account, right in (("insider", grants.READ), ("maker", grants.PUBLISH)):
        store.write_now(lambda c, a=account, r=right: grants.give(c, 1, "vault", a, r, by="keeper"))
    store.write_now(lambda c: grants.give(c, 1, "shop", "maker", grants.PUBLISH, by="keeper"))

    def reviews(caller: Caller, namespace: str = "Vault") -> bool:
        return store.read_now(lambda c: may_review(c, caller, namespace))

    assert not reviews(person(Role.APPROVER))
    assert reviews(person(Role.APPROVER, "insider"))
    assert reviews(person(Role.APPROVER, "maker"))
    assert not reviews(person(Role.ANALYST, "insider"))
    assert reviews(person(Role.ADMINISTRATOR))
    assert reviews(person(Role.APPROVER), "shop"), "a right to publish closes nothing to readers"


def test_a_token_of_the_registry_is_for_what_it_says() -> None:
    name = Name(namespace="Acme", name="Tiny")
    limited = Caller(viewer=None, scopes=frozenset({("acme/tiny", "pull")}))
    assert covers(limited, name, "pull")
    assert not covers(limited, name, "push")
    assert covers(NOBODY, name, "push")
    assert NOBODY.name == "anybody"
    assert person(Role.VIEWER).name == "ada"
    assert Permission.MODELS_READ in GRANTED[Role.OWNER]
