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
    """Patterns of paths that are all its own (`*/.local/share/claude/versions/*`)."""
    process_names: tuple[str, ...] = ()
    """File names that are this product and no other, without patterns."""
    signers: tuple[str, ...] = ()
    """Apple code signatures, `TEAM:SIGNING-ID`."""
    scripts: tuple[str, ...] = ()
    """Patterns of a script's path on the command line of an interpreter (`*/node_modules/@openai/codex/*`)."""
    command_lines: tuple[str, ...] = ()
    """Regular expressions."""
    ports: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    """systemd units."""
    configuration: tuple[str, ...] = ()
    """Files and folders, `~` for a home."""
    models: tuple[str, ...] = ()
    """Folders in which it keeps models, `~` for a home."""
    risky_arguments: tuple[str, ...] = ()
    """Arguments that widen what it may do (`--dangerously-skip-permissions`)."""
    hardening: tuple[tuple[str, str], ...] = ()
    """Environment variables that keep it on this machine: (`OLLAMA_HOST`, `127.0.0.1`)."""

    @property
    def told(self) -> bool:
        """Whether another product can tell its processes at all."""
        return bool(self.executables or self.process_names or self.scripts)
