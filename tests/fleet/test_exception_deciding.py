"""Deciding about exceptions, and what follows for findings: accepted while one holds, back when it ends."""

import json

import pytest
from sqlalchemy import select
from tests.fleet.ruling_people import viewer
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, LLAMA, NOW, POET, fill
from tests.fleet.test_revocations import record

from weighbridge.fleet import exceptions, triage
from weighbridge.fleet.exception_asking import Asking, ask, renew
from weighbridge.fleet.exception_deciding import decide, undo
from weighbridge.fleet.exceptions import ASKED, GRANTED, REFUSED, WITHDRAWN
from weighbridge.fleet.listed_findings import listing
from weighbridge.fleet.listing import Asked, piece
from weighbridge.fleet.outbox import OUTBOX
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.projection import apply
from weighbridge.fleet.store import Store
from weighbridge.fleet.triage import ACCEPTED, ACKNOWLEDGED, NEW, Which

DAY = 86_400_000
CHECK = "custom-code"


def finding(endpoint_id: str, at: int = AT, ended: str = "", sha256: str = POET):
    data = {"of": "artifact", "check": CHECK, "severity": "medium", "message": "m", "artifact": sha256}
    return endpoint_id, [record(f"finding{ended}", at, path=f"/{sha256[:4]}", **data)]


def arrive(store: Store, endpoint_id: str, changes) -> None:
    store.write_now(lambda c: apply(c, endpoint_id, changes))


def asking(store: Store, **values: object):
    usual = {"check_id": CHECK, "sha256": POET, "scope": "fleet", "reason": "Reviewed.", "owner": "grace", "days": 30}
    return store.write_now(lambda c: ask(c, AT, viewer("bob"), Asking(**(usual | values))))


def deciding(store: Store, one, state: str = GRANTED, why: str = "", now: int = AT, **more: object):
    return store.write_now(lambda c: decide(c, now, viewer(), one.exception_id, state, why, **more))


def states(store: Store, now: int = AT) -> dict[str, str]:
    found = store.read_now(lambda c: piece(c, listing(EVERYTHING, now), Asked(query=f"open:yes check:{CHECK}"), NOW))
    return {row.endpoint_id: row.state for row in found.rows}


def decisions(store: Store) -> list[str]:
    query = select(OUTBOX.c.body).where(OUTBOX.c.topic == "decision").order_by(OUTBOX.c.at)
    return [json.loads(row.body)["message"] for row in store.read_now(lambda c: c.execute(query).all())]


@pytest.fixture
def found(store: Store) -> Store:
    store.write_now(fill)
    for endpoint_id in (LAPTOP, DESKTOP):
        arrive(store, *finding(endpoint_id))
    arrive(store, *finding(LAPTOP, sha256=LLAMA))
    return store


def test_findings_are_accepted_while_it_holds_and_come_back_when_it_ends(found: Store) -> None:
    one = asking(found, scope="endpoint", scope_of=LAPTOP, days=3)
    assert set(states(found).values()) == {NEW}
    deciding(found, one)
    rows = found.read_now(lambda c: piece(c, listing(EVERYTHING, AT), Asked(query="state:accepted"), NOW)).rows
    assert [(row.endpoint_id, row.artifact) for row in rows] == [(LAPTOP, POET)]
    assert rows[0].reason.startswith(f"Exception {one.exception_id}, grace answers for it: Reviewed.")
    assert set(states(found, AT + 4 * DAY).values()) == {NEW}, "it ended by itself"


def test_one_that_comes_later_is_accepted_too(found: Store) -> None:
    deciding(found, asking(found))
    arrive(found, *finding("c" * 16))
    assert states(found)["c" * 16] == ACCEPTED
    other = finding("c" * 16, sha256=LLAMA)
    arrive(found, *other)
    rows = found.read_now(lambda c: piece(c, listing(EVERYTHING, AT), Asked(query="state:new"), NOW)).rows
    assert LLAMA in {row.artifact for row in rows}


def test_withdrawing_brings_findings_back_and_undo_takes_that_back(found: Store) -> None:
    one = deciding(found, asking(found))
    withdrawn = deciding(found, one, WITHDRAWN, "It is not needed.")
    assert (withdrawn.state, withdrawn.decided_why) == (WITHDRAWN, "It is not needed.")
    assert ACCEPTED not in states(found).values()
    again = found.write_now(lambda c: undo(c, AT, viewer(), one.exception_id))
    assert again.state == GRANTED
    assert ACCEPTED in states(found).values()
    with pytest.raises(RefusedError, match="nobody has decided about this since"):
        found.write_now(lambda c: undo(c, AT, viewer(), one.exception_id))
    steps = found.read_now(lambda c: exceptions.history(c, one.exception_id))
    assert [step.number for step in steps] == [4, 3, 2, 1]


