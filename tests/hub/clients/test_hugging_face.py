"""Stock clients of the Hugging Face Hub against a real `wb serve`: upload, review, download, refusal, revocation."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hub.clients.environments import NAMES, Client
from tests.hub.clients.people import RunningHub, laid, model_files

from weighbridge.hub.releases import Release

DRIVING = Path(__file__).with_name("driving.py")
FILES = model_files()
DIGESTS = {path: hashlib.sha256(body).hexdigest() for path, body in FILES.items()}
Homes = dict[str, Client]


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub."""
    started = RunningHub(tmp_path_factory.mktemp("hub"))
    yield started
    started.close()


@pytest.fixture(scope="module")
def writers(hub: RunningHub, tmp_path_factory: pytest.TempPathFactory) -> Homes:
    """Machines of somebody who uploads."""
    home = tmp_path_factory.mktemp("writers")
    return {name: Client(name, home / name, hub.origin, hub.tokens["wendy"]) for name in NAMES}


@pytest.fixture(scope="module")
def readers(hub: RunningHub, tmp_path_factory: pytest.TempPathFactory) -> Homes:
    """Machines of somebody who downloads."""
    home = tmp_path_factory.mktemp("readers")
    return {name: Client(name, home / name, hub.origin, hub.tokens["rita"]) for name in NAMES}


