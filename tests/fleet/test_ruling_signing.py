"""From a decision to what endpoints believe, on both stores: people sign, or the server in haste where they said so."""

import json

import pytest
from tests.fleet.policy_people import publish
from tests.fleet.ruling_people import delegate, sign, viewer
from tests.fleet.small_fleet import AT, LAPTOP, LLAMA, POET, fill
from tests.sync.policy_server import NOW, days, person

from weighbridge.fleet import (
    exception_asking,
    exception_deciding,
    policy_repository,
    revocations,
    ruling_signing,
    rulings,
)
from weighbridge.fleet.exception_asking import Asking
from weighbridge.fleet.policy_files import content_of
from weighbridge.fleet.store import Store
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_metadata import add_signature
from weighbridge.sync.policy_updates import ROOT, bundle_wanted, refresh
from weighbridge.sync.rulings import CATALOG, EXCEPTIONS, REVOCATIONS, URGENT, read_exceptions, read_revocations

WEEK = 7 * 86_400_000


def believed(store: Store, now=NOW):
    """Let an endpoint that was told the first root bring itself up to date; return the texts by role."""
    conversation = refresh({ROOT: store.read_now(lambda c: content_of(c, "1.root.json"))}, now)
    wanted = next(conversation)
    try:
        while True:
            name = wanted.name
            wanted = conversation.send(store.read_now(lambda c, name=name: content_of(c, name)))
    except StopIteration as ended:
        found = ended.value
    assert found.code == "", found.reason
    names = {one.role: bundle_wanted(one).name for one in found.rulings}
    return {role: store.read_now(lambda c, name=name: content_of(c, name)) for role, name in names.items()}


def revoke(store: Store, sha256: str = LLAMA, now: int = AT):
    def job(connection):
        made = revocations.revoke(connection, now, viewer(), sha256, "It phones home.", "Qwen3 8B")
        ruling_signing.hurry(connection, now)
        return made

    return store.write_now(job)


def revoked(store: Store, role: str = REVOCATIONS, now=NOW) -> list[str]:
    text = believed(store, now).get(role)
    return [] if text is None else [one.sha256 for one in read_revocations(text, role).revoked]


def test_people_sign_what_was_revoked_and_what_was_taken_back(store: Store) -> None:
    assert store.write_now(delegate) == "2 of 2 for revocations, 2 of 2 for exceptions, 2 of 2 for catalog"
    made = revoke(store)
    assert revoked(store) == []
    state, *_ = store.read_now(lambda c: ruling_signing.states(c, AT))
    assert (state.role, state.number, state.threshold, state.waiting) == (REVOCATIONS, 0, 2, 1)
    done = store.write_now(lambda c: sign(c, REVOCATIONS))
    assert (done.role, done.number) == (REVOCATIONS, 1)
    (model,) = read_revocations(believed(store)[REVOCATIONS], REVOCATIONS).revoked
    assert (model.id, model.sha256, model.by, model.at, model.replacement) == (
        made.revocation_id,
        LLAMA,
        "ada",
        "2026-11-21",
        "Qwen3 8B",
    )
    assert store.read_now(lambda c: revocations.of_digest(c, LLAMA)).on_endpoints
    lifted = store.write_now(lambda c: revocations.lift(c, AT, viewer(), LLAMA, "It was another file."))
    assert (lifted.on_endpoints, revoked(store)) == (True, [LLAMA]), "endpoints refuse it until people say otherwise"
    store.write_now(lambda c: sign(c, REVOCATIONS))
    assert revoked(store) == []
    assert store.read_now(revocations.listed)[0].settled_at == AT
    assert store.read_now(rulings.numbers) == {REVOCATIONS: 2}
    assert [one.waiting for one in store.read_now(lambda c: ruling_signing.states(c, AT))] == [0, 0, 0]


def test_the_servers_key_forbids_at_once_where_people_said_so(store: Store) -> None:
    assert store.write_now(lambda c: delegate(c, urgent=True)).endswith("one key for what is urgent")
    made = revoke(store)
    assert (revoked(store), revoked(store, URGENT)) == ([], [LLAMA])
    assert store.read_now(lambda c: revocations.of_digest(c, LLAMA)).on_endpoints
    assert store.write_now(lambda c: ruling_signing.hurry(c, AT)) == 0, "nothing is new"
    store.write_now(lambda c: sign(c, REVOCATIONS))
    text = read_revocations(believed(store)[REVOCATIONS], REVOCATIONS)
    assert ([one.sha256 for one in text.revoked], text.settled) == ([LLAMA], (made.revocation_id,))
    revoke(store, POET)
    assert revoked(store, URGENT) == [POET], "what people signed needs no haste"


