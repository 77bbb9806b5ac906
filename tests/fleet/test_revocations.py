"""Revocations in the fleet, on both stores: what they find now and later, and what is told of them."""

import json

import pytest
from sqlalchemy import Connection, select
from tests.fleet.ruling_people import viewer
from tests.fleet.small_fleet import AT, DESKTOP, HOUR, LAPTOP, LLAMA, POET, SERVER, fill

from weighbridge.fleet import audit, findings, inventory, revocations
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.outbox import OUTBOX
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.projection import apply
from weighbridge.fleet.revocations import CHECK, digest_of, lift, revoke
from weighbridge.fleet.store import Store
from weighbridge.ledger.entry import Record
from weighbridge.pipeline.watch_decide import subject_of

NEW = "4d" * 32


def do(store: Store, job):
    return store.write_now(job)


def opened(store: Store) -> dict[str, str]:
    def job(connection: Connection) -> dict[str, str]:
        wanted = select(FINDINGS.c.endpoint_id, FINDINGS.c.path).where(
            FINDINGS.c.check_id == CHECK, FINDINGS.c.ended_at.is_(None)
        )
        return {row.endpoint_id: row.path for row in connection.execute(wanted)}

    return store.read_now(job)


def told(store: Store) -> list[dict[str, object]]:
    rows = store.read_now(lambda c: c.execute(select(OUTBOX.c.topic, OUTBOX.c.body).order_by(OUTBOX.c.at)).all())
    return [json.loads(row.body) | {"topic": row.topic} for row in rows if row.body]


def record(kind: str, at: int = AT, **data: object):
    made = Record(kind=kind, at="2026-11-21T12:00:00.000Z", monotonic=0.0, boot="b", sequence=7, network="", data=data)
    subject = subject_of(made)
    return inventory.Change(subject, inventory.key_of(subject), made, b"x" * 32, at)


def test_a_revocation_finds_who_has_it_now_and_tells_it_once(store: Store) -> None:
    do(store, fill)
    made = do(store, lambda c: revoke(c, AT, viewer(), f" sha256:{LLAMA.upper()} ", " It phones home. ", "Qwen3 8B"))
    assert (made.sha256, made.reason, made.by_name, made.active, made.on_endpoints) == (
        LLAMA,
        "It phones home.",
        "ada",
        True,
        False,
    )
    assert opened(store) == {LAPTOP: "/home/ada/llama.gguf", SERVER: "/srv/llama.gguf"}, "where it was deleted, no"
    (one,) = [row for row in store.read_now(lambda c: findings.of_endpoint(c, LAPTOP)) if row.check_id == CHECK]
    assert (one.severity, one.message) == ("critical", "Revoked by ada: It phones home. Use Qwen3 8B instead.")
    (event,) = told(store)
    assert (event["topic"], event["endpoints"], event["severity"]) == ("decision", 2, "critical")
    assert event["message"] == f"ada revoked the model {LLAMA[:12]}, which 2 endpoints have: It phones home."
    entry = store.read_now(lambda c: audit.newest(c, 1))[0]
    assert (entry.action, entry.subject, entry.account_name) == ("digest.revoke", LLAMA, "ada")


def test_a_digest_that_nobody_ever_saw_is_found_where_it_appears(store: Store) -> None:
    do(store, fill)
    do(store, lambda c: revoke(c, AT, None, NEW, "Known from an advisory."))
    assert opened(store) == {}
    seen = record("sighting", artifact=NEW, path="/home/bob/new.gguf", store="folder")
    do(store, lambda c: apply(c, DESKTOP, [seen]))
    assert opened(store) == {DESKTOP: "/home/bob/new.gguf"}
    do(store, lambda c: apply(c, DESKTOP, [seen]))
    assert [one["topic"] for one in told(store)] == ["decision", "finding"], "told once, however often it is seen"
    gone = record("sighting-end", AT + HOUR, artifact=NEW, path="/home/bob/new.gguf", store="folder")
    do(store, lambda c: apply(c, DESKTOP, [gone]))
    assert opened(store) == {}
    do(store, lambda c: apply(c, DESKTOP, [seen]))
    assert opened(store) == {DESKTOP: "/home/bob/new.gguf"}, "it came back"


