"""From the click on "revoke" to each place where a model is refused, with a real server, stock clients and sensors.

    python -m bench.hub_revocation SCRATCH

Two machines belong to the fleet, whose people let the server's key revoke in haste; two have only run `wb hub setup`.
On one of each a sensor (`wb watch`) runs at its usual rhythm; on the others a person asks by hand. Said are seconds
from the click; those of a sensor are what one run happened to get, and its bound is the rhythm.
"""

import argparse
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from bench.paired import save
from tests.hub.clients.revoking import Desk, RevokingHub

from weighbridge.sync.plan import REGULAR_SECONDS

MODEL, WHY = "acme/coder", "It phones home"
PATIENCE = 2 * REGULAR_SECONDS
_PAUSE = 0.02
_OCI = {"Accept": "application/vnd.oci.image.manifest.v1+json"}
_OLLAMA = {"Accept": "application/vnd.docker.distribution.manifest.v2+json", "User-Agent": "ollama/0.30.0"}
_WARM = """
import sys, time
from huggingface_hub import hf_hub_download, snapshot_download
model, = sys.argv[1:]
snapshot_download(model)
print("warm", flush=True)
while True:
    try:
        hf_hub_download(model, "model.gguf")
    except Exception as error:
        print(type(error).__name__, time.time(), flush=True)
        break
    time.sleep(0.02)
try:
    hf_hub_download(model, "model.gguf", local_files_only=True)
    print("still here", time.time(), flush=True)
except Exception as error:
    print(type(error).__name__, time.time(), flush=True)
"""


class Clock:
    """Seconds from the click, by what happened; filled from many threads."""

    def __init__(self) -> None:
        self.click = 0.0
        self.after: dict[str, float] = {}

    def mark(self, name: str, at: float | None = None) -> None:
        """Note that something happened, now if nobody says when."""
        self.after.setdefault(name, round((at or time.time()) - self.click, 2))

    def until(self, name: str, happened: Callable[[], bool], pause: float = _PAUSE) -> None:
        """Wait until something happened and note it."""
        end = time.time() + PATIENCE
        while time.time() < end:
            if happened():
                self.mark(name)
                return
            time.sleep(pause)
        raise SystemExit(f"{name}: nothing after {PATIENCE:.0f} s")


def faces(hub: RevokingHub, commit: str) -> dict[str, Callable[[], bool]]:
    """Return by the name of each face whether it refuses now."""
    client = httpx.Client(base_url=hub.origin, headers={"Authorization": f"Bearer {hub.tokens['rita']}"}, timeout=60)

    def status(path: str, headers: dict[str, str] | None = None) -> int:
        return client.get(path, headers=headers or {}).status_code

    pinned = f"/{MODEL}/resolve/{commit}/model.gguf"
    status(pinned)  # the connection is there when the clock starts
    return {
        "Hugging Face face": lambda: status(pinned) == 404,
        "OCI face": lambda: status(f"/v2/{MODEL}/manifests/latest", _OCI) == 403,
        "Ollama": lambda: status(f"/v2/{MODEL}/manifests/latest", _OLLAMA) == 403,
    }


def main() -> int:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="write no result")
    parser.add_argument("--no-sensors", action="store_true", help="leave out what takes minutes")
    chosen = parser.parse_args()
    folder = chosen.scratch.resolve() / "hub-revocation"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    hub = RevokingHub(folder)
    try:
        found = measured(hub, folder, sensors=not chosen.no_sensors)
    finally:
        hub.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found, indent=1))
    if not chosen.dry_run:
        save("hub_revocation", found)
    return 0


def measured(hub: RevokingHub, folder: Path, *, sensors: bool) -> dict[str, Any]:
    """Prepare everything, click, and wait for all that follows."""
    commit = hub.approved(MODEL, 7)
    desks = {name: Desk(folder / name, hub.origin, hub.tokens["rita"]) for name in ("member", "guest", "asks", "looks")}
    for name in ("member", "asks"):
        desks[name].well("enroll", hub.origin, "--token", hub.enrollment_token())
        desks[name].well("sync")
    for name in ("guest", "looks"):
        desks[name].sets_up()
    for desk in desks.values():
        desk.well("hub", "setup", hub.origin, "--yes", "--token-file", str(desk.home / "token"))
        desk.well("pull", MODEL)
    clock, watching = Clock(), [_watching(desks[name]) for name in ("member", "guest")] if sensors else []
    warm = desks["asks"].started(_WARM, MODEL)
    try:
        assert warm.stdout is not None
        assert warm.stdout.readline() == "warm\n"
        if sensors:
            _settled(desks["member"], desks["guest"])
        refused = faces(hub, commit)
        clock.click = time.time()
        hub.decide(hub.release(commit), "revoke", reason=WHY, replaced_by="acme/other")
        clock.mark("answer to the click")
        waiting = [_thread(clock.until, name, refuses) for name, refuses in refused.items()]
        waiting.append(_thread(_stock, clock, warm))
        for name, what in (("member", "enrolled"), ("guest", "not enrolled")) if sensors else ():
            waiting.append(_thread(clock.until, f"sensor, {what}", _sees(desks[name]), 1.0))
        for one in waiting[:4]:
            one.join()
        hand = {"wb sync": _by_hand(desks["asks"], "sync")}
        hand["wb hub setup --status"] = _by_hand(desks["looks"], "hub", "setup", "--status")
        for one in waiting:
            one.join()
    finally:
        for process in (warm, *watching):
            process.terminate()
            process.wait()
    return {"seconds": clock.after, "by_hand": hand, "rhythm_seconds": REGULAR_SECONDS}


def _thread(work: Callable[..., None], *arguments: Any) -> threading.Thread:
    started = threading.Thread(target=work, args=arguments, daemon=True)
    started.start()
    return started


def _watching(desk: Desk) -> "subprocess.Popen[str]":
    """Start a sensor."""
    return subprocess.Popen(
        [sys.executable, "-m", "weighbridge", "watch", "--quiet"],
        env=desk.surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _settled(*desks: Desk) -> None:
    """Wait until each sensor has told of the model, and has been in contact."""
    end = time.time() + PATIENCE
    for desk in desks:
        while not _verdicts(desk):
            assert time.time() < end, "a sensor sees nothing"
            time.sleep(1)
    time.sleep(30)


def _verdicts(desk: Desk) -> list[str]:
    return [line for line in desk.wb("ledger", "show", "--kind", "verdict", "--format", "json")[1].splitlines() if line]


def _sees(desk: Desk) -> Callable[[], bool]:
    lock = _LOCK

    def happened() -> bool:
        with lock:  # what a command finds in its surroundings is one for all threads
            return any(WHY in line for line in _verdicts(desk))

    return happened


_LOCK = threading.Lock()


def _stock(clock: Clock, warm: "subprocess.Popen[str]") -> None:
    """Note when a stock client whose cache is full was told, and that it is offline without the model, too."""
    assert warm.stdout is not None
    for name in ("stock client with a full cache", "the same, offline"):
        said, at = warm.stdout.readline().rsplit(maxsplit=1)
        if said == "still here":
            raise SystemExit("an offline client goes on")
        clock.mark(name, float(at))


def _by_hand(desk: Desk, *command: str) -> float:
    """Return the seconds of a command after which a scan denies the model."""
    begun = time.time()
    with _LOCK:
        desk.well(*command)
        took = time.time() - begun
        assert all(verdict["by_rules"] == "deny" for verdict in desk.verdicts().values())
    return round(took, 2)


if __name__ == "__main__":
    raise SystemExit(main())
