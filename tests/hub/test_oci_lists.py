"""Lists of a repository: tags with pages, and what there is about a manifest."""

import pytest
from tests.fleet.serving import Running
from tests.hub.shelved import bearer, published, reader
from tests.hub.test_oci_manifests import FILES, ORAS, get

from weighbridge.hub import manifests
from weighbridge.hub.manifest_parts import attached, descriptor
from weighbridge.hub.media_types import OCI_INDEX, OCI_MANIFEST
from weighbridge.hub.releases import change
from weighbridge.hub.states import State


@pytest.fixture
def hub(served: Running):
    """A running hub with one model, and the headers of somebody who reads."""
    release = published(served, FILES)
    return served, release, bearer(reader(served))


def test_it_is_a_registry(hub):
    running, _, headers = hub
    for path in ("", "/"):
        answer = running.client().get(f"/v2{path}", headers=headers)
        assert (answer.status_code, answer.json()) == (200, {})
        assert answer.headers["docker-distribution-api-version"] == "registry/2.0"


def test_tags_are_what_can_be_pulled(hub):
    running, release, headers = hub
    running.store.write_now(lambda c: change(c, release.release_id, version="1.2"))
    published(running, {"a.json": b"1"}, revision="next", from_nothing=True)
    published(running, {"a.json": b"2"}, revision="waiting", state=State.REVIEW, from_nothing=True)
    answer = get(running, "acme/tiny/tags/list", headers)
    assert answer.json() == {"name": "acme/tiny", "tags": ["1.2", "Q4_K_M", "Q8_0", "latest", "next"]}
    for tag in answer.json()["tags"]:
        assert get(running, f"acme/tiny/manifests/{tag}", headers | ORAS).status_code == 200


def test_pages_of_tags(hub):
    running, _, headers = hub
    first = get(running, "acme/tiny/tags/list?n=2", headers)
    assert first.json()["tags"] == ["Q4_K_M", "Q8_0"]
    assert first.headers["link"] == '</v2/acme/tiny/tags/list?n=2&last=Q8_0>; rel="next"'
    last = get(running, "acme/tiny/tags/list?n=2&last=Q8_0", headers)
    assert (last.json()["tags"], "link" in last.headers) == (["latest"], False)
    nothing = get(running, "acme/tiny/tags/list?n=0", headers)
    assert (nothing.json()["tags"], "link" in nothing.headers) == ([], False)
    assert get(running, "acme/tiny/tags/list?n=x", headers).status_code == 400


def test_a_model_of_which_nothing_is_served_has_no_tags(served: Running):
    published(served, FILES, state=State.REVIEW)
    assert get(served, "acme/tiny/tags/list", bearer(reader(served))).json()["tags"] == []


def test_what_there_is_about_a_manifest(hub):
    running, release, headers = hub
    about = get(running, "acme/tiny/manifests/latest", headers | ORAS)
    digest = about.headers["docker-content-digest"]
    subject = {"mediaType": OCI_MANIFEST, "digest": digest, "size": len(about.content)}
    bom = attached(subject, "application/x", descriptor("application/json", b"{}"), b"{}", {"a": "b"})
    running.store.write_now(lambda c: manifests.freeze(c, 1, release.model_id, release.release_id, [bom]))
    answer = get(running, f"acme/tiny/referrers/{digest}", headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, OCI_INDEX)
    (one,) = answer.json()["manifests"]
    assert (one["artifactType"], one["annotations"]) == ("application/x", {"a": "b"})
    got = get(running, f"acme/tiny/manifests/{one['digest']}", headers | ORAS)
    assert got.json()["subject"]["digest"] == digest
    layer = got.json()["layers"][0]["digest"]
    assert get(running, f"acme/tiny/blobs/{layer}", headers).content == b"{}"
    filtered = get(running, f"acme/tiny/referrers/{digest}?artifactType=application/other", headers)
    assert (filtered.json()["manifests"], filtered.headers["oci-filters-applied"]) == ([], "artifactType")


def test_referrers_of_what_is_not_served_are_none(hub):
    running, _, headers = hub
    answer = get(running, f"acme/tiny/referrers/sha256:{'0' * 64}", headers)
    assert (answer.status_code, answer.json()["manifests"]) == (200, [])
    assert get(running, "acme/tiny/referrers/latest", headers).status_code == 400
    assert get(running, f"acme/other/referrers/sha256:{'0' * 64}", headers).status_code == 404