def test_what_somebody_decided_since_stays(found: Store) -> None:
    one = deciding(found, asking(found))
    finding_id = found.read_now(
        lambda c: piece(c, listing(EVERYTHING, AT), Asked(query=f"check:{CHECK} state:accepted"), NOW)
    ).rows[0]
    which = [Which(finding_id.endpoint_id, finding_id.finding_id)]
    found.write_now(lambda c: triage.decide(c, AT, viewer(), which, ACKNOWLEDGED, "I am at it.", None))
    deciding(found, one, WITHDRAWN, "Not needed.")
    assert ACKNOWLEDGED in states(found).values()


def test_who_asked_does_not_decide_and_nobody_decides_about_more_than_they_see(found: Store) -> None:
    one = asking(found)
    with pytest.raises(RefusedError) as caught:
        found.write_now(lambda c: decide(c, AT, viewer("bob"), one.exception_id, GRANTED, ""))
    assert (caught.value.status, caught.value.code) == (403, "E-not-allowed")
    part = viewer("eve", scope=Scope(groups=("lab",)))
    with pytest.raises(RefusedError, match="more of the fleet"):
        found.write_now(lambda c: decide(c, AT, part, one.exception_id, GRANTED, ""))
    of_group = asking(found, scope="group", scope_of="lab")
    done = found.write_now(lambda c: decide(c, AT, part, of_group.exception_id, GRANTED, "", days=7))
    assert done.state == GRANTED
    own = found.write_now(
        lambda c: ask(c, AT, None, Asking(rule="x", sha256=POET, scope_of=LAPTOP, reason="From the machine."))
    )
    with pytest.raises(RefusedError, match="who asks does not decide"):
        found.write_now(lambda c: decide(c, AT, None, own.exception_id, GRANTED, ""))


@pytest.mark.parametrize(
    ("state", "why"), [(ASKED, "because"), ("", "because"), (WITHDRAWN, "because"), (REFUSED, ""), (REFUSED, "no")]
)
def test_what_cannot_be_decided_now(found: Store, state: str, why: str) -> None:
    one = asking(found)
    with pytest.raises(RefusedError) as caught:
        deciding(found, one, state, why)
    assert caught.value.status == 400
    deciding(found, one, REFUSED, "Not for this one.")
    with pytest.raises(RefusedError):
        deciding(found, one)


def test_a_grant_is_never_longer_than_what_was_asked_for(found: Store) -> None:
    first = deciding(found, asking(found, days=10), days=300)
    assert first.until_at == (AT // DAY + 11) * DAY
    second = deciding(found, asking(found, days=10, scope="group", scope_of="lab"), days=2)
    assert second.until_at == (AT // DAY + 3) * DAY


def test_a_renewal_takes_the_place_of_the_one_before(found: Store) -> None:
    one = deciding(found, asking(found, days=3))
    again = found.write_now(lambda c: renew(c, AT, viewer("bob"), one.exception_id, 60, "Still needed."))
    deciding(found, again)
    old = found.read_now(lambda c: exceptions.one_of(c, EVERYTHING, one.exception_id))
    assert (old.state, old.decided_why) == (WITHDRAWN, f"goes on as {again.exception_id}")
    assert ACCEPTED in states(found, AT + 30 * DAY).values()
    assert len(found.read_now(lambda c: exceptions.to_text(c, AT))) == 1


def test_each_decision_is_told_once(found: Store) -> None:
    one = asking(found)
    deciding(found, one)
    deciding(found, one, WITHDRAWN, "Not needed.", now=AT + 1)
    said = decisions(found)
    assert sorted(said) == sorted(
        [
            f"bob asks for an exception from {CHECK} for {POET[:12]}, grace answers for it: Reviewed.",
            f"ada granted an exception from {CHECK} for {POET[:12]}, grace answers for it",
            f"ada withdrew an exception from {CHECK} for {POET[:12]}, grace answers for it: Not needed.",
        ]
    )


def test_what_nobody_decided_about_has_nothing_to_undo(found: Store) -> None:
    one = asking(found)
    with pytest.raises(RefusedError, match="nobody has decided about this since"):
        found.write_now(lambda c: undo(c, AT, viewer(), one.exception_id))
    done = deciding(found, one)
    taken = found.write_now(lambda c: undo(c, AT, viewer(), done.exception_id))
    assert (taken.state, taken.until_at, taken.decided_by) == (ASKED, None, "")
    assert set(states(found).values()) == {NEW}
