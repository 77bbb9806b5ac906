"""Several servers of one database and one store, and many who do the same at the same time: one outcome, no loss."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from obstore.store import LocalStore
from tests.hub.faulty import Ground
from tests.hub.holding import committed
from tests.hub.soundness import clean, settled
from tests.hub.step_work import DOINGS, NAME, World

from weighbridge.hub import garbage, hf_lfs_parts, jobs, lifecycle, steps
from weighbridge.hub.states import State
from weighbridge.hub.worker import Work, do_next
from weighbridge.model.errors import WeighbridgeError

LIMIT = 60.0
SERVERS, FACES = 3, ("lfs", "lfs in parts", "xet", "push", "push in parts")


@pytest.fixture
def worlds(tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[World]]:
    """Servers, each with a connection of its own."""
    monkeypatch.setattr(hf_lfs_parts, "PART", 4_096)
    objects = LocalStore(str(tmp_path / "bytes"), mkdir=True)
    first = World(tmp_path / "world", b"", Ground(monkeypatch), objects, store_url)
    made = [first, *(first.beside() for _ in range(SERVERS - 1))]
    yield made
    for one in made:
        one.close()


def at_once(*jobs_of: Callable[[], object]) -> list[BaseException]:
    """Do all at the same time; return what failed."""
    together, failed = threading.Barrier(len(jobs_of)), []

    def work(job: Callable[[], object]) -> None:
        try:
            together.wait(LIMIT)
            job()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(job,), daemon=True) for job in jobs_of]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert not [thread for thread in threads if thread.is_alive()]
    return failed


def test_the_same_bytes_come_by_every_face_at_once(worlds: list[World]) -> None:
    """Each sender is told that it has come, by whichever server it was, and one copy stays."""
    sends = [(worlds[at % SERVERS], DOINGS[face]) for at, face in enumerate(FACES * 2)]
    failed = at_once(*(lambda world=world, doing=doing: doing.act(world) for world, doing in sends))
    # Somebody else may have committed to the branch in between, which is said; then it is done again.
    assert [error for error in failed if "409" not in str(error) and "412" not in str(error)] == []
    for world, doing in sends:
        doing.act(world)
    assert all(doing.is_done(world) for world, doing in sends)
    settled(worlds[0].running)
    worlds[0].collect()
    clean(worlds[0].running)


def test_of_several_decisions_one_holds(worlds: list[World]) -> None:
    """Approved, rejected and approved at once: one decision, one place of its bytes, and the others are told."""
    first = worlds[0]
    DOINGS["approve"].before(first)
    for one in worlds:
        one.release_id = first.release_id

    def reject() -> None:
        asyncio.run(lifecycle.reject(worlds[1].running.hub, first.grace, first.release_id, "not this one"))

    failed = at_once(lambda: DOINGS["approve"].act(worlds[0]), reject, lambda: DOINGS["approve"].act(worlds[2]))
    assert all(isinstance(error, WeighbridgeError) for error in failed), failed
    told = first.running.store.read_now(lambda c: steps.about(c, [first.release_id]))
    decided = [one.step for one in told if one.step in ("approve", "reject")]
    assert len(decided) == 1
    assert first.release().state is (State.APPROVED if decided == ["approve"] else State.REJECTED)
    first.work()
    settled(first.running)


def test_each_job_is_done_once_whoever_does_it_and_by_another_if_that_one_falls_silent(worlds: list[World]) -> None:
    begun: list[tuple[int, str]] = []
    lock = threading.Lock()

    def works(number: int) -> dict[str, Work]:
        async def do(_hub, job, _progress) -> None:
            with lock:
                begun.append((number, job.job_id))

        async def give_up(_hub, job, reason: str) -> None:
            raise AssertionError(f"{job.job_id}: {reason}")

        return {jobs.SETTLE: Work(do=do, give_up=give_up)}

    store, now = worlds[0].running.store, worlds[0].clock.now
    made = {store.write_now(lambda c, n=n: jobs.add(c, now, jobs.SETTLE, f"subject-{n}")).job_id for n in range(30)}

    async def all_of(number: int) -> None:
        while await do_next(worlds[number].running.hub, works(number)):
            pass

    silent = store.write_now(lambda c: jobs.take(c, now, (jobs.SETTLE,), "falls silent"))
    assert at_once(*(lambda n=n: asyncio.run(all_of(n)) for n in range(SERVERS))) == []
    done = [job for _, job in begun]
    assert sorted(done) == sorted(made - {silent.job_id})
    worlds[0].clock.now += jobs.GONE_AFTER + 1
    assert at_once(*(lambda n=n: asyncio.run(all_of(n)) for n in range(SERVERS))) == []
    assert [job for _, job in begun][len(done) :] == [silent.job_id]
    assert not store.write_now(lambda c: jobs.finish(c, now, silent.job_id, "falls silent"))


def test_a_clock_that_goes_back_holds_nothing_up(worlds: list[World]) -> None:
    """A day back: what waits and what is begun goes on; nothing that came is thrown away as if it were old."""
    first, second = worlds[:2]
    asyncio.run(committed(first.running, {"README.md": b"one"}, NAME))
    begun = first.ask("POST", f"/v2/{NAME}/blobs/uploads/").headers["location"]
    first.ask("PATCH", begun, b"half", content_range="0-3")
    store = first.running.store
    waits = store.write_now(lambda c: jobs.add(c, first.clock.now, jobs.SETTLE, "waits"))
    runs = store.write_now(lambda c: jobs.add(c, first.clock.now, jobs.RECORD, "runs"))
    store.write_now(lambda c: jobs.take(c, first.clock.now, (jobs.RECORD,), "dies"))
    first.clock.now -= 24 * 3_600_000
    assert asyncio.run(garbage.collect(first.running.hub)) == (0, 0, 0)
    taken = store.write_now(lambda c: jobs.take(c, first.clock.now, (jobs.RECORD,), "another"))
    assert taken is not None
    assert taken.job_id == runs.job_id
    assert waits.due_at > first.clock.now
    second.ask("PATCH", begun, b"rest", content_range="4-7")
    settled_now = store.read_now(lambda c: jobs.next_due(c, waits.due_at, (jobs.SETTLE,)))
    assert settled_now is not None
