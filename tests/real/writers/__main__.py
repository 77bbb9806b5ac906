"""Writes one library's files: `python -m tests.real.writers LIBRARY FOLDER NOTE`, in a process of its own."""

import importlib
import json
import sys
from pathlib import Path


def main() -> None:
    """Import the writer named on the command line and let it write."""
    library, target, note = sys.argv[1:]
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    writer = importlib.import_module(f"tests.real.writers.{library}_files")
    writer.write(folder)
    Path(note).write_text(json.dumps(writer.FILES))


main()
