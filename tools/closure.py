"""Pin every dependency, direct and indirect: those of the project, and the libraries that write files for tests.

The universal lock file of the environment manager records where each file was fetched from, which differs from
site to site, so it is not committed. This tool writes the versions alone into `tool.uv.constraint-dependencies`
and, for the libraries that only tests use, into tests/real/constraints.txt, where a new or changed dependency shows
in review.

Use: `python tools/closure.py` rewrites the list; `--check` fails if it is out of step; `--upgrade` takes newer
versions first.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN = "# closure: written by tools/closure.py\n"
END = "# closure: end\n"
LIBRARIES = ROOT / "tests" / "real"
HEAD = "# Versions of what requirements.txt and requirements-deep.txt bring along; written by tools/closure.py.\n"
ELSEWHERE = re.compile(r"torch==|triton==|nvidia-|cuda-")
"""tests/libraries.py takes the newest build of torch without CUDA that there is, so neither it nor CUDA has a pin."""


def exported(*, upgrade: bool) -> list[str]:
    """Return `name==version ; marker` for every package of every group on every platform."""
    more = ["--upgrade"] if upgrade else []
    return _packages(_uv("export", "--all-groups", "--no-hashes", "--no-emit-project", *more))


def libraries(pins: list[str]) -> str:
    """Return tests/real/constraints.txt: what the libraries need beside `pins`, from the oldest Python on."""
    old = LIBRARIES / "constraints.txt"
    with tempfile.TemporaryDirectory() as scratch:
        beside = Path(scratch) / "beside.txt"
        beside.write_text("\n".join(pins))
        kept = Path(scratch) / "kept.txt"
        if old.exists() and "--upgrade" not in sys.argv:
            # What stands there is preferred, so that nothing moves unless asked.
            kept.write_text(old.read_text())
        lists = [str(LIBRARIES / name) for name in ("requirements.txt", "requirements-deep.txt")]
        options = ["--universal", "--python-version", "3.11", "--no-emit-index-url", "--output-file", str(kept)]
        _uv("pip", "compile", *options, "--constraint", str(beside), *lists)
        found = _packages(kept.read_text())
    return HEAD + "".join(f"{line}\n" for line in found if line not in pins and not ELSEWHERE.match(line))


def _uv(*arguments: str) -> str:
    uv = shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    command = [uv, *arguments, "--quiet", "--no-annotate"]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def _packages(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return sorted({line for line in lines if line and not line.startswith(("#", "-"))})


def block(pins: list[str]) -> str:
    """Return the lines that stand between the markers."""
    by_name: dict[str, list[str]] = {}
    for pin in sorted({re.sub(r"\s*;.*", "", pin) for pin in pins}):
        by_name.setdefault(pin.split("==")[0], []).append(pin)
    # A package that needs two versions on two platforms is left to the resolver.
    single = [versions[0] for versions in by_name.values() if len(versions) == 1]
    return "constraint-dependencies = [\n" + "".join(f'    "{pin}",\n' for pin in single) + "]\n"


def main() -> int:
    """Rewrite or check pyproject.toml; returns the exit status."""
    path = ROOT / "pyproject.toml"
    text = path.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    if "--upgrade" in sys.argv:
        path.write_text(before + BEGIN + END + after)
    pins = exported(upgrade="--upgrade" in sys.argv)
    wanted = {path: before + BEGIN + block(pins) + END + after, LIBRARIES / "constraints.txt": libraries(pins)}
    if "--check" in sys.argv:
        late = [file.name for file, content in wanted.items() if not file.exists() or file.read_text() != content]
        if late:
            print(f"{', '.join(late)}: the closure is out of step; run python tools/closure.py", file=sys.stderr)
        return bool(late)
    for file, content in wanted.items():
        file.write_text(content)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
