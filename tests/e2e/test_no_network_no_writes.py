"""A scan of hostile and honest files opens no socket, writes only its own state, and runs nothing that it reads."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.samples.registry import BENIGN, EVASIONS

from weighbridge.host.isolation import Isolation

MARK = "wb_mark_that_stands_in_every_scanned_text"
WATCHED = Path(__file__).with_name("watched.py")
SOURCE = str(Path(__file__).parents[2] / "src")

_HOSTILE_PICKLE = b"cos\nsystem\n(S'touch %s'\ntR."
_TEMPLATE = "{{ '' .__class__.__mro__ }}" + MARK
_MODULE = f"import os\nMARK = {MARK!r}\nos.system('touch ran')\n"


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home") / "scanned"
    for case in (*EVASIONS, *BENIGN):
        for name, content in case.build().items():
            path = folder / case.id.replace("/", "_") / name
            if "\0" in name or len(path.name) > 200 or ".." in Path(name).parts:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    repository = folder / "repository"
    repository.mkdir(parents=True)
    (repository / "model.bin").write_bytes(_HOSTILE_PICKLE % os.fsencode(folder / "fired"))
    (repository / "modeling_evil.py").write_text(_MODULE)
    (repository / "sitecustomize.py").write_text(_MODULE)
    (repository / "config.json").write_text(json.dumps({"auto_map": {"AutoModel": "modeling_evil.Evil"}, "m": MARK}))
    (repository / "tokenizer_config.json").write_text(json.dumps({"chat_template": _TEMPLATE}))
    (repository / "chat_template.jinja").write_text(_TEMPLATE)
    return folder


def watched(scanned, state, *arguments):
    environment = {
        "HOME": str(scanned.parent),
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join([SOURCE, str(scanned / "repository")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "WEIGHBRIDGE_STATE": str(state),
        **({"SYSTEMROOT": os.environ["SYSTEMROOT"]} if "SYSTEMROOT" in os.environ else {}),
    }
    command = [sys.executable, "-S", "-c", _WITHOUT_SITE, *_folders(), "--", str(WATCHED)]
    return subprocess.run(
        [*command, str(state), str(scanned), MARK, *arguments],
        cwd=scanned / "repository",
        env=environment,
        capture_output=True,
        timeout=300,
        check=False,
    )


# `sitecustomize.py` of the scanned folder must not be what runs: start without site, then add what it would add.
_WITHOUT_SITE = """
import sys
cut = sys.argv.index("--")
sys.path[:] = sys.argv[1:cut] + [path for path in sys.path if path]
sys.argv = sys.argv[cut + 1:]
exec(compile(open(sys.argv[0]).read(), sys.argv[0], "exec"))
"""


def _folders():
    return [path for path in sys.path if path.endswith("-packages")]


def snapshot(folder):
    return {
        os.path.join(root, name): os.lstat(os.path.join(root, name))[6:9:2]
        for root, _folders, names in os.walk(os.fsencode(folder))
        for name in names
    }


@pytest.mark.parametrize("arguments", [("--format", "json"), ("--format", "json", "--no-digest"), ("--format", "html")])
def test_a_scan_only_reads(scanned, tmp_path, arguments):
    before = snapshot(scanned.parent)
    done = watched(scanned, tmp_path / "state", "scan", *arguments, str(scanned))
    assert b"REFUSED" not in done.stderr, done.stderr.decode()
    assert done.returncode in (0, 4, 20, 21), done.stderr.decode()
    assert snapshot(scanned.parent) == before
    assert not (scanned / "fired").exists()
    assert {path.name.partition(".")[0] for path in (tmp_path / "state").iterdir()} <= {"cache"}
    if "json" in arguments:
        assert json.loads(done.stdout)["artifacts"]


def test_the_watch_sees_what_it_should(scanned, tmp_path):
    """A check that cannot fail proves nothing."""
    program = tmp_path / "bad.py"
    acts = (
        "import socket; socket.socket()",
        "import os; os.mkdir('x')",
        "open('y', 'w')",
        "import marshal; marshal.loads(b'N')",
        f"compile({MARK!r}, 'x', 'exec')",
        "import subprocess; subprocess.Popen(['true'])",
        "import os; os.system('true')",
        "import pickle; pickle.loads(b'cos\\nsystem\\n.')",
        f"import sys; sys.path.insert(0, {str(scanned / 'repository')!r}); import modeling_evil",
    )
    text = WATCHED.read_text().partition("from weighbridge")[0]
    for act in acts:
        program.write_text(text + act + "\n")
        done = subprocess.run(
            [sys.executable, "-I", str(program), str(tmp_path / "state"), str(scanned), MARK],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert b"REFUSED" in done.stderr, act


@pytest.mark.skipif(sys.platform != "linux", reason="the system call filter is Linux's")
@pytest.mark.parametrize(
    "act",
    [
        "import _socket; _socket.socket()",
        "open('/etc/hostname')",
        "import os; os.open('/tmp', 0)",
        "import os; os.fork()",
        "import posix; posix.execv('/bin/true', ['true'])",
        "import os; os.mkdir('/tmp/weighbridge-child')",
    ],
)
def test_the_parser_child_can_do_nothing_else(tmp_path, act):
    (tmp_path / "acting.py").write_text(
        "import os, posix, _socket\n"
        "def read(payload):\n"
        "    try:\n"
        "        exec(payload.decode())\n"
        "    except OSError as error:\n"
        "        return {'refused': error.errno}\n"
        "    return {'refused': None}\n"
    )
    isolation = Isolation(modules={"act": "acting"}, folders=(str(tmp_path),))
    assert json.loads(isolation.run("act", act.encode()))["refused"] == 1
    isolation.close()
