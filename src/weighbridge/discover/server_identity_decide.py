"""Which GET to send next, and which product answers: a conversation without input or output.

The order is that of the research: who owns the socket, what `/v1/models` says owns the models, what only one product
answers, what stands at `/`. A name in `owned_by` is taken only if nothing contradicts it: a product that always answers
some path and does not here, an answer of another product, a program of another one. In doubt the product is not named.
"""

from collections.abc import Iterator
from functools import cache

from weighbridge.discover.runtime_catalog import Runtime, Sign, runtimes
from weighbridge.discover.server_answers import (
    Heard,
    ModelList,
    fits_sign,
    heard,
    model_list,
    stored_models,
    tool_names,
)
from weighbridge.discover.server_paths import LISTING, decisive_paths, imitators, listing_paths, own_paths, paths_of
from weighbridge.discover.server_rules import server_rules
from weighbridge.host.live import HttpAnswer
from weighbridge.model.record import record

CONTROL = "/.well-known/weighbridge-control"
"""A path that no server has: what it answers there, it answers to anything."""
_ALWAYS = (LISTING, CONTROL, "/")
_CONTRADICTIONS = ("/props", "/api/extra/version", "/metrics")
_REFUSED = (401, 403)
_BUSY = (401, 403, 408, 429, 500, 502, 503, 504)
"""Answers that say nothing about the product: it refuses, or it is not ready."""


@record
class Owner:
    """What is known of a listener before it is asked."""

    runtime: str | None = None
    """Product of the process."""
    engine: str | None = None
    """What the process itself is, if that is another product's server."""
    certain: bool = False
    """Whether that stands on the program, not only on a library that many products bring."""
    hint: str | None = None
    reasons: tuple[str, ...] = ()
    port: int | None = None


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


@record
class _Support:
    product: str
    among: frozenset[str]
    reason: str
    decides: bool


