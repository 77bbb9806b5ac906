"""What can be asked for, and by whom."""

import pytest
from tests.fleet.ruling_people import viewer
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, LLAMA, PICKLE, fill

from weighbridge.fleet import audit, exceptions
from weighbridge.fleet.exception_asking import Asking, ask, renew
from weighbridge.fleet.exception_deciding import decide
from weighbridge.fleet.exceptions import ASKED, GRANTED, REFUSED
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.store import Store

USUAL = {"rule": "warn-review", "sha256": LLAMA, "scope_of": LAPTOP, "reason": "Audit."}


def asked(store: Store, who=None, **values: object):
    return store.write_now(lambda c: ask(c, AT, who or viewer("bob"), Asking(**(USUAL | values))))


def test_asking_changes_nothing_but_the_trail(store: Store) -> None:
    store.write_now(fill)
    one = asked(store, sha256=f" sha256:{LLAMA.upper()} ")
    assert (one.state, one.sha256, one.owner, one.asked_by, one.until_at) == (ASKED, LLAMA, "bob", "bob", None)
    assert store.read_now(lambda c: exceptions.to_text(c, AT)) == []
    entry = store.read_now(lambda c: audit.newest(c, 1))[0]
    assert (entry.action, entry.subject) == ("exception.asked", one.exception_id)
    (step,) = store.read_now(lambda c: exceptions.history(c, one.exception_id))
    assert (step.number, step.state, step.before, step.by_name, step.reason) == (1, ASKED, "", "bob", "Audit.")


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"rule": ""}, 400),
        ({"check_id": "pickle-code"}, 400),
        ({"rule": "a rule"}, 400),
        ({"rule": "revoked-model"}, 400),
        ({"rule": "deny-malicious"}, 400),
        ({"rule": "", "check_id": "ledger-forked"}, 400),
        ({"rule": "", "check_id": "revoked-model"}, 400),
        ({"sha256": ""}, 400),
        ({"sha256": "abc"}, 400),
        ({"thing": "ollama"}, 400),
        ({"sha256": "", "thing": "a b"}, 400),
        ({"rule": "", "check_id": "x", "sha256": "", "thing": "ollama"}, 400),
        ({"sha256": PICKLE}, 400),
        ({"reason": ""}, 400),
        ({"reason": "a\nb\nc"}, 400),
        ({"owner": "x" * 129}, 400),
        ({"owner": "\u202eevil"}, 400),
        ({"days": 0}, 400),
        ({"days": 367}, 400),
        ({"scope": "planet"}, 400),
        ({"scope_of": ""}, 404),
        ({"scope_of": "z" * 16}, 404),
        ({"scope": "group", "scope_of": "nobody"}, 404),
        ({"scope": "group", "scope_of": ""}, 404),
    ],
)
def test_what_nobody_can_have_is_refused(store: Store, values: dict[str, object], status: int) -> None:
    store.write_now(fill)
    with pytest.raises(RefusedError) as caught:
        asked(store, **values)
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("scope", "values", "status"),
    [
        (Scope(endpoint_id=LAPTOP), {}, 200),
        (Scope(endpoint_id=LAPTOP), {"scope_of": DESKTOP}, 404),
        (Scope(endpoint_id=LAPTOP), {"scope": "group", "scope_of": "lab"}, 404),
        (Scope(endpoint_id=LAPTOP), {"scope": "fleet"}, 400),
        (Scope(groups=("lab",)), {"scope_of": DESKTOP}, 200),
        (Scope(groups=("lab",)), {"scope": "group", "scope_of": "lab"}, 200),
        (Scope(groups=("lab",)), {"scope": "group", "scope_of": "ops"}, 404),
        (Scope(groups=("ops",)), {}, 404),
        (Scope(groups=("lab",)), {"scope": "fleet"}, 400),
    ],
)
def test_nobody_asks_for_more_than_they_see(store: Store, scope: Scope, values: dict[str, object], status: int) -> None:
    store.write_now(fill)
    who = viewer("own", Role.OWNER if scope.endpoint_id else Role.ANALYST, scope)
    if status == 200:
        assert asked(store, who, **values).state == ASKED
        return
    with pytest.raises(RefusedError) as caught:
        asked(store, who, **values)
    assert caught.value.status == status


def test_the_same_waits_once(store: Store) -> None:
    store.write_now(fill)
    asked(store)
    with pytest.raises(RefusedError) as caught:
        asked(store, viewer("eve"))
    assert caught.value.status == 409
    asked(store, scope_of=DESKTOP)


def test_renewing_is_asking_once_more(store: Store) -> None:
    store.write_now(fill)
    first = asked(store, owner="grace")
    with pytest.raises(RefusedError, match="never granted"):
        store.write_now(lambda c: renew(c, AT, viewer("bob"), first.exception_id, 60, ""))
    store.write_now(lambda c: decide(c, AT, viewer(), first.exception_id, GRANTED, ""))
    again = store.write_now(lambda c: renew(c, AT, viewer("bob"), first.exception_id, 60, ""))
    assert (again.renews, again.days, again.reason, again.owner) == (first.exception_id, 60, "Audit.", "grace")
    store.write_now(lambda c: decide(c, AT, viewer(), again.exception_id, REFUSED, "Not twice."))
    with pytest.raises(RefusedError) as caught:
        store.write_now(
            lambda c: renew(c, AT, viewer("x", Role.OWNER, Scope(endpoint_id=DESKTOP)), first.exception_id, 1, "")
        )
    assert caught.value.status == 404
