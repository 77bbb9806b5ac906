"""The nearest valid word, for errors that say what was probably meant.

In: a word and the valid ones. Out: one of them, or None. Words are cut first, so that a hostile one costs nothing.
"""

from collections.abc import Iterable

_LONGEST = 80


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """Return the valid word that is most like `word`; None if none is alike."""
    from difflib import get_close_matches  # only for errors

    by_lower = {candidate.lower(): candidate for candidate in valid}
    matches = get_close_matches(word[:_LONGEST].lower(), by_lower, n=1, cutoff=0.5)
    return by_lower[matches[0]] if matches else None


def did_you_mean(word: str, valid: Iterable[str]) -> str:
    """Return a hint: the nearest valid word, else the first valid ones in order."""
    candidates = sorted(valid)
    match = nearest(word, candidates)
    if match is not None:
        return f"did you mean `{match}`?"
    return "valid here: " + ", ".join(candidates[:20]) + (", ..." if len(candidates) > 20 else "")