def test_a_claimed_digest_and_a_process_are_found_too(store: Store) -> None:
    do(store, fill)
    do(store, lambda c: revoke(c, AT, None, NEW, "Known from an advisory."))
    claimed = record("sighting", artifact=f"claimed:{NEW}", path="/home/bob/new.gguf", store="ollama")
    runs = record("process", pid=7, name="x", started=1, weights=[{"sha256": NEW, "path": "/tmp/deleted"}])
    do(store, lambda c: apply(c, DESKTOP, [claimed]))
    do(store, lambda c: apply(c, SERVER, [runs]))
    assert opened(store) == {DESKTOP: "/home/bob/new.gguf", SERVER: "/tmp/deleted"}
    ended = record("process-end", AT + 1, pid=7, name="x", started=1)
    do(store, lambda c: apply(c, SERVER, [ended]))
    assert opened(store) == {DESKTOP: "/home/bob/new.gguf"}


def test_what_is_taken_back_is_over_everywhere(store: Store) -> None:
    do(store, fill)
    do(store, lambda c: revoke(c, AT, viewer(), LLAMA, "It phones home."))
    done = do(store, lambda c: lift(c, AT + 1, viewer("bob"), LLAMA, "It was another file."))
    assert (done.active, done.lifted_by, done.lifted_why) == (False, "bob", "It was another file.")
    assert done.settled_at == AT + 1, "no endpoint was ever told, so there is nothing to sign"
    assert opened(store) == {}
    assert [one["message"] for one in told(store)][-1] == (
        f"bob took the revocation of the model {LLAMA[:12]} back: It was another file."
    )
    again = do(store, lambda c: revoke(c, AT + 2, viewer(), LLAMA, "It was that file after all."))
    assert set(opened(store)) == {LAPTOP, SERVER}
    rows = store.read_now(lambda c: revocations.history_of(c, LLAMA))
    assert [one.revocation_id for one in rows] == [again.revocation_id, done.revocation_id]
    assert [one.active for one in store.read_now(revocations.listed)] == [True, False]


@pytest.mark.parametrize(
    ("sha256", "reason", "replacement", "status"),
    [
        ("", "It phones home.", "", 400),
        ("x" * 64, "It phones home.", "", 400),
        (LLAMA[:-1], "It phones home.", "", 400),
        (LLAMA, "", "", 400),
        (LLAMA, "  no", "", 400),
        (LLAMA, "two\nlines", "", 400),
        (LLAMA, "x" * 501, "", 400),
        (LLAMA, "It phones home.", "x" * 201, 400),
        (LLAMA, "It phones home.", "a\x1b[31mb", 400),
        (LLAMA, "It phones home.", LLAMA, 400),
        (POET, "It phones home.", "", 409),
    ],
)
def test_what_is_no_revocation_is_refused(
    store: Store, sha256: str, reason: str, replacement: str, status: int
) -> None:
    do(store, lambda c: revoke(c, AT, None, POET, "Once."))
    with pytest.raises(RefusedError) as caught:
        do(store, lambda c: revoke(c, AT, viewer(), sha256, reason, replacement))
    assert (caught.value.code, caught.value.status) == ("E-revocation", status)
    assert len(store.read_now(revocations.listed)) == 1


def test_what_is_not_revoked_cannot_be_taken_back(store: Store) -> None:
    with pytest.raises(RefusedError) as caught:
        do(store, lambda c: lift(c, AT, viewer(), LLAMA, "It was another file."))
    assert caught.value.status == 404
    assert digest_of(f"sha256:{LLAMA}") == LLAMA
