"""Files that agents read as instructions: `CLAUDE.md`, `AGENTS.md`, rules. Hashed; their text is not kept."""

import hashlib

from weighbridge.discover.config_files import ConfigFiles
from weighbridge.discover.hidden_text import hidden_in, runs_in
from weighbridge.model.agent import InstructionFile, Scope
from weighbridge.model.place import display

_MOST_BYTES = 4 << 20


def instruction_file(
    files: ConfigFiles, path: bytes, *, scope: Scope, agents: tuple[str, ...], readers: tuple[str, ...]
) -> InstructionFile | None:
    """Return one instruction file; None if it is not there or cannot be read, which is then noted."""
    found = files.text(path, _MOST_BYTES)
    if found is None:
        return None
    content, _ = found
    name = display(path.replace(b"\\", b"/").rpartition(b"/")[2])
    text = content.decode("utf-8", "replace")
    return InstructionFile(
        path=path,
        scope=scope,
        agents=agents,
        readers=readers,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        hidden=tuple(hidden_in(name, text))[:100],
        runs=tuple(runs_in(name, text))[:100],
    )
