"""What is odd about the member names of a ZIP archive.

Sources: the zip-slip class (CVE-2018-1002200 and others); CPython `zipfile` cuts names at NUL; macOS and Windows file
systems fold case and composition, so that two members become one file.
"""

import unicodedata
from collections.abc import Sequence

from weighbridge.formats.member_path import escape_of
from weighbridge.formats.zip_entry import ZipEntry
from weighbridge.model.observation import ArchiveAnomaly, Observation, OutsideReference

_MOST = 20
"""Observations of one kind; the rest would say the same."""


def name_observations(entries: Sequence[ZipEntry]) -> list[Observation]:
    """Return names that leave the archive's folder or that readers cut differently."""
    observations: list[Observation] = []
    for entry in entries:
        name = entry.name
        if "\x00" in name:
            observations.append(
                ArchiveAnomaly(kind="nul-in-name", detail="readers end the name at the zero byte", member=name)
            )
        if (".." in name or ":" in name or name[:1] in "/\\") and (escape := escape_of(name)) is not None:
            observations.append(OutsideReference(escape=escape, target=name[:200], member=name))
        if len(observations) >= _MOST:
            break
    return observations


def repeated_names(entries: Sequence[ZipEntry]) -> list[Observation]:
    """Return members that share a name, exactly or once case, composition and redundant parts are folded."""
    exact: set[bytes] = set()
    folded: dict[str, str] = {}
    observations: list[Observation] = []
    for entry in entries:
        key = _fold(entry.name)
        if entry.raw_name in exact:
            if not entry.is_directory:
                detail = "the same name stands in the directory twice"
                observations.append(
                    ArchiveAnomaly(
                        kind="duplicate-member", detail=detail, member=entry.name, offset=entry.header_offset
                    )
                )
        elif key in folded and not entry.is_directory:
            kind = "case-duplicate" if folded[key].lower() == entry.name.lower() else "path-duplicate"
            detail = f"becomes the same file as {folded[key][:80]!r} on some systems"
            observations.append(ArchiveAnomaly(kind=kind, detail=detail, member=entry.name, offset=entry.header_offset))
        exact.add(entry.raw_name)
        folded.setdefault(key, entry.name)
        if len(observations) >= _MOST:
            break
    return observations


def _fold(name: str) -> str:
    name = name.partition("\x00")[0]
    name = name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()
    if "\\" in name:
        name = name.replace("\\", "/")
    if "./" in name or "//" in name:
        parts: list[str] = []
        for part in name.split("/"):
            if part == "..":
                del parts[-1:]
            elif part not in ("", "."):
                parts.append(part)
        name = "/".join(parts)
    return name