def test_what_came_in_haste_is_settled_when_people_take_it_back(store: Store) -> None:
    store.write_now(lambda c: delegate(c, urgent=True))
    made = revoke(store)
    lifted = store.write_now(lambda c: revocations.lift(c, AT, viewer(), LLAMA, "It was another file."))
    assert lifted.settled_at is None
    store.write_now(lambda c: sign(c, REVOCATIONS))
    text = read_revocations(believed(store)[REVOCATIONS], REVOCATIONS)
    assert (text.revoked, text.settled) == ((), (made.revocation_id,))
    assert store.read_now(lambda c: revocations.by_id(c, made.revocation_id)).settled_at == AT


def test_without_such_a_key_nothing_is_signed_in_haste(store: Store) -> None:
    store.write_now(delegate)
    revoke(store)
    assert revoked(store, URGENT) == []
    assert store.write_now(lambda c: ruling_signing.renew_urgent(c, AT)) is False


def test_haste_is_said_anew_before_it_runs_out(store: Store) -> None:
    store.write_now(lambda c: delegate(c, urgent=True))
    revoke(store)
    assert store.write_now(lambda c: ruling_signing.renew_urgent(c, AT)) is False
    later = AT + WEEK + 86_400_000
    assert store.write_now(lambda c: ruling_signing.renew_urgent(c, later)) is True
    assert revoked(store, URGENT, NOW + days(8)) == [LLAMA]
    assert store.read_now(rulings.numbers) == {URGENT: 2}
    assert store.read_now(rulings.expires) == {URGENT: "2026-12-29"}


def test_an_exception_reaches_endpoints_when_people_sign_it(store: Store) -> None:
    store.write_now(fill)
    store.write_now(delegate)
    asked = Asking(rule="warn-review", sha256=LLAMA, scope="group", scope_of="lab", owner="grace", reason="Audit.")
    one = store.write_now(lambda c: exception_asking.ask(c, AT, viewer("bob"), asked))
    assert store.write_now(lambda c: sign(c, EXCEPTIONS)).number == 1
    assert read_exceptions(believed(store)[EXCEPTIONS]).exceptions == (), "nobody has granted it"
    store.write_now(lambda c: exception_deciding.decide(c, AT, viewer(), one.exception_id, "granted", ""))
    store.write_now(lambda c: sign(c, EXCEPTIONS))
    (found,) = read_exceptions(believed(store)[EXCEPTIONS]).exceptions
    assert (found.rule, found.owner, found.by, found.until) == ("warn-review", "grace", "ada", "2026-12-21")
    assert found.endpoints == (LAPTOP, "b" * 16)
    assert store.read_now(lambda c: ruling_signing.states(c, AT))[1].waiting == 0


def test_a_new_policy_keeps_who_signs_rulings(store: Store) -> None:
    store.write_now(lambda c: delegate(c, urgent=True))
    before = store.read_now(rulings.signers)
    store.write_now(publish)
    assert store.read_now(rulings.signers) == before
    assert set(before) == {REVOCATIONS, URGENT, EXCEPTIONS, CATALOG}


def test_each_role_that_a_server_may_sign_is_given_and_taken_back_alone(store: Store) -> None:
    own = [lambda c, role=role: rulings.is_signed_here(c, role) for role in (URGENT, CATALOG)]

    def say(**wanted: bool) -> list[bool]:
        listed = store.write_now(lambda c: ruling_signing.delegate(c, AT, wanted))
        store.write_now(lambda c: ruling_signing.take_delegation(c, AT, viewer(), signed(listed)))
        return [store.write_now(one) for one in own]

    store.write_now(delegate)
    assert say(catalog=True) == [False, True]
    assert say(urgent=True) == [True, True]
    assert say() == [True, True]
    assert say(catalog=False) == [True, False]
    assert store.read_now(rulings.signers)[CATALOG] == store.read_now(rulings.signers)[EXCEPTIONS]
    assert say(urgent=False) == [False, False]
    assert URGENT not in store.read_now(rulings.signers)


