"""What it costs to send a model, in processor seconds of the server for a GB; beside nginx on the same file, if it is
there: whole and in ranges, plain and over TLS; then many clients at once, for memory.

`nginx` is looked for on the path, or named with --nginx. Clients are processes of curl, which are not counted.
"""

import argparse
import asyncio
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.fleet_server import used
from bench.paired import save
from tests.fleet.certificates import self_signed
from tests.fleet.server_process import ServerProcess, free_port

from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index, branches, models, release_files, releases
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.names import Name
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.states import State

SIZE = 1_000_000_000
RANGE = 100_000_000
"""Bytes of each range: what Ollama asks for at a time."""
CLIENTS = 16
MODEL, FILE = "acme/large", "model.bin"
_TRIES = 200
_NGINX = """
worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; daemon off; {user}
events {{ }}
http {{
  access_log off; sendfile on; client_body_temp_path {folder}/t; proxy_temp_path {folder}/t;
  fastcgi_temp_path {folder}/t; uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
  server {{ listen 127.0.0.1:{plain}; root {folder}/files; }}
  server {{ listen 127.0.0.1:{tls} ssl; root {folder}/files;
    ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols TLSv1.3; }}
}}
"""


class Served:
    """A server to pull from: its process, and the address of the file."""

    def __init__(self, pid: int, address: str, end: Callable[[], object]) -> None:
        self.pid = pid
        self.address = address
        self.end = end


def prepared(folder: Path, size: int = SIZE) -> tuple[str, str]:
    """Make a hub with one served release of one large file (`size`: bytes); return the database and the digest."""
    database = f"sqlite:///{folder}/fleet.db"
    store = Store.open(database)
    migrate(store)
    blobs = BlobStore.open(str(folder / "hub"))
    hashed = hashlib.sha256()

    async def pieces() -> Any:
        for _ in range(size // 1_000_000):
            piece = os.urandom(1_000_000)
            hashed.update(piece)
            yield piece

    async def keep() -> None:
        await blobs.receive(pieces(), most=size)
        await blobs.move(hashed.hexdigest(), QUARANTINE, RELEASED)

    asyncio.run(keep())
    digest = hashed.hexdigest()

    def job(connection: Any) -> None:
        model = models.add(connection, 1, Name(namespace="acme", name="large"), owner="bench")
        release = releases.add(connection, 1, model.model_id, "a" * 40, by="bench", state=State.APPROVED)
        release_files.add(connection, release, [ReleaseFile(path=FILE, sha256=digest, size=size)])
        branches.point(connection, 1, model.model_id, "main", served="a" * 40)
        blob_index.add(connection, 1, digest, size)
        blob_index.place(connection, [digest], RELEASED)

    store.write_now(job)
    store.close()
    return database, digest


def weighbridge(folder: Path, database: str, certificate: Sequence[str]) -> Served:
    """Start `wb serve` over a prepared hub."""
    os.environ |= {"WEIGHBRIDGE_SERVE_BLOB_STORE": str(folder / "hub"), "WEIGHBRIDGE_SERVE_HUB_OPEN": "true"}
    arguments = ["--tls-certificate", certificate[0], "--tls-key", certificate[1]] if certificate else []
    server = ServerProcess(database, folder / "state", *arguments)
    origin = server.origin.replace("http://", "https://") if certificate else server.origin
    return Served(server.process.pid, f"{origin}/{MODEL}/resolve/main/{FILE}", server.kill)


def nginx(program: str, folder: Path, digest: str, certificate: Sequence[str]) -> tuple[Served, Served]:
    """Start nginx on the same file; return its address without and with TLS."""
    below = folder / "nginx"
    (below / "files").mkdir(parents=True)
    os.symlink(folder / "hub" / "released" / "sha256" / digest[:2] / digest, below / "files" / FILE)
    plain, tls = free_port(), free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    words = {"folder": below, "plain": plain, "tls": tls, "certificate": certificate[0], "key": certificate[1]}
    (below / "nginx.conf").write_text(_NGINX.format(user=user, **words))
    process = subprocess.Popen([program, "-p", str(below), "-c", str(below / "nginx.conf"), "-e", str(below / "log")])
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for _ in range(_TRIES):
        if worker := children.read_text().split():
            break
        time.sleep(0.05)
    # It is the one process that sends; what started it does nothing more.
    pid = int(worker[0])
    return (
        Served(pid, f"http://127.0.0.1:{plain}/{FILE}", process.terminate),
        Served(pid, f"https://127.0.0.1:{tls}/{FILE}", process.terminate),
    )


def pull(address: str, *, ranged: bool) -> float:
    """Fetch the file, or the same in ranges; return the seconds that it took. Raises SystemExit if it did not work."""
    curl = ["curl", "--silent", "--show-error", "--fail", "--insecure", "--output", "/dev/null"]
    began = time.perf_counter()
    starts = range(0, SIZE, RANGE) if ranged else [None]
    for start in starts:
        part = [] if start is None else ["--range", f"{start}-{start + RANGE - 1}"]
        if subprocess.run([*curl, *part, address], check=False).returncode:
            raise SystemExit(f"cannot pull {address}")
    return time.perf_counter() - began


def measured(servers: dict[str, Served], rounds: int) -> dict[str, dict[str, float]]:
    """Pull from servers in turn; return medians of processor seconds for a GB, and of seconds."""
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(rounds + 1):
        for name, server in servers.items():
            for ranged in (False, True):
                before = used(server.pid).processor
                seconds = pull(server.address, ranged=ranged)
                spent = (used(server.pid).processor - before) / (SIZE / 1e9)
                if number:
                    found.setdefault(f"{name}, ranges" if ranged else name, []).append((spent, seconds))
    return {
        name: {
            "processor_per_gb": round(statistics.median(one[0] for one in runs), 3),
            "least_processor_per_gb": round(min(one[0] for one in runs), 3),
            "seconds": round(statistics.median(one[1] for one in runs), 2),
        }
        for name, runs in found.items()
    }


def crowd(server: Served) -> dict[str, float]:
    """Let many pull at once; return what memory the server has before, while and after."""
    before = used(server.pid)
    curl = ["curl", "--silent", "--fail", "--output", "/dev/null", server.address]
    clients = [subprocess.Popen(curl) for _ in range(CLIENTS)]
    most = 0
    while any(client.poll() is None for client in clients):
        most = max(most, used(server.pid).resident)
        time.sleep(0.1)
    after = used(server.pid)
    if any(client.returncode for client in clients):
        raise SystemExit("a pull failed")
    return {
        "clients": CLIENTS,
        "resident_before": before.resident,
        "resident_most": most,
        "resident_after": after.resident,
        "processor_per_gb": round((after.processor - before.processor) / CLIENTS / (SIZE / 1e9), 3),
    }


def main() -> None:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--nginx", default=shutil.which("nginx"))
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    folder = chosen.scratch.resolve() / "hub-serving"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    database, digest = prepared(folder)
    certificate = self_signed(folder)
    result: dict[str, Any] = {"size": SIZE}
    other = nginx(chosen.nginx, folder, digest, certificate) if chosen.nginx else None
    try:
        for name, place in (("plain", 0), ("tls", 1)):
            own = weighbridge(folder, database, certificate if place else ())
            servers = {"weighbridge": own} | ({"nginx": other[place]} if other else {})
            try:
                result[name] = measured(servers, chosen.rounds)
                if not place:
                    result["crowd"] = crowd(own)
            finally:
                own.end()
    finally:
        if other:
            other[0].end()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(result, indent=1))
    save("hub_serving", result)


if __name__ == "__main__":
    main()
