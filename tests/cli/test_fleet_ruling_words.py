from tests.fleet.small_fleet import AT, LLAMA

from weighbridge.cli.fleet_ruling_words import exception_state, revocation_state, role_lines
from weighbridge.fleet.exceptions import Excepted
from weighbridge.fleet.revocations import Revocation
from weighbridge.fleet.ruling_signing import RoleState


def revocation(**values):
    usual = dict.fromkeys(("urgent_at", "signed_at", "lifted_at", "settled_at"))
    texts = dict.fromkeys(("reason", "replacement", "by_name", "lifted_by", "lifted_why"), "x")
    return Revocation(revocation_id="1" * 16, sha256=LLAMA, at=AT, **(usual | texts | values))


def test_how_far_a_revocation_is():
    assert revocation_state(revocation()) == "waits for signatures"
    assert revocation_state(revocation(urgent_at=1)) == "in force, signed in haste"
    assert revocation_state(revocation(urgent_at=1, signed_at=2)) == "in force"
    assert revocation_state(revocation(signed_at=2, lifted_at=3)).startswith("taken back here; endpoints refuse it")
    assert revocation_state(revocation(signed_at=2, lifted_at=3, settled_at=4)) == "taken back"


def exception(**values):
    texts = ("rule", "check_id", "sha256", "thing", "scope", "scope_of", "owner", "reason", "asked_by", "decided_by")
    usual = dict.fromkeys((*texts, "decided_why", "renews"), "x") | {"asked_at": AT, "days": 3, "decided_at": None}
    return Excepted(exception_id="e" * 16, **(usual | {"signed_at": None, "until_at": None} | values))


def test_how_far_an_exception_is():
    assert exception_state(exception(state="asked"), AT) == "asked"
    assert exception_state(exception(state="granted", until_at=AT + 1), AT) == "granted, waits for signatures"
    assert exception_state(exception(state="granted", until_at=AT + 1, signed_at=AT), AT) == "in force"
    assert exception_state(exception(state="granted", until_at=AT, signed_at=AT), AT) == "ended"


def test_how_far_people_are():
    assert [*role_lines([])] == ["signers    nobody yet: wb fleet policy root, then wb fleet policy delegate"]
    one = RoleState(role="revocations", number=3, signers=3, threshold=2, expires="2027-11-21", waiting=2)
    assert [*role_lines([one])] == [
        "signers    2 of 3 for revocations: text 3 until 2027-11-21; 2 decisions not signed yet"
    ]
