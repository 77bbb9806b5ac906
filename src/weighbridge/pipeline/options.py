"""What a run is asked to do."""

from weighbridge.host.machine import Machine
from weighbridge.model.record import record
from weighbridge.policy.packs import BUILT_IN


@record
class Options:
    """Choices for one scan."""

    roots: tuple[bytes, ...] = ()
    """Absolute files and folders; empty for the whole machine, known stores first."""
    digest: bool = True
    """Whether whole files are hashed; without it identity is what stores claim, or the inode."""
    with_blake3: bool = False
    """Whether BLAKE3 is computed beside SHA-256, for bills of materials."""
    policy: str = BUILT_IN[0]
    """Name of a pack or path of a policy folder."""
    action: str = "load"
    """What the verdict is about."""
    cache: bool = True
    """Whether results of earlier runs are used and kept."""
    contents: bool = False
    """Whether names of all files in archives are kept, for the build gate."""
    most_peeks: int | None = None
    """Budget: how many files' bytes may be looked at before the sweep stops; the next run goes on from there."""
    seconds: float | None = None
    """Budget: after so long no more files are looked at; the next run goes on from there."""
    most_hashed: int | None = None
    """Budget: how many bytes are hashed in this run; files whose store states a digest come last, small ones first."""


def whole_machine(machine: Machine, stores: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the roots of a scan without paths: stores that exist, then homes, then everything else.

    Args:
        machine: which machine.
        stores: where known stores would be.
    """
    separator, drives = (b"\\", (b"C:\\",)) if machine.platform == "windows" else (b"/", (b"/",))
    existing = []
    for path in (*stores, *machine.homes(), *drives):
        try:
            machine.stat(path, follow=True)
        except OSError:
            continue
        existing.append(path.rstrip(separator) or path if path not in drives else path)
    return tuple(dict.fromkeys(existing))
