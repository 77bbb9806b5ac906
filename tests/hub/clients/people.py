"""A hub as a process of its own, with people and a model that is ready to be uploaded."""

import json
import random
import struct
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from tests.fleet.server_process import LIMIT, ServerProcess
from tests.hub.uploading import committed, within

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.store import Store
from weighbridge.hub import hub_tokens, models, release_files, releases
from weighbridge.hub.names import parse_name
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State

VOCABULARY = {"[UNK]": 0, "hello": 1, "hub": 2}
_STEP = 0.05


def model_files(seed: int = 1) -> dict[str, bytes]:
    """Return a small model that transformers can read without a framework; other weights for another seed."""
    weights = random.Random(seed).randbytes(400_000)
    entry = {"w": {"dtype": "F32", "shape": [len(weights) // 4], "data_offsets": [0, len(weights)]}}
    head = json.dumps(entry).encode()
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": VOCABULARY, "unk_token": "[UNK]"},
    }
    config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": len(VOCABULARY)}
    return {
        "README.md": b"---\nlicense: apache-2.0\n---\n# Tiny\n",
        "config.json": json.dumps(config).encode(),
        "empty.txt": b"",
        "model.safetensors": struct.pack("<Q", len(head)) + head + weights,
        "sub/größe ü.txt": "grüße".encode(),
        "tokenizer.json": json.dumps(tokenizer).encode(),
        "tokenizer_config.json": json.dumps(
            {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "[UNK]"}
        ).encode(),
    }


def laid(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files; return their folder."""
    for path, body in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    return folder


class RunningHub:
    """A hub, its people and their tokens.

    Args:
        folder: where its state lies.
    """

    def __init__(self, folder: Path) -> None:
        self.database = f"sqlite:///{folder / 'fleet.db'}"
        self.state = folder / "state"
        self.server = ServerProcess(self.database, self.state)
        self.origin = self.server.origin
        self._headers = self.server.sign_in()
        self._store = Store.open(self.database)
        self.tokens = {
            name: self._token(name, role, right)
            for name, role, right in (("wendy", Role.ANALYST, "write"), ("rita", Role.VIEWER, "read"))
        }

    def _token(self, name: str, role: Role, right: str) -> str:
        now = int(time.time() * 1000)

        def job(connection: Any) -> str:
            account = accounts.add(connection, now, name, role, Scope())
            return hub_tokens.make(connection, now, account.account_id, name="laptop", right=right)[1]

        return self._store.write_now(job)

    def publish(self, model: str, files: dict[str, bytes]) -> Release:
        """Upload a model as `hf` sends small files, and have it approved."""
        namespace, name = model.split("/")
        headers = {"Authorization": f"Bearer {self.tokens['wendy']}"}
        with httpx.Client(base_url=self.origin, headers=headers, timeout=LIMIT, trust_env=False) as wendy:
            assert wendy.post("/api/repos/create", json={"organization": namespace, "name": name}).is_success
            parts = [within(path, body) for path, body in files.items()]
            answer = committed(wendy, *parts, address=f"/api/models/{model}/commit/main")
        assert answer.is_success, answer.text
        return self.approve(model, reason="a test says so")

    def release(self, commit: str) -> Release:
        """Return the release of a commit."""

        def job(connection: Any) -> Release:
            where = releases.RELEASES.c.commit_id == commit
            found = connection.execute(releases.RELEASES.select().where(where)).one()
            return releases.by_id(connection, found.release_id)

        return self._store.read_now(job)

    def head(self, model: str) -> Release:
        """Return the newest release of a model."""

        def job(connection: Any) -> Release:
            known = models.by_name(connection, parse_name(model))
            assert known is not None, f"there is no {model}"
            return releases.of_model(connection, known.model_id, limit=1)[0]

        return self._store.read_now(job)

    def weighed(self, model: str) -> Release:
        """Wait until the newest release of a model was looked into."""
        end = time.monotonic() + LIMIT
        while (release := self.head(model)).state in (State.FETCHING, State.QUARANTINED, State.WEIGHING):
            assert time.monotonic() < end, f"{model} is {release.state}"
            time.sleep(_STEP)
        return release

    def approve(self, model: str, **said: object) -> Release:
        """Have the newest release of a model approved by somebody else; wait until its bytes are served."""
        release = self.weighed(model)
        if release.state is not State.APPROVED:
            self.decide(release, "approve", **said)
        return self.head(model)

    def decide(self, release: Release, what: str, **said: object) -> None:
        """Decide about a release through the API."""
        answer = self.server.client.post(
            f"/api/v1/releases/{release.release_id}/{what}", json=said, headers=self._headers
        )
        assert answer.status_code == 200, answer.text

    def files(self, release: Release) -> dict[str, str]:
        """Return what a release holds: paths and digests."""
        found = self._store.read_now(lambda connection: release_files.of_release(connection, release.release_id))
        return {one.path: one.sha256 for one in found}

    def blobs(self) -> list[Path]:
        """Return what lies in the store."""
        return [path for path in self.state.rglob("sha256/*/*") if path.is_file()]

    def stored(self) -> int:
        """Return how many bytes lie in the hub's folder."""
        size = 0
        for path in (self.state / "hub").rglob("*"):
            with suppress(FileNotFoundError):  # it was moved meanwhile
                size += path.stat().st_size if path.is_file() else 0
        return size

    def restart(self) -> None:
        """Start the server again, after it ended."""
        self.server.kill()
        self.server = ServerProcess(self.database, self.state)
        self.origin = self.server.origin

    def close(self) -> None:
        """End it."""
        self._store.close()
        self.server.stop()
