"""Fetching from upstream: a real server that answers well, breaks off, lies, or leads elsewhere."""

import asyncio

import msgspec
import pytest
from tests.fleet.serving import Running
from tests.hub.holding import committed
from tests.hub.upstream_server import COMMIT, Upstream, serving
from tests.hub.weighable import CLEAN, work

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role, Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import (
    branches,
    fetch_job,
    grants,
    jobs,
    release_files,
    releases,
    request_routes,
    requests,
    steps,
    upstream,
)
from weighbridge.hub.names import parse_name
from weighbridge.hub.requests import ModelRequest
from weighbridge.hub.states import State
from weighbridge.hub.worker import do_next
from weighbridge.hub.works import WORKS

BIG = bytes(range(256)) * 4096
FILES = {**CLEAN, "weights/b.safetensors": CLEAN["model.safetensors"], "big.bin": BIG}


@pytest.fixture
def there():
    with serving(Upstream(FILES)) as started:
        yield started


@pytest.fixture
def hub(served: Running, there: Upstream, tmp_path, monkeypatch) -> Running:
    monkeypatch.setattr(upstream, "_PAUSES", (0.0,) * 5)
    served.hub.folder = str(tmp_path / "state")
    settings = {"upstream": there.origin, "upstream_networks": ("127.0.0.0/8",)}
    served.server.settings = msgspec.structs.replace(served.server.settings, **settings)
    return served


@pytest.fixture
def ada(served: Running) -> Viewer:
    return viewer_of(served.account("ada", Role.VIEWER))


def ask(hub: Running, who: Viewer, revision: str = "main") -> ModelRequest:
    name = parse_name("acme/tiny")
    more = {"why": "to try it", "revision": revision, "fetches": True}
    return hub.store.write_now(lambda c: requests.ask(c, hub.clock.now, who, name, **more))


def fetch(hub: Running, tries: int = 1) -> None:
    for _ in range(tries):
        asyncio.run(do_next(hub.hub, {jobs.FETCH: WORKS[jobs.FETCH]}))
        hub.clock.pass_seconds(4000)


def after(hub: Running, asked: ModelRequest):
    """Return the request and its release as they are now."""

    def job(c):
        request = requests.by_id(c, asked.request_id)
        return request, releases.find(c, request.release_id) if request.release_id else None

    return hub.store.read_now(job)


def test_a_model_is_fetched_and_weighed(hub: Running, there: Upstream, ada: Viewer) -> None:
    there.page = 2
    there.files.pop("big.bin")
    asked = ask(hub, ada)
    asyncio.run(work(hub.hub))
    request, release = after(hub, asked)
    assert (release.state, release.commit_id, request.state) == (State.APPROVED, COMMIT, requests.DONE)
    files = hub.store.read_now(lambda c: release_files.of_release(c, release.release_id))
    assert {one.path for one in files} == set(there.files)
    main = hub.store.read_now(lambda c: branches.find(c, release.model_id, "main"))
    assert main is not None
    assert main.served == COMMIT


