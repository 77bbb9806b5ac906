"""What the answers of one server show, each weighed against what it answers to a path that no server has."""

from collections.abc import Iterable, Iterator
from functools import cache

from weighbridge.discover.runtime_catalog import Runtime, Sign, runtimes
from weighbridge.discover.server_answers import Heard, ModelList, fits_sign, heard, model_list, stored_models
from weighbridge.discover.server_paths import CONTROL, LISTING, listing_paths, own_paths
from weighbridge.host.live import HttpAnswer

REFUSED = (401, 403)


class ServerEvidence:
    """The answers of one server, by path."""

    def __init__(self) -> None:
        self._heard: dict[str, Heard | None] = {}

    def add(self, path: str, answer: HttpAnswer | None) -> None:
        """Take the answer to a GET; None if there was none."""
        self._heard[path] = heard(answer) if answer is not None else None

    def __contains__(self, path: str) -> bool:
        return path in self._heard

    def __len__(self) -> int:
        return len(self._heard)

    def at(self, path: str) -> Heard | None:
        """Return the answer at a path; None if it was not asked for, or not answered."""
        return self._heard.get(path)

    def answers(self) -> tuple[Heard, ...]:
        """Return the answers that came."""
        return tuple(answer for answer in self._heard.values() if answer is not None)

    def refuses(self, paths: Iterable[str]) -> Iterator[bool]:
        """Yield for each path whether a request without a key is refused there."""
        for path in paths:
            answer = self._heard.get(path)
            yield answer is not None and answer.status in REFUSED

    def listing(self) -> ModelList | None:
        """Return the list of models in the form of OpenAI, None if there is none."""
        return self.listing_at()[0]

    def listing_at(self) -> tuple[ModelList | None, str]:
        """Return the list of models, and at which path it is."""
        found = [
            (made, path)
            for path in listing_paths()
            if (made := model_list(self._heard.get(path))) and (made.names or self.is_true(path))
        ]
        return next((one for one in found if one[0].owners), found[0] if found else (None, LISTING))

    def named(self) -> frozenset[str]:
        """Return the products whose own name stands in a list of models."""
        listing = self.listing()
        return frozenset(owners()[name] for name in (listing.owners if listing else ()) if name in owners())

    def is_like_ollama(self) -> bool:
        """Return whether it lists stored models, or greets, as Ollama does."""
        if stored_models(self._heard.get("/api/tags")):
            return self.is_true("/api/tags")
        # A list without models is an answer of many programs.
        return any(fits_sign(sign, self._heard.get("/")) for sign in runtimes()["ollama"].signs if sign.path == "/")

    def is_true(self, path: str) -> bool:
        """Return whether an answer is one to this path, not one to anything."""
        control, answer = self._heard.get(CONTROL), self._heard.get(path)
        if control is None or answer is None or control.status != 200:
            return True
        if isinstance(control.content, dict) and isinstance(answer.content, dict):
            # An answer to anything may repeat what it was asked.
            return control.content.keys() != answer.content.keys()
        return control.text != answer.text

    def matched(self, runtime: Runtime) -> Iterator[Sign]:
        """Yield the signs of a product that its answers show."""
        for sign in runtime.signs:
            answer = self._heard.get(sign.path)
            if answer is not None and fits_sign(sign, answer) and self.is_true(sign.path):
                yield sign

    def peculiar(self, runtime: Runtime) -> set[str]:
        """Return the paths of its own at which a product's answers were heard."""
        return {sign.path for sign in self.matched(runtime)} & own_paths(runtime)


@cache
def owners() -> dict[str, str]:
    """Return which product each name in `owned_by` belongs to, if to one only."""
    return {name: runtime.id for runtime in runtimes().values() for name in runtime.owned_by}
