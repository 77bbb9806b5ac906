"""A real llama.cpp server, found by the weights that it runs: renamed, moved, deleted, swapped, hidden behind a socket.

The server is the one inside the xllamacpp wheel, with a seeded model that is built here.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli_runs import wb
from tests.live.tiny_model import write_tiny_model
from weighbridge.discover.server_rules import server_rules

pytest.importorskip("xllamacpp")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the probes are complete on Linux only")
SERVER = Path(__file__).with_name("serve_llama.py")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine answers later than the product waits."""
    patient = replace(server_rules(), seconds=10.0, listener_seconds=60.0, look_seconds=60.0)
    monkeypatch.setattr("weighbridge.discover.server_asking.server_rules", lambda: patient)
    monkeypatch.setattr("weighbridge.discover.server_identity.server_rules", lambda: patient)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Weights whose name says nothing."""
    return write_tiny_model(tmp_path / "0a1b2c")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A Python interpreter under a name that says nothing."""
    return Path(shutil.copy(os.path.realpath(sys.executable), tmp_path / "quietly"))


@contextmanager
def served(
    program: Path,
    model: Path,
    host: str = "127.0.0.1",
    load: str = "mmap",
    *,
    named: bool = True,
    before: tuple[str, ...] = (),
    option: tuple[str, ...] = (),
) -> Iterator[int]:
    """Serve `model` while the block runs; the value is the server's process.

    Args:
        program: the interpreter.
        model: path of the weights.
        host: address, or path of a UNIX socket.
        load: `mmap` or `read`.
        named: whether its command line names the weights.
        before: a command that executes the rest of its arguments.
        option: what calls it a model.
    """
    environment = {
        **os.environ,
        "PYTHONHOME": sys.base_prefix,
        "PYTHONPATH": os.pathsep.join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}),
    }
    child = subprocess.Popen(
        [*before, program, SERVER, *option, model if named else "-", host, "0" if "/" not in host else "8080", load],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        if not named:
            child.stdin.write(os.fsencode(model) + b"\n")
            child.stdin.flush()
        assert child.stdout.readline() == b"up\n"
        yield child.pid
    finally:
        child.stdin.close()
        child.stdout.close()
        child.kill()
        child.wait()


def reads_deleted_files() -> bool:
    """Tell whether this user may follow the mappings of processes (proc_pid_map_files(5))."""
    folder = Path("/proc/self/map_files")
    try:
        return any(True for entry in folder.iterdir() if entry.stat())
    except OSError:
        return False


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def seen(pid: int) -> dict[str, Any]:
    """Return what `wb ps` says of a process."""
    code, out, err = wb("ps", "--format", "json")
    assert code in (0, 4), err
    (process,) = [one for one in json.loads(out)["processes"] if one["pid"] == pid]
    return dict(process)


def listener_of(process: dict[str, Any]) -> dict[str, Any]:
    (listener,) = process["listeners"]
    return dict(listener)


def test_a_renamed_server_is_found_by_the_digest_of_its_weights(program: Path, model: Path) -> None:
    with served(program, model) as pid:
        process = seen(pid)
    (weights,) = process["weights"]
    assert weights["sha256"] == digest(model)
    assert weights["evidence"][0] == "mapped"
    assert (weights["path"], weights["format"], weights["name"]) == (str(model), "gguf", "tiny-0")
    assert process["runtime"] == listener_of(process)["product"] == "llama_cpp"
    assert not weights["deleted"]
    assert not weights["replaced"]
    assert (listener_of(process)["address"], listener_of(process)["exposed"]) == ("127.0.0.1", False)
    assert process["verdict"]["decision"] == "allow"
    assert process["verdict"]["action"] == "infer"


def test_deleted_weights_keep_their_digest(program: Path, model: Path) -> None:
    expected = digest(model)
    with served(program, model, option=("--model",)) as pid:
        model.unlink()
        process = seen(pid)
    (weights,) = process["weights"]
    assert (weights["deleted"], weights["replaced"], weights["evidence"][0]) == (True, False, "mapped")
    if reads_deleted_files():
        assert weights["sha256"] == expected
    else:
        assert weights["sha256"] is None
        assert any(reason.startswith("content of mapped files: needs") for reason in process["not_visible"])


def test_swapped_weights_are_those_that_are_mapped(program: Path, model: Path, tmp_path: Path) -> None:
    expected = digest(model)
    with served(program, model, option=("--model",)) as pid:
        other = write_tiny_model(tmp_path / "other", seed=1)
        other.replace(model)
        assert digest(model) != expected
        (mapped,) = seen(pid)["weights"]
    assert mapped["replaced"]
    assert mapped["evidence"][0] == "mapped"
    assert mapped["sha256"] == (expected if reads_deleted_files() else None)


def test_a_file_that_was_swapped_after_it_was_read_is_not_taken_for_it(
    program: Path, model: Path, tmp_path: Path
) -> None:
    with served(program, model, load="read") as pid:
        write_tiny_model(tmp_path / "other", seed=1).replace(model)
        process = seen(pid)
    (weights,) = process["weights"]
    assert (weights["sha256"], weights["claimed_sha256"]) == (None, digest(model))
    assert "bytes as they were loaded: needs a look before their file changed" in process["not_visible"]


def test_what_was_seen_before_a_swap_is_what_was_read(program: Path, model: Path, tmp_path: Path) -> None:
    expected = digest(model)
    with served(program, model, load="read") as pid:
        assert seen(pid)["weights"][0]["sha256"] == expected
        write_tiny_model(tmp_path / "other", seed=1).replace(model)
        (weights,) = seen(pid)["weights"]
    assert (weights["sha256"], weights["replaced"]) == (expected, True)


def test_what_was_seen_before_it_was_deleted_needs_no_privilege(program: Path, model: Path) -> None:
    expected = digest(model)
    with served(program, model) as pid:
        assert seen(pid)["weights"][0]["sha256"] == expected
        model.unlink()
        (weights,) = seen(pid)["weights"]
    assert (weights["sha256"], weights["deleted"]) == (expected, True)


def test_a_server_behind_a_unix_socket(program: Path, model: Path, short_folder: Path) -> None:
    address = str(short_folder / "llama.sock")
    with served(program, model, host=address) as pid:
        process = seen(pid)
    assert [one["sha256"] for one in process["weights"]] == [digest(model)]
    assert [(one["transport"], one["address"]) for one in process["listeners"]] == [("unix", address)]


def test_without_mapping_the_fallback_is_named(program: Path, model: Path) -> None:
    with served(program, model, load="read") as pid:
        process = seen(pid)
    (weights,) = process["weights"]
    assert weights["sha256"] == digest(model)
    assert weights["evidence"]
    assert "mapped" not in weights["evidence"]


def test_without_mapping_and_without_a_word_the_server_itself_names_it(program: Path, model: Path) -> None:
    with served(program, model, load="read", named=False) as pid:
        process = seen(pid)
    (weights,) = process["weights"]
    assert (weights["sha256"], weights["evidence"]) == (digest(model), ["server"])


def test_the_table_says_it_for_people(program: Path, model: Path) -> None:
    with served(program, model) as pid:
        _, out, _ = wb("ps")
    (row,) = [line for line in out.splitlines() if line.split()[:1] == [str(pid)]]
    assert "tiny-0" in row
    assert "allow" in row
    assert f"sha256 {digest(model)[:16]}" in out


def can(*command: str) -> bool:
    try:
        return subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can("unshare", "--net"), reason="no network namespace can be made here")
