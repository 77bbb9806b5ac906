"""Ask a listener of this machine who it is: a few GETs over loopback, once per listener.

Which listeners are asked, and what is never sent, stands in `server_rules.toml`:

- A listener of a process that shows signs of running models (program, libraries, weights) is asked, TCP or UNIX socket.
- A TCP listener of any other program is asked, unless the program, its account or its port belong to a known service of
  another kind (a database, a printer, the session bus), where a stray request does harm, or to a tunnel or proxy, where
  it would leave this machine.
- A listener whose owner is not visible is asked only on a port of the catalog, or if its account runs models.
- Other UNIX sockets are left alone, as hardly any of them speaks HTTP.
- GET only, paths of the catalog only; no redirect is followed; answers are cut; who is late twice is left alone.
"""

from collections.abc import Callable
from dataclasses import replace

from weighbridge.discover.runtime_catalog import runtimes
from weighbridge.discover.server_identity_decide import Conversation, ServerIdentity
from weighbridge.discover.server_product_decide import Owner
from weighbridge.discover.server_rules import fits, server_rules
from weighbridge.host.live import Live, SocketListener
from weighbridge.model.record import record


@record
class Asking:
    """What decides whether a listener is asked."""

    program: str | None = None
    """File name of the owner's program; None if the owner is not visible."""
    account: str | None = None
    runs_models: bool = False
    """Whether the owner shows signs of it."""
    account_runs_models: bool = False
    """Whether another process of its account does."""


def may_ask(listener: SocketListener, asking: Asking) -> bool:
    """Return whether to send this listener GETs."""
    rules = server_rules()
    if asking.runs_models:
        return True
    if listener.transport == "unix":
        return any(fits(listener.address, pattern) for one in runtimes().values() for pattern in one.sockets)
    if listener.port in rules.left_alone_ports or asking.account in rules.left_alone_accounts:
        return False
    if asking.program is not None:
        name = asking.program.lower()
        return name.removesuffix(".exe") not in rules.left_alone_programs
    served = any(asking.account in one.accounts for one in runtimes().values())
    known_port = any(listener.port in one.ports for one in runtimes().values())
    return known_port or served or asking.account_runs_models


def identify(
    live: Live, listener: SocketListener, owner: Owner, clock: Callable[[], float] | None = None
) -> ServerIdentity:
    """Return who answers at a listener.

    Args:
        live: the running machine.
        listener: whom to ask.
        owner: what is known of its process.
        clock: seconds, to end a conversation with who takes its time for every answer; None to take that time.
    """
    rules = server_rules()
    conversation = Conversation(owner)
    failures, silence, in_time = 0, "", True
    end = clock() + rules.listener_seconds if clock is not None else 0.0
    while failures < rules.failures and (path := conversation.next_path()) is not None:
        if clock is not None and clock() > end:
            in_time = False
            break
        if path in rules.never_call:
            raise ValueError(f"{path} must not be called")
        try:
            answer = live.get(listener, path, limit=rules.body_bytes, seconds=rules.seconds)
        except OSError as error:
            failures += 1
            silence = silence or _why(error)
            conversation.hear(path, None)
        else:
            failures += answer.late
            conversation.hear(path, answer)
    result = conversation.result()
    if not in_time:
        result = replace(result, settled=result.settled and result.product is not None)
    return result if result.answered else replace(result, silence=silence or "it does not answer")


def _why(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer in HTTP in time"
    return str(error.strerror or error)[:120].lower()
