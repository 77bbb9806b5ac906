"""Manifests as OCI clients and Ollama get them: by tag, by digest, in the kind that the client takes."""

import hashlib
import json

import pytest
from tests.fleet.serving import Running
from tests.hub.approved import moved
from tests.hub.shelved import bearer, gguf, published, reader

from weighbridge.fleet.settings import read_settings
from weighbridge.hub import branches, freezing, releases, tombstone
from weighbridge.hub.media_types import DOCKER_MANIFEST, MODELPACK, OCI_INDEX, OCI_MANIFEST
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import change
from weighbridge.hub.states import State

FILES = {
    "Tiny.Q4_K_M.gguf": gguf(),
    "Tiny.Q8_0.gguf": gguf(file_type=7),
    "template": b"{{ .Prompt }}",
    "LICENSE": b"Apache License 2.0",
    "config.json": b"{}",
}
OLLAMA = {"Accept": DOCKER_MANIFEST, "User-Agent": "ollama/0.30.0 (amd64 linux) Go/go1.25"}
ORAS = {"Accept": f"{OCI_MANIFEST}, {OCI_INDEX}, {DOCKER_MANIFEST}, */*"}


@pytest.fixture
def hub(served: Running):
    """A running hub with one model, and the headers of somebody who reads."""
    release = published(served, FILES)
    return served, release, bearer(reader(served))


def get(running: Running, path: str, headers: dict[str, str], method: str = "GET"):
    """Ask the registry."""
    return running.client().request(method, f"/v2/{path}", headers=headers)


def test_an_oci_client_gets_every_file_as_a_raw_layer(hub):
    running, release, headers = hub
    answer = get(running, "acme/tiny/manifests/latest", headers | ORAS)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == OCI_MANIFEST
    assert answer.headers["docker-content-digest"] == f"sha256:{hashlib.sha256(answer.content).hexdigest()}"
    manifest = answer.json()
    assert manifest["artifactType"] == MODELPACK
    layers = {one["annotations"]["org.cncf.model.filepath"]: one for one in manifest["layers"]}
    assert {path: one["digest"] for path, one in layers.items()} == {
        path: f"sha256:{hashlib.sha256(body).hexdigest()}" for path, body in FILES.items()
    }
    assert layers["Tiny.Q8_0.gguf"]["mediaType"] == "application/vnd.cncf.model.weight.v1.raw"
    assert layers["config.json"]["mediaType"] == "application/vnd.cncf.model.weight.config.v1.raw"
    assert layers["LICENSE"]["mediaType"] == "application/vnd.cncf.model.doc.v1.raw"
    assert manifest["annotations"]["org.opencontainers.image.revision"] == release.commit_id


def test_ollama_gets_the_usual_precision_with_its_template_and_license(hub):
    running, _, headers = hub
    answer = get(running, "acme/tiny/manifests/latest", headers | OLLAMA)
    assert (answer.status_code, answer.headers["content-type"]) == (200, DOCKER_MANIFEST)
    kinds = {one["mediaType"].rpartition(".")[2]: one for one in answer.json()["layers"]}
    assert set(kinds) == {"model", "template", "license"}
    assert kinds["model"]["digest"] == f"sha256:{hashlib.sha256(FILES['Tiny.Q4_K_M.gguf']).hexdigest()}"
    config = get(running, f"acme/tiny/blobs/{answer.json()['config']['digest']}", headers)
    said = config.json()
    assert (said["model_family"], said["model_type"], said["file_type"]) == ("llama", "7B", "Q4_K_M")


@pytest.mark.parametrize("tag", ["Q8_0", "q8_0", "Tiny.Q8_0", "tiny.q8_0.gguf"])
def test_a_precision_or_a_file_is_a_tag(hub, tag):
    running, _, headers = hub
    wanted = f"sha256:{hashlib.sha256(FILES['Tiny.Q8_0.gguf']).hexdigest()}"
    ollama = get(running, f"acme/tiny/manifests/{tag}", headers | OLLAMA).json()
    assert ollama["layers"][0]["digest"] == wanted
    oras = get(running, f"acme/tiny/manifests/{tag}", headers | ORAS).json()
    paths = [one["annotations"]["org.cncf.model.filepath"] for one in oras["layers"]]
    assert "Tiny.Q8_0.gguf" in paths
    assert "Tiny.Q4_K_M.gguf" not in paths


