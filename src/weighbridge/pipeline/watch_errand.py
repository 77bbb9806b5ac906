"""One helper and what it is asked: sends a request, compares what it answers with what is known, ends it when idle."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from weighbridge.pipeline.watch_decide import Item, Known, Round, Seen

IDLE_SECONDS = 20.0
"""How long a helper stays for the next request: starting one costs as much as ten looks."""


class Asking(Protocol):
    """A helper: `host.helper.Helper`, or one in memory."""

    @property
    def pid(self) -> int | None:
        """Its process, if it runs."""
        ...

    @property
    def seconds(self) -> float:
        """Processor time that it took until now."""
        ...

    def ask(self, line: bytes) -> None:
        """Send one line. Raises OSError."""
        ...

    def take(self) -> list[bytes]:
        """Return the lines that arrived. Raises EOFError if it ended by itself."""
        ...

    def end(self) -> None:
        """End it, if it runs."""
        ...


class Errand:
    """Asks one helper one thing at a time.

    Args:
        helper: who does it.
        known: what the records say; changed as answers arrive.
        patience: seconds after which an answer is not waited for any more.
    """

    def __init__(self, helper: Asking, known: Known, patience: float) -> None:
        self._helper, self._known, self._patience = helper, known, patience
        self._round: Round | None = None
        self._since = 0.0
        self.request: Mapping[str, Any] = {}
        """What it was asked last."""
        self.news = 0
        """Records that the last answer gave."""
        self.cost = 0.0
        """Processor seconds that the last answer took, the helper's start included."""
        self._spent = 0.0

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._round is not None

    @property
    def pid(self) -> int | None:
        """The helper's process, if it runs."""
        return self._helper.pid

    def send(self, request: Mapping[str, Any], boot: str, now: float) -> bool:
        """Ask; tell whether that was possible."""
        self._spent = self._helper.seconds
        try:
            self._helper.ask(json.dumps(request).encode())
        except OSError:
            self._helper.end()
            return False
        self._round, self._since, self.request, self.news = self._known.round(boot), now, request, 0
        return True

    def collect(self, now: float) -> tuple[list[Item], Mapping[str, Any] | None]:
        """Return the records that arrived answers give, and what the answer says of itself once it is whole."""
        if self._round is None:
            if self._helper.pid is not None and now - self._since > IDLE_SECONDS:
                self._helper.end()
            return [], None
        items: list[Item] = []
        done: Mapping[str, Any] | None = None
        try:
            for line in self._helper.take():
                answer = json.loads(line)
                if "seen" in answer:
                    kind, data = answer["seen"]
                    if (item := self._round.take(Seen(kind, data))) is not None:
                        items.append(item)
                else:
                    done = answer["done"]
        except (EOFError, ValueError, KeyError, TypeError):
            done = {"failed": "the helper ended"}
        if done is None and now - self._since > self._patience:
            done = {"failed": "the helper did not answer in time"}
        if done is not None:
            if "failed" in done:
                self._helper.end()
            else:
                items += self._round.end(done.get("scope", ()), done.get("below", ()))
            self._round, self._since = None, now
            self.cost = self._helper.seconds - self._spent
        self.news += len(items)
        return items, done

    def end(self) -> None:
        """End the helper; an answer that is under way is lost."""
        self._helper.end()
        self._round = None
