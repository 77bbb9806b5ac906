"""A hub whose people signed that its key may revoke in haste, and machines with everything that keeps models."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.policy_fleet import PolicyFleet
from tests.cli_runs import wb
from tests.hub.clients.people import RunningHub, laid
from tests.samples.gguf_file import STRING, small

from weighbridge.host.real import RealMachine
from weighbridge.host.real_live import real_live
from weighbridge.pipeline import sync_help
from weighbridge.pipeline.watch_work import Work

STOCK = """
import json, sys
from huggingface_hub import HfApi, hf_hub_download, snapshot_download

def tried(work):
    try:
        return ["ok", str(work())]
    except Exception as error:
        return [type(error).__name__, str(error)]

what, model, commit, *rest = sys.argv[1:]
if what == "upload":
    HfApi().create_repo(model, exist_ok=True)
    print(HfApi().upload_folder(repo_id=model, folder_path=rest[0]).oid)
else:
    print(json.dumps({
        "main": tried(lambda: hf_hub_download(model, "model.gguf")),
        "pinned": tried(lambda: hf_hub_download(model, "model.gguf", revision=commit)),
        "fresh": tried(lambda: snapshot_download(model, revision=commit, cache_dir=rest[0])),
    }))
"""
_MAPS = """
import mmap, sys
with open(sys.argv[1], "rb") as file:
    held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
