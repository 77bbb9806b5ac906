"""An endpoint that lies in every field of the wire: nothing fails, and no page, file or product obeys what it says.

Which fields of a record the server reads is taken from its own code, so that a new one is in here by itself.
"""

import ast
import csv
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.fleet.serving import Running, running
from tests.fleet.wire import Device, Server

import weighbridge.fleet
from weighbridge.console.app import routes
from weighbridge.export import cef
from weighbridge.fleet import endpoints, outbox, records
from weighbridge.fleet.outbox_events import names_of, outgoing
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.settings import read_settings
from weighbridge.fleet.target_chat import slack_message, teams_message, text_of
from weighbridge.hub.schema import METADATA
from weighbridge.ledger.entry import KINDS
from weighbridge.pipeline.enroll import enroll
from weighbridge.sync.messages import Host

DIGEST = "5f" * 32
MARK = "obeyed"
PAYLOADS = {
    "markup": f"<script>{MARK}()</script><img src=x onerror={MARK}()>\"'><a href=javascript:{MARK}()>{{{{7*7}}}}",
    "direction": "\u202egpj.exe\u2066\u2069\u200b\ufeff\x1b[31m\x07\x9b\u2028",
    "formula": f"=HYPERLINK(\"http://{MARK}\")\t@SUM(1)|cmd' /C calc'!A0\r\n+1-1",
    "query": f"*)(uid=*))(|(uid=*' OR '1'='1'; DROP TABLE endpoints; -- \" AND name:{MARK} ../../etc/passwd",
    "lines": f"a\r\nb|c=d\\e\nCEF:0|x|y|1|2|{MARK}|9|\n<!channel> [x](javascript:{MARK}) <http://{MARK}|click> @all",
    "long": "W" * 5000 + "א😀" * 20,
}
SHAPES: dict[str, object] = {
    "list": [PAYLOADS["markup"], 7, None, {"name": PAYLOADS["lines"]}],
    "object": {"name": PAYLOADS["markup"], "sha256": DIGEST, "kind": ["x"], "path": {"a": [[]]}},
    "objects": [{"name": PAYLOADS["formula"], "sha256": DIGEST, "path": PAYLOADS["query"]}] * 3,
    "number": (1 << 53) - 1,
    "float": 1.7e308,
    "negative": -1,
    "bool": True,
    "null": None,
    "empty": "",
}


READING = {"digest", "get", "mappings", "text", "texts", "whole", "word"}