def test_what_broke_off_goes_on_where_it_was(hub: Running, there: Upstream, ada: Viewer) -> None:
    there.breaks = lambda path, body: body[: max(1, len(body) // 2)]
    asked = ask(hub, ada)
    fetch(hub)
    assert after(hub, asked)[1].state is State.QUARANTINED
    ranges = [headers["range"] for path, headers in there.asked if path.endswith("/big.bin") and "range" in headers]
    assert ranges[0] == f"bytes={len(BIG) // 2}-"
    assert len(ranges) > 3


def test_an_upstream_without_ranges_is_asked_from_the_beginning(hub: Running, there: Upstream, ada: Viewer) -> None:
    there.ranges = False
    broken = []

    def once(path: str, body: bytes) -> bytes:
        if path != "big.bin" or broken:
            return body
        broken.append(path)
        return body[:5000]

    there.breaks = once
    asked = ask(hub, ada)
    fetch(hub)
    assert after(hub, asked)[1].state is State.QUARANTINED


def test_another_try_goes_on_with_what_came(hub: Running, there: Upstream, ada: Viewer) -> None:
    there.breaks = lambda path, body: body[:5000] if len(body) == len(BIG) else b"" if len(body) > 5000 else body
    asked = ask(hub, ada)
    fetch(hub)
    waiting = [job for job in hub.store.read_now(jobs.unfinished) if job.kind == jobs.FETCH]
    assert waiting[0].reason.startswith("big.bin broke off")
    there.breaks = None
    there.asked.clear()
    fetch(hub)
    assert after(hub, asked)[1].state is State.QUARANTINED
    assert [h["range"] for path, h in there.asked if path.endswith("/big.bin")] == ["bytes=5000-"]


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ({"big.bin": {"size": len(BIG) - 1}}, "contradicts itself"),
        ({"big.bin": {"size": 5, "lfs": None}}, "longer than the upstream said"),
        ({"big.bin": {"lfs": {"oid": "a" * 64, "size": len(BIG)}}}, "not what the upstream said"),
        ({"big.bin": {"lfs": {"oid": "nonsense", "size": len(BIG)}}}, "contradicts itself"),
        ({"config.json": {"oid": "a" * 40}}, "another id in git"),
        ({"config.json": {"path": "../../etc/passwd"}}, "no release can hold"),
        ({"config.json": {"size": -1}}, "a file of acme/tiny that is none"),
        ({"config.json": {"path": 7}}, "a file of acme/tiny that is none"),
        ({"big.bin": {"size": 1 << 50, "lfs": None}}, "larger than any release"),
    ],
    ids=["size-twice", "size", "digest", "no-digest", "git", "path", "negative", "type", "huge"],
)
def test_an_upstream_that_lies_is_not_believed(hub: Running, there: Upstream, ada: Viewer, lie, said: str) -> None:
    there.lies = lie
    asked = ask(hub, ada)
    fetch(hub)
    request, release = after(hub, asked)
    assert request.state == requests.REFUSED
    assert said in request.reason
    assert release is None or release.state is State.FAILED
    assert release is None or hub.store.read_now(lambda c: release_files.of_release(c, release.release_id)) == []


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x",
        "https://[::ffff:10.0.0.1]/x",
        "file:///etc/passwd",
    ],
)
def test_an_upstream_that_sends_on_to_an_inner_address_is_not_followed(
    hub: Running, there: Upstream, ada: Viewer, target: str
) -> None:
    there.redirect = lambda name: target
    asked = ask(hub, ada)
    fetch(hub, 6)
    request, release = after(hub, asked)
    assert request.state == requests.REFUSED
    assert release.state is State.FAILED


def test_a_token_goes_to_the_upstream_alone(hub: Running, there: Upstream, ada: Viewer) -> None:
    with serving(Upstream(FILES)) as other:
        there.token = hub.hub.upstream_token = "hf_secret"
        there.redirect = lambda name: f"{other.origin}/elsewhere/{name}"
        asked = ask(hub, ada)
        fetch(hub)
        assert after(hub, asked)[1].state is State.QUARANTINED
        assert len(other.asked) >= len(set(FILES.values()))
        assert not any("authorization" in headers for _, headers in other.asked)
    assert all(headers["authorization"] == "Bearer hf_secret" for _, headers in there.asked)


def test_an_upstream_without_the_model_ends_the_request(hub: Running, there: Upstream, ada: Viewer) -> None:
    there.status["/api/models/acme/tiny/revision/main"] = 404
    asked = ask(hub, ada)
    fetch(hub)
    request, release = after(hub, asked)
    assert (request.state, release) == (requests.REFUSED, None)
    assert "does not have acme/tiny" in request.reason


def test_an_upstream_that_fails_is_asked_again_later(hub: Running, there: Upstream, ada: Viewer) -> None:
    there.status["/api/models/acme/tiny/revision/main"] = 503
    asked = ask(hub, ada)
    fetch(hub)
    assert after(hub, asked)[0].state == requests.WAITING
    there.status.clear()
    fetch(hub)
    assert after(hub, asked)[1].state is State.QUARANTINED


def test_what_is_fetched_leaves_some_of_the_disk_free(hub: Running, there: Upstream, ada: Viewer, monkeypatch) -> None:
    """Everybody may request models: their bytes must not fill the disk under all others."""
    free = 6_000_000_000

    async def room() -> tuple[int, int]:
        return free, 1_000_000_000_000

    monkeypatch.setattr(hub.hub.blobs, "room", room)
    hub.server.settings = msgspec.structs.replace(hub.server.settings, hub_keep_free_gb=5.9995)
    asked = ask(hub, ada)
    fetch(hub)
    assert after(hub, asked)[1].state is State.FETCHING
    free = 7_000_000_000
    fetch(hub)
    assert after(hub, asked)[1].state is State.QUARANTINED


def test_a_pinned_commit_moves_no_branch(hub: Running, there: Upstream, ada: Viewer) -> None:
    asked = ask(hub, ada, COMMIT)
    fetch(hub)
    release = after(hub, asked)[1]
    assert hub.store.read_now(lambda c: branches.of_model(c, release.model_id)) == []


def test_a_hub_without_an_upstream_fetches_nothing(hub: Running, there: Upstream, ada: Viewer) -> None:
    hub.server.settings = msgspec.structs.replace(hub.server.settings, upstream="")
    asked = ask(hub, ada)
    fetch(hub)
    assert "fetches nothing" in after(hub, asked)[0].reason
    assert there.asked == []


