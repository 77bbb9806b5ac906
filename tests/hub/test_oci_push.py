"""Manifests on their way in: one of a model becomes a release in quarantine, any other is for who sent it alone."""

import gzip
import io
import json
import tarfile

import pytest
from sqlalchemy import event
from tests.fleet.serving import Running
from tests.hub.pushing import Pusher, digest
from tests.hub.shelved import SERVED_BY, bearer, gguf, published, reader
from tests.hub.test_oci_manifests import FILES, OLLAMA, ORAS, get

from weighbridge.fleet import accounts
from weighbridge.fleet.authentication import viewer_of
from weighbridge.hub import branches, models, oci_push, release_files, releases
from weighbridge.hub.caller import Caller
from weighbridge.hub.look_up import Asked
from weighbridge.hub.media_types import (
    DOCKER_CONFIG,
    DOCKER_MANIFEST,
    FILE_PATH,
    KITOPS,
    MODELPACK,
    MODELPACK_CONFIG,
    OCI_EMPTY,
    OCI_INDEX,
    OCI_MANIFEST,
    TITLE,
)
from weighbridge.hub.media_types import (
    OLLAMA as OLLAMA_TYPE,
)
from weighbridge.hub.names import parse_name
from weighbridge.hub.oci_pushed import Place
from weighbridge.hub.pushed_manifest import read_manifest
from weighbridge.hub.states import State

MODEL = gguf(more=b"weights")


@pytest.fixture
def pia(served: Running) -> Pusher:
    """Somebody who may publish."""
    return Pusher(served)


def by_ollama(pia: Pusher, **config) -> dict:
    """Return a manifest as Ollama pushes one, its blobs pushed."""
    layers = [
        pia.descriptor(MODEL, f"{OLLAMA_TYPE}model"),
        pia.descriptor(b"{{ .Prompt }}", f"{OLLAMA_TYPE}template"),
        pia.descriptor(b"MIT", f"{OLLAMA_TYPE}license"),
        pia.descriptor(b"and more", f"{OLLAMA_TYPE}license"),
    ]
    said = json.dumps({"model_format": "gguf", "renderer": "tiny"} | config).encode()
    return {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": pia.descriptor(said, DOCKER_CONFIG),
        "layers": layers,
    }


def by_oras(pia: Pusher, **more) -> dict:
    """Return a manifest as ModelPack and ORAS push one, its blobs pushed."""
    weight = pia.descriptor(MODEL, "application/vnd.cncf.model.weight.v1.raw", annotations={FILE_PATH: "m.Q4_0.gguf"})
    readme = pia.descriptor(b"# m", "application/vnd.cncf.model.doc.v1.raw", annotations={FILE_PATH: "docs/README.md"})
    config = pia.descriptor(b'{"descriptor":{},"config":{},"modelfs":{"type":"layers","diffIds":[]}}', MODELPACK_CONFIG)
    made = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "artifactType": MODELPACK}
    return made | {"config": config, "layers": [weight, readme]} | more


def release_at(running: Running, revision: str = "main"):
    """Return the release that a branch means to who writes, and its files."""

    def job(connection):
        model = models.by_text(connection, "acme/pushed")
        branch = branches.find(connection, model.model_id, revision)
        release = releases.of_commit(connection, model.model_id, branch.staged)
        return release, {one.path: one.sha256 for one in release_files.of_release(connection, release.release_id)}

    return running.store.read_now(job)


def approve(running: Running, revision: str = "main"):
    """Approve what was pushed."""
    import asyncio

    from weighbridge.hub import blob_index

    release, files = release_at(running, revision)

    def job(connection):
        now, after = running.clock.now, release
        for step in SERVED_BY[State.APPROVED]:
            after = releases.move(connection, now, after, step, by="grace")
        branches.point(connection, now, release.model_id, revision, served=release.commit_id)
        blob_index.place(connection, list(files.values()), "released")

    running.store.write_now(job)
    for one in set(files.values()):
        asyncio.run(running.hub.blobs.move(one, "quarantine", "released"))


