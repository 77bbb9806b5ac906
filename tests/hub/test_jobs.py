"""The queue of work: who takes what, what is tried again, what becomes of a job whose server is gone."""

from weighbridge.fleet.store import Store
from weighbridge.hub import jobs
from weighbridge.hub.jobs import FETCH, GONE_AFTER, WEIGH

NOW = 1_790_000_000_000


def take(store: Store, now: int = NOW, kinds: tuple[str, ...] = jobs.KINDS, worker: str = "one") -> jobs.Job | None:
    return store.write_now(lambda connection: jobs.take(connection, now, kinds, worker))


def add(store: Store, kind: str = WEIGH, subject: str = "r1", now: int = NOW, **more) -> jobs.Job:
    return store.write_now(lambda connection: jobs.add(connection, now, kind, subject, **more))


def test_the_same_job_waits_once(store: Store) -> None:
    first = add(store, body={"ref": "acme/tiny"})
    assert add(store).job_id == first.job_id
    assert add(store, FETCH).job_id != first.job_id
    assert first.body == '{"ref":"acme/tiny"}'
    take(store, kinds=(WEIGH,))
    # What changed while it ran must be looked at again.
    assert add(store).job_id != first.job_id


def test_one_of_two_servers_takes_a_job(store: Store) -> None:
    add(store)
    first = take(store)
    assert first is not None
    assert (first.state, first.tries) == (jobs.RUNNING, 1)
    assert take(store, worker="two") is None
    assert take(store, NOW + GONE_AFTER, worker="two") is None
    assert store.write_now(lambda connection: jobs.finish(connection, NOW, first.job_id, "one"))
    assert take(store, NOW + 10 * GONE_AFTER) is None


def test_a_job_of_a_silent_server_goes_to_another(store: Store) -> None:
    add(store)
    first = take(store)
    assert first is not None
    assert store.write_now(lambda connection: jobs.beat(connection, NOW + GONE_AFTER, first.job_id, "one", 1, 2))
    assert take(store, NOW + GONE_AFTER + 1, worker="two") is None
    second = take(store, NOW + 2 * GONE_AFTER + 1, worker="two")
    assert second is not None
    assert (second.job_id, second.tries, second.done) == (first.job_id, 2, 0)
    for late in (jobs.finish, jobs.beat):
        assert not store.write_now(lambda connection, late=late: late(connection, NOW, first.job_id, "one"))
    assert store.read_now(lambda connection: jobs.by_id(connection, first.job_id)).state == jobs.RUNNING


def test_a_clock_that_was_set_back_hides_no_silent_server(store: Store) -> None:
    add(store)
    assert take(store) is not None
    assert take(store, NOW - 2 * GONE_AFTER, worker="two") is not None


def test_a_job_is_put_back_for_longer_and_longer(store: Store) -> None:
    add(store)
    now, waits = NOW, []
    for _ in range(4):
        job = take(store, now)
        assert job is not None
        assert store.write_now(lambda connection, job=job, now=now: jobs.put_back(connection, now, job, "one", "no"))
        waiting = store.read_now(lambda connection, job=job: jobs.by_id(connection, job.job_id))
        assert waiting.reason == "no"
        waits.append(waiting.due_at - now)
        assert take(store, waiting.due_at - 1) is None
        now = waiting.due_at
    assert waits == sorted(set(waits))


def test_kinds_are_taken_apart_and_in_the_order_of_their_times(store: Store) -> None:
    late = add(store, WEIGH, "late", wait=500)
    early = add(store, WEIGH, "early")
    other = add(store, FETCH, "other")
    assert take(store, kinds=(FETCH,)) == jobs_running(store, other.job_id)
    assert take(store, NOW + 500, (WEIGH,)) == jobs_running(store, early.job_id)
    assert take(store, NOW + 499, (WEIGH,)) is None
    assert take(store, NOW + 500, (WEIGH,)) == jobs_running(store, late.job_id)


def jobs_running(store: Store, job_id: str) -> jobs.Job:
    return store.read_now(lambda connection: jobs.by_id(connection, job_id))


def test_a_job_that_was_let_go_was_not_tried(store: Store) -> None:
    add(store)
    job = take(store)
    assert job is not None
    store.write_now(lambda connection: jobs.let_go(connection, NOW, job, "one"))
    again = take(store, worker="two")
    assert again is not None
    assert again.tries == 1


def test_jobs_of_a_release_are_cancelled_and_removed_in_time(store: Store) -> None:
    first, other = add(store), add(store, FETCH, "r2")
    take(store, kinds=(WEIGH,))
    assert store.write_now(lambda connection: jobs.cancel(connection, NOW, "r1", "rejected")) == 1
    assert not store.write_now(lambda connection: jobs.beat(connection, NOW, first.job_id, "one"))
    assert [job.job_id for job in store.read_now(jobs.unfinished)] == [other.job_id]
    assert store.write_now(lambda connection: jobs.prune(connection, NOW + 1)) == 1
    assert store.read_now(lambda connection: jobs.about(connection, "r1")) == []
