"""One case of the license corpus, and what a right answer to it is.

The corpus asks two things. A genuine text must be recognized. A text that is not, whatever it is, must never come out
as a license that allows what its own words do not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from weighbridge.licensing.table import license_entry
from weighbridge.model.license import Commercial, IdentifiedText, TextLikeness

WHOLE = frozenset({TextLikeness.EXACT, TextLikeness.CONTAINED})


@dataclass(frozen=True, kw_only=True)
class TextCase:
    """One text."""

    id: str
    """`genuine/mit-comment`: family, slash, what it is."""
    build: Callable[[], str]
    genuine: bool
    """Every word of `license` in order, and nothing else that speaks of terms."""
    license: str | None = None
    """Table id of what it is, or of what it was made from."""
    lesson: str = ""


@dataclass(frozen=True, kw_only=True)
class TermsCase:
    """A model in a folder, with what is said about its license."""

    id: str
    build: Callable[[], dict[str, bytes]]
    """Relative path -> content."""
    subject: str
    """Relative path of the artifact that must get one of `expect`."""
    expect: frozenset[str]
    """Allowed values of `license.effective.commercial`."""
    lesson: str = ""


def permissive(answer: IdentifiedText) -> bool:
    """Tell whether `answer` would let the text's model be used commercially."""
    entry = license_entry(answer.license) if answer.license is not None else None
    return answer.likeness in WHOLE and entry is not None and entry.commercial is Commercial.ALLOWED


def right(case: TextCase, answer: IdentifiedText) -> bool:
    """Tell whether `answer` is right for `case`."""
    if case.genuine:
        return answer.likeness in WHOLE and answer.license == case.license
    return answer.likeness not in WHOLE


def named(case: TextCase, answer: IdentifiedText) -> bool:
    """Tell whether `answer` still says which license a changed text was made from."""
    return answer.license == case.license or case.license in answer.candidates
