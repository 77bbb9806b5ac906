"""Cards and license texts inside an archive: what they say belongs to the models around them.

A member cannot be read again when licenses are concluded, so a text is identified where it is met; what it turned out
to be travels as a fact of the models and is remembered with them.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from weighbridge.model.fact import Fact, FactValue, Grade
from weighbridge.model.license import NOT_READ, IdentifiedText, LicenseText, TextLikeness
from weighbridge.model.record import draft
from weighbridge.model.source import LimitReached, SourceError
from weighbridge.pipeline.examined import Examined

if TYPE_CHECKING:
    from weighbridge.licensing.own_texts import Text
    from weighbridge.pipeline.inspect import Inspected

IDENTIFIED = "license.text.identified"
LONGEST = 256 << 10
LONGEST_NOTICE = 4000
"""Of a notice the words count, not only its title."""
MOST = 64
"""Cards and texts of one archive that are around models."""
HIGHEST = 6
"""Levels of folders above a model in which cards and texts are looked for."""
CARD_FACTS = frozenset(
    {"base_model", "base_model.relation", "license", "license.limit", "license.link", "license.name", "tags"}
)
"""What a card above says of every model below it."""
SEPARATOR = "!/"
_SAYS = frozenset({"license", "license.name", "license.spdx", IDENTIFIED})


@draft
class _Said:
    """What the cards and texts of one folder say."""

    card: tuple[Fact, ...] = ()
    texts: tuple[Fact, ...] = ()


def with_terms(inspected: Sequence["Inspected"], examined: Sequence[Examined]) -> tuple[Examined, ...]:
    """Return `examined`, where models in an archive have the facts of cards and license texts around them.

    As in folders of this machine: what lies beside a model counts; else the nearest card above it, and the texts at the
    top of the archive or beside a card. What stands elsewhere above may be about something else, so it adds to what is
    said and never says it alone.

    Args:
        inspected: everything that was found in one file.
        examined: what is kept of it.
    """
    models = Counter(_folder(piece.member) for piece in examined if piece.member is not None and piece.holds_model)
    if not models:
        return tuple(examined)
    wanted = {folder for own in models for folder in (own, *_above(own))}
    said: dict[str, _Said] = {}
    telling = (
        item for item in inspected if item.member is not None and _tells(item) and _belongs_to(item, models) in wanted
    )
    for item in islice(telling, MOST):
        folder = said.setdefault(_belongs_to(item, models), _Said())
        if item.format == "model-card":
            folder.card += tuple(replace(fact, source=f"{item.member}: {fact.source}") for fact in item.facts)
        else:
            folder.texts += _text_facts(item, shared=models[_belongs_to(item, models)] > 1)
    if not said:
        return tuple(examined)
    return tuple(
        replace(piece, facts=(*piece.facts, *_around(piece, piece.member, said)))
        if piece.member is not None and piece.holds_model
        else piece
        for piece in examined
    )


def shared_sources(facts: Iterable[Fact]) -> frozenset[str]:
    """Return the sources of texts beside several models, each of which they may belong to."""
    found = (fact for fact in facts if fact.name == IDENTIFIED and isinstance(fact.value, dict))
    return frozenset(fact.source for fact in found if isinstance(fact.value, dict) and fact.value.get("shared") is True)


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
            likeness=TextLikeness(str(value["likeness"])),
            license=None if value["license"] is None else str(value["license"]),
            candidates=tuple(map(str, candidates)) if isinstance(candidates, tuple) else (),
            coverage=float(coverage) if isinstance(coverage, float | int) else 0.0,
            detail=str(value["detail"]),
        )
        found.append((LicenseText(source=fact.source, text=str(value["title"])), one))
    return tuple(found)


def _tells(item: "Inspected") -> bool:
    return item.format in ("license-text", "model-card") and not item.holds_model


def _belongs_to(item: "Inspected", models: Mapping[str, int]) -> str:
    """Return the folder that a card or text speaks of: one of licenses speaks of the models in the one around it."""
    folder = _folder(item.member)
    if item.format == "license-text":
        from weighbridge.formats.license_names import is_license_folder  # as below

        outer, _, last = folder.rpartition("/")
        if outer in models and is_license_folder(last.encode("utf-8", "replace")):
            return outer
    return folder


def _text_facts(item: "Inspected", *, shared: bool) -> tuple[Fact, ...]:
    """Return what a license text turned out to be, and the SPDX id that it may begin with."""
    name = (item.member or "").rpartition("/")[2]
    source = f"{name} in the archive"
    try:
        content = item.source.read(0, LONGEST + 1)
    except (SourceError, LimitReached):
        content = None
    if content is None or len(content) > LONGEST:
        return (_unread(source, shared=shared),)
    from weighbridge.licensing.identify_text import identify  # with its index, for archives of models only
    from weighbridge.licensing.layer_text import split_front_matter
    from weighbridge.licensing.text_role import title

    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    spdx, text = split_front_matter(content.decode("utf-16" if utf_16 else "utf-8-sig", "replace"))
    one = identify(LicenseText(source=source, text=text))
    value: dict[str, FactValue] = {
        "candidates": one.candidates,
        "coverage": one.coverage,
        "detail": one.detail,
        "license": one.license,
        "likeness": str(one.likeness),
        "sha256": one.sha256,
        "shared": shared,
        "title": text[:LONGEST_NOTICE] if name.lower().startswith("notice") else title(text),
    }
    found = Fact(name=IDENTIFIED, value=value, grade=Grade.MEASURED, source=source)
    if spdx is None:
        return (found,)
    return (Fact(name="license.spdx", value=spdx, grade=Grade.DECLARED, source=f"{source}, spdx-id"), found)


def _unread(source: str, *, shared: bool) -> Fact:
    """Return what is said of a text that could not be read: it may be anything."""
    value: dict[str, FactValue] = {
        "candidates": (),
        "coverage": 0.0,
        "detail": f"{NOT_READ}, or longer than {LONGEST >> 10} KiB",
        "license": None,
        "likeness": str(TextLikeness.UNIDENTIFIED),
        "sha256": hashlib.sha256(b"").hexdigest(),
        "shared": shared,
        "title": "",
    }
    return Fact(name=IDENTIFIED, value=value, grade=Grade.MEASURED, source=source)


def _around(piece: Examined, member: str, said: Mapping[str, _Said]) -> Iterable[Fact]:
    own = _folder(member)
    none = _Said()
    beside = said.get(own, none)
    yield from (*beside.card, *beside.texts)
    speaks = any(fact.name in _SAYS for fact in (*piece.facts, *beside.card, *beside.texts))
    card_found, root_found = bool(beside.card), bool(beside.card and beside.texts)
    for folder in _above(own):
        here = said.get(folder, none)
        if here.card and not card_found:
            card_found = True
            yield from (fact for fact in here.card if fact.name in CARD_FACTS)
        is_root = bool(here.card) or _depth(folder) <= 1
        if here.texts and ((is_root and not root_found) or speaks):
            root_found = root_found or is_root
            yield from (_from_above(fact, folder) for fact in here.texts)


def _from_above(fact: Fact, folder: str) -> Fact:
    """Return a fact of a text that stands above: it is about the whole folder, not about one of several models."""
    where = folder.rpartition("/")[2].rpartition("!")[2] or "the top"
    source = f"{fact.source}, at {where[:60]}"
    value = {**fact.value, "shared": False} if isinstance(fact.value, dict) else fact.value
    return replace(fact, source=source, value=value)


def _above(folder: str) -> Iterator[str]:
    """Yield the folders above, the nearest first, through archives in archives up to the top of the outermost."""
    for _ in range(HIGHEST):
        if not folder:
            return
        folder = folder.removesuffix("!") if folder.endswith("!") else folder
        folder = folder.rpartition("/")[0]
        yield folder


def _depth(folder: str) -> int:
    """Return how many folders of its own archive `folder` lies in, itself included."""
    inner = folder.rpartition(SEPARATOR)[2] if SEPARATOR in folder else "" if folder.endswith("!") else folder
    return len([part for part in inner.split("/") if part])


def _folder(member: str | None) -> str:
    return (member or "").rpartition("/")[0]