def _words() -> list[str]:
    """Return every name that the server asks a record for: constants that stand where a key does."""
    found: set[str] = set()
    for path in sorted(Path(weighbridge.fleet.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _called(node.func) in READING:
                found.update(
                    one.value for one in node.args[:2] if isinstance(one, ast.Constant) and _is_name(one.value)
                )
            elif (
                isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and _is_name(node.slice.value)
            ):
                found.add(node.slice.value)
    return sorted(found)


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_name(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_]{1,30}", value) is not None


WORDS = _words()
"""Some of them name columns and not fields; a record may say anything."""
TOMORROW = "kind-of-tomorrow"


def lies(value: object) -> list[tuple[str, dict[str, object]]]:
    """Return records of every kind, and of one that nobody knows, that say the same in every field."""
    told = []
    at_once = max(1, 40_000 // (len(json.dumps(value)) + 40))
    true = {"sha256": DIGEST, "artifact": DIGEST, "digest": DIGEST, "pid": 7, "started": 1.5}
    true |= {
        "weights": [{"sha256": DIGEST, "claimed_sha256": None, "path": value}],
        "actor": {"kind": "agent", "agent": value},
    }
    for kind in (*KINDS, TOMORROW):
        for at in range(0, len(WORDS), at_once):
            data = dict.fromkeys(WORDS[at : at + at_once], value)
            told.append((kind, data))
            # What is looked up by a digest, and said to be of a process, goes further into the tables.
            told.append((kind, data | true))
    return told


@pytest.fixture
def fleet(store) -> Iterator[Running]:
    with running(store, read_settings(flags={"requests_per_minute": 1_000_000})) as started:
        yield started


def lied(fleet: Running, value: object) -> Device:
    """Let an endpoint enroll, record and send; all of it is taken."""
    server = Server(fleet.store)
    server.clock = fleet.clock.now / 1000
    device = Device(server)
    word = value if isinstance(value, str) else "laptop"
    host = Host(name=word[:255], platform=word[:64], release=word[:255], architecture=word[:64])
    enroll(device.machine, "https://fleet.example.com", server.token(), device.line, facts=lambda: host)
    if isinstance(value, str):
        device.machine.boot_id = word[:64]
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(KINDS, TOMORROW, "A newer sensor knows it.")
        device.record(*lies(value), network=word[:40])
    assert device.sync_all().code == ""
    fleet.store.write_now(lambda c: endpoints.write_presence(c, server.exchange.presence.taken()))
    held = fleet.store.read_now(lambda c: records.of_endpoint(c, device.endpoint_id, limit=100_000))
    assert {one.kind for one in held} > set(KINDS) - {"start", "stop"}
    return device


class _Markup(HTMLParser):
    """What of a page a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.obeyed: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.obeyed.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script and MARK in data:
            self.obeyed.append(data)


UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")


def names(fleet: Running) -> dict[str, list[str]]:
    """Return what is in the tables by the name of its column, for addresses."""
    found: dict[str, set[str]] = {}

    def job(connection) -> None:
        for table in METADATA.sorted_tables:
            for row in connection.execute(table.select().limit(200)).mappings():
                for name in ("endpoint_id", "sha256", "finding_id", "target_id", "exception_id"):
                    if isinstance(row.get(name), str) and row[name]:
                        found.setdefault(name, set()).add(row[name])

    fleet.store.read_now(job)
    return {name: sorted(values)[:3] for name, values in found.items()}


def addresses(fleet: Running) -> Iterator[str]:
    """Yield every address that something can be read from."""
    known = names(fleet)
    for route in routes():
        for path in sorted(route.paths):
            if "GET" not in route.http_methods or path.startswith(("/static/", "/sign-in", "/v1/")):
                continue
            for at in range(3):
                yield re.sub(r"\{(\w+)(?::\w+)?\}", lambda found, at=at: _one(known, found[1], at), path)
                if "{" not in path:
                    yield f"{path}?q={DIGEST}"
                    break


def _one(known: dict[str, list[str]], name: str, at: int) -> str:
    values = known.get(name) or ["1"]
    return values[at % len(values)]


def looked_at(fleet: Running) -> int:
    """Look at every page, answer and file, as somebody who may see all; return how many there were."""
    account = fleet.account("ada", Role.ADMINISTRATOR)
    cookies, _ = fleet.session(account)
    client = fleet.client(cookies=cookies)
    seen = 0
    for address in dict.fromkeys(addresses(fleet)):
        answer = client.get(address)
        assert answer.status_code < 500, (address, answer.text)
        kind = answer.headers.get("content-type", "").partition(";")[0]
        seen += answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff", address
        if kind == "text/html":
            page = _Markup()
            page.feed(answer.text)
            assert page.obeyed == [], address
            assert UNSEEN.search(answer.text) is None, address
            assert "script-src" in answer.headers["content-security-policy"], address
        elif kind == "text/csv":
            for row in csv.reader(io.StringIO(answer.text)):
                assert not any(
                    cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _is_number(cell) for cell in row
                )
        elif kind == "application/json":
            json.loads(answer.text)
    return seen


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[-+]?[0-9.]+", cell) is not None


@pytest.mark.parametrize("name", PAYLOADS)
def test_nobody_obeys_what_an_endpoint_says(fleet: Running, name: str) -> None:
    lied(fleet, PAYLOADS[name])
    assert looked_at(fleet) > 20
    told(fleet)


def test_no_shape_of_a_value_ends_anything(fleet: Running) -> None:
    """Fleet CVE-2026-34388: an enrolled host ended the server by a value that it did not know."""
    for value in SHAPES.values():
        lied(fleet, value)
    assert looked_at(fleet) > 20


def told(fleet: Running) -> None:
    """Have every other product be told: each event is one line, and what is in it is no order to anybody."""

    def job(connection):
        outbox.number(connection)
        rows = outbox.after(connection, 0, 1000)
        called = names_of(connection, rows)
        return [one for row in rows for one in outgoing(connection, row, called.get(row.endpoint_id, ""))]

    events = fleet.store.write_now(job)
    assert len(events) > len(KINDS)
    for one in events:
        line = cef.line(one.event)
        assert len(line.splitlines()) == 1
        assert len(re.findall(r"(?<!\\)\|", line.partition("CEF:")[2])) >= 7
        said = text_of(one)
        assert "\n" not in said
        slack, teams = slack_message([said]), teams_message([said])
        assert UNSEEN.search(json.dumps([slack, teams], ensure_ascii=False)) is None
        assert not set(slack["text"]) & {"<", ">"}, "in this part links and mentions would work"
        kinds = {block["text"]["type"] for block in slack["blocks"] if "text" in block}
        assert kinds <= {"plain_text"}, "the rest is shown as it is"
        body = teams["attachments"][0]["content"]["body"]
        assert {inline["type"] for block in body for inline in block["inlines"]} == {"TextRun"}, "no Markdown"


def test_the_words_are_those_that_the_server_reads() -> None:
    assert {"artifact", "path", "pid", "weights", "severity", "message"} <= set(WORDS)
