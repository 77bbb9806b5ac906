"""Pin every dependency, direct and indirect, in pyproject.toml.

The universal lock file of the environment manager records where each file was fetched from, which differs from
site to site, so it is not committed. This tool writes the versions alone into `tool.uv.constraint-dependencies`,
where a new or changed dependency shows in review.

Use: `python tools/closure.py` rewrites the list; `--check` fails if it is out of step; `--upgrade` takes newer
versions first.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN = "# closure: written by tools/closure.py\n"
END = "# closure: end\n"


def exported(*, upgrade: bool) -> list[str]:
    """Return `name==version ; marker` for every package of every group on every platform."""
    uv = shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    command = [uv, "export", "--quiet", "--all-groups", "--no-hashes", "--no-emit-project", "--no-annotate"]
    if upgrade:
        command.append("--upgrade")
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    lines = (line.strip() for line in text.splitlines())
    return sorted({re.sub(r"\s*;.*", "", line) for line in lines if line and not line.startswith(("#", "-"))})


def block(pins: list[str]) -> str:
    """Return the lines that stand between the markers."""
    by_name: dict[str, list[str]] = {}
    for pin in pins:
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
    wanted = before + BEGIN + block(exported(upgrade="--upgrade" in sys.argv)) + END + after
    if "--check" in sys.argv:
        if wanted != text:
            print("pyproject.toml: the closure is out of step; run python tools/closure.py", file=sys.stderr)
            return 1
        return 0
    path.write_text(wanted)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
