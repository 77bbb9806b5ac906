"""The running side of the sample laptop: what `wb ps --demo` looks at and what the pictures show."""

import json

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.live import HttpAnswer, Route

_BOOT = 100
"""Clock ticks of a second."""
_NOBODY_SEES = {"mapped_files", "open_files", "executable", "working_folder", "environment_of", "bytes_read"}


def demo_live(machine: FakeMachine) -> FakeLive:
    """Return what runs on the sample laptop.

    Args:
        machine: from `demo_machine`.
    """
    live = FakeLive(machine)
    live.users |= {1000: "ada", 997: "ollama"}
    live.routes_here = [
        Route("0.0.0.0/0", "192.168.1.1", "wlan0", "hardware"),
        Route("192.168.1.0/24", None, "wlan0", "hardware"),
    ]
    live.add(FakeProcess(pid=1, parent=0, started=1, name=b"systemd", user=0, executable=b"/usr/lib/systemd/systemd"))
    _ollama(machine, live)
    _renamed(machine, live)
    _agent(machine, live)
    for pid, name in ((300, b"sshd"), (310, b"cupsd"), (320, b"dbus-daemon")):
        live.add(FakeProcess(pid=pid, started=5 * _BOOT, name=name, user=0, hidden=_NOBODY_SEES))
    return live


def _json(content: object, server: str = "") -> HttpAnswer:
    headers = {"content-type": "application/json"} | ({"server": server} if server else {})
    return HttpAnswer(200, headers, json.dumps(content).encode())


def _ollama(machine: FakeMachine, live: FakeLive) -> None:
    """The service, and the server that it starts for each model."""
    blobs = machine.home + b"/.ollama/models/blobs"
    weights = max(machine.list_directory(blobs), key=lambda entry: entry.stat.st_size if entry.stat else 0).name
    program = b"/usr/local/bin/ollama"
    service = {"started": 20 * _BOOT, "user": 997, "service_unit": "ollama.service", "executable": program}
    live.add(FakeProcess(pid=812, name=b"ollama", command_line=(b"ollama", b"serve"), **service))  # type: ignore[arg-type]
    models = {"models": [{"name": "gemma3:270m", "model": "gemma3:270m", "digest": weights.decode()[7:], "size": 1}]}
    answers = {
        "/": HttpAnswer(200, {"content-type": "text/plain"}, b"Ollama is running"),
        "/api/version": _json({"version": "0.13.1"}),
        "/api/tags": _json(models),
        "/v1/models": _json({"object": "list", "data": [{"id": "gemma3:270m", "owned_by": "library"}]}),
    }
    live.listen(812, "127.0.0.1", 11434, answers)
    child = live.add(
        FakeProcess(
            pid=2231,
            parent=812,
            started=900 * _BOOT,
            name=b"llama-server",
            user=997,
            executable=b"/usr/local/lib/ollama/llama-server",
            command_line=(b"llama-server", b"--model", blobs + b"/" + weights, b"--port", b"41233"),
            service_unit="ollama.service",
            resident_bytes=310 << 20,
        )
    )
    live.map(child.pid, blobs + b"/" + weights)


def _renamed(machine: FakeMachine, live: FakeLive) -> None:
    """A server under a name that says nothing, open to the network, with a model that may not be sold."""
    weights = machine.home + b"/Downloads/tiny-poet-110m.Q8_0.gguf"
    live.add(
        FakeProcess(pid=3300, parent=1, started=1000 * _BOOT, name=b"bash", executable=b"/bin/bash", terminal=34816)
    )
    live.add(
        FakeProcess(
            pid=3314,
            parent=3300,
            started=1100 * _BOOT,
            name=b"quietly",
            executable=machine.home + b"/bin/quietly",
            command_line=(b"./quietly",),
            terminal=34816,
            session=3300,
            resident_bytes=180 << 20,
        )
    )
    live.map(3314, weights)
    model = {"id": "poet", "object": "model", "owned_by": "llamacpp"}
    answers = {
        "/v1/models": _json({"object": "list", "data": [model]}, "llama.cpp"),
        "/props": _json({"default_generation_settings": {}, "total_slots": 1, "model_path": "poet"}, "llama.cpp"),
        "/health": _json({"status": "ok"}, "llama.cpp"),
    }
    live.listen(3314, "0.0.0.0", 8090, answers)  # noqa: S104  (an address of the sample)


def _agent(machine: FakeMachine, live: FakeLive) -> None:
    """An agent, and the model that a program of its own has mapped; the file was replaced since."""
    program = b"/usr/local/bin/claude"
    live.add(
        FakeProcess(
            pid=4020,
            parent=3300,
            started=1200 * _BOOT,
            name=b"claude",
            executable=program,
            command_line=(b"claude", b"--dangerously-skip-permissions"),
            terminal=34816,
            session=3300,
            resident_bytes=210 << 20,
        )
    )
    live.add(
        FakeProcess(
            pid=4101,
            parent=4020,
            started=1300 * _BOOT,
            name=b"python3",
            executable=b"/usr/bin/python3.12",
            command_line=(b"python3", b"label.py"),
            environment={"CLAUDECODE": "1"},
            session=3300,
            resident_bytes=640 << 20,
        )
    )
    place = machine.home + b"/models/qwen3.gguf"
    live.map(4101, place)
    machine.remove(place)
    machine.add_file(place, b"GGUF another model")
