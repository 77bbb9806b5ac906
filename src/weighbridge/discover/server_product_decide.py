"""Which product answers, from what its answers show and what is known of its process: values in, values out.

A name in `owned_by` is taken only if nothing contradicts it: a product that always answers some path and does not here,
an answer of another product, a program of another one. In doubt the product is not named.
"""

from collections.abc import Iterator

from weighbridge.discover.runtime_catalog import Runtime, runtimes
from weighbridge.discover.server_answers import ModelList
from weighbridge.discover.server_evidence import REFUSED, ServerEvidence, owners
from weighbridge.discover.server_paths import LISTING, imitators
from weighbridge.model.record import record

_BUSY = (*REFUSED, 408, 429, 500, 502, 503, 504)
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
class Judgment:
    """The product that answers."""

    product: str | None = None
    reasons: tuple[str, ...] = ()
    """What it stands on."""
    doubt: str | None = None
    """Why none is named although something names one."""


@record
class _Support:
    """One answer that speaks for a product."""

    product: str
    among: frozenset[str]
    """The products that answer so."""
    reason: str
    decides: bool
    """Whether it tells one of them from the others."""


def judge(owner: Owner, evidence: ServerEvidence) -> Judgment:
    """Return which product answers."""
    supports = [*_supports(evidence)]
    left = frozenset(runtimes())
    for support in supports:
        left &= support.among
    deciding = [support for support in supports if support.decides]
    if not left:
        first = (*deciding, *supports)[0]
        other = next((one for one in supports if not one.among & first.among), supports[-1])
        return Judgment(doubt=f"{first.reason}, but {other.reason}")
    chosen = (
        _chosen(evidence, deciding, left)
        or _generic(evidence, left)
        or _hinted(evidence, left)
        or _plain_ollama(evidence, left)
    )
    if chosen is None:
        return _by_process(owner, evidence, supports)
    if doubt := _contradicted(owner, evidence, chosen):
        return Judgment(doubt=doubt)
    reasons = [support.reason for support in supports if chosen in support.among]
    hints = [sign.path for sign in evidence.matched(runtimes()[chosen]) if sign.proof == "hint"]
    told = {reason.rpartition(" ")[2] for reason in reasons}
    reasons += [f"answers at {path}" for path in hints if path not in told][:2]
    listing = evidence.listing()
    for name in sorted(listing.owners if listing else ()):
        if name in runtimes()[chosen].generic_owned_by:
            reasons.insert(0, f"owned_by {name} at {LISTING}")
    return Judgment(product=chosen, reasons=tuple(dict.fromkeys(reasons)))


def _supports(evidence: ServerEvidence) -> Iterator[_Support]:
    listing, path = evidence.listing_at()
    for name in sorted(listing.owners if listing else ()):
        if product := owners().get(name):
            yield _Support(
                product=product, among=frozenset({product}), reason=f"owned_by {name} at {path}", decides=True
            )
    for runtime in runtimes().values():
        for sign in evidence.matched(runtime):
            if sign.proof != "hint":
                yield _Support(
                    product=runtime.id,
                    among=frozenset({runtime.id, *sign.also}),
                    reason=f"answers like {runtime.title} at {sign.path}",
                    decides=sign.proof == "decides",
                )


def _chosen(evidence: ServerEvidence, deciding: list[_Support], left: frozenset[str]) -> str | None:
    """Return the one product that a name of its own, or an answer that only it gives, speaks for."""
    if named := evidence.named():
        return next(iter(named)) if len(named) == 1 else None
    first = {support.product for support in deciding} & left
    if not first and deciding and len(left) == 1:
        first = set(left)
    return first.pop() if len(first) == 1 else None


def _generic(evidence: ServerEvidence, left: frozenset[str]) -> str | None:
    """Return the product for whose models a name stands that others use too, if its own answers support it."""
    listing = evidence.listing()
    for runtime in runtimes().values():
        if listing and listing.owners & {*runtime.generic_owned_by} and runtime.id in left:
            needed = [sign for sign in runtime.signs if sign.expected]
            signs = [*evidence.matched(runtime)]
            if signs and all(sign in signs for sign in needed):
                return None if runtime.id == "ollama" and not _namespaces_fit(listing) else runtime.id
    return None


