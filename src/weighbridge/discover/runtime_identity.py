"""Which product a process is: by its program, its command line, the libraries that it maps, and its parents.

In: what is known of processes. Out: catalog ids with reasons. A name is a hint where others use it too (`tabby` is also
a terminal); words in arguments are none at all, so that searching for `ollama serve` is not running it. A server that a
product starts as its own (Ollama starts llama.cpp's) belongs to that product.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from weighbridge.discover.runtime_catalog import Runtime, runtimes
from weighbridge.discover.server_rules import fits, library_grade
from weighbridge.model.record import record

_INTERPRETER = re.compile(r"(?:python|pypy)[0-9.]*w?|node(?:js)?|bun|deno", re.ASCII)
_OPTION_WITH_VALUE = frozenset({"-X", "-W", "--require", "-r", "--import", "--loader"})
_ANCESTORS = 8
_SHOWN = 100


@record
class ProcessFacts:
    """What is known of a process. Whatever was not visible is None or empty."""

    pid: int
    parent: int = 0
    name: str = ""
    """What the kernel calls it."""
    executable: str | None = None
    command_line: tuple[str, ...] = ()
    working_folder: str | None = None
    mapped: tuple[str, ...] = ()
    """Paths of mapped files."""


@record
class RuntimeIdentity:
    """Which product a process is."""

    runtime: str | None = None
    reasons: tuple[str, ...] = ()
    served_for: str | None = None
    """The product whose child server it is."""
    engine: str | None = None
    """What the process itself is, if `runtime` is the product that started it."""
    hint: str | None = None
    """A product whose name it bears, if that proves nothing."""
    by_library: bool = False
    """Whether it stands on nothing but a mapped library, which other products may bring too."""
    inference_library: str | None = None
    """A mapped library that only programs have which run models."""
    computes: bool = False
    """Whether it maps a library that computes with tensors, for models or for anything else."""

    @property
    def runs_models(self) -> bool:
        """Whether it is of a product that runs or serves models, not only fetches or converts them."""
        return self.runtime is not None and runtimes()[self.runtime].kind != "toolchain"


def identities(
    processes: Mapping[int, ProcessFacts], own: Mapping[int, RuntimeIdentity] | None = None
) -> dict[int, RuntimeIdentity]:
    """Return what every process is; only those with a runtime, a hint or an inference library are listed.

    Args:
        processes: all of them.
        own: what `identity_of` says of each, where the caller knows it already.
    """
    if own is None:
        own = {pid: identity_of(facts) for pid, facts in processes.items()}
    found = {}
    for pid, facts in processes.items():
        identity = _attributed(facts, own, processes)
        if identity.runtime or identity.hint or identity.inference_library or identity.computes:
            found[pid] = identity
    return found


def identity_of(facts: ProcessFacts) -> RuntimeIdentity:
    """Return what a process is by itself, parents left out."""
    library = next((path for path in facts.mapped if library_grade(path) == "strong"), None)
    computes = any(library_grade(path) in ("strong", "medium") for path in facts.mapped)
    known, reason, hint = _by_program(facts)
    folder = _by_folder(facts.executable)
    if folder and folder[0] != known:
        owner, path = folder
        reasons = (f"its program lies in {_shown(path)}", *((reason,) if reason else ()))
        if known is None or known in runtimes()[owner].children:
            return RuntimeIdentity(
                runtime=owner, reasons=reasons, served_for=owner if known else None, engine=known,
                inference_library=library, computes=computes,
            )  # fmt: skip
    if known is None and (brought := _by_library(facts.mapped)):
        owner, path = brought
        return RuntimeIdentity(
            runtime=owner,
            reasons=(f"maps {_shown(path)}",),
            hint=hint,
            by_library=True,
            inference_library=library,
            computes=computes,
        )
    return RuntimeIdentity(
        runtime=known, reasons=(reason,) if known else (), hint=hint, inference_library=library, computes=computes
    )


def script_of(command_line: tuple[str, ...]) -> tuple[str, str]:
    """Return what an interpreter runs: (`module` or `script`, its name); twice empty if that is neither."""
    arguments = iter(command_line[1:])
    for argument in arguments:
        if argument == "-m":
            return "module", next(arguments, "")
        if argument in ("-c", "-e", "-", "--eval", "-p", "--print"):
            return "", ""
        if argument in _OPTION_WITH_VALUE:
            next(arguments, None)
        elif not argument.startswith("-"):
            return "script", argument
    return "", ""


def _attributed(
    facts: ProcessFacts, own: Mapping[int, RuntimeIdentity], processes: Mapping[int, ProcessFacts]
) -> RuntimeIdentity:
    identity = own[facts.pid]
    if identity.served_for or not (identity.runtime or identity.inference_library):
        return identity
    pid = facts.parent
    for _ in range(_ANCESTORS):
        parent = own.get(pid)
        if parent is None:
            break
        product = runtimes()[parent.runtime] if parent.runtime else None
        if product and (identity.runtime in product.children or (identity.runtime is None and product.children)):
            what = f"{runtimes()[identity.runtime].title} server" if identity.runtime else "inference process"
            return RuntimeIdentity(
                runtime=product.id,
                reasons=(f"{what} started by {product.title} (pid {pid})", *identity.reasons),
                served_for=product.id,
                engine=identity.runtime,
                inference_library=identity.inference_library,
                computes=identity.computes,
            )
        pid = processes[pid].parent
    return identity


def _by_program(facts: ProcessFacts) -> tuple[str | None, str, str | None]:
    """Return the product, the reason, and a product that only the name hints at."""
    first = facts.command_line[0] if facts.command_line else ""
    program = facts.executable or first or facts.name
    for prefix, runtime_id in _pairs("titles"):
        for title in (first, facts.name):
            if title.startswith(prefix):
                return runtime_id, f"calls itself {_shown(title)}", None
    if _INTERPRETER.fullmatch(_base(program)):
        return _by_script(facts)
    word = facts.command_line[1] if len(facts.command_line) > 1 else ""
    seen = "" if facts.executable else ", as it says; its file is not visible"
    known, hint = _by_name(_base(program), word)
    if known is None and hint is None and first:
        # A link to a program of many names; anybody may choose this text.
        known, hint = None, _by_name(_base(first), word)[0]
    return known, f"program {_shown(program)}{seen}" if known else "", hint


def _by_script(facts: ProcessFacts) -> tuple[str | None, str, str | None]:
    kind, name = script_of(facts.command_line)
    if kind == "module":
        owners = [(module, owner) for module, owner in _pairs("modules") if f"{name}.".startswith(f"{module}.")]
        if owners:
            return max(owners)[1], f"runs the Python module {_shown(name)}", None
    elif kind == "script":
        path = name if name.startswith("/") or facts.working_folder is None else f"{facts.working_folder}/{name}"
        for pattern, runtime_id in _pairs("scripts"):
            if fits(path, pattern):
                return runtime_id, f"runs the script {_shown(path)}", None
        at = facts.command_line.index(name) + 1
        word = facts.command_line[at] if len(facts.command_line) > at else ""
        known, hint = _by_name(_base(name), word)
        return known, f"runs the script {_shown(path)}" if known else "", hint
    return None, "", None


def _by_name(name: str, word: str) -> tuple[str | None, str | None]:
    """Return the product of a program's name called with `word` as its first argument, and a mere hint."""
    entry = _programs().get(name.lower()) or next(
        ((runtime, True) for pattern, runtime in _patterns() if fits(name.lower(), pattern)), None
    )
    if entry is None:
        return None, None
    runtime, certain = entry
    called = not runtime.subcommands or word in runtime.subcommands
    if certain:
        # `ollama list` asks a server and is none.
        client = not called and word and not word.startswith("-")
        return (None, None) if client else (runtime.id, None)
    return (runtime.id, None) if called and runtime.subcommands else (None, runtime.id)


