"""Licenses that stand side by side for whoever receives the model to choose from: `LICENSE-MIT` and `LICENSE-APACHE`.

In: what is declared and the texts that were recognized. Out: the licenses among which one may choose. Only where each
of them permits commercial use by itself: then nothing depends on whether one may choose or has to keep them all.
Source: SPDX specification 3.0.1, annex "SPDX license expressions" (OR); the names are what publishers of Rust packages
have made customary.
"""

import re
from collections.abc import Iterable, Sequence

from weighbridge.licensing.statement import Statement
from weighbridge.licensing.table import license_entry
from weighbridge.model.license import Commercial

_NAMED = re.compile(r"(?i)(?:.{0,200}[/\\])?licen[cs]e[-_.]([a-z0-9]{2,12})(?:[-_.][\w.-]{0,20})?(?: |$)")


def choice(named: Sequence[Statement], texts: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return ids of licenses that do not contradict each other; nothing if there is no choice.

    Args:
        named: what is declared.
        texts: source and id of each text that is one license word for word.
    """
    texts = tuple(texts)
    ids = frozenset(license_id for _, license_id in texts)
    if len(ids) < 2 or not all(map(_permits, ids)):
        return frozenset()
    for item in named:
        if item.names is not None and " OR " in item.names and " AND " not in item.names and ids <= set(item.licenses):
            return ids
    return ids if all(_is_named_after(source, license_id) for source, license_id in texts) else frozenset()


def _permits(license_id: str) -> bool:
    entry = license_entry(license_id)
    return entry is not None and entry.commercial is Commercial.ALLOWED


def _is_named_after(source: str, license_id: str) -> bool:
    """Tell whether a file is named after the license that it holds."""
    found = _NAMED.match(source)
    return found is not None and found[1].lower() in re.split(r"[-.]", license_id)