class Conversation:
    """What was asked of one listener and what was answered.

    Ask `next_path`, tell `hear`, until `next_path` is None; `result` may be asked at any time.
    """

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self._heard: dict[str, Heard | None] = {}
        self._judged: tuple[str | None, tuple[str, ...], str | None] | None = None
        """What `_product` returned, until something else is heard."""

    def hear(self, path: str, answer: HttpAnswer | None) -> None:
        """Take the answer to a GET; None if there was none."""
        self._heard[path] = heard(answer) if answer is not None else None
        self._judged = None

    def next_path(self) -> str | None:
        """Return what to GET next."""
        if len(self._heard) >= server_rules().questions:
            return None
        return next((path for path in self._wanted() if path not in self._heard), None)

    def result(self) -> ServerIdentity:
        """Return who answers, as far as it is known by now."""
        listing = self._listing()
        stored = stored_models(self._heard.get("/api/tags"))
        product, reasons, doubt = self._product()
        api = "openai" if listing is not None else "ollama" if self._like_ollama() else None
        names = listing.names if listing and listing.names else tuple(_name(entry) for entry in stored or ())
        remote = [_name(entry) for entry in stored or () if entry.get("remote_host") or entry.get("remote_model")]
        # Source: Ollama's library, where the tag of a model that runs on its makers' machines ends in `cloud`.
        remote += [name for name in names if name.endswith((":cloud", "-cloud")) and product == "ollama"]
        return ServerIdentity(
            product=product,
            identified_by=reasons,
            api=api,
            models=names[:64],
            cloud_models=tuple(dict.fromkeys(remote)),
            tools=tool_names(self._heard.get("/tools")) if product and self._is_true("/tools") else (),
            authenticated=self._authenticated(product, listing),
            doubt=doubt,
            answered=any(answer is not None for answer in self._heard.values()),
            passed_on=any(one is not None and one.passed_on for one in self._heard.values()),
            settled=product is not None or not any(one and one.status in (502, 503) for one in self._heard.values()),
        )

    # What to ask

    def _wanted(self) -> Iterator[str]:
        yield LISTING
        if self._heard.get(LISTING) is None:
            if self.owner.runtime:
                yield "/"
            return
        yield from _ALWAYS
        named = self._named()
        if len(named) == 1:
            yield from paths_of(runtimes()[next(iter(named))], hints=False)
            yield from _CONTRADICTIONS
        elif not self._is_closed() or self.owner.runtime:
            ollama = runtimes()["ollama"]
            if self._like_ollama() or self._may_be_ollama():
                yield from paths_of(ollama, hints=True)
            if any(True for _ in self._matched(ollama)):
                # What all of them answer alike is Ollama's only after each of its imitators was asked.
                for imitator in imitators():
                    yield from paths_of(imitator, hints=True)
            for runtime in self._likely():
                if self._product()[0]:
                    break
                yield from runtime.listings
                yield from paths_of(runtime, hints=True)
            if self._product()[0] is None:
                yield from decisive_paths()
        product = self._product()[0]
        if product:
            yield from paths_of(runtimes()[product], hints=True)

    def _likely(self) -> Iterator[Runtime]:
        """Yield the products to ask for first."""
        listing = self._listing()
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
        listing = self._listing()
        ollama = runtimes()["ollama"]
        asked_for = "ollama" in (self.owner.runtime, self.owner.hint) or self.owner.port in ollama.ports
        return asked_for or (
            listing is not None and (not listing.names or bool({*ollama.generic_owned_by} & listing.owners))
        )

    def _is_closed(self) -> bool:
        """Return whether it refuses everything, so that asking on only fills its log."""
        answers = [self._heard.get(path) for path in _ALWAYS]
        return all(answer is not None and answer.status in _REFUSED for answer in answers)

    # What was answered

    def _listing(self) -> ModelList | None:
        return self._listing_at()[0]

    def _listing_at(self) -> tuple[ModelList | None, str]:
        """Return the list of models, and at which path it is."""
        found = [
            (made, path)
            for path in listing_paths()
            if (made := model_list(self._heard.get(path))) and (made.names or self._is_true(path))
        ]
        return next((one for one in found if one[0].owners), found[0] if found else (None, LISTING))

    def _named(self) -> frozenset[str]:
        """Return the products whose own name stands in a list of models."""
        listing = self._listing()
        return frozenset(_owners()[name] for name in (listing.owners if listing else ()) if name in _owners())

    def _like_ollama(self) -> bool:
        if stored_models(self._heard.get("/api/tags")):
            return self._is_true("/api/tags")
        # A list without models is an answer of many programs.
        return any(fits_sign(sign, self._heard.get("/")) for sign in runtimes()["ollama"].signs if sign.path == "/")

    def _is_true(self, path: str) -> bool:
        """Return whether an answer is one to this path, not one to anything."""
        control, answer = self._heard.get(CONTROL), self._heard.get(path)
        if control is None or answer is None or control.status != 200:
            return True
        if isinstance(control.content, dict) and isinstance(answer.content, dict):
            # An answer to anything may repeat what it was asked.
            return control.content.keys() != answer.content.keys()
        return control.text != answer.text

    def _matched(self, runtime: Runtime) -> Iterator[Sign]:
        for sign in runtime.signs:
            answer = self._heard.get(sign.path)
            if answer is not None and fits_sign(sign, answer) and self._is_true(sign.path):
                yield sign

    def _supports(self) -> Iterator[_Support]:
        listing, path = self._listing_at()
        for name in sorted(listing.owners if listing else ()):
            if product := _owners().get(name):
                yield _Support(
                    product=product, among=frozenset({product}), reason=f"owned_by {name} at {path}", decides=True
                )
        for runtime in runtimes().values():
            for sign in self._matched(runtime):
                if sign.proof != "hint":
                    yield _Support(
                        product=runtime.id,
                        among=frozenset({runtime.id, *sign.also}),
                        reason=f"answers like {runtime.title} at {sign.path}",
                        decides=sign.proof == "decides",
                    )

    def _product(self) -> tuple[str | None, tuple[str, ...], str | None]:
        """Return the product, what it stands on, and why none is named although something names one."""
        if self._judged is None:
            self._judged = self._judge()
        return self._judged

    def _judge(self) -> tuple[str | None, tuple[str, ...], str | None]:
        supports = [*self._supports()]
        left = frozenset(runtimes())
        for support in supports:
            left &= support.among
        deciding = [support for support in supports if support.decides]
        if not left:
            first = (*deciding, *supports)[0]
            other = next((one for one in supports if not one.among & first.among), supports[-1])
            return None, (), f"{first.reason}, but {other.reason}"
        chosen = self._chosen(deciding, left) or self._generic(left) or self._hinted(left) or self._plain_ollama(left)
        if chosen is None:
            return self._by_process(supports)
        if doubt := self._contradicted(chosen):
            return None, (), doubt
        reasons = [support.reason for support in supports if chosen in support.among]
        hints = [sign.path for sign in self._matched(runtimes()[chosen]) if sign.proof == "hint"]
        told = {reason.rpartition(" ")[2] for reason in reasons}
        reasons += [f"answers at {path}" for path in hints if path not in told][:2]
        listing = self._listing()
        for name in sorted(listing.owners if listing else ()):
            if name in runtimes()[chosen].generic_owned_by:
                reasons.insert(0, f"owned_by {name} at {LISTING}")
        return chosen, tuple(dict.fromkeys(reasons)), None

    def _chosen(self, deciding: list[_Support], left: frozenset[str]) -> str | None:
        if named := self._named():
            return next(iter(named)) if len(named) == 1 else None
        first = {support.product for support in deciding} & left
        if not first and deciding and len(left) == 1:
            first = set(left)
        return first.pop() if len(first) == 1 else None

    def _generic(self, left: frozenset[str]) -> str | None:
        """Return the product for whose models a name stands that others use too, if its own answers support it."""
        listing = self._listing()
        for runtime in runtimes().values():
            if listing and listing.owners & {*runtime.generic_owned_by} and runtime.id in left:
                needed = [sign for sign in runtime.signs if sign.expected]
                signs = [*self._matched(runtime)]
                if signs and all(sign in signs for sign in needed):
                    return None if runtime.id == "ollama" and not self._namespaces_fit(listing) else runtime.id
        return None

    def _hinted(self, left: frozenset[str]) -> str | None:
        """Return the one product with an interface for models that answers at two paths which no other has."""
        if self._listing() is None and not self._like_ollama():
            return None
        # Products whose owners are nobody's own need more than that.
        known = [one for one in runtimes().values() if one.id in left and not one.generic_owned_by]
        able = {one.id for one in known if len(self._peculiar(one)) > 1}
        return able.pop() if len(able) == 1 else None

    def _peculiar(self, runtime: Runtime) -> set[str]:
        """Return the paths of its own at which a product's answers were heard."""
        return {sign.path for sign in self._matched(runtime)} & own_paths(runtime)

    def _plain_ollama(self, left: frozenset[str]) -> str | None:
        """Return Ollama if everything is as there, and none of its imitators gave itself away."""
        ollama = runtimes()["ollama"]
        listing = self._listing()
        signs = {sign.path for sign in self._matched(ollama)}
        if any(self._peculiar(imitator) for imitator in imitators()):
            return None
        if "ollama" not in left or not {"/", *(sign.path for sign in ollama.signs if sign.expected)} <= signs:
            return None
        if listing is None or not listing.names:
            return "ollama"
        # It says of every model whose it is.
        return "ollama" if listing.owners and self._namespaces_fit(listing) else None

    def _namespaces_fit(self, listing: ModelList) -> bool:
        """Return whether the owners are namespaces of the models. Source: ollama openai/openai.go, ToListCompletion."""
        spaces = {name.rpartition("/")[0].rpartition("/")[2] or "library" for name in listing.names}
        return listing.owners <= spaces

    def _by_process(self, supports: list[_Support]) -> tuple[str | None, tuple[str, ...], str | None]:
        """Return the product of the process, if its answers leave that open."""
        owner = self.owner
        known = owner.engine or owner.runtime
        answered = any(answer is not None for answer in self._heard.values())
        if known is None or not answered or not (owner.certain or self._says(runtimes()[known])):
            return None, (), None
        if any(known not in support.among for support in supports) or (doubt := self._contradicted(known)):
            return None, (), f"the program is {runtimes()[known].title}, but its answers are not"
        del doubt
        listing = self._listing()
        foreign = (listing.owners if listing else frozenset()) - {*runtimes()[known].owned_by}
        if runtimes()[known].owned_by and foreign:
            return None, (), f"the program is {runtimes()[known].title}, but owned_by is {min(foreign)}"
        return known, owner.reasons, None

    def _says(self, runtime: Runtime) -> bool:
        """Return whether every answer has the Server header of a product."""
        answers = [answer.server for answer in self._heard.values() if answer is not None]
        return bool(runtime.headers) and all(server in runtime.headers for server in answers)

    def _contradicted(self, product: str) -> str | None:
        """Return what speaks against a product."""
        runtime = runtimes()[product]
        matched = {sign.path for sign in self._matched(runtime)}
        proper = {sign.path for sign in runtime.signs if sign.expected or sign.proof != "hint"}
        for sign in () if matched & proper else runtime.signs:
            answer = self._heard.get(sign.path)
            if sign.expected and answer is not None and answer.status not in _BUSY:
                return f"says that it is {runtime.title}, but does not answer like it at {sign.path}"
        listing = self._listing()
        if runtime.owned_by and listing and listing.names and not listing.owners & {*runtime.owned_by}:
            return f"answers like {runtime.title}, but does not say owned_by {runtime.owned_by[0]} of its models"
        servers = " ".join(answer.server for answer in self._heard.values() if answer is not None)
        if foreign := next((word for word in runtime.foreign if word in servers), None):
            return f"answers like {runtime.title}, but its server is {foreign}"
        owner = self.owner
        if owner.runtime is None or not owner.certain or product in (owner.runtime, owner.engine):
            return None
        known = runtimes()[owner.runtime]
        if product in known.children or owner.runtime in runtime.children:
            return None
        return f"answers like {runtime.title}, but the program is {known.title}"

    def _authenticated(self, product: str | None, listing: ModelList | None) -> bool | None:
        """Return whether it refuses requests without a key."""
        runtime = runtimes().get(product or "")
        if runtime is None:
            return None
        paths = {sign.path for sign in runtime.signs if sign.open} | {LISTING}
        if any((answer := self._heard.get(path)) and answer.status in _REFUSED for path in paths):
            return True
        if any(sign.open for sign in self._matched(runtime)):
            return False
        return False if listing is not None and not runtime.public_listing else None


def every_path() -> frozenset[str]:
    """Return all paths that are ever asked for."""
    signs = {sign.path for runtime in runtimes().values() for sign in runtime.signs}
    return frozenset({*_ALWAYS, *_CONTRADICTIONS, *listing_paths(), *signs})


@cache
def _owners() -> dict[str, str]:
    return {name: runtime.id for runtime in runtimes().values() for name in runtime.owned_by}


def _name(entry: dict[str, object]) -> str:
    return str(entry.get("name") or entry.get("model"))[:200]