print("mapped", flush=True)
sys.stdin.read()
"""
_LIMIT = 120.0


def weights(seed: int) -> bytes:
    """Return a model in one file, another one for another seed."""
    return small(("general.version", STRING, f"{seed}")).build()


class RevokingHub(RunningHub):
    """A hub whose fleet lets its key revoke in haste."""

    def __init__(self, folder: Path) -> None:
        people = folder / "people"
        people.mkdir()
        with _surroundings({"WEIGHBRIDGE_STATE": str(people / "state"), "HOME": str(people)}), contextlib.chdir(people):
            for person in ("ada", "bob"):
                assert wb("sign", "--new-key", person)[0] == 0
            policies = PolicyFleet(folder)
            policies.trusted()
            policies.well("delegate", "--urgent", "server", "--output", "urgent.sign.json")
            policies.signed("urgent.sign.json")
            policies.well("publish", "urgent.sign.json")
        super().__init__(folder)
        self.folder = folder

    def enrollment_token(self) -> str:
        """Return what lets one machine into the fleet."""
        made = self.server.client.post("/api/v1/enrollment-tokens", json={"note": "a desk"}, headers=self._headers)
        assert made.status_code == 201, made.text
        return str(made.json()["text"])

    def approved(self, model: str, seed: int) -> str:
        """Have a model uploaded by stock tools and approved; return its commit."""
        writer = Desk(self.folder / f"writer-{secrets.token_hex(4)}", self.origin, self.tokens["wendy"])
        files = {"model.gguf": weights(seed), "README.md": b"---\nlicense: apache-2.0\n---\n# Tiny\n"}
        files["LICENSE"] = b"Apache License 2.0"
        writer.stock("upload", model, "-", str(laid(writer.home / "files", files)))
        return self.approve(model, reason="a test says so").commit_id


class Desk:
    """Somebody's machine: an empty home with room for Hugging Face tools, Ollama and LM Studio.

    Args:
        home: where it is.
        origin: of the hub.
        token: of the person.
    """

    def __init__(self, home: Path, origin: str, token: str) -> None:
        self.home, self.origin, self.token = home, origin, token
        self.ollama, self.studio = home / ".ollama" / "models", home / ".lmstudio" / "models"
        for folder in (self.ollama, self.studio):
            folder.mkdir(parents=True)
        (home / "token").write_text(token)
        self.settings = {
            "HOME": str(home),
            "SHELL": "/bin/bash",
            "WEIGHBRIDGE_STATE": str(home / "state"),
            "HF_HOME": str(home / "hf"),
        }

    @property
    def surroundings(self) -> dict[str, str]:
        """What programs find in theirs on this machine."""
        tools = {"HF_ENDPOINT": self.origin, "HF_TOKEN": self.token, "HF_HUB_DISABLE_TELEMETRY": "1"}
        return _plain() | self.settings | tools

    def started(self, program: str, *arguments: str) -> "subprocess.Popen[str]":
        """Start a program in Python here."""
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.Popen(command, cwd=self.home, env=self.surroundings, stdout=subprocess.PIPE, text=True)

    def wb(self, *arguments: str) -> tuple[int, str, str]:
        """Run Weighbridge here; return exit code, stdout and stderr."""
        with _surroundings(self.settings):
            return wb(*arguments)

    def well(self, *arguments: str) -> str:
        """Run what must succeed; return all that it said."""
        code, out, err = self.wb(*arguments)
        assert code == 0, (arguments, out, err)
        return out + err

    def json(self, *arguments: str) -> Any:
        """Run Weighbridge here; return what it writes as JSON."""
        return json.loads(self.wb(*arguments, "--format", "json")[1])

    def sets_up(self, *more: str) -> str:
        """Set the hub up."""
        return self.well("hub", "setup", self.origin, "--token-file", str(self.home / "token"), "--yes", *more)

    def stock(self, what: str, model: str, commit: str, *rest: str, **settings: str) -> Any:
        """Use the stock library here, in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-c", STOCK, what, model, commit, *rest],
            cwd=self.home,
            env=self.surroundings | settings,
            capture_output=True,
            text=True,
            timeout=_LIMIT,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout if what == "upload" else json.loads(done.stdout.splitlines()[-1])

    def copies(self) -> dict[str, Path]:
        """Return where the weights lie, by the tool that finds them."""
        names = {"Hugging Face": self.home / "hf", "Ollama": self.ollama, "LM Studio": self.studio}
        found = {}
        for tool, folder in names.items():
            files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
            (found[tool],) = [path for path in files if path.read_bytes().startswith(b"GGUF")]
        return found

    def verdicts(self) -> dict[str, dict[str, Any]]:
        """Return the verdict of `wb scan` on each copy, by the tool that finds it."""
        where = {str(path): tool for tool, path in self.copies().items()}
        found: dict[str, dict[str, Any]] = {}
        for artifact in self.json("scan", str(self.home), "--policy", "balanced")["artifacts"]:
            for place in artifact["places"]:
                if (tool := where.get(os.path.realpath(place["path"]))) is not None:
                    found[tool] = artifact["verdict"]
        return found

    def contact(self) -> dict[str, Any]:
        """Do once what the sensor's helper does for its fleet and with its hub; return what it says at the end."""
        with _surroundings(self.settings):
            *_, done = sync_help.answer(RealMachine(), lambda _: None)
        return dict(done["done"])

    def sensor(self) -> list[tuple[str, dict[str, Any]]]:
        """Return what the sensor sees here now: in a look at processes, and in a scan."""
        with _surroundings(self.settings):
            work = Work(RealMachine(), real_live(), "", share=None)
            requests: list[dict[str, Any]] = [{"do": "look", "hash_seconds": 30.0}]
            requests.append({"do": "scan", "roots": [str(self.home)]})
            answers = [answer for request in requests for answer in work.answer(request)]
        assert not [one for one in answers if "failed" in one.get("done", {})]
        return [tuple(one["seen"]) for one in answers if "seen" in one]

    @contextmanager
    def running(self, weights: Path) -> Iterator[int]:
        """Have a process hold weights in its memory; yield its id."""
        with subprocess.Popen(
            [sys.executable, "-c", _MAPS, str(weights)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "mapped\n"
            try:
                yield process.pid
            finally:
                process.kill()


def _plain() -> dict[str, str]:
    """Return the surroundings without what tools of this machine's owner are told."""
    own = ("HF_", "HUGGINGFACE_", "XDG_", "OLLAMA_", "WEIGHBRIDGE_", "LM_STUDIO")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


@contextmanager
def _surroundings(settings: dict[str, str]) -> Iterator[None]:
    before, here = dict(os.environ), _plain() | settings
    os.environ.clear()
    os.environ.update(here)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
