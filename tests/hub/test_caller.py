"""Who asks, and what that lets them do in a namespace."""

import pytest
from tests.fleet.serving import running

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.hub import grants
from weighbridge.hub.caller import Caller, covers, hidden_from, may_publish, may_read, may_review, tool_of
from weighbridge.hub.grants import PUBLISH, READ, REVIEW
from weighbridge.hub.names import parse_name

CASES = (
    # rights of others in the namespace, own ones, role: may read, publish, review
    ((), (), Role.VIEWER, (True, False, False)),
    ((), (), Role.ANALYST, (True, True, False)),
    ((), (), Role.APPROVER, (True, True, True)),
    ((READ,), (), Role.ANALYST, (False, False, False)),
    ((READ,), (), Role.APPROVER, (False, False, True)),
    ((READ,), (READ,), Role.ANALYST, (True, True, False)),
    ((READ, PUBLISH), (READ,), Role.ANALYST, (True, False, False)),
    ((READ,), (PUBLISH,), Role.VIEWER, (True, True, False)),
    ((PUBLISH,), (), Role.ANALYST, (True, False, False)),
    ((REVIEW,), (), Role.APPROVER, (True, True, False)),
    ((READ, PUBLISH, REVIEW), (), Role.ADMINISTRATOR, (True, True, True)),
)


@pytest.mark.parametrize(("others", "own", "role", "expected"), CASES)
def test_rights_in_a_namespace(store, others, own, role, expected):
    with running(store) as started:
        somebody, account = started.account("grace", Role.VIEWER), started.account("ada", role)

        def job(connection):
            for whose, rights in ((somebody, others), (account, own)):
                for right in rights:
                    grants.give(connection, 1, "Acme", whose.account_id, right, by="test")
            who = Caller(viewer=viewer_of(account), may_write=True)
            assert ("acme" in hidden_from(connection, who)) is not expected[0]
            only_reads = Caller(viewer=viewer_of(account))
            assert not may_publish(connection, only_reads, "acme")
            return (
                may_read(connection, who, "ACME", open_to_all=False),
                may_publish(connection, who, "ACME"),
                may_review(connection, who, "ACME"),
            )

        assert store.write_now(job) == expected


def test_nobody_reads_what_is_open(store):
    nobody = Caller(viewer=None)

    def job(connection):
        assert may_read(connection, nobody, "acme", open_to_all=True)
        assert not may_read(connection, nobody, "acme", open_to_all=False)
        grants.give(connection, 1, "acme", "a", READ, by="test")
        assert not may_read(connection, nobody, "acme", open_to_all=True)
        assert hidden_from(connection, nobody) == {"acme"}
        assert not may_publish(connection, nobody, "acme")
        assert not may_review(connection, nobody, "acme")

    store.write_now(job)


def test_a_token_of_the_registry_covers_what_it_says():
    limited = Caller(viewer=None, scopes=frozenset({("acme/tiny", "pull")}))
    assert covers(limited, parse_name("Acme/Tiny"), "pull")
    assert not covers(limited, parse_name("acme/tiny"), "push")
    assert not covers(limited, parse_name("acme/other"), "pull")
    assert covers(Caller(viewer=None), parse_name("acme/other"), "push")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("unknown/None; hf_hub/2.4.0; agent/claude-code", ("hf_hub 2.4.0", "claude-code")),
        ("ollama/0.9 (amd64)", ("ollama 0.9", "")),
        ("", ("", "")),
        ("<script>", ("", "")),
    ],
)
def test_the_tool_and_the_agent(said, expected):
    assert tool_of(said) == expected
