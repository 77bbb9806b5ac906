"""One case of the evasion or benign suite: files made by code, and the answers that are right."""

from collections.abc import Callable
from dataclasses import dataclass

NOT_CLEAN = frozenset({"review", "incomplete", "hostile", "malicious"})
HARD = frozenset({"hostile", "malicious"})


@dataclass(frozen=True, kw_only=True)
class Case:
    """`build` returns relative path -> bytes; `expect` are the allowed assessments of `subject`."""

    id: str
    """`pickle/long-base-zero`: family, slash, what it does."""
    build: Callable[[], dict[str, bytes]]
    subject: str
    """Relative path that must get one of `expect`; `archive.zip!/inner.pkl` for a member."""
    expect: frozenset[str]
    fires: str | None = None
    """Loader under which the payload truly runs (`pickle`, `torch`, `joblib`, `numpy`); then `expect` is HARD.

    `pickle+torch`: under `pickle`, by calling a function of `torch`."""
    lesson: str = ""
    """Advisory or class that it stands for."""
