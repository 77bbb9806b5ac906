"""From a request for a model to the policy's verdict, with a real server and a real upstream on loopback.

    python -m bench.hub_request [MiB]

The model is one safetensors file of random numbers with a model card; the upstream sends it as plain files. Said are
the seconds until the release is approved, and the processor seconds of the server with all that it started.
"""

import hashlib
import http.server
import json
import os
import random
import struct
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from tests.fleet.server_process import ServerProcess

LIMIT = 60.0
"""Seconds that a request for 1 GB may take."""
_COMMIT = "c0ffee" + "0" * 34
_NAME = "acme/gigabyte"
_PIECE = 1 << 20


def main(mebibytes: int = 1024) -> int:
    """Measure once; returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="hub-request-") as place:
        folder = Path(place)
        files = _model(folder / "upstream", mebibytes)
        upstream = _Upstream(("127.0.0.1", 0), _Handler)
        upstream.folder, upstream.files = folder / "upstream", files
        threading.Thread(target=upstream.serve_forever, daemon=True).start()
        os.environ["WEIGHBRIDGE_SERVE_UPSTREAM"] = f"http://127.0.0.1:{upstream.server_address[1]}"
        os.environ["WEIGHBRIDGE_SERVE_UPSTREAM_NETWORKS"] = "127.0.0.0/8"
        server = ServerProcess(f"sqlite:///{folder}/fleet.db", folder / "state")
        try:
            _measure(server, mebibytes)
        finally:
            server.stop()
            upstream.shutdown()
    return 0


def _measure(server: ServerProcess, mebibytes: int) -> None:
    headers = server.sign_in()
    process = psutil.Process(server.process.pid)
    before, begun = process.cpu_times(), time.perf_counter()
    body = {"name": _NAME, "why": "to measure how long it takes"}
    made = server.client.post("/api/v1/model-requests", json=body, headers=headers)
    made.raise_for_status()
    address, largest, state = f"/api/v1/model-requests/{made.json()['request_id']}", 0, ""
    marks: dict[str, float] = {}
    while state not in ("done", "refused") and time.perf_counter() - begun < 20 * LIMIT:
        time.sleep(0.1)
        told = server.client.get(address).json()
        state = told["request"]["state"]
        if told["release"] is not None:
            marks.setdefault(told["release"]["state"], time.perf_counter() - begun)
            if told["release"]["state"] in ("review", "failed"):
                break
        family = [process, *process.children(recursive=True)]
        largest = max(largest, sum(one.memory_info().rss for one in family if one.is_running()))
    took, after = time.perf_counter() - begun, process.cpu_times()
    spent = sum(getattr(after, name) - getattr(before, name) for name in ("user", "system"))
    spent += sum(getattr(after, name) - getattr(before, name) for name in ("children_user", "children_system"))
    if state != "done":
        print(f"request: {state}: {told['request']['reason']} {told['release']}")
        raise SystemExit(1)
    steps = ", ".join(f"{name} after {at:.1f} s" for name, at in marks.items())
    print(f"{mebibytes:,} MiB: approved by policy after {took:.1f} s ({steps})")
    print(f"processor: {spent:.1f} s in all, {spent / (mebibytes / 1024):.1f} s for each GiB")
    print(f"memory: at most {largest / 2**20:.0f} MiB of the server with all that it started")
    print(f"limit: {LIMIT:.0f} s for 1 GB")


def _model(folder: Path, mebibytes: int) -> dict[str, tuple[int, str]]:
    """Write a model; return size and SHA-256 of each file."""
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# A gigabyte\n")
    (folder / "config.json").write_text('{"model_type": "llama"}')
    count, chance = mebibytes, random.Random(7)
    each = {
        f"layer.{at}": {"dtype": "F32", "shape": [512, 512], "data_offsets": [at << 20, (at + 1) << 20]}
        for at in range(count)
    }
    header = json.dumps(each).encode()
    header += b" " * (-len(header) % 8)
    with (folder / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        for _ in range(count):
            file.write(chance.randbytes(1 << 20))
    found = {}
    for path in folder.iterdir():
        with path.open("rb") as file:
            found[path.name] = (path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
    return found


class _Upstream(http.server.ThreadingHTTPServer):
    daemon_threads = True
    folder: Path
    files: dict[str, tuple[int, str]]


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Upstream

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if "/revision/" in path:
            self._say(json.dumps({"sha": _COMMIT}).encode())
        elif "/tree/" in path:
            said = [
                {"type": "file", "path": name, "size": size, "lfs": {"oid": digest, "size": size}}
                for name, (size, digest) in self.server.files.items()
            ]
            self._say(json.dumps(said).encode())
        else:
            name = path.rpartition("/")[2]
            if name not in self.server.files:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(self.server.files[name][0]))
            self.end_headers()
            with (self.server.folder / name).open("rb") as file:
                while piece := file.read(_PIECE):
                    self.wfile.write(piece)

    def _say(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:2])))
