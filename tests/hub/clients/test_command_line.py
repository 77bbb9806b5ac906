"""What people type: each verb of `hf`, transformers' `push_to_hub`, curl and wget, against a real `wb serve`."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.hub.clients.environments import LIMIT, NAMES, Client
from tests.hub.clients.people import RunningHub, laid
from tests.hub.clients.test_verbs import FILES, HERE, MODELS, REVIEWED, WAITS

pytestmark = pytest.mark.deep
ALL, LATER = NAMES, ("middle", "newest")
QUARANTINE = "is in quarantine now and is looked into."
NONE = "acme/none is not in the catalog. Ask for it: wb request acme/none --why"


class Typed(NamedTuple):
    """A line that somebody types after `hf`, and what comes of it."""

    line: str
    words: str
    """In what is printed."""
    code: int = 0
    who: str = "wendy"
    versions: tuple[str, ...] = ALL


TYPED = (
    Typed("download acme/verbs config.json", "config.json", who="rita"),
    Typed("download acme/verbs --include *.json --local-dir here", "here", who="rita"),
    Typed("download acme/verbs --revision v9", "acme/verbs has no revision v9.", 1),
    Typed("download acme/none", NONE, 1),
    Typed("download acme/verbs --repo-type dataset", MODELS, 1, versions=LATER),
    Typed("auth whoami", "wendy"),
    Typed("cache verify acme/verbs", "checked", who="rita", versions=LATER),
    Typed("models ls --author acme --format json", "acme/verbs", versions=LATER),
    Typed("models info acme/verbs", "license:apache-2.0", versions=LATER),
    Typed("datasets ls", MODELS, 1, versions=LATER),
    Typed("repo create acme/typed", "acme/typed", versions=("oldest", "middle")),
    Typed("repos create acme/typed", "acme/typed", versions=("newest",)),
    Typed("upload acme/typed up", "/acme/typed/"),
    Typed("upload acme/typed up/a.txt b.txt", QUARANTINE, versions=LATER),
    Typed("upload acme/typed up --create-pr", REVIEWED, 1),
    Typed("upload acme/typed up --delete *.tmp", WAITS, 1),
    Typed("upload acme/verbs up", "You may not do this with acme/verbs.", 1, who="rita"),
    Typed("upload-large-folder acme/large up --repo-type model", "", versions=("oldest", "middle")),
    Typed("repo tag create acme/typed v1", "v1", versions=("oldest", "middle")),
    Typed("repos tag create acme/typed v1", "v1", versions=("newest",)),
    Typed("repos branch create acme/typed other", "other", versions=LATER),
    Typed("repos delete acme/typed --yes", HERE, 1, versions=LATER),
    Typed("repos settings acme/typed --private", HERE, 1, versions=LATER),
    Typed("repos move acme/typed acme/moved", HERE, 1, versions=LATER),
    Typed("repos duplicate acme/verbs acme/copied", HERE, 1, versions=LATER),
    Typed("discussions list acme/verbs", REVIEWED, 1, versions=LATER),
    Typed("cp hf://acme/verbs/config.json copied.json", "copied.json", who="rita", versions=LATER),
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A hub with an approved model."""
    started = RunningHub(tmp_path)
    started.publish("acme/verbs", FILES)
    yield started
    started.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_verb_of_hf(hub: RunningHub, tmp_path: Path, name: str) -> None:
    people = {who: Client(name, tmp_path / who, hub.origin, hub.tokens[who]) for who in hub.tokens}
    laid(tmp_path / "wendy" / "up", {"a.txt": b"a", "deep/b.bin": bytes(range(256)) * 300})
    laid(tmp_path / "rita" / "up", {"a.txt": b"a"})
    for typed in TYPED:
        if name in typed.versions:
            done = people[typed.who].hf(*typed.line.split())
            assert done.returncode == typed.code, (typed.line, done.stderr)
            assert typed.words in done.stdout + done.stderr, (typed.line, done.stdout, done.stderr)


@pytest.mark.parametrize("name", ["oldest", "newest"])
def test_transformers_push_what_they_loaded(hub: RunningHub, tmp_path: Path, name: str) -> None:
    """To a model that has a card: to write a new one, transformers need a library that is not installed with them."""
    program = tmp_path / "push.py"
    program.write_text(
        "import sys, transformers\n"
        "for kind in (transformers.AutoTokenizer, transformers.AutoConfig):\n"
        "    kind.from_pretrained('acme/verbs').push_to_hub('acme/verbs')\n"
    )
    wendy = Client(name, tmp_path / "wendy", hub.origin, hub.tokens["wendy"])
    done = wendy.python(program)
    assert done.returncode == 0, done.stderr
    pushed = hub.files(hub.head("acme/verbs"))
    assert set(pushed) >= set(FILES)
    assert pushed["config.json"] != hashlib.sha256(FILES["config.json"]).hexdigest()


@pytest.mark.parametrize("program", ["curl", "wget"])
def test_a_download_by_hand_goes_on_where_it_broke_off(hub: RunningHub, tmp_path: Path, program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"there is no {program}")
    body = FILES["model.safetensors"]
    address, token = f"{hub.origin}/acme/verbs/resolve/main/model.safetensors", hub.tokens["rita"]
    part = tmp_path / "model.safetensors"
    part.write_bytes(body[: len(body) // 2])
    ways = {"curl": ["-sSfL", "-C", "-", "-o", str(part), "-H"], "wget": ["-q", "-c", "-O", str(part), "--header"]}
    done = subprocess.run(
        [program, *ways[program], f"Authorization: Bearer {token}", address],
        env={"PATH": "/usr/bin:/bin", "NO_PROXY": "*", "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert hashlib.sha256(part.read_bytes()).digest() == hashlib.sha256(body).digest()
