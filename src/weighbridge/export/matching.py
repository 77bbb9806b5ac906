"""How products are told by what other products can see: paths first, scripts of interpreters, then file names.

What holds control characters has no place in the files of most products, and is left out.
"""

from collections.abc import Iterable
from typing import Literal

from weighbridge.export.product import Product

Platform = Literal["linux", "darwin", "windows"]
COMM_LENGTH = 15
"""Characters of a process name that Linux keeps (TASK_COMM_LEN less its end; proc_pid_comm(5))."""
_SHORTEST = 4


def fixed_part(pattern: str) -> str:
    """Return the longest part of a pattern of paths without `*`, `?` or `[`; empty if it is too short to tell."""
    for mark in "?[":
        pattern = pattern.replace(mark, "*")
    part = max(pattern.split("*"), key=len)
    return part if len(part.strip("/")) >= _SHORTEST else ""


def path_parts(products: Iterable[Product], platform: Platform) -> list[str]:
    """Return parts of executables' paths that are all a product's own, in the platform's spelling, sorted."""
    parts = {fixed_part(pattern) for product in products for pattern in product.executables}
    return _spelled(parts, platform)


def script_parts(products: Iterable[Product], platform: Platform) -> list[str]:
    """Return parts of scripts' paths as they stand on command lines, sorted."""
    return _spelled({fixed_part(part) for product in products for part in product.scripts}, platform)


def file_names(products: Iterable[Product], platform: Platform) -> list[str]:
    """Return names of program files, sorted: a hint, since anybody can rename a file."""
    names = {name for product in products for name in product.process_names if name.isprintable()}
    if platform == "windows":
        return sorted({name if name.lower().endswith(".exe") else f"{name}.exe" for name in names})
    return sorted(name for name in names if not name.lower().endswith(".exe"))


def _spelled(parts: Iterable[str], platform: Platform) -> list[str]:
    return sorted(
        part.replace("/", "\\") if platform == "windows" else part for part in parts if part and part.isprintable()
    )
