"""License layers of container stores: a text, for Docker's with a front matter that names it.

Source: docker/model-runner `pkg/distribution/packaging`; license files of the `choosealicense` collection, which begin
with `---`, `spdx-id: MIT`, `---`.
"""

import re

_FRONT = re.compile(r"\A\s{0,64}---[ \t]*\r?\n(.{0,8192}?)\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_SPDX = re.compile(r"(?m)^spdx-id:[ \t]*[\"']?([^\s\"']{1,100})")


def split_front_matter(text: str) -> tuple[str | None, str]:
    """Return the SPDX id that a front matter names, None without one, and the text after it."""
    front = _FRONT.match(text)
    if front is None:
        return None, text
    named = _SPDX.search(front.group(1))
    return (named.group(1) if named else None), text[front.end() :]
