"""Ask many listeners who they are: several at once, in bounded time, and none twice without a reason.

In: listeners to ask, by what makes the question another one. Out: who answers, and how many nobody had time for: a
machine may have ten thousand listeners that accept connections and say nothing. Those whose process shows signs of
running models come first, then ports of the catalog; the next look goes on where this one ended.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from weighbridge.discover.runtime_catalog import runtimes
from weighbridge.discover.server_identity import identify
from weighbridge.discover.server_identity_decide import ServerIdentity
from weighbridge.discover.server_product_decide import Owner
from weighbridge.discover.server_rules import server_rules
from weighbridge.host.live import Live, SocketListener

_ASKED_AGAIN = 720
"""Looks after which a server is asked again, as its models change; an hour where every fifth second is one."""
_WHILE_IT_LOADS = 20
_WHILE_IT_IS_SILENT = 3


class Question(NamedTuple):
    """What makes it another question: which socket, of which process, taken for what."""

    inode: int
    address: str
    port: int
    owner: tuple[int, int]
    runtime: str | None


class Wanted(NamedTuple):
    """A listener to ask."""

    socket: SocketListener
    owner: Owner
    runs_models: bool
    """Whether its process shows signs of it."""

    def rank(self, asked: int) -> tuple[bool, int, bool]:
        """Return what sorts listeners: the likeliest servers of models first, then whoever was asked least often."""
        return not self.runs_models, asked, not any(self.socket.port in one.ports for one in runtimes().values())


class _Known(NamedTuple):
    identity: ServerIdentity
    asked: int
    """How often."""
    looks: int
    """How many looks ago."""

    def holds(self) -> bool:
        """Return whether it need not be asked again."""
        if self.looks >= _ASKED_AGAIN:
            return False
        most = 1 if self.identity.settled else _WHILE_IT_LOADS
        return self.asked >= (most if self.identity.answered else _WHILE_IT_IS_SILENT)


class ServerAsking:
    """Remembers what servers answered.

    Args:
        live: the running machine.
        clock: seconds, for the bounds.
    """

    def __init__(self, live: Live, clock: Callable[[], float]) -> None:
        self._live = live
        self._clock = clock
        self._known: dict[Question, _Known] = {}

    def answers(self, wanted: Mapping[Question, Wanted]) -> tuple[dict[Question, ServerIdentity], tuple[Question, ...]]:
        """Return who answers, and the questions that there was no time for."""
        before, self._known = self._known, {}
        to_ask = []
        for question, one in wanted.items():
            known = before.get(question)
            if known is not None and known.holds():
                self._known[question] = known._replace(looks=known.looks + 1)
            else:
                to_ask.append((question, one))
        asked = {question: known.asked for question, known in before.items() if known.looks < _ASKED_AGAIN}
        to_ask.sort(key=lambda item: item[1].rank(asked.get(item[0], 0)))
        left = []
        for (question, _), identity in zip(to_ask, self._ask([one for _, one in to_ask]), strict=True):
            known = before.get(question)
            if identity is not None:
                self._known[question] = _Known(identity, asked.get(question, 0) + 1, 0)
            elif known is not None:
                self._known[question] = known
            else:
                left.append(question)
        return {question: known.identity for question, known in self._known.items()}, tuple(left)

    def _ask(self, wanted: Sequence[Wanted]) -> Iterator[ServerIdentity | None]:
        """Yield who answers, in this order; None where time ran out before the first question."""
        rules = server_rules()
        ask = partial(self._one, end=self._clock() + rules.look_seconds)
        if len(wanted) < 2:
            yield from map(ask, wanted)
            return
        from concurrent.futures import ThreadPoolExecutor  # most looks ask nobody

        with ThreadPoolExecutor(min(rules.at_once, len(wanted))) as pool:
            yield from pool.map(ask, wanted)

    def _one(self, one: Wanted, end: float) -> ServerIdentity | None:
        if self._clock() > end:
            return None
        return identify(self._live, one.socket, one.owner, self._clock)
