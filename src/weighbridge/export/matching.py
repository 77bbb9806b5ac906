"""How products are told by what other products can see: paths first, scripts of interpreters, then file names.

What holds control characters has no place in the files of most products, and is left out.
"""

import re
from collections.abc import Iterable
from typing import Literal

from weighbridge.export.product import Product
from weighbridge.model.record import record

Platform = Literal["linux", "darwin", "windows"]
COMM_LENGTH = 15
"""Characters of a process name that Linux keeps (TASK_COMM_LEN less its end; proc_pid_comm(5))."""
INTERPRETERS = ("bun", "deno", "electron", "node", "python")
"""Beginnings of the names of programs that run scripts: on any other command line the name of one tells nothing."""
SHORTEST_ARGUMENT = 4
"""A shorter argument (`-y`) means something else to other words of the same line."""
_SHORTEST = 4
_CHOICE = re.compile(r"\?|\[[^\]]*\]")
_ONLY: tuple[tuple[str, Platform], ...] = (
    *((".app/", "darwin"), ("-mac-", "darwin"), ("/Programs/", "windows"), ("/Microsoft.", "windows")),
    *(("-linux-", "linux"), ("_linux_", "linux")),
)
"""What in a path or name says that it is of one platform."""


@record
class Part:
    """A part of a path without wildcards."""

    text: str
    ends: bool
    """Whether the path ends there: `/.local/bin/q` is no part of `/.local/bin/qbittorrent`."""


def fixed_part(pattern: str) -> str:
    """Return the longest part of a pattern of paths without `*`, `?` or `[`; empty if it is too short to tell."""
    part = max(_starred(pattern).split("*"), key=len)
    return part if len(part.strip("/")) >= _SHORTEST or part.count("/") > 1 else ""


def path_parts(products: Iterable[Product], platform: Platform) -> list[Part]:
    """Return parts of executables' paths that are all a product's own, in the platform's spelling, sorted."""
    found = {}
    for pattern in path_patterns(products, platform):
        plain = pattern.replace("\\", "/") if platform == "windows" else pattern
        part = fixed_part(plain)
        found[part.replace("/", "\\") if platform == "windows" else part] = plain.endswith(part)
    return [Part(text=text, ends=ends) for text, ends in sorted(found.items())]


def path_patterns(products: Iterable[Product], platform: Platform) -> list[str]:
    """Return patterns of executables' paths in the platform's spelling, sorted; `*` is any text."""
    found = _spelled((pattern for product in products for pattern in product.executables), platform)
    return [_program(pattern) for pattern in found] if platform == "windows" else found


def script_patterns(products: Iterable[Product], platform: Platform) -> list[str]:
    """Return patterns of the paths of scripts that an interpreter runs, sorted; `*` is any text."""
    return _spelled((pattern for product in products for pattern in product.scripts), platform)


def file_names(products: Iterable[Product], platform: Platform) -> list[str]:
    """Return names of program files, sorted: a hint, since anybody can rename a file."""
    names = {
        name for product in products for name in product.process_names if name.isprintable() and _on(name, platform)
    }
    if platform == "windows":
        return sorted({name if name.lower().endswith(".exe") else f"{name}.exe" for name in names})
    return sorted(name for name in names if not name.lower().endswith(".exe"))


def short_names(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return names that Linux keeps whole for a process, and the longer ones, of which it keeps a beginning only.

    That beginning can be the name of something else: `language_server` is half of `language_server_linux_x64`.
    """
    listed = list(names)
    return [one for one in listed if len(one) <= COMM_LENGTH], [one for one in listed if len(one) > COMM_LENGTH]


def telling_arguments(product: Product) -> list[str]:
    """Return arguments that widen what an agent may do, in both spellings (`--mode all`, `--mode=all`)."""
    long = [one for one in product.risky_arguments if len(one) >= SHORTEST_ARGUMENT and one.isprintable()]
    return [spelled for one in long for spelled in dict.fromkeys((one, one.replace(" ", "=", 1)))]


def _spelled(patterns: Iterable[str], platform: Platform) -> list[str]:
    found = {_starred(one) for one in patterns if one.isprintable() and fixed_part(one) and _on(one, platform)}
    return sorted(one.replace("/", "\\") if platform == "windows" else one for one in found)


def _program(pattern: str) -> str:
    """Return a pattern that names a program with the ending that it has on Windows."""
    return pattern if pattern.endswith("*") or "." in pattern.rpartition("\\")[2] else f"{pattern}.exe"


def _on(text: str, platform: Platform) -> bool:
    """Tell whether a path or name can be of a platform."""
    return all(only == platform for mark, only in _ONLY if mark in text)


def _starred(pattern: str) -> str:
    """Return a pattern in which only `*` stands for other text."""
    return _CHOICE.sub("*", pattern)
