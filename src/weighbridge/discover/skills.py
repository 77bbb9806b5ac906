"""Skills: folders with a `SKILL.md`, as agents load them. Read and hashed, never run.

The digest of a skill is SHA-256 over its files in byte order of their paths: path, zero byte, SHA-256 of the content,
32 bytes. Source: agentskills.io specification (front matter `name` and `description`).
"""

import hashlib
from collections.abc import Iterator

from weighbridge.discover.config_text import at, read_config
from weighbridge.discover.hidden_text import hidden_in, runs_in
from weighbridge.host.machine import Machine
from weighbridge.model.agent import HiddenText, RunText, Scope, Skill
from weighbridge.model.finding import Unexamined
from weighbridge.model.place import display
from weighbridge.model.source import LimitReached

MARKER = b"SKILL.md"
_MOST_SKILLS = 1000
_MOST_FILES = 2000
_MOST_BYTES = 64 << 20
_TEXT_BYTES = 1 << 20
_TEXTS = (b".md", b".mdc", b".txt", b".mdx")
_PROGRAMS = (
    b".sh",
    b".bash",
    b".py",
    b".js",
    b".mjs",
    b".cjs",
    b".ts",
    b".rb",
    b".pl",
    b".ps1",
    b".bat",
    b".cmd",
    b".exe",
)
_LEFT_OUT = frozenset({b".git", b"node_modules", b"__pycache__", b".venv"})


def skill_folders(machine: Machine, folder: bytes) -> Iterator[bytes]:
    """Yield the folders of skills in a folder of skills, at most two levels down."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    waiting = [(folder, 0)]
    found = 0
    while waiting and found < _MOST_SKILLS:
        path, depth = waiting.pop(0)
        try:
            entries = machine.list_directory(path)
        except OSError:
            continue
        if depth and any(entry.name.lower() == MARKER.lower() for entry in entries):
            found += 1
            yield path
            continue
        if depth < 2:
            waiting += [
                (path + separator + entry.name, depth + 1)
                for entry in entries[:_MOST_SKILLS]
                if entry.kind in ("directory", "link") and entry.name not in _LEFT_OUT
            ]


def read_skill(
    machine: Machine, folder: bytes, *, scope: Scope, agents: tuple[str, ...], readers: tuple[str, ...]
) -> tuple[Skill, list[Unexamined]]:
    """Return one skill and what of it could not be read."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    files, unexamined = _files(machine, folder, separator)
    digest = hashlib.sha256()
    total = 0
    header: dict[str, str] = {}
    hidden: list[HiddenText] = []
    runs: list[RunText] = []
    programs: list[str] = []
    for path, executable in files:
        inside = path[len(folder) + 1 :].replace(b"\\", b"/")
        try:
            content = machine.read_file(path, _MOST_BYTES - total)
        except (OSError, LimitReached) as error:
            reason = (
                f"the skill is larger than {_MOST_BYTES >> 20} MB" if isinstance(error, LimitReached) else _words(error)
            )
            unexamined.append(Unexamined(path=path, reason=reason))
            continue
        total += len(content)
        digest.update(inside + b"\0" + hashlib.sha256(content).digest())
        if (
            (executable and not inside.lower().endswith(_TEXTS))
            or inside.lower().endswith(_PROGRAMS)
            or content.startswith(b"#!")
        ):
            programs.append(display(inside))
        if inside.lower().endswith(_TEXTS):
            text = content[:_TEXT_BYTES].decode("utf-8", "replace")
            hidden += hidden_in(display(inside), text)
            runs += runs_in(display(inside), text)
            if inside.lower() == MARKER.lower():
                header = front_matter(text)
    skill = Skill(
        name=(header.get("name") or display(folder.rpartition(separator)[2]))[:100],
        path=folder,
        scope=scope,
        agents=agents,
        readers=readers,
        description=" ".join(header.get("description", "").split())[:300],
        files=len(files),
        bytes=total,
        sha256=None if unexamined else digest.hexdigest(),
        programs=tuple(programs[:100]),
        hidden=tuple(hidden[:100]),
        runs=tuple(runs[:100]),
    )
    return skill, unexamined


def _files(machine: Machine, folder: bytes, separator: bytes) -> tuple[list[tuple[bytes, bool]], list[Unexamined]]:
    found: list[tuple[bytes, bool]] = []
    unexamined: list[Unexamined] = []
    waiting = [(folder, 0)]
    while waiting:
        path, depth = waiting.pop()
        try:
            entries = machine.list_directory(path)
        except OSError as error:
            unexamined.append(Unexamined(path=path, reason=_words(error)))
            continue
        for entry in entries:
            inside = path + separator + entry.name
            if entry.kind == "file":
                if len(found) >= _MOST_FILES:
                    unexamined.append(Unexamined(path=folder, reason=f"more than {_MOST_FILES} files"))
                    return sorted(found), unexamined
                found.append((inside, bool(entry.stat and entry.stat.st_mode & 0o111)))
            elif entry.kind == "directory" and entry.name not in _LEFT_OUT and depth < 8:
                waiting.append((inside, depth + 1))
            elif entry.kind == "link":
                unexamined.append(Unexamined(path=inside, reason="a link: not followed inside a skill"))
    return sorted(found), unexamined


def front_matter(text: str) -> dict[str, str]:
    """Return the texts in the YAML head of a Markdown file; nothing if it has none."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.startswith("---\n"):
        return {}
    head = text[4:].partition("\n---")[0]
    value = read_config(b"head.yaml", head[:65_536].encode("utf-8", "replace")).value
    if not isinstance(value, dict):
        return {}
    return {name: found for name in ("name", "description") if isinstance(found := at(value, name), str)}


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
