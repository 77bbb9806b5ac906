"""The contract of a probe: it declares what it reads before it reads it."""

from collections.abc import Callable, Iterable

from weighbridge.host.machine import Machine, Platform
from weighbridge.model.fact import Fact
from weighbridge.model.finding import Unexamined
from weighbridge.model.record import record


@record
class Declaration:
    """What a probe touches. The page "What Weighbridge looks at" is generated from these."""

    reads: tuple[str, ...]
    """Path patterns with `~` for home and `*` / `**`; a read outside of them fails the probe's test."""
    environment: tuple[str, ...] = ()
    """Environment variables that it consults."""
    asks: tuple[str, ...] = ()
    """What it asks of the running machine: names of methods of `host.live.Live`."""
    platforms: tuple[Platform, ...] = ("linux", "darwin", "windows")
    privilege: str = "user"
    cost: str = "directory listings and small files"
    purpose: str = ""
    """One sentence for the person whose machine it is."""


@record
class Candidate:
    """A file worth identifying, and what is already known about it."""

    path: bytes
    store: str | None = None
    store_name: str | None = None
    claimed_sha256: str | None = None
    facts: tuple[Fact, ...] = ()
    """What the store says (manifest, refs, metadata files): grade `declared`."""
    link: bool = False


@record
class Probe:
    """One source of candidates.

    `roots(machine)` names the folders at which the store may stand on this machine; `looks_like(machine, folder)`
    recognizes such a store by its layout anywhere else; `explore(machine, folder)` yields its files and what could
    not be read.
    """

    id: str
    title: str
    declaration: Declaration
    roots: Callable[[Machine], tuple[bytes, ...]]
    looks_like: Callable[[Machine, bytes, frozenset[bytes]], bool]
    """Arguments: machine, folder, names in it. Must decide from names and at most one more listing."""
    explore: Callable[[Machine, bytes], Iterable[Candidate | Unexamined]]
    markers: frozenset[bytes] = frozenset()
    """Names of which at least one is in every such store; only then is `looks_like` asked. Empty: never asked."""
    describe: Callable[[bytes, bytes], Candidate] | None = None
    """Store folder and file path to what follows from the path alone, for files that `explore` does not name."""
    reads_ahead: bool = True
    """Whether a sweep calls `explore` when it enters the store; not for plain folders, where `describe` says it all."""
