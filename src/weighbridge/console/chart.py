"""Small charts, drawn on the server as SVG; the numbers always stand beside them in words."""

from collections.abc import Sequence

from markupsafe import Markup

_WIDTH = 1000
_HEIGHT = 72
_BETWEEN = 0.25
"""Part of a day's place that stays free."""


def share(parts: Sequence[tuple[str, int]]) -> Markup:
    """Return a bar whose pieces are as wide as their share of the whole.

    Args:
        parts: role of color and number of each piece, in order.
    """
    total = sum(number for _, number in parts)
    pieces, at = [], 0.0
    for role, number in parts:
        width = _WIDTH * number / total if total else 0.0
        if width:
            pieces.append(
                Markup('<rect class="{}" x="{}" y="0" width="{}" height="8"/>').format(
                    role, f"{at:.1f}", f"{max(width - 2, 1):.1f}"
                )
            )
        at += width
    return Markup(
        '<svg class="share" viewBox="0 0 {} 8" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(_WIDTH, Markup("").join(pieces))


def days(counts: Sequence[tuple[int, Sequence[tuple[str, int]]]], shown: int) -> Markup:
    """Return a column for each day, its pieces from below.

    Args:
        counts: number of the day, and role of color and number of each piece; the last day is the last column.
        shown: columns; days without a count are empty.
    """
    last = counts[-1][0] if counts else 0
    most = max([1, *(sum(number for _, number in parts) for _, parts in counts)])
    width, pieces = _WIDTH / shown, []
    for day, parts in counts:
        left, bottom = (shown - 1 - (last - day)) * width, float(_HEIGHT)
        for role, number in parts:
            height = _HEIGHT * number / most
            bottom -= height
            if height and left >= 0:
                pieces.append(
                    Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                        role, f"{left:.1f}", f"{bottom:.1f}", f"{width * (1 - _BETWEEN):.1f}", f"{height:.1f}"
                    )
                )
    return Markup(
        '<svg class="share days" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(_WIDTH, _HEIGHT, Markup("").join(pieces))
