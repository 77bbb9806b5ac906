"""Record what a command does with files and programs, as a labelled trace for the tests of `actor`.

    python tools/record_trace.py LABEL NAME KIND FOLDER HOME -- COMMAND...

LABEL is agent, human or service; KIND says how real the run is: `real` (the program itself did it) or `scripted` (a
script that acts as such a program would). Writes tests/traces/NAME.json. Needs strace. Paths below FOLDER and HOME are
written as a person's own; nothing of any content is recorded.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TRACES = Path(__file__).resolve().parent.parent / "tests/traces"
MOST = 700
"""Opens and starts that are kept, each: enough for every number, small enough for the repository."""
_OPEN = re.compile(
    r'^\d+\s+(?:openat|open|creat)\(.*?"(?:[^"\\]|\\.)*"(?:\.\.\.)?(?:, ([A-Z_|0-9]+))?.*\) = \d+<([^>]*)>'
)
_START = re.compile(r'^\d+\s+execve\("((?:[^"\\]|\\.)*)".*\) = 0')
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
_LEFT_OUT = ("/sys/", "/dev/", "/proc/", "pipe:", "socket:", "anon_inode")
_LOADER = re.compile(r"\.so(?:\.[\d.]+)?$|/ld\.so\.|/locale/|/gconv/|/nsswitch\.conf$|/terminfo/")
"""What every program opens before it does anything."""
_HARNESS = ("env", "timeout", "bash", "sh")


def record(command: list[str], folder: Path, home: Path) -> tuple[list[tuple[str, bool]], list[str]]:
    """Return opens and started programs of a command and its children, in order."""
    with tempfile.NamedTemporaryFile(suffix=".strace") as out:
        traced = ["strace", "-f", "-qq", "-y", "-s", "4096", "-e", "trace=execve,openat,open,creat", "-o", out.name]
        subprocess.run([*traced, *command], cwd=folder, check=False)
        lines = Path(out.name).read_text(encoding="utf-8", errors="replace").splitlines()
    opened, started = [], []
    for line in lines:
        if found := _OPEN.match(line):
            path = found[2]
            noise = path.startswith(_LEFT_OUT) or "/node_modules/" in path or _LOADER.search(path)
            if "O_DIRECTORY" not in (found[1] or "") and not noise:
                opened.append((shown(path, folder, home), bool(_WRITES.search(found[1] or ""))))
        elif found := _START.match(line):
            started.append(Path(found[1]).name)
    return opened, started


def shown(path: str, folder: Path, home: Path) -> str:
    """Return a path without anything of the machine that recorded it."""
    for place, name in ((folder, "/home/ada/src/shop"), (home, "/home/ada")):
        if path == str(place) or path.startswith(f"{place}/"):
            return name + path[len(str(place)) :]
    return re.sub(r"^/(?:root|home/[^/]+|work/[^/]+)(?=/)", "/home/ada", path)


def main() -> None:
    """Record one trace."""
    label, name, kind, folder, home, dashes, *command = sys.argv[1:]
    assert dashes == "--"
    opened, started = record(command, Path(folder).resolve(), Path(home).resolve())
    while kind == "real" and started and started[0] in _HARNESS:
        del started[0]
    names = sorted({path for path, _ in opened[:MOST]})
    number = {path: place for place, path in enumerate(names)}
    content = {
        "label": label,
        "kind": kind,
        "about": Path(command[0]).name if kind == "real" else "script",
        "home": "/home/ada",
        "paths": names,
        "opened": [number[path] if not written else -number[path] - 1 for path, written in opened[:MOST]],
        "started": started[:MOST] if label == "agent" else started[1 : MOST + 1],
    }
    TRACES.mkdir(exist_ok=True)
    (TRACES / f"{name}.json").write_text(json.dumps(content, indent=None, separators=(",", ":")) + "\n")
    sys.stdout.write(f"{name}: {len(opened)} opens, {len(started)} starts\n")


if __name__ == "__main__":
    main()
