"""The catalogs of runtimes and agents, as far as other products can match on them."""

from collections.abc import Iterable, Iterator

from weighbridge.discover.agent_catalog import CatalogAgent, agents
from weighbridge.discover.runtime_catalog import Runtime, runtimes
from weighbridge.export.product import Product
from weighbridge.export.signers import SIGNERS

_RUNNING = ("gateway", "runtime", "ui")
"""Kinds of the catalog that run or serve models; converters and downloaders do not."""


def products() -> tuple[Product, ...]:
    """Return all products of both catalogs that other products can tell by name, path or unit."""
    found = [_runtime(one) for one in runtimes().values() if one.kind in _RUNNING]
    return tuple(one for one in (*found, *map(_agent, agents())) if one.told or one.units or one.ports)


def _runtime(one: Runtime) -> Product:
    return Product(
        id=one.id,
        title=one.title,
        kind="runtime",
        confidence=one.provenance.confidence,
        executables=one.folders,
        process_names=_exact(one.programs),
        signers=SIGNERS.get(one.id, ()),
        scripts=one.scripts,
        command_lines=one.command_lines,
        ports=one.ports,
        units=one.units,
        configuration=one.configuration,
        models=tuple(sorted({folder for _, folders in one.models for folder in folders if _path(folder)})),
        risky_arguments=one.risky_arguments,
        hardening=one.hardening,
    )


def _agent(one: CatalogAgent) -> Product:
    program = one.program
    return Product(
        id=one.id,
        title=one.title,
        kind="agent",
        confidence=one.confidence,
        executables=program.paths,
        process_names=_exact(program.names),
        signers=SIGNERS.get(one.id, ()),
        scripts=tuple(pattern for part in program.arguments if part.count("/") > 1 for pattern in _script(part)),
        units=program.units,
        configuration=tuple(dict.fromkeys(_home(file.path) for file in one.files if file.path.startswith("{home}"))),
        risky_arguments=program.autonomy,
    )


def _exact(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if not set(name) & set("*?["))


def _script(part: str) -> Iterator[str]:
    """Yield patterns of a part of a script's path; one that names a program (`/bin/gemini`) is its end."""
    if part.endswith(("/", "-")):
        yield f"*{part}*"
        return
    yield f"*{part}"
    if "/bin/" in part:
        yield f"*{part.replace('/bin/', '/.bin/')}"


def _path(folder: str) -> bool:
    return folder.startswith(("~/", "/"))


def _home(path: str) -> str:
    return path.replace("{home}", "~", 1)
