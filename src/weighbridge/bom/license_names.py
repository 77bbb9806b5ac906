"""Which license statements are SPDX ids or expressions, and which are only names.

Source: SPDX specification 3.0.1, annex on license expressions. Documents may carry only listed ids as ids; a vendor's
license that the list has not (`llama3.1`) is a name or a LicenseRef.
"""

import re
from functools import cache

from weighbridge.bom.spdx_license_ids import EXCEPTION_IDS, LICENSE_IDS
from weighbridge.licensing.table import license_entry

_PIECE = re.compile(r"[()]|[^\s()]+")
_REFERENCE = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")
_FAMILIES = frozenset(
    f"{name}{ending}" for name in ("agpl", "artistic", "bsd", "cc", "gpl", "lgpl", "mpl") for ending in ("", " license")
)
"""Labels that stand for several licenses; as an id one of them would be a guess."""
_LONGEST = 500
_MOST_PIECES = 60


def spdx_id(statement: str) -> str | None:
    """Return the SPDX id that `statement` is or is a usual spelling of; None if it is no listed id."""
    if len(statement) > _LONGEST:
        return None
    name = statement.strip().lower()
    if name in _FAMILIES:
        return None
    if name in _ids():
        return _ids()[name]
    entry = license_entry(statement)
    return _ids().get(entry.spdx.lower()) if entry is not None and entry.spdx is not None else None


def spdx_expression(statement: str) -> str | None:
    """Return `statement` with ids and operators as they are spelled, if it is an expression of listed ids."""
    if len(statement) > _LONGEST:
        return None
    pieces = _PIECE.findall(statement)
    if not 3 <= len(pieces) <= _MOST_PIECES:
        return None
    spelled: list[str] = []
    depth = 0
    operand_next = True
    for piece in pieces:
        word = piece.upper()
        if piece in "()":
            if (piece == "(") is not operand_next or (piece == ")" and not depth):
                return None
            depth += 1 if piece == "(" else -1
            spelled.append(piece)
        elif operand_next:
            operand = _operand(piece, after_with=spelled[-1:] == ["WITH"])
            if operand is None:
                return None
            spelled.append(operand)
            operand_next = False
        elif word in ("AND", "OR") or (word == "WITH" and spelled[-1] != ")"):
            spelled.append(word)
            operand_next = True
        else:
            return None
    if operand_next or depth:
        return None
    return " ".join(spelled).replace("( ", "(").replace(" )", ")")


def reference(name: str) -> str:
    """Return the LicenseRef for a license that SPDX does not list: `LicenseRef-llama3.1`."""
    return "LicenseRef-" + (re.sub(r"[^A-Za-z0-9.-]+", "-", name[:80]).strip("-.") or "unnamed")


def _operand(name: str, *, after_with: bool) -> str | None:
    if after_with:
        return _exceptions().get(name.lower())
    if _REFERENCE.fullmatch(name):
        return name
    found = _ids().get(name.removesuffix("+").lower())
    return found + "+" if found is not None and name.endswith("+") else found


@cache
def _ids() -> dict[str, str]:
    return {name.lower(): name for name in LICENSE_IDS.split()}


@cache
def _exceptions() -> dict[str, str]:
    return {name.lower(): name for name in EXCEPTION_IDS.split()}
