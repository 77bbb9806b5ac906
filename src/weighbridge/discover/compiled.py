"""The TOML files of this room in one JSON file, because every scan needs all of them and reading TOML takes longer.

`tools/discover_data.py` writes `compiled.json`; a test fails when it differs from the TOML files.
"""

import json
from functools import cache
from typing import Any

from weighbridge.host.package_file import package_text

COMPILED = "compiled.json"
RUNTIMES = "runtimes.json"
AGENTS = "agents.json"


@cache
def compiled_data() -> dict[str, Any]:
    """Return `noise`, the content of `noise.toml`, and `signatures`, that of every file in `signatures/` by id."""
    content: dict[str, Any] = json.loads(package_text("discover", COMPILED))
    return content


@cache
def compiled_runtimes() -> dict[str, Any]:
    """Return `runtimes`, the content of every file in `runtimes/` by id, and `rules`, that of `server_rules.toml`.

    A scan does not need them.
    """
    content: dict[str, Any] = json.loads(package_text("discover", RUNTIMES))
    return content


@cache
def compiled_agents() -> dict[str, Any]:
    """Return `agents`, the content of every file in `agents/` by id, and that of five lists by the name of their file.

    These are `actor_names`, `key_formats`, `key_places`, `known_bad` and `tools`. A scan does not need them.
    """
    content: dict[str, Any] = json.loads(package_text("discover", AGENTS))
    return content
