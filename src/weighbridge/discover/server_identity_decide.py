"""Which GET to send next, and who answers: a conversation without input or output.

The order is that of the research: who owns the socket, what `/v1/models` says owns the models, what only one product
answers, what stands at `/`.
"""

from collections.abc import Iterator

from weighbridge.discover.runtime_catalog import Runtime, runtimes
from weighbridge.discover.server_answers import ModelList, stored_models, tool_names
from weighbridge.discover.server_evidence import ServerEvidence
from weighbridge.discover.server_paths import ALWAYS, CONTRADICTIONS, LISTING, decisive_paths, imitators, paths_of
from weighbridge.discover.server_product_decide import Judgment, Owner, judge
from weighbridge.discover.server_rules import server_rules
from weighbridge.host.live import HttpAnswer
from weighbridge.model.record import record


@record
class ServerIdentity:
    """Who answers."""

    product: str | None = None
    identified_by: tuple[str, ...] = ()
    api: str | None = None
    models: tuple[str, ...] = ()
    cloud_models: tuple[str, ...] = ()
    """Those that are computed elsewhere."""
    tools: tuple[str, ...] = ()
    """Tools that the server runs itself."""
    authenticated: bool | None = None
    doubt: str | None = None
    """Why the product is not named although something names one."""
    answered: bool = False
    """Whether it answers in HTTP at all."""
    passed_on: bool = False
    """Whether a proxy says that it passed the answers on: then its process does not run what answers."""
    silence: str | None = None
    """Why there was no answer at all."""
    settled: bool = True
    """False if it was not ready, so that asking again later may tell more."""


class Conversation:
    """What was asked of one listener and what was answered.

    Ask `next_path`, tell `hear`, until `next_path` is None; `result` may be asked at any time.
    """

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self._evidence = ServerEvidence()
        self._judged: Judgment | None = None
        """What `_judgment` returned, until something else is heard."""

    def hear(self, path: str, answer: HttpAnswer | None) -> None:
        """Take the answer to a GET; None if there was none."""
        self._evidence.add(path, answer)
        self._judged = None

    def next_path(self) -> str | None:
        """Return what to GET next."""
        if len(self._evidence) >= server_rules().questions:
            return None
        return next((path for path in self._wanted() if path not in self._evidence), None)

    def result(self) -> ServerIdentity:
        """Return who answers, as far as it is known by now."""
        listing = self._evidence.listing()
        stored = stored_models(self._evidence.at("/api/tags"))
        judgment, answers = self._judgment(), self._evidence.answers()
        product = judgment.product
        api = "openai" if listing is not None else "ollama" if self._evidence.is_like_ollama() else None
        names = listing.names if listing and listing.names else tuple(_name(entry) for entry in stored or ())
        remote = [_name(entry) for entry in stored or () if entry.get("remote_host") or entry.get("remote_model")]
        # Source: Ollama's library, where the tag of a model that runs on its makers' machines ends in `cloud`.
        remote += [name for name in names if name.endswith((":cloud", "-cloud")) and product == "ollama"]
        return ServerIdentity(
            product=product,
            identified_by=judgment.reasons,
            api=api,
            models=names[:64],
            cloud_models=tuple(dict.fromkeys(remote)),
            tools=tool_names(self._evidence.at("/tools")) if product and self._evidence.is_true("/tools") else (),
            authenticated=self._authenticated(product, listing),
            doubt=judgment.doubt,
            answered=bool(answers),
            passed_on=any(answer.passed_on for answer in answers),
            settled=product is not None or not any(answer.status in (502, 503) for answer in answers),
        )

    def _wanted(self) -> Iterator[str]:
        """Yield what is worth asking after what was answered, the most telling first."""
        yield LISTING
        if self._evidence.at(LISTING) is None:
            if self.owner.runtime:
                yield "/"
            return
        yield from ALWAYS
        named = self._evidence.named()
        if len(named) == 1:
            yield from paths_of(runtimes()[next(iter(named))], hints=False)
            yield from CONTRADICTIONS
        elif not self._is_closed() or self.owner.runtime:
            ollama = runtimes()["ollama"]
            if self._evidence.is_like_ollama() or self._may_be_ollama():
                yield from paths_of(ollama, hints=True)
            if any(True for _ in self._evidence.matched(ollama)):
                # What all of them answer alike is Ollama's only after each of its imitators was asked.
                for imitator in imitators():
                    yield from paths_of(imitator, hints=True)
            for runtime in self._likely():
                if self._judgment().product:
                    break
                yield from runtime.listings
                yield from paths_of(runtime, hints=True)
            if self._judgment().product is None:
                yield from decisive_paths()
        product = self._judgment().product
        if product:
            yield from paths_of(runtimes()[product], hints=True)

    def _likely(self) -> Iterator[Runtime]:
        """Yield the products to ask for first."""
        listing = self._evidence.listing()
        for known in (self.owner.runtime, self.owner.engine, self.owner.hint):
            if known:
                yield runtimes()[known]
        for runtime in runtimes().values():
            if listing and listing.owners & {*runtime.generic_owned_by, *runtime.owned_by}:
                yield runtime
        for runtime in runtimes().values():
            if self.owner.port in runtime.ports:
                yield runtime

    def _may_be_ollama(self) -> bool:
        """Return whether its socket, its program or its list of models suggest it."""
        listing = self._evidence.listing()
        ollama = runtimes()["ollama"]
        asked_for = "ollama" in (self.owner.runtime, self.owner.hint) or self.owner.port in ollama.ports
        return asked_for or (
            listing is not None and (not listing.names or bool({*ollama.generic_owned_by} & listing.owners))
        )

    def _is_closed(self) -> bool:
        """Return whether it refuses everything, so that asking on only fills its log."""
        return all(self._evidence.refuses(ALWAYS))

    def _judgment(self) -> Judgment:
        if self._judged is None:
            self._judged = judge(self.owner, self._evidence)
        return self._judged

    def _authenticated(self, product: str | None, listing: ModelList | None) -> bool | None:
        """Return whether it refuses requests without a key."""
        runtime = runtimes().get(product or "")
        if runtime is None:
            return None
        paths = {sign.path for sign in runtime.signs if sign.open} | {LISTING}
        if any(self._evidence.refuses(paths)):
            return True
        if any(sign.open for sign in self._evidence.matched(runtime)):
            return False
        return False if listing is not None and not runtime.public_listing else None


def _name(entry: dict[str, object]) -> str:
    return str(entry.get("name") or entry.get("model"))[:200]