def test_who_asks_for_what_was_approved_long_ago_has_it_at_once(hub: Running, there: Upstream, ada: Viewer) -> None:
    there.files.pop("big.bin")
    ask(hub, ada)
    asyncio.run(work(hub.hub))
    again = ask(hub, viewer_of(hub.account("bob", Role.VIEWER)), COMMIT)
    there.asked.clear()
    fetch(hub)
    assert after(hub, again)[0].state == requests.DONE
    assert not any("/resolve/" in path for path, _ in there.asked)


def test_the_job_of_a_request_that_is_gone_does_nothing(hub: Running) -> None:
    job = hub.store.write_now(lambda c: jobs.add(c, hub.clock.now, jobs.FETCH, "0" * 16))
    fetch(hub)
    assert hub.store.read_now(lambda c: jobs.by_id(c, job.job_id)).state == jobs.DONE
    assert fetch_job is not None


def test_nothing_from_elsewhere_takes_the_place_of_what_is_made_here(hub: Running, there: Upstream, ada) -> None:
    mine = asyncio.run(committed(hub, {"config.json": b"{}"}))
    asked = ask(hub, ada)
    assert asked.reason == "acme/tiny is made here: somebody has to upload what is new of it."
    fetch(hub)
    request, release = after(hub, asked)
    assert (request.state, release, there.asked) == (requests.WAITING, None, [])
    # Also where it was asked for before the model was made here.
    hub.store.write_now(lambda c: jobs.add(c, hub.clock.now, jobs.FETCH, asked.request_id))
    fetch(hub)
    request, release = after(hub, asked)
    assert (request.state, "made here" in request.reason, release) == (requests.REFUSED, True, None)
    assert [one.commit_id for one in hub.store.read_now(lambda c: releases.of_model(c, mine.model_id))] == [
        mine.commit_id
    ]


def test_nothing_from_elsewhere_comes_into_a_namespace_that_others_keep(hub: Running, there: Upstream, ada) -> None:
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", "somebody-else", grants.PUBLISH, by="test"))
    assert "acme is kept by" in ask(hub, ada).reason
    fetch(hub)
    assert there.asked == []
    bob = viewer_of(hub.account("bob", Role.VIEWER))
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", bob.account_id, grants.PUBLISH, by="test"))
    assert ask(hub, bob, revision="v1").reason == ""


def test_a_person_looks_at_what_comes_among_models_made_here(hub: Running, there: Upstream, ada: Viewer) -> None:
    there.files.pop("big.bin")
    asyncio.run(committed(hub, {"config.json": b"{}"}, name="acme/own"))
    asked = ask(hub, ada)
    asyncio.run(work(hub.hub))
    release = after(hub, asked)[1]
    assert release.state is State.REVIEW
    assert "into a namespace in which models are made here" in release.state_why


def test_who_may_not_read_a_namespace_asks_for_nothing_in_it(hub: Running, ada: Viewer) -> None:
    asked = ask(hub, ada)
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", "somebody-else", grants.READ, by="test"))
    with pytest.raises(RefusedError) as caught:
        ask(hub, ada)
    assert caught.value.status == 403

    def story(c):
        return request_routes.story(c, ada, asked.request_id)

    with pytest.raises(RefusedError) as caught:
        hub.store.read_now(story)
    assert caught.value.status == 404
    hub.store.write_now(lambda c: grants.give(c, 1, "acme", ada.account_id, grants.READ, by="test"))
    assert hub.store.read_now(story).request.request_id == asked.request_id


def test_a_digest_that_an_upstream_names_is_not_taken_for_its_bytes(hub: Running, there: Upstream, ada: Viewer) -> None:
    asyncio.run(committed(hub, {"weights.bin": BIG}, name="secret/model"))
    there.breaks = lambda path, body: b"" if path == "big.bin" else body
    asked = ask(hub, ada)
    fetch(hub)
    assert after(hub, asked)[1].state is State.FETCHING, "the bytes did not come, whoever else sent them"
    there.breaks = None
    there.asked.clear()
    fetch(hub)
    assert after(hub, asked)[1].state is State.QUARANTINED
    again = {path.rpartition("/")[2] for path, _ in there.asked}
    assert "big.bin" in again
    assert "model.safetensors" not in again, "what came before does not come once more"


def test_who_asks_again_is_one_record(hub: Running, ada: Viewer) -> None:
    asked = [ask(hub, ada).request_id for _ in range(3)]
    assert len(set(asked)) == 1
    assert [one.step for one in hub.store.read_now(lambda c: steps.about(c, asked[:1]))] == ["request"]