def test_what_ollama_pushes_waits_in_quarantine_and_is_then_pulled(pia):
    running, manifest = pia.running, by_ollama(pia, remote_host="https://evil.example")
    answer = pia.manifest(manifest, "latest")
    assert answer.status_code == 201, answer.text
    release, files = release_at(running)
    assert (release.state, release.created_by, release.title) == (State.QUARANTINED, "pia", "Pushed as latest")
    assert set(files) == {"model.gguf", "template", "LICENSE", "LICENSE-2", "ollama.json"}
    ada = bearer(reader(running))
    assert get(running, "acme/pushed/manifests/latest", ada | OLLAMA).status_code == 403
    approve(running)
    pulled = get(running, "acme/pushed/manifests/latest", ada | OLLAMA).json()
    assert [one["digest"] for one in pulled["layers"]] == [one["digest"] for one in manifest["layers"]]
    config = get(running, f"acme/pushed/blobs/{pulled['config']['digest']}", ada).json()
    assert (config["renderer"], "remote_host" in config) == ("tiny", False)


def test_a_tag_is_a_branch(pia):
    assert pia.manifest(by_ollama(pia), "Q4_0").status_code == 201
    release, _ = release_at(pia.running, "Q4_0")
    assert release.state is State.QUARANTINED
    approve(pia.running, "Q4_0")
    ada = bearer(reader(pia.running))
    assert get(pia.running, "acme/pushed/manifests/Q4_0", ada | OLLAMA).status_code == 200
    assert get(pia.running, "acme/pushed/manifests/latest", ada | OLLAMA).status_code == 403


def test_a_modelpack_is_served_by_the_digest_that_it_was_pushed_with(pia):
    answer = pia.manifest(by_oras(pia), "latest")
    said = answer.headers["docker-content-digest"]
    _, files = release_at(pia.running)
    assert set(files) == {"m.Q4_0.gguf", "docs/README.md"}
    approve(pia.running)
    ada = bearer(reader(pia.running))
    pulled = get(pia.running, "acme/pushed/manifests/latest", ada | ORAS)
    assert pulled.headers["docker-content-digest"] == said
    assert get(pia.running, f"acme/pushed/manifests/{said}", ada).content == pulled.content
    config = pulled.json()["config"]["digest"]
    assert get(pia.running, f"acme/pushed/blobs/{config}", ada).status_code == 200
    ollama = get(pia.running, "acme/pushed/manifests/latest", ada | OLLAMA)
    assert ollama.json()["layers"][0]["digest"] == digest(MODEL)


def test_a_config_that_nothing_looked_into_goes_out_to_nobody(pia):
    manifest = by_oras(pia, config=pia.descriptor(b"\x80\x04payload", MODELPACK_CONFIG))
    said = pia.manifest(manifest, "latest").headers["docker-content-digest"]
    approve(pia.running)
    ada = bearer(reader(pia.running))
    assert get(pia.running, "acme/pushed/manifests/latest", ada | ORAS).headers["docker-content-digest"] != said
    for path in (f"manifests/{said}", f"blobs/{manifest['config']['digest']}"):
        assert get(pia.running, f"acme/pushed/{path}", ada).status_code == 404


def test_who_has_the_same_bytes_is_not_told_what_became_of_them_elsewhere(pia):
    published(pia.running, {"w.bin": MODEL}, "secret/model", state=State.REJECTED)
    said = pia.blob(MODEL, "own/model")
    answer = pia.ask("GET", f"own/model/blobs/{said}")
    assert answer.status_code == 403
    assert "not served as own/model" in answer.text
    assert "a test says so" not in answer.text


def test_one_that_says_two_names_for_a_file_is_not_served_as_it_is(pia):
    manifest = by_oras(pia)
    manifest["layers"][0]["annotations"][TITLE] = "../../.bashrc"
    said = pia.manifest(manifest, "latest").headers["docker-content-digest"]
    approve(pia.running)
    ada = bearer(reader(pia.running))
    pulled = get(pia.running, "acme/pushed/manifests/latest", ada | ORAS)
    assert pulled.headers["docker-content-digest"] != said
    assert b"bashrc" not in pulled.content
    assert get(pia.running, f"acme/pushed/manifests/{said}", ada).status_code == 404


def test_files_by_oras_are_a_model(pia):
    layer = pia.descriptor(MODEL, "application/vnd.oci.image.layer.v1.tar", annotations={TITLE: "sub/m.gguf"})
    config = pia.descriptor(b"{}", OCI_EMPTY)
    made = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "artifactType": "application/vnd.unknown.artifact.v1"}
    assert pia.manifest(made | {"config": config, "layers": [layer]}, "v1").status_code == 201
    assert set(release_at(pia.running, "v1")[1]) == {"sub/m.gguf"}


