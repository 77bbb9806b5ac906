"""Which listeners of this machine are servers of models, and of which product.

In: listening sockets by process, and what each process is. Out: who answers, by socket; sockets whose owner is not
visible are given to the process of the same account that runs what answers. A socket is asked once, and again only when
its owner turns out to be something else or was not ready.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from weighbridge.discover.runtime_catalog import runtimes
from weighbridge.discover.runtime_identity import RuntimeIdentity
from weighbridge.discover.server_asking import Question, ServerAsking, Wanted
from weighbridge.discover.server_identity import Asking, may_ask
from weighbridge.discover.server_identity_decide import ServerIdentity
from weighbridge.discover.server_product_decide import Owner
from weighbridge.discover.server_rules import server_rules
from weighbridge.host.live import Live, SocketListener
from weighbridge.model.record import record
from weighbridge.model.running import Listener


@record
class SocketOwner:
    """What is known of a process that listens."""

    pid: int
    started: int
    parent: int = 0
    user: int | None = None
    program: str | None = None
    """File name of its program, None if that is not visible."""
    identity: RuntimeIdentity = RuntimeIdentity()
    has_weights: bool = False

    @property
    def runs_models(self) -> bool:
        """Whether it shows signs of running models."""
        return self.has_weights or self.identity.runs_models or self.identity.inference_library is not None


class Servers(NamedTuple):
    """What was found."""

    by_process: dict[int, tuple[SocketListener, ...]]
    """The sockets of each process; one that forked workers has those that they share."""
    identities: dict[SocketListener, ServerIdentity]
    """Who answers; sockets that were not asked are not in it."""
    not_visible: tuple[str, ...]


class ServerProbe:
    """Asks listeners who they are, and remembers what they answered.

    Args:
        live: the running machine.
        clock: seconds, for the bounds of time.
    """

    def __init__(self, live: Live, clock: Callable[[], float]) -> None:
        self._live = live
        self._asking = ServerAsking(live, clock)

    def find(
        self,
        owned: Mapping[int, Sequence[SocketListener]],
        unowned: Iterable[SocketListener],
        owners: Mapping[int, SocketOwner],
    ) -> Servers:
        """Return who answers.

        Args:
            owned: sockets by process.
            unowned: sockets whose process is not visible.
            owners: what is known of every process, also of those that do not listen.
        """
        running = frozenset(one.user for one in owners.values() if one.runs_models and one.user is not None)
        by_process = _topmost(owned, owners)
        wanted: dict[Question, Wanted] = {}
        questions: dict[SocketListener, Question] = {}
        for pid, sockets in by_process.items():
            at: dict[int, Question] = {}
            for socket in sockets:
                # Addresses of one port are one server.
                question = at.get(socket.port) or self._question(socket, owners[pid], running, wanted)
                if question is not None:
                    questions[socket] = question
                    if socket.port:
                        at[socket.port] = question
        ports: set[int] = set()
        for socket in unowned:
            question = self._question(socket, None, running, wanted)
            if question is not None:
                questions[socket] = question
            elif socket.port and socket.port not in server_rules().left_alone_ports:
                ports.add(socket.port)
        answers, left = self._asking.answers(wanted)
        found = {socket: answers[question] for socket, question in questions.items() if question in answers}
        missed = []
        for socket in unowned:
            identity = found.get(socket)
            if identity is None:
                continue
            if not (identity.product or identity.api):
                del found[socket]
            elif (behind := _likely_owner(socket, identity, owners)) is None:
                what = f"the process behind {_place(socket)}, which {_what(identity)}"
                missed.append(f"{what}: needs CAP_SYS_PTRACE or root")
            else:
                by_process[behind] = (*by_process.get(behind, ()), socket)
        if left:
            missed.append(
                f"what answers on {len(left)} ports: there was no time to ask them all, the next look goes on"
            )
        if ports:
            of = f"{len(ports)} ports of processes that are" if len(ports) > 1 else "1 port of a process that is"
            missed.append(f"what answers on {of} not visible: needs CAP_SYS_PTRACE or root")
        return Servers(by_process, found, tuple(missed))

    def _question(
        self,
        socket: SocketListener,
        owner: SocketOwner | None,
        running: frozenset[int],
        wanted: dict[Question, Wanted],
    ) -> Question | None:
        """Return the question to a socket and put it among those that are `wanted`; None if it is not to be asked."""
        account = self._live.user_name(socket.user) if socket.user is not None and not _is_asked(owner) else None
        asking = Asking(
            program=owner.program if owner else None,
            account=account,
            runs_models=_is_asked(owner),
            account_runs_models=socket.user in running,
        )
        if not may_ask(socket, asking):
            return None
        product = owner.identity if owner else RuntimeIdentity()
        question = Question(
            socket.inode,
            socket.address,
            socket.port,
            (owner.pid, owner.started) if owner else (0, 0),
            product.runtime or product.hint,
        )
        wanted[question] = Wanted(socket, _known_of(product, socket), _is_asked(owner))
        return question


def described(listener: Listener, identity: ServerIdentity | None) -> Listener:
    """Return a listener with what is known of who answers."""
    if identity is None:
        return listener
    return replace(
        listener,
        product=identity.product,
        identified_by=identity.identified_by or ((identity.doubt,) if identity.doubt else ()),
        api=identity.api,
        models=identity.models,
        authenticated=identity.authenticated,
    )


def _is_asked(owner: SocketOwner | None) -> bool:
    return owner is not None and owner.runs_models


def _known_of(product: RuntimeIdentity, socket: SocketListener) -> Owner:
    return Owner(
        runtime=product.runtime,
        engine=product.engine,
        certain=product.runtime is not None and not product.by_library,
        hint=product.hint,
        reasons=product.reasons,
        port=socket.port or None,
    )


def _topmost(
    owned: Mapping[int, Sequence[SocketListener]], owners: Mapping[int, SocketOwner]
) -> dict[int, tuple[SocketListener, ...]]:
    """Return sockets by process, those that a parent holds too left out."""
    left = {}
    for pid, sockets in owned.items():
        if pid in owners:
            above = {*owned.get(owners[pid].parent, ())}
            if own := tuple(socket for socket in sockets if socket not in above):
                left[pid] = own
    return left


def _likely_owner(socket: SocketListener, identity: ServerIdentity, owners: Mapping[int, SocketOwner]) -> int | None:
    """Return the process that must be behind a socket: the only one of its account that runs what answers."""
    able = [
        one.pid
        for one in owners.values()
        if one.user == socket.user and identity.product in (one.identity.runtime, one.identity.engine)
    ]
    tops = [pid for pid in able if owners[pid].parent not in able]
    return tops[0] if len(tops) == 1 and identity.product else None


def _place(socket: SocketListener) -> str:
    return f"{socket.address}:{socket.port}" if socket.port else socket.address


def _what(identity: ServerIdentity) -> str:
    if identity.product:
        return f"answers like {runtimes()[identity.product].title}"
    return "answers like an unknown OpenAI-compatible server" if identity.api == "openai" else "answers like Ollama"
