"""How somebody works, in numbers, from a trace of files and programs: pure.

The features were chosen on the traces in tests/traces, real runs of compilers, linters, backups, searches and two
agents offline; the table in docs/reference/actor.md says how far they carry. Rates and pauses told nothing apart.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from math import log2
from typing import Any

from weighbridge.discover.compiled import compiled_agents
from weighbridge.model.trace import Behavior, FileTrace

LEAST_OPENS = 12
LEAST_STARTS = 6
"""Below these a trace tells nothing."""
LEAST_LOOKERS = 4
"""Different programs like `cat`, `sed`, `head` from which on somebody explores instead of repeating one act."""


@cache
def actor_names() -> dict[str, Any]:
    """Return the content of `actor_names.toml`."""
    names: dict[str, Any] = compiled_agents()["actor_names"]
    return names


def behavior(trace: FileTrace) -> Behavior:
    """Return the numbers of a trace."""
    names = actor_names()
    system = tuple(names["system"])
    packages = tuple(names["packages"])
    own = [
        (path, written)
        for path, written in trace.opened
        if not path.startswith(system) and not any(part in path for part in packages)
    ]
    files = {path for path, _ in own}
    paths = {path for path, _ in trace.opened}
    looking, carriers = frozenset(names["looking"]), frozenset(names["carriers"])
    started = [name for name in trace.started if name not in carriers]
    sensitive = {path for path in files if any(part in path.removeprefix(trace.home) for part in names["sensitive"])}
    return Behavior(
        opens=len(trace.opened),
        files=len(paths),
        reopened=round(len(own) / len(files), 3) if files else 0.0,
        system_share=round(1 - len(own) / len(trace.opened), 3) if trace.opened else 0.0,
        written_share=round(sum(written for _, written in own) / len(own), 3) if own else 0.0,
        folders_per_file=round(len({path.rpartition("/")[0] for path in files}) / len(files), 3) if files else 0.0,
        kinds=_entropy(_ending(path) for path in files),
        looking_share=round(sum(name in looking for name in started) / len(started), 3) if started else 0.0,
        lookers=len(looking & frozenset(started)),
        program_kinds=_entropy(started),
        starts=len(started),
        sensitive=len(sensitive),
    )


def agent_signs(numbers: Behavior) -> tuple[str, ...]:
    """Return what in these numbers is as agents work, as clauses, the most telling first."""
    signs = []
    if numbers.starts >= LEAST_STARTS and numbers.lookers >= LEAST_LOOKERS:
        signs.append(f"it uses {numbers.lookers} different programs to look at things")
    if numbers.starts >= LEAST_STARTS and numbers.program_kinds >= 1.8 and numbers.lookers:
        signs.append(f"it mixes programs ({numbers.program_kinds:.1f} bits)")
    if numbers.opens >= LEAST_OPENS and numbers.kinds >= 1.5 and numbers.reopened < 1.6 and numbers.written_share < 0.3:
        signs.append(f"it reads many kinds of files ({numbers.kinds:.1f} bits), most of them once")
    if numbers.sensitive:
        signs.append(f"it opens files behind which keys are ({numbers.sensitive})")
    return tuple(signs)


def is_telling(numbers: Behavior) -> bool:
    """Tell whether there is enough of a trace to say anything."""
    return numbers.starts >= LEAST_STARTS or numbers.opens >= LEAST_OPENS


def looks_like_agent(numbers: Behavior) -> bool:
    """Tell whether the numbers are as agents work: several kinds of lookers, and another sign.

    A person who looks around in a shell does the same; this is why lineage and terminals decide first.
    """
    return is_telling(numbers) and numbers.lookers >= LEAST_LOOKERS and len(agent_signs(numbers)) >= 2


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower()[:10] if "." in name[1:] else ""


def _entropy(values: Iterable[str]) -> float:
    counts = Counter(values)
    total = sum(counts.values())
    if not total:
        return 0.0
    return round(max(0.0, -sum(count / total * log2(count / total) for count in counts.values())), 3)
