"""What is to be noticed about the servers of a process: where they listen, what they may do, who computes.

In: a process's product, its command line and its listeners with what they answered. Out: observations for checks.
"""

from collections.abc import Iterable, Iterator

from weighbridge.discover.runtime_catalog import Runtime, runtimes
from weighbridge.discover.server_identity_decide import ServerIdentity
from weighbridge.model.observation import Observation
from weighbridge.model.running import Listener
from weighbridge.model.server_observation import CloudModels, ServerListener, ServerTools

_OFF = frozenset({"", "0", "false", "none", "off"})
_BIND = ("HOST", "ADDRESS")


def server_observations(
    runtime: str | None,
    command_line: Iterable[str],
    served: Iterable[tuple[Listener, ServerIdentity | None]],
) -> Iterator[Observation]:
    """Yield what is to be noticed; nothing for listeners that are no servers of models.

    Args:
        runtime: product of the process.
        command_line: its arguments.
        served: its listeners, each with who answers there.
    """
    servers = [
        (listener, identity)
        for listener, identity in served
        if identity is not None
        # Whoever runs models and listens beyond this machine counts even where it cannot be asked over loopback.
        and (identity.product or identity.api or (runtime is not None and (identity.answered or listener.exposed)))
    ]
    arguments: dict[str, None] = {}
    words = tuple(command_line)
    for listener, identity in servers:
        product = runtimes().get(identity.product or runtime or "")
        yield ServerListener(
            title=_title(product),
            address=listener.address,
            port=listener.port,
            exposed=listener.exposed,
            authenticated=identity.authenticated,
            bind=_variable(product, _BIND),
        )
        if identity.cloud_models:
            yield CloudModels(
                title=_title(product), models=identity.cloud_models, forbid=_variable(product, ("NO_CLOUD",))
            )
    exposed = any(listener.exposed for listener, _ in servers)
    for known in dict.fromkeys((runtime, *(identity.product for _, identity in servers))):
        arguments |= dict.fromkeys(risky_arguments(known, words))
    tools = tuple(dict.fromkeys(tool for _, identity in servers for tool in identity.tools))
    if arguments or tools:
        product = runtimes().get(next((one.product for _, one in servers if one.product), runtime) or "")
        yield ServerTools(title=_title(product), arguments=tuple(arguments), tools=tools, exposed=exposed)


def risky_arguments(runtime: str | None, command_line: tuple[str, ...]) -> tuple[str, ...]:
    """Return the arguments of a command line that let a product act or run foreign code."""
    product = runtimes().get(runtime or "")
    found = []
    for position, word in enumerate(command_line):
        name, equals, value = word.partition("=")
        if product is None or name not in product.risky_arguments:
            continue
        if not equals and position + 1 < len(command_line) and not command_line[position + 1].startswith("-"):
            value = command_line[position + 1]
            equals = "="
        if not (equals and value.lower() in _OFF):
            found.append(name)
    return tuple(dict.fromkeys(found))


def _title(product: Runtime | None) -> str:
    return product.title if product else "An unknown OpenAI-compatible server"


def _variable(product: Runtime | None, endings: tuple[str, ...]) -> str | None:
    """Return a variable of the product's hardening whose name ends so, with its value."""
    for name, value in product.hardening if product else ():
        if name.endswith(endings):
            return f"{name}={value}"
    return None
