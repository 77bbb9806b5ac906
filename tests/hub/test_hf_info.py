"""What a model is, as stock clients ask first."""

import hashlib

from tests.hub.approved import FILES, approved, moved, reader, with_many
from tests.hub.uploading import writer

from weighbridge.hub import releases
from weighbridge.hub.states import State


def test_a_model_says_its_commit_and_files(served):
    release = approved(served, license="apache-2.0", formats="safetensors")
    client = reader(served)
    for address in ("/api/models/acme/tiny", "/api/models/acme/tiny/revision/main", "/api/models/ACME/Tiny"):
        answer = client.get(address)
        assert answer.status_code == 200
        said = answer.json()
        assert (said["id"], said["sha"], said["author"]) == ("acme/tiny", release.commit_id, "acme")
        assert [one["rfilename"] for one in said["siblings"]] == sorted(FILES)
        assert said["tags"] == ["safetensors", "license:apache-2.0"]
        assert (said["private"], said["gated"], said["disabled"]) == (False, False, False)
        assert answer.headers["x-repo-commit"] == release.commit_id
        assert "securityRepoStatus" not in said


def test_by_commit(served):
    release = approved(served)
    assert reader(served).get(f"/api/models/acme/tiny/revision/{release.commit_id}").json()["sha"] == release.commit_id


def test_sizes_and_digests_on_request(served):
    approved(served)
    said = reader(served).get("/api/models/acme/tiny?blobs=true&securityStatus=True").json()
    for one in said["siblings"]:
        body = FILES[one["rfilename"]]
        assert one["size"] == one["lfs"]["size"] == len(body)
        assert one["lfs"]["sha256"] == hashlib.sha256(body).hexdigest()
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{one['lfs']['sha256']}\nsize {len(body)}\n"
        assert one["lfs"]["pointerSize"] == len(pointer)
        assert one["blobId"] == hashlib.sha1(f"blob {len(pointer)}\0{pointer}".encode()).hexdigest()
    assert said["securityRepoStatus"] == {"scansDone": False, "filesWithIssues": []}


def test_only_the_fields_that_are_asked_for(served):
    release = approved(served)
    said = reader(served).get("/api/models/acme/tiny?expand=sha&expand=tags").json()
    assert set(said) == {"_id", "id", "sha", "tags"}
    assert said["sha"] == release.commit_id
    assert "siblings" in reader(served, name="bob").get("/api/models/acme/tiny?expand=siblings").json()


def test_who_uploads_learns_how_before_there_is_a_release(served):
    """Who may not upload is told of the model what everybody is told."""
    address = "/api/models/acme/new/revision/main?expand=xetEnabled"
    answer = writer(served).get(address)
    assert (answer.status_code, answer.json()["id"], answer.json()["xetEnabled"]) == (200, "acme/new", False)
    assert reader(served).get(address).headers["x-error-code"] == "GatedRepo"


def test_a_model_without_a_namespace_is_of_the_library(served):
    release = approved(served, name="gpt2")
    answer = reader(served).get("/api/models/gpt2/revision/main")
    assert (answer.json()["id"], answer.json()["sha"]) == ("library/gpt2", release.commit_id)
    assert reader(served, name="bob").get("/api/models/gpt2").json()["sha"] == release.commit_id


def test_thousands_of_files_come_in_pieces(served):
    files = [f"part-{number:05}.bin" for number in range(2_300)]
    with_many(served, files)
    said = reader(served).get("/api/models/acme/tiny").json()
    assert [one["rfilename"] for one in said["siblings"]] == files


def test_what_people_should_know_is_said_on_the_wire(served):
    release = approved(served, guidance="For code only", data_classes="public, internal")
    warning = reader(served).get("/api/models/acme/tiny").headers["x-hf-warning"]
    assert warning == ("acme/tiny approved; acme/tiny may be given data that is: public, internal. For code only.")
    moved(served, release, State.DEPRECATED, "slow\r\nX-Evil: 1 \u2028", replaced_by="acme/big")
    warning = reader(served, name="bob").get("/api/models/acme/tiny").headers["x-hf-warning"]
    assert warning.startswith("acme/tiny deprecated; acme/tiny is deprecated: slow??X-Evil: 1")
    assert "Use acme/big instead." in warning


def test_what_is_not_served_says_why_and_what_next(served):
    release = approved(served)
    moved(served, release, State.REVOKED, "it phones home", replaced_by="acme/big")
    client = reader(served)
    answer = client.get("/api/models/acme/tiny")
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RevisionNotFound")
    assert "revoked: it phones home. Use acme/big instead." in answer.json()["error"]
    answer = client.get("/api/models/acme/none")
    assert (answer.status_code, answer.headers["x-error-code"]) == (403, "GatedRepo")
    assert "/catalog/request?model=acme/none" in answer.headers["x-hf-warning"]
    answer = client.get("/api/models/acme/tiny/revision/nope")
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RevisionNotFound")


def test_nobody_without_an_account(served):
    approved(served)
    answer = served.client().get("/api/models/acme/tiny")
    assert answer.status_code == 401
    assert "/catalog/tokens" in answer.json()["error"]
    answer = served.client().get("/api/models/acme/tiny", headers={"Authorization": "Bearer hf_" + "a" * 40})
    assert (answer.status_code, answer.headers["x-error-message"]) == (
        401,
        "Invalid credentials in Authorization header",
    )


def test_no_name_is_a_clear_error(served):
    client = reader(served)
    for address in ("a..b/c", "%2e%2e/x", "a/b%2Fc", "x" * 200, "a/%ff", "a/%00", "api/x"):
        answer = client.get(f"/api/models/{address}")
        assert answer.status_code in (400, 403), address
        assert answer.json()["error"]


def test_by_version_and_what_became_of_it(served):
    """What people call a release is a revision of stock clients, too."""
    release = approved(served)
    client = reader(served)
    served.store.write_now(lambda c: releases.change(c, release.release_id, version="1.2"))
    assert client.get("/api/models/acme/tiny/revision/1.2").json()["sha"] == release.commit_id
    assert client.get("/acme/tiny/resolve/1.2/README.md").content == FILES["README.md"]
    moved(served, release, State.REVOKED, "it bites", replaced_by="acme/other")
    for path in ("/api/models/acme/tiny/revision/1.2", "/acme/tiny/resolve/1.2/README.md"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["x-error-code"]) == (404, "RevisionNotFound")
        assert "acme/tiny was revoked: it bites. Use acme/other instead." in answer.headers["x-error-message"]
