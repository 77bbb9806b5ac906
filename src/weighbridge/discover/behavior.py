"""How somebody works, in numbers, from a trace of files and programs: pure.

Source of the features: an experiment with a compilation and an agent-like run, in which reopening, the share of system
folders, the spread over kinds of files, and reads of keys told the two apart, and rates and pauses did not.
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


@cache
def actor_names() -> dict[str, Any]:
    """Return the content of `actor_names.toml`."""
    names: dict[str, Any] = compiled_agents()["actor_names"]
    return names


def behavior(trace: FileTrace) -> Behavior:
    """Return the numbers of a trace."""
    names = actor_names()
    system = tuple(names["system"])
    own = [(path, written) for path, written in trace.opened if not path.startswith(system)]
    files = {path for path, _ in own}
    paths = {path for path, _ in trace.opened}
    looking = frozenset(names["looking"])
    sensitive = {path for path in files if any(part in path.removeprefix(trace.home) for part in names["sensitive"])}
    return Behavior(
        opens=len(trace.opened),
        files=len(paths),
        reopened=round(len(own) / len(files), 3) if files else 0.0,
        system_share=round(1 - len(own) / len(trace.opened), 3) if trace.opened else 0.0,
        written_share=round(sum(written for _, written in own) / len(own), 3) if own else 0.0,
        folders_per_file=round(len({path.rpartition("/")[0] for path in files}) / len(files), 3) if files else 0.0,
        kinds=_entropy(_ending(path) for path in files),
        looking_share=round(sum(name in looking for name in trace.started) / len(trace.started), 3)
        if trace.started
        else 0.0,
        program_kinds=_entropy(trace.started),
        starts=len(trace.started),
        sensitive=len(sensitive),
    )


def agent_signs(numbers: Behavior) -> tuple[str, ...]:
    """Return what in these numbers is as agents work, as clauses; three of them make it likely."""
    signs = []
    if numbers.starts >= LEAST_STARTS and numbers.looking_share >= 0.3:
        signs.append(f"{numbers.looking_share:.0%} of the programs it starts look at things one by one")
    if numbers.starts >= LEAST_STARTS and numbers.program_kinds >= 1.8 and numbers.looking_share > 0:
        signs.append(f"it mixes programs ({numbers.program_kinds:.1f} bits)")
    if numbers.opens >= LEAST_OPENS:
        if numbers.reopened < 1.6 and numbers.kinds >= 1.5 and numbers.written_share < 0.3:
            signs.append(f"it reads {numbers.kinds:.1f} bits of kinds of files, most of them once")
        if numbers.system_share < 0.3 and numbers.folders_per_file >= 0.25:
            signs.append("it goes through many folders")
    if numbers.sensitive:
        signs.append(f"it opens files behind which keys are ({numbers.sensitive})")
    return tuple(signs)


def is_telling(numbers: Behavior) -> bool:
    """Tell whether there is enough of a trace to say anything."""
    return numbers.starts >= LEAST_STARTS or numbers.opens >= LEAST_OPENS


def looks_like_agent(numbers: Behavior) -> bool:
    """Tell whether the numbers are as agents work: a process that starts several kinds of lookers, and more signs."""
    return is_telling(numbers) and numbers.looking_share >= 0.3 and len(agent_signs(numbers)) >= 3


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower()[:10] if "." in name[1:] else ""


def _entropy(values: Iterable[str]) -> float:
    counts = Counter(values)
    total = sum(counts.values())
    if not total:
        return 0.0
    return round(max(0.0, -sum(count / total * log2(count / total) for count in counts.values())), 3)