def test_a_first_policy_says_that_the_same_people_sign_rulings(store: Store) -> None:
    from tests.fleet.policy_people import found

    store.write_now(found)
    store.write_now(publish)
    assert set(store.read_now(rulings.signers)) == {REVOCATIONS, EXCEPTIONS, CATALOG}
    store.write_now(lambda c: sign(c, REVOCATIONS))
    assert believed(store).keys() == {REVOCATIONS}


@pytest.mark.parametrize("people", [(), (0,), (0, 0), (0, 5), (5, 6)])
def test_too_few_signatures_publish_nothing(store: Store, people: tuple[int, ...]) -> None:
    store.write_now(delegate)
    revoke(store)
    with pytest.raises(WeighbridgeError, match="must sign this"):
        store.write_now(lambda c: sign(c, REVOCATIONS, people=people))
    assert store.read_now(rulings.numbers) == {}


def test_nobody_signs_before_somebody_is_named(store: Store) -> None:
    with pytest.raises(WeighbridgeError, match="nobody was named yet"):
        store.write_now(lambda c: sign(c, REVOCATIONS))
    with pytest.raises(WeighbridgeError, match="nobody was named yet who signs policies"):
        store.write_now(lambda c: ruling_signing.delegate(c, AT, {}))
    with pytest.raises(WeighbridgeError, match="people do not sign urgent"):
        store.write_now(lambda c: ruling_signing.make(c, AT, URGENT))


def signed(text: bytes) -> bytes:
    return add_signature(add_signature(text, person(0)), person(1))


def test_only_what_was_drafted_here_and_comes_next_is_published(store: Store) -> None:
    store.write_now(delegate)
    revoke(store)
    first = store.write_now(lambda c: ruling_signing.make(c, AT, REVOCATIONS))
    revoke(store, POET)
    second = store.write_now(lambda c: ruling_signing.make(c, AT, REVOCATIONS))
    assert (first.number, second.number) == (1, 1)
    assert first.text != second.text
    store.write_now(lambda c: ruling_signing.publish(c, AT, viewer(), signed(first.metadata.encode())))
    assert revoked(store) == [LLAMA]
    with pytest.raises(WeighbridgeError, match="2 come next"):
        store.write_now(lambda c: ruling_signing.publish(c, AT, viewer(), signed(second.metadata.encode())))
    document = json.loads(store.write_now(lambda c: ruling_signing.make(c, AT, REVOCATIONS)).metadata)
    document["signed"]["targets"]["revocations-2.json"]["hashes"]["sha256"] = "00" * 32
    with pytest.raises(WeighbridgeError, match="not made on this server"):
        store.write_now(lambda c: ruling_signing.publish(c, AT, viewer(), signed(json.dumps(document).encode())))


def test_a_delegation_changes_no_policy(store: Store) -> None:
    store.write_now(delegate)
    store.write_now(lambda c: publish(c, people=(0, 1)))
    listed = store.write_now(lambda c: ruling_signing.delegate(c, AT, {URGENT: True}))
    document = json.loads(listed)
    document["signed"]["targets"].clear()
    with pytest.raises(WeighbridgeError, match="other policies"):
        store.write_now(
            lambda c: ruling_signing.take_delegation(c, AT, viewer(), signed(json.dumps(document).encode()))
        )
    words = store.write_now(lambda c: ruling_signing.take_delegation(c, AT, viewer(), signed(listed)))
    assert words.endswith("one key for what is urgent")


def test_files_of_rulings_have_their_names(store: Store) -> None:
    store.write_now(delegate)
    revoke(store)
    draft = store.write_now(lambda c: ruling_signing.make(c, AT, REVOCATIONS))
    from hashlib import sha256

    name = f"{sha256(draft.text.encode()).hexdigest()}.revocations-1.json"
    assert store.read_now(lambda c: content_of(c, name)) is None, "what nobody signed has no name"
    store.write_now(lambda c: ruling_signing.publish(c, AT, viewer(), signed(draft.metadata.encode())))
    assert store.read_now(lambda c: content_of(c, name)) == draft.text.encode()
    for other in ("1.revocations.json", "2.snapshot.json"):
        assert store.read_now(lambda c, other=other: content_of(c, other)) is not None
    assert store.read_now(lambda c: content_of(c, f"{'0' * 64}.revocations-1.json")) is None
    assert store.read_now(lambda c: policy_repository.file(c, "revocations.json")) is not None
