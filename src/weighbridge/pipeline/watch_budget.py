"""Processor time that may be spent in bursts, and is earned again as time passes. Values in, values out."""


class Budget:
    """A purse, full at first. What is spent beyond it is owed, and waited for.

    Args:
        now: the beginning, on a clock that never steps.
        share: of one core, 0 to 1, that is earned.
        most: processor seconds that can be saved up.
        longest: seconds that a debt is waited for, however large it was.
    """

    def __init__(self, now: float, *, share: float, most: float, longest: float) -> None:
        self._share, self._most, self._longest = share, most, longest
        self._left, self._at = most, now

    def left(self, now: float) -> float:
        """Return the processor seconds that may be spent now; below 0 while something is owed."""
        self._left = min(self._most, self._left + max(0.0, now - self._at) * self._share)
        self._at = now
        return self._left

    def spend(self, seconds: float, now: float) -> None:
        """Take note that so many processor seconds were spent."""
        self._left = max(-self._longest * self._share, self.left(now) - max(0.0, seconds))

    def due(self) -> float:
        """Return when nothing is owed any more; minus infinity if nothing is."""
        return self._at - self._left / self._share if self._left < 0 else float("-inf")
