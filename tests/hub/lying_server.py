"""An upstream whose every answer may be a lie, chosen by a seed; after some answers it tells the truth for good."""

import contextlib
import gzip
import hashlib
import json
import random
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import unquote

from tests.hub.upstream_server import COMMIT

NAME = "acme/tiny"
INNER = ("http://169.254.169.254/x", "http://10.0.0.1/x", "https://[::ffff:10.0.0.1]/x", "https://[fd00::1]/x")
INNER += ("file:///etc/passwd", "//169.254.169.254/x", "http://0.0.0.0:1/x", "http://localhost.:99999/x", "gopher://x/")
INNER += (
    "http://[64:ff9b::a00:1]/x",
    "https://user:pass@10.0.0.1/",
    "http://2852039166/x",
    "http://0x7f.1:1/x",
    "\x00",
)
NAMES = (
    "../../etc/passwd",
    "/etc/passwd",
    "a/../../b",
    "a\\..\\b",
    "C:\\x",
    "con",
    "a//b",
    "",
    ".",
    "x" * 5_000,
    "a\x00b",
)
NAMES += ("\ud800", "a\nb", "e\u0301/\u202e", "README.md/x", "model.safetensors ", ".git/config", "a" + "/b" * 3_000)


class Answer:
    """What would be the truth, to be bent."""

    def __init__(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.status, self.body, self.kind, self.headers = status, body, kind, dict(headers)
        self.length: str | None = str(len(body))

    def raw(self) -> bytes:
        """Return it as it goes over the wire."""
        lines = [f"HTTP/1.1 {self.status} X", *(f"{name}: {value}" for name, value in self.headers.items())]
        if self.length is not None:
            lines.append(f"Content-Length: {self.length}")
        return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + self.body


Lie = Callable[[Answer, random.Random], bytes]


def _status(answer: Answer, dice: random.Random) -> bytes:
    answer.status = dice.choice((100, 204, 206, 301, 304, 400, 401, 403, 404, 416, 418, 429, 451, 500, 503, 599, 999))
    answer.headers["Retry-After"] = dice.choice(("0", "99999999999", "-1", "Wed, 21 Oct 2015 07:28:00 GMT", "soon"))
    return answer.raw()


def _elsewhere(answer: Answer, dice: random.Random) -> bytes:
    answer.status, answer.headers["Location"] = dice.choice((301, 302, 307, 308)), dice.choice(INNER)
    return answer.raw()


def _round(answer: Answer, dice: random.Random) -> bytes:
    answer.status, answer.headers["Location"] = 302, dice.choice(("", "?", "#x", "/loop", "/loop/" + "x" * 70_000))
    return answer.raw()


def _page(answer: Answer, dice: random.Random) -> bytes:
    answer.body = b"<!doctype html><title>Sign in</title>" * dice.randrange(1, 50)
    answer.length = str(len(answer.body))
    return answer.raw()


def _packed(answer: Answer, dice: random.Random) -> bytes:
    answer.headers["Content-Encoding"] = dice.choice(("gzip", "br", "gzip, gzip", "Identity, gzip"))
    answer.body = gzip.compress(bytes(1 << 20))
    answer.length = str(len(answer.body))
    return answer.raw()


def _length(answer: Answer, dice: random.Random) -> bytes:
    more = len(answer.body) + dice.choice((1, 1_000, 1 << 40))
    answer.length = dice.choice((str(more), str(len(answer.body) // 2), "-1", "1e3", "0", "9" * 30, None, "٣"))
    return answer.raw()


def _chunked(answer: Answer, dice: random.Random) -> bytes:
    answer.length = None
    answer.headers["Transfer-Encoding"] = "chunked"
    size = dice.choice(("-5", "FFFFFFFFFFFFFFF", "x", "", "5;" + "x" * 70_000, "0x5", f"{len(answer.body):x}"))
    end = dice.choice((b"\r\n0\r\n\r\n", b"", b"xx", b"\r\n"))
    answer.body = size.encode() + b"\r\n" + answer.body + end
    return answer.raw()


def _bent(answer: Answer, dice: random.Random) -> bytes:
    """Other bytes of the same length, or fewer or more of them."""
    if not answer.body:
        return answer.raw()
    changed = bytearray(answer.body)
    changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    answer.body = dice.choice((bytes(changed), answer.body[:-1], answer.body + b"x", b""))
    answer.length = str(len(answer.body))
    return answer.raw()


def _range(answer: Answer, dice: random.Random) -> bytes:
    answer.status = 206
    answer.headers["Content-Range"] = dice.choice(
        ("bytes 0-0/1", "bytes 5-9/*", "bytes */5", "x", "bytes 0-99999/5", "")
    )
    return answer.raw()


def _json(answer: Answer, dice: random.Random) -> bytes:
    values = ("[" * 50_000, "null", "{}", "[[]]", "1e999", '"x"', "[1]", '{"sha":5}', '[{"type":"file"}]', "\ufeff[]")
    answer.body = dice.choice(values).encode()
    answer.length = str(len(answer.body))
    return answer.raw()


def _entries(answer: Answer, dice: random.Random) -> bytes:
    """A list of files with something wrong in one of them."""
    if answer.kind != "tree":
        return _json(answer, dice)
    entries = json.loads(answer.body)
    one = dice.choice(entries)
    wrong = {
        "path": dice.choice((*NAMES, 5, None, entries[0]["path"])),
        "size": dice.choice((-1, 0, 1 << 41, 1 << 70, 1.5, "5", None, True, one["size"] + 1)),
        "oid": dice.choice(("a" * 40, "x", None, 5)),
        "lfs": dice.choice((None, {}, {"oid": "a" * 64}, {"oid": "../x", "size": 5}, {"oid": "a" * 64, "size": -1}, 5)),
        "type": dice.choice(("directory", None, 5, "symlink")),
    }
    key = dice.choice(sorted(wrong))
    one[key] = wrong[key]
    if dice.random() < 0.3:
        entries += [dict(entries[0], path=f"{one['path']}/x")]
    if dice.random() < 0.2:
        answer.headers["Link"] = dice.choice(
            ('</api/models/acme/tiny>; rel="next"', '<http://10.0.0.1/x>; rel="next"', f"<{'x' * 3_000}>; rel=next")
        )
    answer.body = json.dumps(entries).encode()
    answer.length = str(len(answer.body))
    return answer.raw()


def _wire(answer: Answer, dice: random.Random) -> bytes:
    whole = answer.raw()
    return dice.choice(
        (
            b"",
            b"\x16\x03\x01",
            whole[: dice.randrange(len(whole))],
            b"HTTP/1.1 200 X\r\n" + b"X: y\r\n" * 20_000,
            b"HTTP/1.1 100 X\r\n\r\n" * 500,
            b"HTTP/1.1 2000 X\r\n\r\n",
            whole.replace(b"HTTP/1.1", b"ICY"),
            b"\n\n",
        )
    )


LIES: Mapping[str, Lie] = {
    lie.__name__.strip("_"): lie
    for lie in (
        _status,
        _elsewhere,
        _round,
        _page,
        _packed,
        _length,
        _chunked,
        _bent,
        _range,
        _json,
        _entries,
        _wire,
    )
}


class Liar:
    """What it has, and how it lies.

    Args:
        files: what it would have.
        seed: of its lies.
        most: how many answers are bent, before it tells the truth.
    """

    def __init__(self, files: Mapping[str, bytes], seed: int, most: int) -> None:
        self.files, self.dice, self.left = dict(files), random.Random(seed), most
        self.told: list[str] = []
        self.origin = ""

    def truth(self, path: str, asked: str) -> Answer:
        """Return the true answer."""
        if path.startswith(f"/api/models/{NAME}/revision/"):
            return Answer(200, json.dumps({"id": NAME, "sha": COMMIT}).encode(), "revision")
        if path == f"/api/models/{NAME}/tree/{COMMIT}":
            return Answer(200, json.dumps(self.entries()).encode(), "tree")
        if path.startswith(f"/v2/{NAME}/manifests/"):
            return Answer(200, self.manifest(), "manifest")
        named = {f"/v2/{NAME}/blobs/sha256:{hashlib.sha256(one).hexdigest()}": one for one in self.files.values()}
        body = named.get(path, self.files.get(path.removeprefix(f"/{NAME}/resolve/{COMMIT}/")))
        if body is None:
            return Answer(404, b"no", "none")
        begin = int(asked.removeprefix("bytes=").partition("-")[0] or 0)
        if asked and begin < len(body):
            said = f"bytes {begin}-{len(body) - 1}/{len(body)}"
            return Answer(206, body[begin:], "file", **{"Content-Range": said})
        return Answer(200, body, "file")

    def entries(self) -> list[dict[str, object]]:
        """Return the list of files: small ones by their id in git, large ones by SHA-256."""
        found = []
        for path, body in sorted(self.files.items()):
            oid = hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()
            entry: dict[str, object] = {"type": "file", "path": path, "size": len(body), "oid": oid}
            if len(body) > 64:
                entry["lfs"] = {"oid": hashlib.sha256(body).hexdigest(), "size": len(body)}
            found.append(entry)
        return found

    def manifest(self) -> bytes:
        """Return the same files as a registry lists them."""
        kind = {"mediaType": "application/vnd.cncf.model.weight.v1.raw"}
        layers = [
            {
                **kind,
                "digest": f"sha256:{hashlib.sha256(body).hexdigest()}",
                "size": len(body),
                "annotations": {"org.cncf.model.filepath": path},
            }
            for path, body in sorted(self.files.items())
        ]
        return json.dumps({"schemaVersion": 2, "layers": layers}).encode()

    def say(self, path: str, asked: str) -> bytes:
        """Return what is answered."""
        answer = self.truth(path, asked)
        if self.left and self.dice.random() < 0.5:
            self.left -= 1
            name = self.dice.choice(sorted(LIES))
            self.told.append(f"{answer.kind}: {name}")
            return LIES[name](answer, self.dice)
        return answer.raw()


class _Handler(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            path = unquote(self.rfile.readline(100_000).decode("latin-1").split(" ")[1].partition("?")[0])
            asked = ""
            while (line := self.rfile.readline(100_000).strip()) not in (b"",):
                name, _, value = line.decode("latin-1").partition(":")
                asked = value.strip() if name.lower() == "range" else asked
            with self.server.lock:
                said = self.server.liar.say(path, asked)
            self.wfile.write(said)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    lock = threading.Lock()
    liar: Liar

    def handle_error(self, *_: object) -> None:
        return


@contextmanager
def lying() -> Iterator[_Server]:
    """Serve on a free port of loopback; `liar` of what is given says what."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(60)
