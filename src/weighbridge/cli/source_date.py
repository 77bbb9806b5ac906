"""The time that bills of materials carry: given by the caller, never taken from the clock.

Source: SOURCE_DATE_EPOCH specification of reproducible-builds.org.
"""

import re
from collections.abc import Mapping

from weighbridge.model.errors import WeighbridgeError

VARIABLE = "SOURCE_DATE_EPOCH"
_STATED = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z")
_LATEST = 253_402_300_799
"""The last second of the year 9999."""


def source_date(environment: Mapping[str, str], *, strict: bool = False) -> str | None:
    """Return SOURCE_DATE_EPOCH as ISO 8601 in UTC; None if it is not set.

    Args:
        environment: of this process.
        strict: whether a value that is no number raises; otherwise it counts as not set.

    Raises:
        WeighbridgeError: `E-bom-time`.
    """
    value = environment.get(VARIABLE, "")
    if value.isascii() and value.isdecimal() and len(value) <= 12 and int(value) <= _LATEST:
        from datetime import UTC, datetime  # only who sets the variable pays for it

        return datetime.fromtimestamp(int(value), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if value and strict:
        raise WeighbridgeError(
            "E-bom-time", f"{VARIABLE} is {value[:40]!r}", "set it to seconds since 1970, or unset it"
        )
    return None


def stated_time(text: str) -> str:
    """Return `text` if it is a time as documents carry it. Raises `WeighbridgeError` (`E-bom-time`)."""
    match = _STATED.fullmatch(text)
    if match is not None:
        from datetime import UTC, datetime

        try:
            datetime(*map(int, match.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
        except ValueError:
            pass
        else:
            return text
    raise WeighbridgeError("E-bom-time", f"{text[:40]!r} is no time", "write it like 2026-11-21T04:35:00Z")
