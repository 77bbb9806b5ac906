"""Whether a version lies in a range, for versions of any package manager.

Numbers are compared as numbers, a version with a word in it (`rc1`, `-beta`) comes before the same one without, a
revision (`1.2.3-4` of Debian and Homebrew) after it. Sources: PEP 440; Semantic Versioning 2.0.0, section 11;
deb-version(7). Exact orders of each are not needed for the ranges of advisories.
"""

import re

_PART = re.compile(r"\d+|[a-z]+")
_BEFORE = {"dev": -5, "a": -4, "alpha": -4, "b": -3, "beta": -3, "pre": -2, "preview": -2, "rc": -1, "c": -1}
_RANGE = re.compile(r"^(<=|>=|==|<|>)\s*([^\s,]+)$")


def version_key(version: str) -> tuple[tuple[int, int], ...]:
    """Return what orders versions; local parts after `+` do not count."""
    text = version.strip().lower().removeprefix("v").partition("+")[0]
    text = re.sub(r"^\d+[:!]", "", text)  # epochs
    key: list[tuple[int, int]] = []
    for part in _PART.findall(text[:200]):
        if part.isdigit():
            key.append((0, int(part[:18])))
        elif part in ("post", "rev", "r", "p", "ubuntu", "deb", "build"):
            key.append((1, 0))
        else:
            key.append((-1, _BEFORE.get(part, -6)))
    while key and key[-1] == (0, 0):
        key.pop()
    return tuple(key)


def _compare(first: str, second: str) -> int:
    one, other = version_key(first), version_key(second)
    length = max(len(one), len(other))
    padded = [(*key, *[(0, 0)] * (length - len(key))) for key in (one, other)]
    return (padded[0] > padded[1]) - (padded[0] < padded[1])


def in_range(version: str, wanted: str) -> bool:
    """Tell whether `version` lies in `wanted`: conditions with commas between them, or `*`. Raises ValueError."""
    if wanted.strip() == "*":
        return True
    for condition in wanted.split(","):
        found = _RANGE.match(condition.strip())
        if found is None:
            raise ValueError(f"not a range of versions: {wanted!r}")
        order = _compare(version, found[2])
        fits = {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0, "==": order == 0}[found[1]]
        if not fits:
            return False
    return True
