"""One manifest under several tags is one release: weighed once, decided upon once, had and lost under all of them."""

import pytest
from tests.fleet.serving import Running
from tests.hub.pushing import Pusher
from tests.hub.shelved import bearer, reader
from tests.hub.test_oci_manifests import ORAS, get
from tests.hub.test_oci_push import approve, by_oras, release_at

from weighbridge.hub import branches, models, releases
from weighbridge.hub.media_types import OCI_MANIFEST
from weighbridge.hub.states import State


@pytest.fixture
def pia(served: Running) -> Pusher:
    """Somebody who may publish."""
    return Pusher(served)


def all_of(pia: Pusher) -> list[releases.Release]:
    """Return the releases of what is pushed."""
    model = pia.running.store.read_now(lambda c: models.by_text(c, "acme/pushed"))
    return pia.running.store.read_now(lambda c: releases.of_model(c, model.model_id))


def listed(pia: Pusher, headers) -> list[str]:
    return get(pia.running, "acme/pushed/tags/list", headers).json()["tags"]


def test_two_tags_wait_for_one_decision_and_mean_the_same(pia: Pusher) -> None:
    manifest = by_oras(pia)
    said = {pia.manifest(manifest, tag).headers["docker-content-digest"] for tag in ("v1", "latest")}
    assert len(said) == 1
    assert len(all_of(pia)) == 1
    assert release_at(pia.running, "v1")[0].commit_id == release_at(pia.running)[0].commit_id
    ada = bearer(reader(pia.running))
    # Both mean it to who writes; readers get it under each once it is served there.
    approve(pia.running, "v1")
    approve_branch(pia, "main")
    for tag in ("v1", "latest"):
        assert get(pia.running, f"acme/pushed/manifests/{tag}", ada | ORAS).headers["docker-content-digest"] in said
    assert listed(pia, ada) == ["Q4_0", "latest", "v1"]


def approve_branch(pia: Pusher, name: str) -> None:
    """Do what an approval does with a branch that was written to with the release."""
    release, _ = release_at(pia.running, name)
    pia.running.store.write_now(lambda c: branches.point(c, 1, release.model_id, name, served=release.commit_id))


def test_a_new_tag_of_what_is_served_means_it_at_once(pia: Pusher) -> None:
    manifest = by_oras(pia)
    pia.manifest(manifest, "v1")
    approve(pia.running, "v1")
    assert pia.manifest(manifest, "stable").status_code == 201
    assert len(all_of(pia)) == 1
    ada = bearer(reader(pia.running))
    assert listed(pia, ada) == ["stable", "v1"]
    assert get(pia.running, "acme/pushed/manifests/stable", ada | ORAS).status_code == 200
    release = all_of(pia)[0]
    pia.running.store.write_now(
        lambda c: releases.move(c, pia.running.clock.now, release, State.REVOKED, by="grace", why="it bites")
    )
    for tag in ("stable", "v1"):
        answer = get(pia.running, f"acme/pushed/manifests/{tag}", ada | ORAS)
        assert (answer.status_code, "it bites" in answer.text) == (403, True), tag
    assert listed(pia, ada) == []


def test_a_tag_that_readers_have_moves_with_a_decision_alone(pia: Pusher) -> None:
    first = by_oras(pia)
    pia.manifest(first, "v1")
    pia.manifest(first, "latest")
    approve(pia.running, "v1")
    approve_branch(pia, "main")
    other = by_oras(pia)
    other["layers"] = other["layers"][:1]
    pia.manifest(other, "latest")
    approve(pia.running)
    ada = bearer(reader(pia.running))
    before = get(pia.running, "acme/pushed/manifests/latest", ada | ORAS).content
    assert pia.manifest(first, "latest").status_code == 201
    assert get(pia.running, "acme/pushed/manifests/latest", ada | ORAS).content == before
    assert release_at(pia.running)[0].state is State.QUARANTINED
    assert len(all_of(pia)) == 3


@pytest.mark.parametrize("by_digest", [True, False])
def test_a_tag_that_was_taken_back_does_not_come_with_an_approval(pia: Pusher, by_digest: bool) -> None:
    manifest = by_oras(pia)
    said = pia.manifest(manifest, "v1").headers["docker-content-digest"]
    pia.manifest(manifest, "wrong")
    model_id = all_of(pia)[0].model_id
    assert pia.ask("DELETE", f"acme/pushed/manifests/{said if by_digest else 'wrong'}").status_code == 202
    left = {one.name for one in pia.running.store.read_now(lambda c: branches.of_model(c, model_id))}
    assert left == (set() if by_digest else {"v1"})


def test_what_one_says_about_a_manifest_stays_theirs(pia: Pusher) -> None:
    said = pia.manifest(by_oras(pia), "v1").headers["docker-content-digest"]
    about = pia.image(subject={"mediaType": OCI_MANIFEST, "digest": said, "size": 9})
    assert pia.manifest(about | {"artifactType": "application/x"}, "note").status_code == 201
    approve(pia.running, "v1")
    mine = pia.ask("GET", f"acme/pushed/referrers/{said}").json()["manifests"]
    assert "application/x" in [one.get("artifactType") for one in mine]
    theirs = get(pia.running, f"acme/pushed/referrers/{said}", bearer(reader(pia.running))).json()["manifests"]
    assert "application/x" not in [one.get("artifactType") for one in theirs]
