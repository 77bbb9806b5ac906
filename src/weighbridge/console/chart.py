"""Small charts, drawn on the server as SVG; the numbers always stand beside them in words."""

from collections.abc import Sequence

from markupsafe import Markup

_WIDTH = 1000


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
