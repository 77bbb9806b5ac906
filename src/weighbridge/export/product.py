"""What exports know of a product: a runtime, a server, an agent.

Names are hints: an export puts digests, signers and paths before them, and says so where only a name is left.
"""

from typing import Literal

from weighbridge.model.record import record


@record
class Product:
    """One entry of the catalog, reduced to what other products can match on."""

    id: str
    title: str
    kind: Literal["runtime", "agent"]
    confidence: str
    """`source`, `docs`, `peer` or `unverified`: of the entry as a whole."""
    executables: tuple[str, ...] = ()
    """Patterns of paths (`*/.local/share/claude/versions/*`)."""
    process_names: tuple[str, ...] = ()
    command_lines: tuple[str, ...] = ()
    """Regular expressions."""
    ports: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    """systemd units."""
    configuration: tuple[str, ...] = ()
    """Files and folders, `~` for a home."""
    risky_arguments: tuple[str, ...] = ()
    """Arguments that widen what it may do (`--dangerously-skip-permissions`)."""
    hardening: tuple[tuple[str, str], ...] = ()
    """Environment variables that keep it on this machine: (`OLLAMA_HOST`, `127.0.0.1`)."""