def archive(files: dict[str, bytes], *, packed: bool = False, **special) -> bytes:
    """Return a tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, body in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            for key, value in special.items():
                setattr(member, key, value)
            tar.addfile(member, io.BytesIO(body))
    return gzip.compress(out.getvalue()) if packed else out.getvalue()


def by_kitops(pia: Pusher, content: bytes, ending: str = "tar") -> dict:
    """Return a manifest as KitOps pushes one, its blobs pushed."""
    layer = pia.descriptor(content, f"{KITOPS}model.v1.{ending}")
    config = pia.descriptor(b"{}", f"{KITOPS}config.v1+json")
    return {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": [layer]}


@pytest.mark.parametrize("packed", [False, True])
def test_layers_of_kitops_are_unpacked(pia, packed):
    files = {"./model.gguf": MODEL, "config/a.json": b"{}"}
    manifest = by_kitops(pia, archive(files, packed=packed), "tar+gzip" if packed else "tar")
    assert pia.manifest(manifest, "latest").status_code == 201
    _, there = release_at(pia.running)
    assert there == {"model.gguf": digest(MODEL)[7:], "config/a.json": digest(b"{}")[7:]}


@pytest.mark.parametrize(
    "content",
    [
        archive({"../x": b"1"}),
        archive({"/etc/passwd": b"1"}),
        archive({"a": b""}, type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        archive({"a": b""}, type=tarfile.CHRTYPE),
        archive({"a": b"1" * 2_000})[:1_500],
        b"no archive at all" * 100,
        gzip.compress(b"1" * 100),
        gzip.compress(archive({"a": bytes(1 << 24)})),
    ],
    ids=["up", "absolute", "link", "device", "short", "none", "packed", "bomb"],
)
def test_an_archive_that_no_release_can_hold_is_refused(pia, content):
    ending = "tar+gzip" if content[:2] == b"\x1f\x8b" else "tar"
    answer = pia.manifest(by_kitops(pia, content, ending), "latest")
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["message"]
    assert pia.ask("HEAD", "acme/pushed/manifests/latest").status_code == 404, "nothing is kept"
    ada = bearer(reader(pia.running))
    assert get(pia.running, "acme/pushed/manifests/latest", ada | ORAS).status_code == 404


def test_an_image_that_is_no_model_is_for_who_sent_it(pia):
    manifest = pia.image()
    pushed = pia.manifest(manifest, "tools")
    assert pushed.status_code == 201
    mine = pia.ask("GET", "acme/pushed/manifests/tools")
    assert (mine.status_code, mine.json()) == (200, manifest)
    assert mine.headers["docker-content-digest"] == pushed.headers["docker-content-digest"]
    assert pia.ask("GET", "acme/pushed/tags/list").json()["tags"] == ["tools"]
    ada, otto = bearer(reader(pia.running)), Pusher(pia.running, "otto").headers
    for headers in (ada, otto):
        for reference in ("tools", pushed.headers["docker-content-digest"]):
            assert get(pia.running, f"acme/pushed/manifests/{reference}", headers | ORAS).status_code == 404
    assert "tools" not in get(pia.running, "acme/pushed/tags/list", otto).text


def test_a_model_in_quarantine_goes_out_to_nobody_and_yet_can_be_pushed_again(pia):
    manifest = by_oras(pia)
    said = pia.manifest(manifest, "latest").headers["docker-content-digest"]
    for reference in ("latest", said):
        assert pia.ask("GET", f"acme/pushed/manifests/{reference}").status_code == 403
        assert pia.ask("HEAD", f"acme/pushed/manifests/{reference}").status_code == 200
    blob = manifest["layers"][0]["digest"]
    for headers in ({}, {"range": "bytes=0-3"}):
        answer = pia.ask("GET", f"acme/pushed/blobs/{blob}", **headers)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "DENIED")
    assert pia.ask("HEAD", f"acme/pushed/blobs/{blob}").status_code == 200
    assert pia.manifest(manifest, "latest").status_code == 201
    otto = Pusher(pia.running, "otto")
    for method in ("GET", "HEAD"):
        assert otto.ask(method, f"acme/pushed/blobs/{blob}").status_code in (403, 404)
        assert otto.ask(method, f"acme/pushed/manifests/{said}").status_code in (403, 404)


def test_another_one_does_not_use_what_somebody_sent(pia):
    manifest = by_oras(pia)
    answer = Pusher(pia.running, "otto").manifest(manifest, "latest")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "MANIFEST_BLOB_UNKNOWN")


def test_what_is_served_can_be_pointed_to(served: Running, pia):
    published(served, FILES, "acme/pushed")
    body = FILES["Tiny.Q8_0.gguf"]
    layer = {"mediaType": f"{OLLAMA_TYPE}model", "digest": digest(body), "size": len(body)}
    config = pia.descriptor(b"{}", DOCKER_CONFIG)
    made = {"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": [layer]}
    assert pia.manifest(made, "again").status_code == 201


def test_manifests_about_a_manifest(pia):
    subject = pia.manifest(pia.image(), "subject").headers["docker-content-digest"]
    about = pia.image(subject={"mediaType": OCI_MANIFEST, "digest": subject, "size": 9}, artifactType="application/x")
    answer = pia.manifest(about, "about")
    assert (answer.status_code, answer.headers["oci-subject"]) == (201, subject)
    (one,) = pia.ask("GET", f"acme/pushed/referrers/{subject}").json()["manifests"]
    assert (one["artifactType"], one["digest"]) == ("application/x", answer.headers["docker-content-digest"])
    ada = bearer(reader(pia.running))
    assert get(pia.running, f"acme/pushed/referrers/{subject}", ada).status_code == 404
    early = pia.image(subject={"mediaType": OCI_MANIFEST, "digest": digest(b"later"), "size": 5})
    assert pia.manifest(early, "early").status_code == 201


def test_an_index_and_tags_as_parameters(pia):
    image = pia.manifest(pia.image(), "one")
    said = image.headers["docker-content-digest"]
    size = len(pia.ask("GET", "acme/pushed/manifests/one").content)
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX}
    index["manifests"] = [{"mediaType": OCI_MANIFEST, "digest": said, "size": size}]
    body = json.dumps(index).encode()
    put = pia.ask("PUT", f"acme/pushed/manifests/{digest(body)}?tag=a&tag=b", body, content_type=OCI_INDEX)
    assert (put.status_code, put.headers["oci-tag"]) == (201, "a, b")
    assert pia.ask("GET", "acme/pushed/manifests/b").content == body
    index["manifests"][0]["digest"] = digest(b"none")
    unknown = pia.manifest(index, "c")
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (400, "MANIFEST_BLOB_UNKNOWN")


def test_what_one_pushed_can_be_taken_back_and_what_is_approved_cannot(served: Running, pia):
    said = pia.manifest(pia.image(), "tools").headers["docker-content-digest"]
    assert pia.ask("DELETE", "acme/pushed/manifests/tools").status_code == 202
    assert pia.ask("HEAD", "acme/pushed/manifests/tools").status_code == 404
    assert pia.ask("HEAD", f"acme/pushed/manifests/{said}").status_code == 200
    assert pia.manifest(pia.image(), "tools").status_code == 201
    assert pia.ask("DELETE", f"acme/pushed/manifests/{said}").status_code == 202
    for reference in (said, "tools"):
        gone = pia.ask("DELETE", f"acme/pushed/manifests/{reference}")
        assert (gone.status_code, gone.json()["errors"][0]["code"]) == (404, "MANIFEST_UNKNOWN")
    published(served, FILES, "acme/served")
    digest_of_it = pia.ask("HEAD", "acme/served/manifests/latest", **ORAS).headers["docker-content-digest"]
    for path in ("manifests/latest", f"manifests/{digest_of_it}", f"blobs/{digest(FILES['LICENSE'])}"):
        answer = pia.ask("DELETE", f"acme/served/{path}")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (405, "UNSUPPORTED")
    ada = bearer(reader(served))
    assert served.client().delete("/v2/acme/served/manifests/latest", headers=ada).status_code == 403


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"schemaVersion": 1}, "MANIFEST_INVALID"),
        ({"config": None}, "MANIFEST_INVALID"),
        ({"config": {"mediaType": "x", "digest": "y", "size": 1}}, "MANIFEST_INVALID"),
        ({"layers": [{"mediaType": "a/b", "digest": "sha256:0", "size": 1}]}, "DIGEST_INVALID"),
        ({"layers": [{"mediaType": "a/b", "digest": digest(b"?"), "size": 1}]}, "MANIFEST_BLOB_UNKNOWN"),
        ({"layers": [{"mediaType": "a/b", "digest": digest(b"?"), "size": -1}]}, "MANIFEST_INVALID"),
        ({"layers": "x"}, "MANIFEST_INVALID"),
        ({"annotations": {"a": 1}}, "MANIFEST_INVALID"),
        ({"artifactType": "no type"}, "MANIFEST_INVALID"),
        ({"manifests": [{"mediaType": "a/b", "digest": digest(b"?"), "size": 1}]}, "MANIFEST_INVALID"),
    ],
)
def test_manifests_that_make_no_sense(pia, change, code):
    answer = pia.manifest(pia.image() | change, "bad")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


@pytest.mark.parametrize("tag", [".a", "a" * 129, "0" * 40, "a%20b", "sha1:00"])
def test_what_is_no_tag_is_refused(pia, tag):
    assert pia.manifest(pia.image(), tag).status_code == 400


def test_other_bad_manifests(pia):
    for body in (b"", b"[]", b"{", b"\xff", b"[" * 100_000):
        assert pia.ask("PUT", "acme/pushed/manifests/bad", body, content_type=OCI_MANIFEST).status_code == 400
    body = json.dumps(pia.image()).encode()
    assert pia.ask("PUT", "acme/pushed/manifests/bad", body, content_type="text/plain").status_code == 400
    assert pia.ask("PUT", "acme/pushed/manifests/bad", body, content_type=DOCKER_MANIFEST).status_code == 400
    wrong = pia.ask("PUT", f"acme/pushed/manifests/{digest(b'other')}", body, content_type=OCI_MANIFEST)
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (400, "DIGEST_INVALID")
    large = pia.ask("PUT", "acme/pushed/manifests/bad", bytes(6 << 20), content_type=OCI_MANIFEST)
    assert large.status_code == 413


def test_two_layers_of_one_name_and_layers_elsewhere_are_refused(pia):
    manifest = by_oras(pia)
    manifest["layers"][1]["annotations"] = dict(manifest["layers"][0]["annotations"])
    assert pia.manifest(manifest, "latest").status_code == 400
    away = by_oras(pia)
    away["layers"][0]["urls"] = ["https://evil.example/x"]
    assert pia.manifest(away, "latest").status_code == 400
    up = by_oras(pia)
    up["layers"][0]["annotations"] = {FILE_PATH: "../x"}
    assert pia.manifest(up, "latest").status_code == 400
    tensors = by_ollama(pia)
    tensors["layers"][0]["mediaType"] = f"{OLLAMA_TYPE}tensor"
    refused = pia.manifest(tensors, "latest")
    assert (refused.status_code, "is no file of a model" in refused.text) == (400, True)


def test_an_archive_is_unpacked_once_however_often_it_is_named(pia, monkeypatch):
    """Some hundred bytes of a manifest must not unpack gigabytes a thousand times."""
    came: list[str] = []
    receive = pia.running.hub.blobs.receive

    async def noted(pieces, **more):
        received = await receive(pieces, **more)
        came.append(received.sha256)
        return received

    monkeypatch.setattr(pia.running.hub.blobs, "receive", noted)
    manifest = by_kitops(pia, archive({"a.txt": b"one", "b.txt": b"two"}))
    manifest["layers"] *= 50
    body = json.dumps(manifest).encode()
    path = f"acme/pushed/manifests/{digest(body)}?tag=a&tag=b&tag=c"
    assert pia.ask("PUT", path, body, content_type=OCI_MANIFEST).status_code == 201
    assert [came.count(digest(one).removeprefix("sha256:")) for one in (b"one", b"two")] == [1, 1]


def test_a_digest_is_looked_up_once_however_often_a_manifest_names_it(pia):
    """A manifest of 4 MiB has room for twenty thousand of them."""
    published(pia.running, FILES)
    manifest = by_oras(pia)
    manifest["config"] = served = dict(manifest["layers"][0], digest=digest(FILES["Tiny.Q4_K_M.gguf"]), size=1)
    store, statements = pia.running.store, []
    account = store.read_now(lambda c: accounts.by_name(c, "pia"))
    name = parse_name("acme/tiny")
    asked = Asked(Caller(viewer=viewer_of(account)), "http://hub", open_to_all=False)

    def asks(count: int) -> int:
        said, _ = read_manifest(json.dumps(manifest | {"layers": [served] * count}).encode(), OCI_MANIFEST)
        statements.clear()

        def job(connection):
            event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
            return oci_push._check_known(connection, asked, name, Place(name.alias, account.account_id), said)

        assert store.read_now(job)[served["digest"]] == served["digest"].removeprefix("sha256:")
        return len(statements)

    once = asks(1)
    assert asks(200) == once
