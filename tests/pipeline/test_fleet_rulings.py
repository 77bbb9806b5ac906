"""What the fleet decided about single models, as it lies on a machine."""

import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.fleet_policy import PolicyFolder
from weighbridge.pipeline.fleet_rulings import (
    HeldRulings,
    HeldText,
    held_numbers,
    held_rulings,
    read,
    to_text,
    with_rulings,
)
from weighbridge.pipeline.policies import load_policy

ONE = "ba" * 32
REVOKED = {"id": "1" * 16, "sha256": ONE, "reason": "bad", "by": "ada", "at": "2026-11-20", "replacement": ""}
EXEMPTION = {
    "id": "e" * 16,
    "rule": "warn-review",
    "check": "",
    "sha256": ONE,
    "thing": "",
    "owner": "grace",
    "reason": "audit",
    "by": "ada",
    "until": "2026-12-31",
}
APPROVAL = {
    "weights": ["9d" * 32, "9e" * 32],
    "model": "acme/coder",
    "commit": "c" * 40,
    "version": "1.2",
    "data_classes": ["internal"],
    "until": "2027-01-01",
    "deprecated": False,
    "replacement": "",
}
HELD = HeldRulings(
    texts={"revocations": HeldText(number=3, sha256="c" * 64)},
    revoked=(REVOKED,),
    urgent=(REVOKED | {"id": "2" * 16, "sha256": "cd" * 32, "reason": "in haste"},),
    settled=("3" * 16,),
    exemptions=(EXEMPTION,),
    approved=(APPROVAL,),
    left_out=2,
)


def machine(content):
    made = FakeMachine()
    PolicyFolder(made).put_in_force(None, content)
    return made


def test_the_file_says_what_it_was_given():
    assert read(to_text(HELD)) == HELD
    assert read(None) == HeldRulings(texts={})
    assert to_text(read(to_text(HELD))) == to_text(HELD)


@pytest.mark.parametrize("pack", ["observe", "balanced"])
def test_every_policy_comes_with_them(pack):
    policy = load_policy(machine(to_text(HELD)), pack)
    assert set(policy.rulings.revoked) == {ONE, "cd" * 32}
    assert [one.owner for one in policy.rulings.exemptions] == ["grace"]
    assert {digest[:2]: one.model for digest, one in policy.rulings.approved.items()} == dict.fromkeys(
        ("9d", "9e"), "acme/coder"
    )
    assert load_policy(machine(to_text(HELD)), pack, check=True).rulings is None
    assert load_policy(FakeMachine(), pack).rulings is None


def test_what_a_machine_has_is_read_as_it_was_written():
    assert held_rulings(machine(to_text(HELD))) == HELD
    assert held_numbers(machine(to_text(HELD))) == {"revocations": 3}
    assert held_numbers(machine(b"")) == {}


def test_no_rulings_leave_a_policy_as_it_is():
    policy = load_policy(FakeMachine(), "observe")
    assert with_rulings(machine(to_text(HeldRulings(texts={}))), policy) is policy


def test_what_people_said_counts_before_what_came_in_haste():
    both = HeldRulings(texts={}, revoked=(REVOKED,), urgent=(REVOKED | {"reason": "in haste"},))
    assert load_policy(machine(to_text(both)), "observe").rulings.revoked[ONE].reason == "bad"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"schema":"other/1"}',
        to_text(HELD)[:-9],
        to_text(HELD).replace(b"2026-12-31", b"2026-12-32"),
        to_text(HELD).replace(b'"owner"', b'"other"'),
        to_text(HELD).replace(b'"model"', b'"other"'),
        to_text(HELD).replace(b"2027-01-01", b"soon"),
        to_text(HELD).replace(b'"left_out":2', b'"left_out":"x"'),
        to_text(HELD).replace(b'"number":3', b'"number":"x"'),
        b'{"schema":"weighbridge.rulings/1","texts":{},"revoked":7,"urgent":[],"settled":[],"exemptions":[]}',
    ],
)
def test_a_damaged_file_is_said_and_nothing_is_weighed_without_it(content):
    with pytest.raises(WeighbridgeError, match="damaged on this machine") as caught:
        load_policy(machine(content), "observe")
    assert caught.value.code == "E-fleet-policy"