@pytest.fixture(scope="module")
def tiny(hub: RunningHub, writers: Homes, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A model that was uploaded by Xet, and approved."""
    folder = laid(tmp_path_factory.mktemp("tiny"), FILES)
    done = writers["newest"].hf("upload", "acme/tiny", str(folder))
    assert done.returncode == 0, done.stderr
    assert "is in quarantine now" in done.stderr
    return hub.approve("acme/tiny", reason="a test says so")


def driven(client: Client, *arguments: str, **settings: str) -> dict:
    """Use a client's library; return what came of it."""
    done = client.python(DRIVING, *arguments, **settings)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.rpartition("@@")[2])
    found["said"] = done.stderr
    return found


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_reads(readers: Homes, tiny: Release, name: str) -> None:
    found = driven(readers[name], "read", "acme/tiny", tiny.commit_id)
    assert found["whoami"] == "rita"
    assert found["snapshot"] == found["pinned"] == DIGESTS
    assert [path for path in found["some"] if not path.startswith(".cache/")] == [
        "config.json",
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    assert found["one"] == "grüße"
    assert "EntryNotFound" in found["missing"]
    assert found["info"] == ["acme/tiny", tiny.commit_id, sorted(FILES)]
    assert found["exists"] == [True, False, True]
    assert found["refs"] == [["main", tiny.commit_id]]
    assert found["commits"] == [tiny.commit_id]
    assert found["paths"] == ["RepoFile", "RepoFolder"]
    assert found["listed"] == ["acme/tiny"]
    assert found["ls"] == sorted(
        f"acme/tiny/{path}" for path in ({path for path in FILES if "/" not in path} | {"sub"})
    )
    assert sorted(found["glob"]) == ["acme/tiny/empty.txt", "acme/tiny/sub/größe ü.txt"]
    assert bytes.fromhex(found["part"]) == FILES["model.safetensors"][8:12]
    if name != "middle":
        assert found["transformers"][1:] == ["llama", "hello hub"]


@pytest.mark.parametrize("name", NAMES)
def test_the_command_line(readers: Homes, tiny: Release, name: str) -> None:
    client = readers[name]
    done = client.hf("download", "acme/tiny", "--local-dir", "here")
    assert done.returncode == 0, done.stderr
    assert {path: hashlib.sha256((client.home / "here" / path).read_bytes()).hexdigest() for path in FILES} == DIGESTS
    if name != "middle":
        assert "rita" in client.hf("auth", "whoami").stdout
        assert client.hf("auth", "login", "--token", client.token, HF_TOKEN="").returncode == 0
    if name != "oldest":
        verified = client.hf("cache", "verify", "acme/tiny", "--local-dir", "here")
        assert verified.returncode == 0, verified.stdout + verified.stderr
        assert "acme/tiny" in client.hf("models", "ls", "--search", "tiny", "--format", "json").stdout


def test_who_may_not_upload_is_told_so(readers: Homes, tiny: Release) -> None:
    done = readers["newest"].hf("upload", "acme/tiny", "here/config.json")
    assert done.returncode != 0
    assert "You may not do this with acme/tiny" in done.stderr


@pytest.mark.parametrize("name", ["oldest", "middle"])
def test_every_client_uploads_the_same_bytes_which_are_kept_once(
    hub: RunningHub, writers: Homes, tiny: Release, name: str, tmp_path: Path
) -> None:
    """By Git LFS, and by Xet from a machine that never sent these bytes."""
    done = writers[name].hf("upload", f"acme/by-{name}", str(laid(tmp_path / "files", FILES)))
    assert done.returncode == 0, done.stderr
    release = hub.weighed(f"acme/by-{name}")
    assert hub.files(release) == DIGESTS
    for digest in DIGESTS.values():
        assert len([path for path in hub.blobs() if path.name == digest]) == 1


def test_a_word_on_the_way(hub: RunningHub, writers: Homes, readers: Homes, tmp_path: Path) -> None:
    """What people should know is printed by the clients that print warnings of a hub."""
    done = writers["newest"].hf("upload", "acme/old", str(laid(tmp_path / "files", model_files(2))))
    assert done.returncode == 0, done.stderr
    release = hub.approve("acme/old", reason="a test says so")
    hub.decide(release, "deprecate", reason="It is slow", replaced_by="acme/tiny")
    for name in ("middle", "newest"):
        done = readers[name].hf("download", "acme/old", "README.md")
        assert done.returncode == 0, done.stderr
        assert "acme/old is deprecated: It is slow. Use acme/tiny instead." in done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_what_people_are_told_who_ask_for_what_they_do_not_get(
    hub: RunningHub, writers: Homes, readers: Homes, tiny: Release, name: str
) -> None:
    link = f"{hub.origin}/catalog/request?model=acme/none"
    done = readers[name].hf("download", "acme/none")
    assert done.returncode != 0
    if name != "oldest":
        assert f"acme/none is not in the catalog. Ask for it: wb request acme/none --why ..., or {link}" in done.stderr
    told = driven(readers[name], "ask", "acme/none", "acme/tiny")
    assert told["snapshot"][0] == told["file"][0] == "GatedRepoError"
    assert "acme/none is not in the catalog" in told["file"][1]
    if name != "middle":
        assert link in told["transformers"][1]
    assert "This hub wants to know who asks" in told["nobody"][1]
    assert "This token is none, or has ended" in told["wrong"][1]


@pytest.mark.parametrize("name", NAMES)
def test_a_revocation_reaches_a_full_cache(
    hub: RunningHub, writers: Homes, readers: Homes, name: str, tmp_path: Path
) -> None:
    model, files = f"acme/doomed-{name}", model_files(100 + NAMES.index(name))
    done = writers["newest"].hf("upload", model, str(laid(tmp_path / "files", files)))
    assert done.returncode == 0, done.stderr
    release = hub.approve(model, reason="a test says so")
    assert len(driven(readers[name], "warm", model, release.commit_id)["files"]) == len(files)
    hub.decide(release, "revoke", reason="It phones home", replaced_by="acme/tiny")
    found = driven(readers[name], "after", model, release.commit_id)
    assert found["file"][0] in ("EntryNotFoundError", "RemoteEntryNotFoundError")
    assert found["snapshot"] == ["ok", "['README.md']"]
    assert found["offline"][0] == "LocalEntryNotFoundError"
    for which in ("unpinned", "elsewhere"):
        assert found[which][0] == "RevisionNotFoundError"
        assert "It phones home. Use acme/tiny instead." in found[which][1]
