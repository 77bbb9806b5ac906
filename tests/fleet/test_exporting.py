"""The delivery: at least once, in order, once a claim, with patience, and nothing is lost whenever it dies."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection
from tests.fleet.receivers import LIMIT, HttpReceiver, Received, Reply, poster
from tests.fleet.serving import Running
from tests.fleet.told import NOW, tell_all, tell_records

from weighbridge.fleet import dead_letters, export_targets, exporting, retention
from weighbridge.fleet.export_targets import ExportTarget
from weighbridge.fleet.exporting import EVENTS_AT_ONCE, FIRST_WAIT, LONGEST_WAIT, Exporter, finish, take
from weighbridge.fleet.store import Store
from weighbridge.fleet.target import Destination

ALL = ("record", "finding", "decision")


class Fleet:
    """A server over a store, its exporter, and what tests do with it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.running = Running(store)
        self.running.clock.now = NOW
        self.exporter = Exporter(self.running.server, poster())

    def add(self, url: str, kind: str = "webhook", topics: tuple[str, ...] = ALL, since: int | None = 0) -> str:
        where = Destination(address=url, secret="a-secret-of-a-target", format="ecs")

        def job(connection: Connection) -> ExportTarget:
            return export_targets.add(
                connection,
                NOW,
                where,
                name=kind,
                kind=kind,
                shown_address=url,
                topics=topics,
                severity="info",
                since=since,
            )

        return self.store.write_now(job).target_id

    def target(self, target_id: str) -> ExportTarget:
        found = self.store.read_now(lambda connection: export_targets.by_id(connection, target_id))
        assert found is not None
        return found

    def steps(self) -> int:
        """Send until nothing is due; return how many pieces that took."""

        async def run() -> int:
            done = 0
            while await self.exporter.step():
                done += 1
                assert done < 200
            return done

        return asyncio.run(run())

    def letters(self, target_id: str) -> list[dead_letters.Letter]:
        return self.store.read_now(lambda connection: dead_letters.listed(connection, target_id))


@pytest.fixture
def fleet(store: Store) -> Iterator[Fleet]:
    made = Fleet(store)
    yield made
    made.running.server.close()


def ids(bodies: list[bytes]) -> list[str]:
    return [json.loads(line)["event"]["id"] for body in bodies for line in body.splitlines()]


def failing(times: int, reply: Reply | None) -> Callable[[Received], Reply | None]:
    left = [reply] * times
    return lambda _: left.pop() if left else Reply()


