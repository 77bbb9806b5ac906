"""What an approval says: what a release may be used for, which data it may see, who answers for it, for how long."""

from collections.abc import Sequence

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.policy.vocabulary import DATA_CLASSES, DATA_KINDS

DAY = 24 * 3_600_000
LONGEST = 3 * 365
"""Days that an approval may hold."""
USUAL = 365
_CLASSES = tuple(name for name in (*DATA_CLASSES, *DATA_KINDS) if name != "unknown")
_LONGEST_TEXT = 4_000


@record
class Approval:
    """What an approval says. `days`: how long it holds."""

    guidance: str = ""
    data_classes: tuple[str, ...] = ()
    owner: str = ""
    days: int = USUAL
    version: str = ""
    """What people call this release: `1.2`, `2026-11`."""


def checked(approval: Approval) -> Approval:
    """Return an approval in the form in which it is kept. Raises WeighbridgeError `E-approval`."""
    if unknown := [name for name in approval.data_classes if name not in _CLASSES]:
        raise _wrong(f"{unknown[0][:40]!r} is no data class", f"there are {', '.join(_CLASSES)}")
    if not 0 < approval.days <= LONGEST:
        raise _wrong(f"an approval cannot hold for {approval.days} days", f"give 1 to {LONGEST}")
    if len(approval.guidance) > _LONGEST_TEXT or len(approval.owner) > 128 or len(approval.version) > 64:
        raise _wrong(
            "a text is too long", f"guidance has up to {_LONGEST_TEXT:,} characters, an owner 128, a version 64"
        )
    if not (approval.owner + approval.version).isprintable():
        raise _wrong("owner or version cannot be shown", "write them in one line of plain text")
    return Approval(
        guidance=approval.guidance.strip(),
        data_classes=in_order(approval.data_classes),
        owner=approval.owner.strip(),
        days=approval.days,
        version=approval.version.strip(),
    )


def in_order(classes: Sequence[str]) -> tuple[str, ...]:
    """Return data classes from the least to the most sensitive, each once."""
    return tuple(name for name in _CLASSES if name in classes)


def _wrong(said: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-approval", said, hint)
