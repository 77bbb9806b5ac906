"""A real collector from the distribution takes what targets of syslog and CEF send over TLS, field by field.

Source: rsyslog documentation, "imtcp" (StreamDriver, ListenPortFileName), RFC 5424, RFC 5425.
"""

import asyncio
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fleet.certificates import self_signed
from tests.fleet.receivers import LIMIT, poster
from tests.fleet.told import HOSTILE, NOW, all_events, entry, tell_all

from weighbridge.fleet import outbox, projection, target_cef, target_syslog
from weighbridge.fleet.outbox_events import Outgoing
from weighbridge.fleet.store import Store
from weighbridge.fleet.target import Destination

DRIVERS = [*Path("/usr/lib").glob("*/rsyslog/lmnsd_ossl.so"), *Path("/usr/lib64/rsyslog").glob("lmnsd_ossl.so")]
RSYSLOGD = shutil.which("rsyslogd", path="/usr/sbin:/sbin:/usr/local/sbin") or ""
CONFIGURATION = """
global(workDirectory="{folder}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off"
  defaultNetstreamDriverCAFile="{certificate}" defaultNetstreamDriverCertFile="{certificate}"
  defaultNetstreamDriverKeyFile="{key}")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="fields" type="list" option.jsonf="on") {{
  property(outname="priority" name="pri" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="program" name="app-name" format="jsonf")
  property(outname="id" name="msgid" format="jsonf")
  property(outname="data" name="structured-data" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}}
input(type="imtcp" port="0" address="127.0.0.1" listenPortFileName="{folder}/port" ruleset="kept")
ruleset(name="kept") {{ action(type="omfile" file="{folder}/received" template="fields" flushOnTXEnd="on") }}
"""


class Rsyslog:
    """rsyslogd that writes what it understood, one JSON object a line."""

    def __init__(self, folder: Path) -> None:
        certificate, key = self_signed(folder)
        self.authorities = Path(certificate).read_text()
        self._received = folder / "received"
        configuration = folder / "rsyslog.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, certificate=certificate, key=key))
        with (folder / "said").open("w") as said:
            command = [RSYSLOGD, "-n", "-iNONE", "-f", str(configuration)]
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        port = folder / "port"
        self._wait(lambda: port.exists() and port.read_text().strip().isdecimal(), folder)
        self.address = f"127.0.0.1:{port.read_text().strip()}"

    def lines(self, count: int) -> list[dict[str, str]]:
        """Return what it understood once it is so much."""
        self._wait(lambda: len(self._read()) >= count, self._received.parent)
        return [json.loads(line) for line in self._read()]

    def _read(self) -> list[str]:
        if not self._received.exists():
            return []
        whole, _, _ = self._received.read_text("utf-8", "surrogateescape").rpartition("\n")
        return [line for line in whole.split("\n") if line]

    def _wait(self, condition, folder: Path) -> None:
        end = time.monotonic() + LIMIT
        while not condition():
            said = (folder / "said").read_text()
            if self.process.poll() is not None:
                pytest.skip(f"rsyslogd does not run here: {said[-300:]}")
            assert time.monotonic() < end, said
            time.sleep(0.05)


@pytest.fixture
def rsyslog(tmp_path: Path) -> Iterator[Rsyslog]:
    if not RSYSLOGD or not DRIVERS:
        pytest.skip("rsyslog with its OpenSSL driver is not installed (packages rsyslog and rsyslog-openssl)")
    started = Rsyslog(tmp_path)
    yield started
    started.process.terminate()
    started.process.wait(LIMIT)


@pytest.fixture
def events(store: Store) -> list[Outgoing]:
    def job(connection) -> None:
        tell_all(connection)
        found = {"of": "artifact", "check": "pickle-call", "severity": "high", "message": HOSTILE, "path": HOSTILE}
        projection.take(connection, "a" * 16, 8, [entry(8, "finding", found)], received_at=NOW, offset=0)
        outbox.number(connection)

    store.write_now(job)
    return store.read_now(all_events)


def test_it_reads_every_field_of_syslog(rsyslog: Rsyslog, events: list[Outgoing]) -> None:
    where = Destination(address=rsyslog.address, authorities=rsyslog.authorities)
    asyncio.run(target_syslog.send(where, events, poster(), NOW))
    lines = rsyslog.lines(len(events))
    assert len(lines) == len(events)
    for line, one in zip(lines, events, strict=True):
        assert line["program"] == "weighbridge"
        assert line["host"] in (one.event.machine, "-")
        assert line["data"].startswith("[weighbridge@32473 ")
        assert f'id="{one.event.id}"' in line["data"]
    assert any("calls 0" in line["message"] for line in lines)


def test_it_reads_every_message_of_cef(rsyslog: Rsyslog, events: list[Outgoing]) -> None:
    where = Destination(address=rsyslog.address, authorities=rsyslog.authorities)
    asyncio.run(target_cef.send(where, events, poster(), NOW))
    lines = rsyslog.lines(len(events))
    assert [line["message"].lstrip()[:6] for line in lines] == ["CEF:0|"] * len(events)
    assert {line["data"] for line in lines} == {"-"}
    assert all(f"externalId={one.event.id}" in line["message"] for line, one in zip(lines, events, strict=True))
