"""What is noticed about servers of models, for checks to judge."""

from weighbridge.model.observation import Observation
from weighbridge.model.record import record


@record
class ServerListener(Observation):
    """A server of models accepts connections."""

    title: str
    """The product, or that it is not known."""
    address: str
    port: int | None
    exposed: bool
    """Whether machines beyond this one can reach it."""
    authenticated: bool | None
    """Whether it refuses requests without a key; None where that was not seen."""
    bind: str | None = None
    """Variable or argument by which it is kept on this machine, with its value."""


@record
class ServerTools(Observation):
    """A server of models may act: run tools, call tool servers, run code that comes with a model."""

    title: str
    arguments: tuple[str, ...] = ()
    """Arguments of its command line that let it."""
    tools: tuple[str, ...] = ()
    """Tools that it says it has."""
    exposed: bool = False


@record
class CloudModels(Observation):
    """A server on this machine offers models that are computed elsewhere."""

    title: str
    models: tuple[str, ...]
    forbid: str | None = None
    """Variable by which that is switched off, with its value."""
