"""Write the TOML files of the room `discover` as JSON files: one that scans read, one for servers, one for agents.

Run from the checkout: `python tools/discover_data.py`. A test fails when the committed file differs.
"""

import json
import tomllib
from pathlib import Path

from weighbridge.discover.compiled import AGENTS, COMPILED, RUNTIMES

ROOM = Path(__file__).parent.parent / "src/weighbridge/discover"
TARGET = ROOM / COMPILED
RUNTIMES_TARGET = ROOM / RUNTIMES
AGENTS_TARGET = ROOM / AGENTS


def generated() -> str:
    """Return the content of the JSON file: a line for the noise and one for every store."""
    noise = _line("noise", ROOM / "noise.toml")
    stores = ",\n".join(_line(path.stem, path) for path in sorted((ROOM / "signatures").glob("*.toml")))
    return f'{{{noise},\n"signatures": {{\n{stores}\n}}}}\n'


def generated_runtimes() -> str:
    """Return the content of the JSON file for live probes: a line for the rules and one for every product."""
    rules = _line("rules", ROOM / "server_rules.toml")
    products = ",\n".join(_line(path.stem, path) for path in sorted((ROOM / "runtimes").glob("*.toml")))
    return f'{{{rules},\n"runtimes": {{\n{products}\n}}}}\n'


def generated_agents() -> str:
    """Return the content of the JSON file about agents: a line for each list and one for every agent."""
    lists = ",\n".join(
        _line(name, ROOM / f"{name}.toml")
        for name in ("actor_names", "key_formats", "key_places", "known_bad", "tools")
    )
    agents = ",\n".join(_line(path.stem, path) for path in sorted((ROOM / "agents").glob("*.toml")))
    return f'{{{lists},\n"agents": {{\n{agents}\n}}}}\n'


def _line(name: str, path: Path) -> str:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return f"{json.dumps(name)}: {json.dumps(content, ensure_ascii=False, default=str)}"


if __name__ == "__main__":
    TARGET.write_text(generated(), encoding="utf-8")
    RUNTIMES_TARGET.write_text(generated_runtimes(), encoding="utf-8")
    AGENTS_TARGET.write_text(generated_agents(), encoding="utf-8")
