"""Write the ids of the SPDX license list into `src/weighbridge/bom/spdx_license_ids.py`.

Source: the enumeration in the CycloneDX schema that cyclonedx-python-lib carries; a document may only use those ids.

Use: `python tools/spdx_license_ids.py` rewrites the file; `--check` fails if it is out of step.
"""

import json
import sys
import textwrap
from importlib.resources import files
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/weighbridge/bom/spdx_license_ids.py"
DOCSTRING = '''\
"""Ids of the SPDX license list and of its exceptions, as they are spelled. Written by tools/spdx_license_ids.py.

Source: SPDX license list {version}, by way of the CycloneDX 1.7 schema.
"""
'''


def _is_exception(name: str) -> bool:
    """Tell an exception from a license; the enumeration mixes them. `GPL-2.0-with-...` are old license ids."""
    return name == "GPL-CC-1.0" or ("exception" in name.lower() and "-with-" not in name)


def text() -> str:
    """Return the whole file."""
    schema = json.loads((files("cyclonedx.schema") / "_res/spdx.SNAPSHOT.schema.json").read_text(encoding="utf-8"))
    names = sorted(schema["enum"], key=str.lower)
    exceptions = [name for name in names if _is_exception(name)]
    ids = [name for name in names if name not in exceptions]
    lines = [DOCSTRING.format(version=schema["$comment"].rpartition("-")[2])]
    for title, values in (("LICENSE_IDS", ids), ("EXCEPTION_IDS", exceptions)):
        lines.append(f'\n{title} = """')
        lines += textwrap.wrap(" ".join(values), 116, break_on_hyphens=False, break_long_words=False)
        lines.append('"""')
    return "\n".join(lines).replace('"""\n\n\n', '"""\n\n') + "\n"


def main() -> int:
    """Rewrite or check the file; returns the exit status."""
    if "--check" in sys.argv:
        return int(TARGET.read_text(encoding="utf-8") != text())
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
