"""Requests: who joins whose, how many may wait, what becomes of them."""

import msgspec
import pytest
from tests.fleet.serving import Running
from tests.hub.approved import approved
from tests.hub.holding import weighed_with

from weighbridge.fleet.authentication import viewer_of
from weighbridge.hub import jobs, models, requests, weighed
from weighbridge.hub.names import parse_name
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError


def ask(served: Running, who, name: str = "acme/tiny", **more):
    arguments = {"why": "to try it"} | more
    return served.store.write_now(lambda c: requests.ask(c, served.clock.now, who, parse_name(name), **arguments))


def test_only_a_hub_that_fetches_gets_a_job(served: Running) -> None:
    ada = viewer_of(served.account("ada"))
    asked = ask(served, ada)
    assert served.store.read_now(lambda c: jobs.about(c, asked.request_id)) == []
    fetched = ask(served, ada, "acme/other", fetches=True)
    (job,) = served.store.read_now(lambda c: jobs.about(c, fetched.request_id))
    assert (job.kind, job.subject) == (jobs.FETCH, fetched.request_id)


def test_another_revision_is_another_request(served: Running) -> None:
    ada = viewer_of(served.account("ada"))
    assert ask(served, ada).request_id != ask(served, ada, revision="v1").request_id


def test_nobody_has_more_than_some_requests_waiting(served: Running, monkeypatch) -> None:
    monkeypatch.setattr(requests, "_OPEN_AT_ONCE", 2)
    ada, bob = viewer_of(served.account("ada")), viewer_of(served.account("bob"))
    ask(served, ada, "acme/one")
    ask(served, ada, "acme/two")
    with pytest.raises(WeighbridgeError, match="wait already"):
        ask(served, ada, "acme/three")
    ask(served, bob, "acme/three")
    # Who joins adds nothing that has to be looked at.
    assert len(ask(served, ada, "acme/three").askers) == 2


@pytest.mark.parametrize(
    ("state", "after"), [(State.APPROVED, requests.DONE), (State.REJECTED, requests.REFUSED), (State.REVIEW, "waiting")]
)
def test_a_request_follows_its_release(served: Running, state: State, after: str) -> None:
    asked = ask(served, viewer_of(served.account("ada")))
    release = approved(served, {"a": b"1"})

    def job(c):
        requests.lead_to(c, served.clock.now, asked.request_id, release.release_id)
        requests.follow(c, served.clock.now, "acme/tiny", release.release_id, state, "because")
        return requests.by_id(c, asked.request_id), requests.askers(c, release.release_id)

    told, askers = served.store.write_now(job)
    assert told.state == after
    assert askers == {one.account_id for one in told.askers}


def test_a_model_is_found_by_what_people_wanted_it_for_unless_somebody_said_what_it_does(served: Running) -> None:
    ada, bob = viewer_of(served.account("ada")), viewer_of(served.account("bob"))
    asked = ask(served, ada, task="Coding ")
    ask(served, bob, task="reviews")
    ask(served, viewer_of(served.account("eve")))
    release = approved(served, {"a": b"1"})
    weighed_with(served, release)

    def job(c):
        known = weighed.of_release(c, release.release_id)
        said = msgspec.structs.replace(known.weighing, tasks=("text-generation",))
        weighed.keep(c, msgspec.structs.replace(known, weighing=said), b"{}", b"{}")
        requests.lead_to(c, served.clock.now, asked.request_id, release.release_id)
        requests.follow(c, served.clock.now, "acme/tiny", release.release_id, State.APPROVED, "")
        return models.by_id(c, release.model_id).tasks

    assert sorted(served.store.write_now(job)) == ["coding", "reviews", "text-generation"]

    def again(c):
        models.describe(c, served.clock.now, release.model_id, owner="", summary="", tasks=("chat",))
        requests.follow(c, served.clock.now, "acme/tiny", release.release_id, State.APPROVED, "")
        return models.by_id(c, release.model_id).tasks

    assert served.store.write_now(again) == ("chat",)
