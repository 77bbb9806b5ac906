"""Cards and license texts inside an archive: what they say belongs to the models around them.

A member cannot be read again when licenses are concluded, so a text is identified where it is met; what it turned out
to be travels as a fact of the models and is remembered with them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.model.fact import Fact, FactValue, Grade
from weighbridge.model.license import IdentifiedText, LicenseText, Likeness
from weighbridge.model.source import LimitReached, SourceError
from weighbridge.pipeline.examined import Examined

if TYPE_CHECKING:
    from weighbridge.licensing.conclude import Text
    from weighbridge.pipeline.inspect import Inspected

IDENTIFIED = "license.text.identified"
LONGEST = 256 << 10
MOST = 64
"""Texts of one archive."""
_SAYS = frozenset({"license", "license.name", IDENTIFIED})


def with_terms(inspected: Sequence["Inspected"], examined: Sequence[Examined]) -> tuple[Examined, ...]:
    """Return `examined`, where models in an archive have the facts of cards and license texts around them.

    Args:
        inspected: everything that was found in one file.
        examined: what is kept of it.
    """
    if not any(piece.member is not None and piece.holds_model for piece in examined):
        return tuple(examined)
    said = [(_folder(item.member), _facts(item)) for item in inspected if item.member is not None and _tells(item)]
    return tuple(
        replace(piece, facts=(*piece.facts, *_around(piece, piece.member, said[:MOST])))
        if piece.member is not None and piece.holds_model
        else piece
        for piece in examined
    )


def in_archive(facts: Iterable[Fact]) -> tuple["Text", ...]:
    """Return the texts that `with_terms` identified, out of the facts of a model."""
    found = []
    for fact in facts:
        if fact.name != IDENTIFIED or not isinstance(fact.value, dict):
            continue
        value = fact.value
        candidates, coverage = value["candidates"], value["coverage"]
        one = IdentifiedText(
            source=fact.source,
            sha256=str(value["sha256"]),
            likeness=Likeness(str(value["likeness"])),
            license=None if value["license"] is None else str(value["license"]),
            candidates=tuple(map(str, candidates)) if isinstance(candidates, tuple) else (),
            coverage=float(coverage) if isinstance(coverage, float | int) else 0.0,
            detail=str(value["detail"]),
        )
        found.append((LicenseText(source=fact.source, text=str(value["title"])), one))
    return tuple(found)


def _tells(item: "Inspected") -> bool:
    return item.format in ("license-text", "model-card") and not item.holds_model


def _facts(item: "Inspected") -> tuple[Fact, ...]:
    name = item.member or ""
    if item.format == "model-card":
        return tuple(replace(fact, source=f"{name}: {fact.source}") for fact in item.facts)
    try:
        content = item.source.read(0, LONGEST)
    except (SourceError, LimitReached):
        return ()
    from weighbridge.licensing.identify_text import identify  # with its index, for archives of models only
    from weighbridge.licensing.text_role import title

    text = content.decode("utf-8-sig", "replace")
    source = f"{name.rpartition('/')[2]} in the archive"
    one = identify(LicenseText(source=source, text=text))
    value: dict[str, FactValue] = {
        "candidates": one.candidates,
        "coverage": one.coverage,
        "detail": one.detail,
        "license": one.license,
        "likeness": str(one.likeness),
        "sha256": one.sha256,
        "title": title(text),
    }
    return (Fact(name=IDENTIFIED, value=value, grade=Grade.MEASURED, source=source),)


def _around(piece: Examined, member: str, said: Sequence[tuple[str, tuple[Fact, ...]]]) -> Iterable[Fact]:
    """Yield what lies in the same folder; from folders above only for what says something already.

    What stands above may be about something else, so it adds to what is said and never says it alone.
    """
    own = _folder(member)
    beside = [fact for folder, facts in said if folder == own for fact in facts]
    yield from beside
    if any(fact.name in _SAYS for fact in (*piece.facts, *beside)):
        for folder, facts in said:
            if folder != own and (not folder or own.startswith((folder + "/", folder + "!/"))):
                yield from facts


def _folder(member: str | None) -> str:
    return (member or "").rpartition("/")[0]