def test_inference_without_a_network_is_said_to_be_offline(program: Path, model: Path) -> None:
    with served(program, model, before=("unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh")) as pid:
        process = seen(pid)
    assert [one["sha256"] for one in process["weights"]] == [digest(model)]
    assert process["network"]["connectivity"] == "offline"
    assert listener_of(process)["address"] == "127.0.0.1"


@pytest.mark.skipif(not can("unshare", "--mount"), reason="no mount namespace can be made here")
def test_weights_that_lie_where_nobody_else_can_look(program: Path, model: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    expected = digest(model)
    script = f'mount -t tmpfs none {inside}; mv {model} {inside}/w; exec "$@"'
    with served(program, inside / "w", before=("unshare", "--mount", "sh", "-c", script, "sh")) as pid:
        assert not (inside / "w").exists()
        (weights,) = seen(pid)["weights"]
    assert (weights["sha256"], weights["path"], weights["replaced"]) == (expected, str(inside / "w"), False)


# The interpreter of a test may lie in a home that nobody else can read, so this one right is kept.
KEPT = "-all,+dac_read_search"
NOBODY = (
    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
    f"--inh-caps={KEPT}", f"--ambient-caps={KEPT}", f"--bounding-set={KEPT}",
)  # fmt: skip


@pytest.mark.skipif(not can(*NOBODY), reason="only root can become somebody else")
def test_another_user_sees_less_and_says_so(program: Path, model: Path) -> None:
    with served(program, model, option=("--model",)) as pid:
        look = subprocess.run(
            [*NOBODY, sys.executable, "-m", "weighbridge", "ps", "--format", "json", "--no-cache"],
            check=False,
            capture_output=True,
        )
    assert look.returncode == 4, look.stderr
    document = json.loads(look.stdout)
    (process,) = [one for one in document["processes"] if one["pid"] == pid]
    (weights,) = process["weights"]
    assert weights["evidence"][-1] in ("command-line", "server")
    assert "mapped files: needs CAP_PERFMON, CAP_SYS_PTRACE or root" in process["not_visible"]
    assert any(reason.startswith("mapped files of ") for reason in document["not_visible"])