def _by_folder(executable: str | None) -> tuple[str, str] | None:
    if executable:
        for pattern, runtime_id in _pairs("folders"):
            if fits(executable, pattern):
                return runtime_id, executable
    return None


def _by_library(mapped: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the product whose library is mapped; one that is told by its folder goes before one told by a name."""
    told = [(*found, path) for path in mapped if (found := _product_of_library(path))]
    return min(told)[1:] if told else None


@lru_cache(maxsize=16_384)
def _product_of_library(path: str) -> tuple[bool, str] | None:
    """Return whether a name alone told it, and the product that brings a library of this path."""
    return min(
        (("/" not in pattern, owner) for pattern, owner in _pairs("mapped") if fits(path, pattern)), default=None
    )


@cache
def _programs() -> dict[str, tuple[Runtime, bool]]:
    known: dict[str, tuple[Runtime, bool]] = {}
    for runtime in runtimes().values():
        known |= {name.lower(): (runtime, False) for name in runtime.ambiguous}
    for runtime in runtimes().values():
        known |= {name.lower(): (runtime, True) for name in runtime.programs if "*" not in name}
    return known


@cache
def _patterns() -> tuple[tuple[str, Runtime], ...]:
    return tuple((name.lower(), runtime) for runtime in runtimes().values() for name in runtime.programs if "*" in name)


@cache
def _pairs(field: str) -> tuple[tuple[str, str], ...]:
    """Return every entry of a field of the catalog, with the product that it is of."""
    return tuple((entry, runtime.id) for runtime in runtimes().values() for entry in getattr(runtime, field))


def _base(path: str) -> str:
    name = path.replace("\\", "/").rpartition("/")[2].removesuffix(" (deleted)")
    return name[:-4] if name.lower().endswith(".exe") else name


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else "…" + text[-_SHOWN:]
