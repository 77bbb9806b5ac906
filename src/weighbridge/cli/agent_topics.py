"""Pages of `wb explain` on agents: how each is told, where its settings are, what lets it act without asking."""

from collections.abc import Iterator

from weighbridge.cli.runtime_topics import CONFIDENCE
from weighbridge.discover.agent_catalog import CatalogAgent, agents
from weighbridge.discover.agent_places import for_people

_MOST = 8


def agent_titles() -> dict[str, str]:
    """Return one line about every agent, by id."""
    return {one.id: f"Agent: {one.title}." for one in agents()}


def agent_page(topic: str) -> str | None:
    """Return what is known of an agent, None if there is none of this id."""
    agent = next((one for one in agents() if one.id == topic), None)
    return None if agent is None else "\n".join(_lines(agent))


def _lines(agent: CatalogAgent) -> Iterator[str]:
    yield f"Agent: {agent.title}."
    program = agent.program
    told = {
        "programs": program.names,
        "hints": tuple(f"{name} (others are called so too)" for name in program.shared),
        "packages": tuple(f"{name} ({kind})" for kind, names in agent.packages.items() for name in names),
        "variables": program.markers,
    }
    if any(told.values()):
        yield ""
        yield "How it is told"
        for title, names in told.items():
            yield from _listed(title, names)
    read = {
        "settings": [file.path for file in agent.files],
        "skills": [folder.path for folder in agent.skills],
        "told to it": [folder.path for folder in agent.instructions],
    }
    if any(read.values()):
        yield ""
        yield "What `wb agent audit` reads"
        for title, places in read.items():
            yield from _listed(title, tuple(dict.fromkeys(for_people(place)[0] for place in places)))
    modes = tuple(f"{mode.key} = {', '.join(mode.autonomous)}" for file in agent.files for mode in file.modes)
    if program.autonomy or modes:
        yield ""
        yield "What lets it act without asking"
        yield from (f"  {what}" for what in dict.fromkeys((*program.autonomy, *modes)))
    yield ""
    yield f"These facts are {CONFIDENCE[agent.confidence]}, {agent.checked}: {agent.source}."


def _listed(title: str, names: tuple[str, ...]) -> Iterator[str]:
    """Yield one name a line, the first of them behind its title."""
    for at, name in enumerate(names[:_MOST]):
        yield f"  {title if not at else '':<11} {name}"
    if len(names) > _MOST:
        yield f"  {'':<11} and {len(names) - _MOST} more"
