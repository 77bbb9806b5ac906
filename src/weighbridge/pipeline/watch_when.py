"""How often what is done, and when a look is worth its cost. Values in, values out."""

import re
from dataclasses import field

from weighbridge.model.record import draft
from weighbridge.pipeline.watch_budget import Budget

_TOGETHER_SECONDS = 0.2
"""How long an urgent look waits for what else is about to happen."""
_SURVIVES_SECONDS = 1.0
"""How long a program of which nothing is known must live to be worth a look."""
_AGAIN_SECONDS = 5.0
_LEAST_SECONDS = 0.5
"""Pause between two looks."""
_MOST_SAVED = 20.0
_EARNED_SECONDS = 60.0
"""Seconds in which one look of the uncertain kind is earned, to be spent whenever programs start."""
_RETRY_SECONDS = 10.0
_LOOK_SHARE, _LOOK_BURST = 0.004, 3.0
"""Of one core, and processor seconds at once: what looks may take, on a machine that gives reasons all day."""
_SURVEY_SHARE, _SURVEY_BURST = 0.002, 2.0
"""The same for scans and audits of what changed."""
_LONGEST_LOOK_DEBT, _LONGEST_SURVEY_DEBT = 300.0, 900.0
"""Seconds that the next waits at most, whatever the last one took."""
_LEAST_HASHING, _MOST_HASHING = 0.02, 1.0
"""Processor seconds that one look may hash; the next one goes on."""
_COUNT = re.compile(r" of [\d,]+ process(es)?\b")
_DAY = 86_400.0
SURVEYS = frozenset({"stores", "audit"})
"""What one helper does, one after the other."""
DAILY = "everything"
"""What another does, for hours."""


@draft
class Rhythm:
    """Seconds between the same things."""

    sweep: float = 3.0
    """A process that loads weights long after its start is noticed by the sweep alone."""
    sweep_alone: float = 2.0
    """Where nobody announces starts."""
    sweep_slowest: float = 4.0
    """However slow all else becomes: what a process loads is to be noticed within five seconds."""
    listeners: float = 5.0
    network: float = 5.0
    load: float = 30.0
    capability: float = 600.0
    stores: float = 6 * 3600.0
    audit: float = _DAY
    everything: float = _DAY
    audit_rest: float = 60.0
    """Least pause between two audits: agents write their configuration with every use."""
    after_failure: float = 300.0
    longest: float = 5.0
    audited: float = float("-inf")
    """When the last audit ended."""
    first: dict[str, float] = field(
        default_factory=lambda: {
            "sweep": 0.0,
            "listeners": 0.0,
            "network": 0.0,
            "load": 5.0,
            "capability": 60.0,
            "stores": 10.0,
            "audit": 20.0,
            "everything": 120.0,
        }
    )
    """After how many seconds each is done for the first time."""

    def pause(self, name: str, slowness: int, *, announced: bool) -> float:
        """Return the seconds until something is done again."""
        if name == "sweep":
            return min((self.sweep if announced else self.sweep_alone) * slowness, self.sweep_slowest)
        pause: float = getattr(self, name)
        return pause if name in SURVEYS or name == DAILY else pause * slowness


class Looks:
    """When the next look at processes is due.

    A look that weights call for is urgent. One that only an unknown program calls for has to be earned, so that a
    machine on which new programs start all day does not pay for each of them. All together keep to a budget of
    processor time: beyond it they wait, and what was noticed is recorded without them (`watch_owed`).

    Args:
        now: the beginning, on a clock that never steps: the first look is due.
    """

    def __init__(self, now: float) -> None:
        self._at: float | None = now
        self._is_urgent = True
        self._not_before = now
        self._saved, self._saved_at = _MOST_SAVED, now
        self._budget = Budget(now, share=_LOOK_SHARE, most=_LOOK_BURST, longest=_LONGEST_LOOK_DEBT)

    def urgent(self, now: float) -> None:
        """Want a look at once."""
        at = now + _TOGETHER_SECONDS
        self._at = at if self._at is None or not self._is_urgent else min(self._at, at)
        self._is_urgent = True

    def uncertain(self, now: float) -> None:
        """Want a look if it can be afforded."""
        if self._at is None:
            self._at, self._is_urgent = now + _SURVIVES_SECONDS, False

    def again(self, now: float) -> None:
        """Want to go on with what the last look had no time for."""
        if self._at is None:
            self._at, self._is_urgent = now + _AGAIN_SECONDS, True

    def due(self) -> float | None:
        """Return when to ask again whether a look is due; None if none is wanted."""
        if self._at is None:
            return None
        at = max(self._at, self._not_before, self._budget.due())
        if not self._is_urgent and self._saved < 1:
            at = max(at, self._saved_at + (1 - self._saved) * _EARNED_SECONDS)
        return at

    def is_due(self, now: float, slowness: int) -> bool:
        """Tell whether to look now."""
        self._saved = min(_MOST_SAVED, self._saved + (now - self._saved_at) / (_EARNED_SECONDS * slowness))
        self._saved_at = now
        at = self.due()
        return at is not None and now >= at

    def done(self, now: float) -> None:
        """Take note that a look began."""
        self._saved = max(0.0, self._saved - 1)
        self._at, self._is_urgent, self._not_before = None, False, now + _LEAST_SECONDS

    def spent(self, seconds: float, now: float) -> None:
        """Take note of the processor seconds that a look took."""
        self._budget.spend(seconds, now)

    def hashing(self, now: float) -> float:
        """Return the processor seconds that a look may hash now: large files are hashed over several."""
        return min(_MOST_HASHING, max(_LEAST_HASHING, self._budget.left(now)))

    def failed(self, now: float) -> None:
        """Want the look that failed again, a while later."""
        self._at, self._is_urgent, self._not_before = now, True, now + _RETRY_SECONDS


def survey_budget(now: float) -> Budget:
    """Return what scans and audits of what changed may take; those that come by the clock keep to a share of their own.

    Args:
        now: the beginning, on a clock that never steps.
    """
    return Budget(now, share=_SURVEY_SHARE, most=_SURVEY_BURST, longest=_LONGEST_SURVEY_DEBT)


def constant(text: str) -> str:
    """Return what is not visible without how many processes it is, which changes all the time."""
    return _COUNT.sub(" of processes", text)