def test_everything_arrives_once_and_in_order(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        target_id = fleet.add(receiver.url)
        assert fleet.steps() == 1
        assert len(set(ids(receiver.bodies))) == len(ids(receiver.bodies)) == 10
        sequences = [json.loads(line)["event"].get("sequence") for line in receiver.bodies[0].splitlines()]
        assert sequences == [*range(8), None, None]
        target = fleet.target(target_id)
        assert (target.sent, target.cursor, target.attempts, target.error) == (10, 3, 0, "")
        assert fleet.steps() == 0
        fleet.store.write_now(lambda connection: tell_records(connection, 8, 1, NOW + 9))
        assert fleet.steps() == 1
        assert fleet.target(target_id).sent == 11
    text = fleet.running.server.metrics.text()
    assert 'weighbridge_export_events_total{kind="webhook"} 11' in text


def test_a_large_backlog_goes_in_bounded_pieces(fleet: Fleet) -> None:
    for first in range(0, 1000, 100):
        fleet.store.write_now(lambda connection, first=first: tell_records(connection, first, 100, NOW + first))
    with HttpReceiver() as receiver:
        fleet.add(receiver.url)
        assert fleet.steps() == 1000 // EVENTS_AT_ONCE
        assert len(set(ids(receiver.bodies))) == 1000


@pytest.mark.parametrize("reply", [None, Reply(500), Reply(503), Reply(429), Reply(401), Reply(302), Reply(404)])
def test_a_target_that_fails_is_left_alone_for_a_while_and_loses_nothing(fleet: Fleet, reply: Reply | None) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver(failing(3, reply)) as receiver:
        target_id = fleet.add(receiver.url)
        for attempt in range(1, 4):
            fleet.steps()
            target = fleet.target(target_id)
            assert (target.attempts, target.cursor, target.sent) == (attempt, 0, 0)
            assert target.error
            assert "a-secret-of-a-target" not in target.error
            most = min(LONGEST_WAIT, FIRST_WAIT * 2**attempt) * 1000
            assert fleet.running.clock.now <= target.next_at <= fleet.running.clock.now + most
            fleet.running.clock.now = target.next_at
        fleet.steps()
        target = fleet.target(target_id)
        assert (target.attempts, target.cursor, target.sent, target.error) == (0, 3, 10, "")
        assert len(set(ids(receiver.bodies))) == 10
    assert fleet.letters(target_id) == []
    assert any("a target did not take" in line for line in fleet.running.lines)


def test_a_target_that_asks_for_time_gets_it(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver(failing(1, Reply(429, headers=(("Retry-After", "120"),)))) as receiver:
        target_id = fleet.add(receiver.url)
        fleet.steps()
        assert fleet.target(target_id).next_at >= NOW + 120_000
        fleet.running.clock.now += 119_000
        assert fleet.steps() == 0


def test_waits_grow_up_to_a_bound_and_are_drawn_by_lot(fleet: Fleet) -> None:
    with HttpReceiver() as receiver:
        target = fleet.target(fleet.add(receiver.url))
    outcome = exporting.Outcome(0, 0, (), "no", 0.0)
    for attempts, most in ((0, FIRST_WAIT), (3, FIRST_WAIT * 8), (5_000, LONGEST_WAIT)):
        waits = [fleet.exporter._wait(target._replace(attempts=attempts), outcome) for _ in range(200)]
        assert max(waits) <= most * 1000
        assert max(waits) > most * 500 > min(waits)


def test_rows_that_are_refused_are_kept_and_the_others_go_on(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    broken = [True]

    def answer(received: Received) -> Reply:
        return Reply(400, b"unknown field") if broken[0] and b"ledger-forked" in received.body else Reply()

    with HttpReceiver(answer) as receiver:
        target_id = fleet.add(receiver.url)
        fleet.steps()
        target = fleet.target(target_id)
        assert (target.cursor, target.sent, target.attempts) == (3, 9, 0)
        (letter,) = fleet.letters(target_id)
        assert letter.row_id.startswith("finding-")
        assert "unknown field" in letter.error

        def again(connection: Connection) -> None:
            assert dead_letters.send_again(connection, target_id) == 1
            export_targets.retry(connection, fleet.running.clock.now, target_id)

        fleet.store.write_now(again)
        fleet.steps()
        assert [one.again for one in fleet.letters(target_id)] == [False], "it is refused again, and kept again"
        broken[0] = False
        fleet.store.write_now(again)
        fleet.steps()
        assert fleet.letters(target_id) == []
        assert fleet.target(target_id).sent == 10
        assert fleet.target(target_id).cursor == 3


def test_a_letter_whose_row_retention_removed_is_counted_as_lost(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver(lambda _: Reply(400)) as receiver:
        target_id = fleet.add(receiver.url)
        fleet.steps()
        assert len(fleet.letters(target_id)) == 3

        def job(connection: Connection) -> None:
            retention.prune_outbox(connection, NOW + 99, 10)
            dead_letters.send_again(connection, target_id)
            export_targets.retry(connection, NOW, target_id)

        fleet.store.write_now(job)
        assert fleet.steps() == 0
        assert fleet.letters(target_id) == []
        assert fleet.target(target_id).lost == 3


def test_what_retention_removes_before_it_was_sent_is_counted(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        target_id = fleet.add(receiver.url)
        fleet.store.write_now(lambda connection: retention.prune_outbox(connection, NOW + 2, 10))
        assert (fleet.target(target_id).lost, fleet.target(target_id).cursor) == (2, 2)
        fleet.steps()
        assert fleet.target(target_id).sent == 1


def test_replay_from_a_date_sends_the_same_ids_again(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        target_id = fleet.add(receiver.url)
        fleet.steps()
        first = ids(receiver.bodies)
        assert fleet.store.write_now(lambda c: export_targets.replay(c, NOW, target_id, NOW + 1)) == 2
        fleet.steps()
        assert ids(receiver.bodies[1:]) == first[-2:]


def test_a_target_is_sent_what_it_asks_for_from_now_on(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        target_id = fleet.add(receiver.url, topics=("finding",), since=None)
        fleet.store.write_now(lambda connection: tell_records(connection, 8, 8, NOW + 9))
        fleet.steps()
        assert len(ids(receiver.bodies)) == 2
        assert fleet.target(target_id).cursor == 4


def test_one_that_is_paused_gets_it_afterwards(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        target_id = fleet.add(receiver.url)
        fleet.store.write_now(lambda connection: export_targets.pause(connection, NOW, target_id, paused=True))
        assert fleet.steps() == 0
        fleet.store.write_now(lambda connection: export_targets.pause(connection, NOW, target_id, paused=False))
        assert fleet.steps() == 1
        assert len(ids(receiver.bodies)) == 10


def test_one_bad_target_does_not_hold_up_another(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver(lambda _: None) as bad, HttpReceiver() as good:
        fleet.add(bad.url)
        target_id = fleet.add(good.url)
        fleet.steps()
        assert fleet.target(target_id).sent == 10


def test_a_private_address_is_refused_unless_the_settings_allow_it(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        target_id = fleet.add(receiver.url)
        fleet.exporter = Exporter(fleet.running.server)
        fleet.steps()
        assert "not public" in fleet.target(target_id).error
        assert receiver.received == []


def test_two_servers_take_different_targets_and_never_the_same(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        made = {fleet.add(receiver.url) for _ in range(6)}
    with ThreadPoolExecutor(6) as threads:
        jobs = [threads.submit(fleet.store.write_now, lambda c, n=n: take(c, NOW, f"server-{n}")) for n in range(6)]
        pieces = [job.result() for job in jobs]
    taken = [piece.target.target_id for piece in pieces if piece is not None]
    while (piece := fleet.store.write_now(lambda c: take(c, NOW, "late"))) is not None:
        taken.append(piece.target.target_id)
    assert sorted(taken) == sorted(made)


def test_whoever_lost_the_claim_moves_nothing(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        target_id = fleet.add(receiver.url)
    slow = fleet.store.write_now(lambda c: take(c, NOW, "slow"))
    assert fleet.store.write_now(lambda c: take(c, NOW + 1000, "quick")) is None
    later = NOW + export_targets.CLAIM_MILLISECONDS
    quick = fleet.store.write_now(lambda c: take(c, later, "quick"))
    assert slow is not None
    assert quick is not None
    done = exporting.Outcome(3, 10, (), "", 0.0)
    fleet.store.write_now(lambda c: finish(c, later, "slow", slow, done, 0))
    assert fleet.target(target_id).cursor == 0
    fleet.store.write_now(lambda c: finish(c, later, "quick", quick, done, 0))
    assert (fleet.target(target_id).cursor, fleet.target(target_id).sent) == (3, 10)


_KILLED = """
import asyncio, os, signal, sys
from tests.fleet.receivers import poster
from tests.fleet.serving import Running
from tests.fleet.told import NOW
from weighbridge.fleet.exporting import Exporter
from weighbridge.fleet.store import Store

store = Store.open(sys.argv[1])
running = Running(store)
running.clock.now = NOW
sending = poster()
real = sending.post

async def post(*arguments):
    if sys.argv[2] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    await real(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

sending.post = post
asyncio.run(Exporter(running.server, sending).step())
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_between_commit_and_send_nothing_is_lost(fleet: Fleet, store_url: str, when: str) -> None:
    """Before the send: it is sent by whoever comes next. After it: it is sent again, with the same ids."""
    fleet.store.write_now(tell_all)
    with HttpReceiver() as receiver:
        target_id = fleet.add(receiver.url)
        killed = subprocess.run(
            [sys.executable, "-c", _KILLED, store_url, when],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            timeout=LIMIT * 2,
            capture_output=True,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        assert len(receiver.received) == (when == "after")
        assert fleet.steps() == 0, "the dead one's claim still holds"
        fleet.running.clock.now += export_targets.CLAIM_MILLISECONDS
        assert fleet.steps() == 1
        assert fleet.target(target_id).sent == 10
        assert len(set(ids(receiver.bodies))) == 10
        assert len(ids(receiver.bodies)) == (20 if when == "after" else 10)


def test_it_runs_until_it_is_told_to_stop(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)

    async def run(target_id: str) -> None:
        task = asyncio.create_task(fleet.exporter.run())
        async with asyncio.timeout(LIMIT):
            while fleet.target(target_id).sent < 10:
                await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with HttpReceiver() as receiver:
        asyncio.run(run(fleet.add(receiver.url)))


def test_a_room_gets_each_message_once_though_a_later_one_fails(fleet: Fleet) -> None:
    fleet.store.write_now(tell_all)
    replies = [Reply(429, headers=(("Retry-After", "5"),)), Reply(), Reply(), Reply()]
    with HttpReceiver(lambda _: replies.pop() if replies else Reply()) as receiver:
        target_id = fleet.add(receiver.url, "slack", ("finding", "decision"))
        fleet.steps()
        target = fleet.target(target_id)
        assert (target.sent, target.cursor, target.attempts) == (3, 2, 1)
        assert target.next_at >= NOW + 5_000
        fleet.running.clock.now = target.next_at
        fleet.steps()
        assert (fleet.target(target_id).sent, fleet.target(target_id).cursor) == (4, 3)
        texts = [json.loads(body)["text"] for body in receiver.bodies]
        assert texts[3] == texts[4]
        assert len(set(texts)) == 4
