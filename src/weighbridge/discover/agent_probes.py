"""What the audit of agents looks at, declared from the catalog: the page "What Weighbridge looks at" is made of it."""

from weighbridge.discover.agent_catalog import CatalogAgent, agents
from weighbridge.discover.agent_places import for_people
from weighbridge.discover.compiled import compiled_agents
from weighbridge.discover.installed_agents import PROGRAM_FOLDERS
from weighbridge.discover.probe import Declaration
from weighbridge.model.record import record


@record
class AgentProbe:
    """One part of the audit."""

    id: str
    title: str
    declaration: Declaration


def agent_probes() -> tuple[AgentProbe, ...]:
    """Return what is read for every agent, and for all of them together."""
    places = compiled_agents()["key_places"]
    keys = [place for name in ("profiles", "projects", "stores") for place in places[name]]
    return (
        *(_probe(agent) for agent in agents()),
        AgentProbe(
            id="keys",
            title="Keys",
            declaration=Declaration(
                reads=tuple(shown for place in keys for shown in for_people(place)),
                cost="small files, read whole",
                purpose="Looks for keys here and in the agents' files above; of a key a fingerprint is kept.",
            ),
        ),
        AgentProbe(
            id="programs",
            title="Programs",
            declaration=Declaration(
                reads=tuple(f"{shown}/*" for place in PROGRAM_FOLDERS for shown in for_people(place)),
                cost="directory listings",
                purpose="Looks for agents by the names of programs; none is opened.",
            ),
        ),
        AgentProbe(
            id="tools",
            title="AI tools",
            declaration=Declaration(
                reads=(
                    *("~/**", "/opt/**", "/srv/**", "/usr/local/lib/**", "/usr/lib/node_modules", "/usr/lib/python3"),
                    *("/var/lib/dpkg/status", "/opt/homebrew/*", "/home/linuxbrew/.linuxbrew/*"),
                ),
                cost="names of folders; of AI packages the version",
                purpose="Finds Python environments, node_modules, extensions and plugins; no interpreter is run.",
            ),
        ),
    )


def _probe(agent: CatalogAgent) -> AgentProbe:
    files = [file.path for file in agent.files]
    skills = [f"{folder.path}/**" for folder in agent.skills]
    texts = [folder.path for folder in agent.instructions]
    reads = dict.fromkeys(shown for place in (*files, *texts, *skills) for shown in for_people(place))
    moved = dict.fromkeys(one.variable for one in agent.moved)
    return AgentProbe(
        id=agent.id,
        title=agent.title,
        declaration=Declaration(
            reads=tuple(reads),
            environment=tuple(moved),
            purpose=f"Configurations, skills and instructions of {agent.title}.",
        ),
    )
