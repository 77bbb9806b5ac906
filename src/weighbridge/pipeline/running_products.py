"""What every process is: a product that runs models, an agent, or neither.

In: processes as seen. Out: products and agents by process. A process that did nothing since the last look is what it
was.
"""

from collections.abc import Mapping

from weighbridge.discover.agent_process import agent_process
from weighbridge.discover.process_view import ProcessView
from weighbridge.discover.runtime_identity import ProcessFacts, RuntimeIdentity, identities, identity_of
from weighbridge.model.record import record


@record
class _Known:
    view: ProcessView
    facts: ProcessFacts
    identity: RuntimeIdentity
    agent: str | None


class Products:
    """Remembers what processes are."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}

    def find(self, views: Mapping[int, ProcessView]) -> tuple[dict[int, RuntimeIdentity], dict[int, str]]:
        """Return the products that processes are, and the ids of the agents that they are."""
        before, self._known = self._known, {}
        for pid, view in views.items():
            known = before.get(pid)
            self._known[pid] = known if known is not None and known.view is view else _looked_at(view)
        facts = {pid: one.facts for pid, one in self._known.items()}
        own = {pid: one.identity for pid, one in self._known.items()}
        return identities(facts, own), {pid: one.agent for pid, one in self._known.items() if one.agent is not None}


def _looked_at(view: ProcessView) -> _Known:
    facts = ProcessFacts(
        pid=view.pid,
        parent=view.entry.parent,
        name=_text(view.entry.name),
        executable=_text(view.executable) if view.executable is not None else None,
        command_line=tuple(map(_text, view.command_line)),
        working_folder=_text(view.working_folder) if view.working_folder is not None else None,
        mapped=tuple(_text(mapped.path) for mapped in view.mapped),
    )
    agent = agent_process(facts.name, facts.executable or "", facts.command_line)
    return _Known(
        view=view, facts=facts, identity=identity_of(facts), agent=agent.agent.id if agent is not None else None
    )


def _text(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")
