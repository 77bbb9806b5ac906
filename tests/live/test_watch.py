"""The sensor on this very machine: a child that watches, processes that map weights, kills, a second sensor."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.test_weights_files import gguf

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="announcements are complete on Linux only")
WB = (sys.executable, "-P", "-m", "weighbridge")
MAP = (
    "import mmap, sys, time\n"
    "with open(sys.argv[1], 'rb') as file: held = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)\n"
    "print('mapped', flush=True); time.sleep(120)\n"
)
_PATIENCE = 60
"""Seconds that a busy machine may take; what is counted is the time that records state."""
_HARD_END = 300
"""Seconds after which a sensor is killed, whatever it is waited for."""


class Sensor:
    def __init__(self, state: Path, *before: str) -> None:
        self.environment = {**os.environ, "WEIGHBRIDGE_STATE": str(state)}
        self.before = before
        self.process: subprocess.Popen[str] | None = None
        self.end: threading.Timer | None = None

    def start(self) -> None:
        command = [*self.before, *WB, "watch"]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            start_new_session=True,  # so that all of it can be killed, with what it was started through
        )
        self.end = threading.Timer(_HARD_END, os.killpg, (self.process.pid, signal.SIGKILL))
        self.end.daemon = True
        self.end.start()
        assert self.process.stderr is not None
        said = self.process.stderr.readline()
        assert "watching" in said, said + self.process.stderr.read()

    def kill(self) -> None:
        """End it with everything that was started with it, at once."""
        if self.end is not None:
            self.end.cancel()
        if self.process is None:
            return
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(_PATIENCE)
        if self.process.stderr is not None:
            self.process.stderr.close()

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(_PATIENCE)
        self.kill()
        return code

    def records(self) -> list[dict[str, Any]]:
        command = [*WB, "ledger", "show", "--format", "json"]
        done = subprocess.run(command, capture_output=True, env=self.environment, check=False, timeout=_PATIENCE)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def wait_for(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            for record in self.records():
                if fits(record):
                    return record
            time.sleep(0.3)
        raise AssertionError(f"no such record among {[record['kind'] for record in self.records()]}")

    def settle(self) -> None:
        self.wait_for(lambda record: record["kind"] == "policy-change")


@contextmanager
def watching(state: Path, *before: str) -> Iterator[Sensor]:
    sensor = Sensor(state, *before)
    try:
        sensor.start()
        yield sensor
    finally:
        sensor.kill()


@contextmanager
def mapping(path: Path, *before: str) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([*before, sys.executable, "-c", MAP, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"mapped\n"
        try:
            yield process
        finally:
            process.kill()


def weights_in(path: Path) -> Callable[[dict[str, Any]], bool]:
    def fits(record: dict[str, Any]) -> bool:
        return record["kind"] == "process" and any(one["path"] == str(path) for one in record["data"]["weights"])

    return fits


def capabilities(*before: str) -> int:
    """Return the effective capabilities of a process that is started so; some if it does not start."""
    command = [*before, "cat", "/proc/self/status"]
    status = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return int((re.search(r"CapEff:\s*(\S+)", status) or ["", "1"])[1], 16)


def blob(tmp_path: Path) -> Path:
    path = tmp_path / "blob"
    path.write_bytes(gguf())
    return path


def test_weights_that_a_process_maps_are_recorded_within_five_seconds(tmp_path: Path) -> None:
    path = blob(tmp_path)
    with watching(tmp_path / "state") as sensor:
        sensor.settle()
        with mapping(path) as process:
            mapped_at = time.clock_gettime(time.CLOCK_BOOTTIME)
            record = sensor.wait_for(weights_in(path))
            assert record["data"]["weights"][0]["evidence"][0] == "mapped"
            assert record["data"]["pid"] == process.pid
            print(f"recorded after {record['monotonic'] - mapped_at:.2f} s")
        sensor.wait_for(lambda one: one["kind"] == "process-end" and one["data"]["pid"] == process.pid)
        assert sensor.stop() == 0
    assert sensor.records()[-1]["kind"] == "stop"


def test_after_kill_9_there_is_a_gap_and_nothing_is_told_twice(tmp_path: Path) -> None:
    path = blob(tmp_path)
    with watching(tmp_path / "state") as sensor, mapping(path) as process:
        sensor.wait_for(weights_in(path))
        assert sensor.stop(signal.SIGKILL) == -signal.SIGKILL
        sensor.start()
        again = sensor.wait_for(lambda one: one["kind"] == "gap")
        assert again["data"]["reason"] == "killed"
        with mapping(path) as second:
            sensor.wait_for(lambda one: one["kind"] == "process" and one["data"]["pid"] == second.pid)
        told = [one for one in sensor.records() if one["kind"] == "process" and one["data"]["pid"] == process.pid]
    assert told
    said = [json.dumps(one["data"], sort_keys=True) for one in told]
    assert len(set(said)) == len(said)  # details may follow what was seen at first; nothing is said twice
    assert subprocess.run([*WB, "ledger", "verify"], env=sensor.environment, check=False).returncode == 0


def test_a_second_sensor_says_who_watches_already(tmp_path: Path) -> None:
    with watching(tmp_path / "state") as sensor:
        assert sensor.process is not None
        done = subprocess.run([*WB, "watch"], capture_output=True, text=True, env=sensor.environment, check=False)
        assert done.returncode == 1
        assert re.search(rf"process {sensor.process.pid} writes to the ledger", done.stderr)


def test_weights_in_a_network_namespace_are_recorded_as_offline_and_survive_a_restart(tmp_path: Path) -> None:
    path = blob(tmp_path)
    apart = ("unshare", "-rn")
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user may make no network namespace")
    with watching(tmp_path / "state") as sensor, mapping(path, *apart):
        record = sensor.wait_for(weights_in(path))
        assert record["data"]["network"] == "offline"
        sensor.stop(signal.SIGKILL)
        sensor.start()
        sensor.wait_for(lambda one: one["kind"] == "gap")
        assert weights_in(path)(record)
        assert record in sensor.records()


def test_a_sensor_that_is_offline_itself_says_so_in_every_record(tmp_path: Path) -> None:
    apart = ("unshare", "-rn")
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user may make no network namespace")
    with watching(tmp_path / "state", *apart) as sensor:
        sensor.settle()
        assert {record["network"] for record in sensor.records()} == {"offline"}


def test_of_500_short_lived_processes_at_least_99_percent_are_seen(tmp_path: Path) -> None:
    """They start within some seconds; that the sensor counts them proves that none passed between two looks."""
    from weighbridge.host.process_events import Change, ProcessEvents

    try:
        events = ProcessEvents()
    except OSError:
        pytest.skip("the kernel announces no processes to this user")
    with watching(tmp_path / "state") as sensor:
        sensor.settle()
        seen: set[int] = set()
        started: set[int] = set()
        for _ in range(500):
            with subprocess.Popen(["true"]) as process:
                started.add(process.pid)
            seen |= {event.pid for event in events.take() if event.change is Change.EXEC}
        events.close()
        assert len(seen & started) >= 495
        assert sensor.stop() == 0
        last = sensor.records()[-1]
        assert last["kind"] == "stop"
        told = [record for record in sensor.records() if record["data"].get("what") == "process events"]
        assert told == []  # no announcement was lost


def test_without_privileges_it_says_what_it_does_not_see(tmp_path: Path) -> None:
    # Without capabilities not even root sees into processes that have some. Source: ptrace(2), access mode checking.
    nothing = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
    try:
        if not capabilities():
            pytest.skip("this user has no capabilities to give up")
        if capabilities(*nothing):
            pytest.skip("this user may not give up capabilities")
    except FileNotFoundError:
        pytest.skip("there is no setpriv")
    with watching(tmp_path / "state", *nothing) as sensor:
        record = sensor.wait_for(lambda one: one["kind"] == "capability" and bool(one["data"]["not_visible"]))
        assert any("mapped files of" in one for one in record["data"]["not_visible"])


def test_in_a_container_where_the_kernel_announces_nothing_it_looks_for_itself(tmp_path: Path) -> None:
    apart = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child", "--mount-proc")
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user may make no process namespace")
    path = blob(tmp_path)
    inside = ("sh", "-c", '"$0" -c "$1" "$2" > /dev/null & shift 2; exec "$@"', sys.executable, MAP, str(path))
    with watching(tmp_path / "state", *apart, *inside) as sensor:
        sensor.wait_for(weights_in(path))
        record = sensor.wait_for(lambda one: one["kind"] == "capability")
        assert any(one.startswith("starts of processes: not announced") for one in record["data"]["not_visible"])