def test_a_digest_pins_what_a_tag_meant(hub):
    running, release, headers = hub
    first = get(running, "acme/tiny/manifests/latest", headers | ORAS)
    digest = first.headers["docker-content-digest"]
    published(running, {"config.json": b"[]"}, from_nothing=True)
    assert get(running, "acme/tiny/manifests/latest", headers | ORAS).content != first.content
    again = get(running, f"acme/tiny/manifests/{digest}", headers | ORAS)
    assert again.content == first.content
    by_commit = get(running, f"acme/tiny/manifests/{release.commit_id}", headers | ORAS)
    assert by_commit.content == first.content
    unchanged = get(running, f"acme/tiny/manifests/{digest}", headers | {"If-None-Match": again.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    head = get(running, f"acme/tiny/manifests/{digest}", headers, "HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(first.content)))


def test_a_manifest_stays_when_its_model_is_described_anew(hub):
    running, release, headers = hub
    first = get(running, "acme/tiny/manifests/latest", headers | ORAS).content
    running.store.write_now(lambda c: change(c, release.release_id, guidance="for public data"))
    assert get(running, "acme/tiny/manifests/latest", headers | ORAS).content == first


def test_a_version_and_a_branch_are_tags(hub):
    running, release, headers = hub
    running.store.write_now(lambda c: change(c, release.release_id, version="1.2"))
    other = published(running, {"config.json": b"[]"}, revision="next", from_nothing=True)
    for tag, commit in (("1.2", release.commit_id), ("main", release.commit_id), ("next", other.commit_id)):
        said = get(running, f"acme/tiny/manifests/{tag}", headers | ORAS).json()
        assert said["annotations"]["org.opencontainers.image.revision"] == commit, tag


def test_names_are_looked_up_in_lower_case(served: Running):
    published(served, FILES, "Acme/Tiny-GGUF")
    headers = bearer(reader(served))
    assert get(served, "acme/tiny-gguf/manifests/latest", headers | ORAS).status_code == 200
    assert get(served, "Acme/Tiny-GGUF/manifests/latest", headers | OLLAMA).status_code == 200


@pytest.mark.parametrize(
    "state", [one for one in State if one not in (State.FETCHING, State.APPROVED, State.DEPRECATED)]
)
def test_nothing_that_is_not_served_has_a_manifest(served: Running, state: State):
    published(served, FILES, state=state)
    headers = bearer(reader(served))
    for kind in (ORAS, OLLAMA):
        for reference in ("latest", "main", "Q8_0"):
            answer = get(served, f"acme/tiny/manifests/{reference}", headers | kind)
            assert answer.status_code == 403, answer.text
            assert "/catalog/acme/tiny" in answer.json()["errors"][0]["message"]


def test_a_pinned_digest_ends_with_its_release(hub):
    running, _, headers = hub
    digest = get(running, "acme/tiny/manifests/latest", headers | ORAS).headers["docker-content-digest"]
    published(running, {"a.json": b"1"}, "acme/tiny", from_nothing=True)
    assert get(running, f"acme/tiny/manifests/{digest}", headers | ORAS).status_code == 200
    revoke_all(running)
    answer = get(running, f"acme/tiny/manifests/{digest}", headers | ORAS)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "DENIED")
    assert "revoked" in answer.json()["errors"][0]["message"]


def revoke_all(running: Running) -> None:
    """Revoke whatever is approved."""

    def job(connection) -> None:
        for one in releases.in_state(connection, State.APPROVED):
            releases.move(connection, running.clock.now, one, State.REVOKED, by="grace", why="it bites")

    running.store.write_now(job)


def test_a_deprecated_release_comes_with_a_warning(served: Running):
    release = published(served, FILES, state=State.DEPRECATED)
    served.store.write_now(lambda c: change(c, release.release_id, replaced_by="acme/small"))
    answer = get(served, "acme/tiny/manifests/latest", bearer(reader(served)) | ORAS)
    assert answer.status_code == 200
    assert answer.headers["warning"].startswith('299 - "acme/tiny is deprecated: a test says so. Use acme/small')


def test_what_is_not_there_is_said_in_the_words_of_the_client(hub):
    running, _, headers = hub
    oras = get(running, "acme/other/manifests/latest", headers | ORAS)
    assert (oras.status_code, oras.json()["errors"][0]["code"]) == (404, "NAME_UNKNOWN")
    assert "/catalog/request?model=acme/other" in oras.json()["errors"][0]["message"]
    ollama = get(running, "acme/other/manifests/latest", headers | OLLAMA)
    assert ollama.status_code == 403
    assert "wb request acme/other" in ollama.text
    tag = get(running, "acme/tiny/manifests/q2_k", headers | OLLAMA)
    assert tag.status_code == 403
    assert "acme/tiny has no tag q2_k; it has latest, Q4_K_M, Q8_0." in tag.text
    missing = get(running, "acme/tiny/manifests/nothing", headers | ORAS)
    assert (missing.status_code, missing.json()["errors"][0]["code"]) == (404, "MANIFEST_UNKNOWN")
    digest = get(running, f"acme/tiny/manifests/sha256:{'0' * 64}", headers | ORAS)
    assert (digest.status_code, digest.json()["errors"][0]["code"]) == (404, "MANIFEST_UNKNOWN")
    neither = get(running, "acme/tiny/manifests/.tag", headers | ORAS)
    assert neither.status_code == 404


def test_ollama_is_told_where_to_take_what_it_cannot_run(served: Running):
    published(served, {"model.safetensors": b"x", "config.json": b"{}"})
    answer = get(served, "acme/tiny/manifests/latest", bearer(reader(served)) | OLLAMA)
    assert answer.status_code == 403
    assert "no GGUF file" in answer.text
    assert "hf download acme/tiny" in answer.text


def test_a_release_of_too_many_files_says_how_it_is_taken(served: Running, monkeypatch):
    monkeypatch.setattr(freezing, "_MOST_FILES", 1)
    published(served, FILES)
    headers = bearer(reader(served))
    for kind in (ORAS, OLLAMA):
        answer = get(served, "acme/tiny/manifests/latest", headers | kind)
        assert "hf download acme/tiny" in answer.json()["errors"][0]["message"]


def test_a_branch_that_waits_hides_no_precision_of_what_is_served(hub):
    running, _, headers = hub
    published(running, {"a.json": b"1"}, revision="Q8_0", state=State.QUARANTINED, from_nothing=True)
    assert get(running, "acme/tiny/manifests/Q8_0", headers | OLLAMA).status_code == 200
    published(running, {"a.json": b"2"}, revision="next", state=State.QUARANTINED, from_nothing=True)
    waiting = get(running, "acme/tiny/manifests/next", headers | ORAS)
    assert (waiting.status_code, "not approved yet" in waiting.text) == (403, True)


def test_a_tag_that_meant_a_release_never_means_a_part_of_another_one(hub):
    running, _, headers = hub
    release = published(running, {"Tiny.Q8_0.gguf": gguf(file_type=7, more=b"8")}, revision="Q8_0", from_nothing=True)
    running.store.write_now(lambda c: change(c, release.release_id, version="1.3"))
    assert get(running, "acme/tiny/manifests/Q8_0", headers | OLLAMA).status_code == 200
    for after, said in ((State.REVIEW, "not approved yet"), (State.REVOKED, "revoked: it bites. Use acme/b instead.")):
        known = running.store.read_now(lambda c: releases.by_id(c, release.release_id))
        values = {"until_at": 1, "replaced_by": "acme/b"}
        moved(running, known, after, "it bites", **values)
        for tag in ("Q8_0", "1.3"):
            answer = get(running, f"acme/tiny/manifests/{tag}", headers | OLLAMA)
            assert (answer.status_code, said in answer.text) == (403, True), (after, tag, answer.text)
    assert "1.3" not in get(running, "acme/tiny/tags/list", headers).json()["tags"]


def test_nobody_is_asked_to_log_in(hub):
    running, _, _ = hub
    answer = get(running, "acme/tiny/manifests/latest", OLLAMA)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == (
        'Bearer realm="http://127.0.0.1:8480/token",service="127.0.0.1:8480",scope="repository:acme/tiny:pull"'
    )
    assert answer.json()["errors"][0]["code"] == "UNAUTHORIZED"


@pytest.fixture
def settings():
    return read_settings(flags={"hub_open": True})


def test_an_open_hub_serves_anybody(store, settings):
    from tests.fleet.serving import running as started

    with started(store, settings) as running:
        published(running, FILES)
        assert get(running, "acme/tiny/manifests/latest", OLLAMA).status_code == 200
        assert get(running, "acme/other/manifests/latest", OLLAMA).status_code == 401
        assert json.loads(get(running, "", {}).content) == {}


def test_where_a_release_was_revoked_its_reason_is_said(served: Running):
    release = published(served, FILES)
    headers = bearer(reader(served))
    page = ReleaseFile(path="README.md", sha256="0" * 64, size=1)

    def job(connection) -> None:
        after = releases.move(connection, 1, release, State.REVOKED, by="grace", why="it bites")
        made = tombstone.add(connection, 1, after, page)
        branches.point(connection, 1, release.model_id, "main", served=made.commit_id)

    served.store.write_now(job)
    for kind in (ORAS, OLLAMA):
        for tag in ("latest", "main", "Q8_0"):
            answer = get(served, f"acme/tiny/manifests/{tag}", headers | kind)
            assert (answer.status_code, "acme/tiny was revoked: it bites." in answer.text) == (403, True)
    assert get(served, "acme/tiny/tags/list", headers).json()["tags"] == []