def _hinted(evidence: ServerEvidence, left: frozenset[str]) -> str | None:
    """Return the one product with an interface for models that answers at two paths which no other has."""
    if evidence.listing() is None and not evidence.is_like_ollama():
        return None
    # Products whose owners are nobody's own need more than that.
    known = [one for one in runtimes().values() if one.id in left and not one.generic_owned_by]
    able = {one.id for one in known if len(evidence.peculiar(one)) > 1}
    return able.pop() if len(able) == 1 else None


def _plain_ollama(evidence: ServerEvidence, left: frozenset[str]) -> str | None:
    """Return Ollama if everything is as there, and none of its imitators gave itself away."""
    ollama = runtimes()["ollama"]
    listing = evidence.listing()
    signs = {sign.path for sign in evidence.matched(ollama)}
    if any(evidence.peculiar(imitator) for imitator in imitators()):
        return None
    if "ollama" not in left or not {"/", *(sign.path for sign in ollama.signs if sign.expected)} <= signs:
        return None
    if listing is None or not listing.names:
        return "ollama"
    # It says of every model whose it is.
    return "ollama" if listing.owners and _namespaces_fit(listing) else None


def _namespaces_fit(listing: ModelList) -> bool:
    """Return whether the owners are namespaces of the models. Source: ollama openai/openai.go, ToListCompletion."""
    spaces = {name.rpartition("/")[0].rpartition("/")[2] or "library" for name in listing.names}
    return listing.owners <= spaces


def _by_process(owner: Owner, evidence: ServerEvidence, supports: list[_Support]) -> Judgment:
    """Return the product of the process, if its answers leave that open."""
    known = runtimes().get(owner.engine or owner.runtime or "")
    if known is None or not evidence.answers() or not (owner.certain or _says(evidence, known)):
        return Judgment()
    if any(known.id not in support.among for support in supports) or _contradicted(owner, evidence, known.id):
        return Judgment(doubt=f"the program is {known.title}, but its answers are not")
    listing = evidence.listing()
    foreign = (listing.owners if listing else frozenset()) - {*known.owned_by}
    if known.owned_by and foreign:
        return Judgment(doubt=f"the program is {known.title}, but owned_by is {min(foreign)}")
    return Judgment(product=known.id, reasons=owner.reasons)


def _says(evidence: ServerEvidence, runtime: Runtime) -> bool:
    """Return whether every answer has the Server header of a product."""
    return bool(runtime.headers) and all(answer.server in runtime.headers for answer in evidence.answers())


def _contradicted(owner: Owner, evidence: ServerEvidence, product: str) -> str | None:
    """Return what speaks against a product."""
    runtime = runtimes()[product]
    matched = {sign.path for sign in evidence.matched(runtime)}
    proper = {sign.path for sign in runtime.signs if sign.expected or sign.proof != "hint"}
    for sign in () if matched & proper else runtime.signs:
        answer = evidence.at(sign.path)
        if sign.expected and answer is not None and answer.status not in _BUSY:
            return f"says that it is {runtime.title}, but does not answer like it at {sign.path}"
    listing = evidence.listing()
    if runtime.owned_by and listing and listing.names and not listing.owners & {*runtime.owned_by}:
        return f"answers like {runtime.title}, but does not say owned_by {runtime.owned_by[0]} of its models"
    servers = " ".join(answer.server for answer in evidence.answers())
    if foreign := next((word for word in runtime.foreign if word in servers), None):
        return f"answers like {runtime.title}, but its server is {foreign}"
    if owner.runtime is None or not owner.certain or product in (owner.runtime, owner.engine):
        return None
    known = runtimes()[owner.runtime]
    if product in known.children or owner.runtime in runtime.children:
        return None
    return f"answers like {runtime.title}, but the program is {known.title}"
