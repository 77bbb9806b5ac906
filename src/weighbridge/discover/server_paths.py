"""Which paths of the catalog to ask for, in which order."""

from collections.abc import Iterator
from functools import cache

from weighbridge.discover.runtime_catalog import Runtime, runtimes

LISTING = "/v1/models"
"""Where most servers list their models. Source: OpenAI API reference, `List models`."""
CONTROL = "/.well-known/weighbridge-control"
"""A path that no server has: what it answers there, it answers to anything."""
ALWAYS = (LISTING, CONTROL, "/")
CONTRADICTIONS = ("/props", "/api/extra/version", "/metrics")
"""Where a server gives itself away that borrows the name of another in its list of models."""


def paths_of(runtime: Runtime, *, hints: bool) -> Iterator[str]:
    """Yield the paths that tell one product; with `hints` also those that only support what something else says."""
    signs = [sign for sign in runtime.signs if not sign.last]
    yield from (sign.path for sign in signs if hints or sign.expected or sign.open or sign.proof != "hint")


@cache
def decisive_paths() -> tuple[str, ...]:
    """Return the paths at which one product gives itself away, and further lists of models.

    Gateways come first: a gateway that is not known yet would send some of the other paths on.
    """
    products = sorted(runtimes().values(), key=lambda runtime: runtime.kind != "gateway")
    signs = [sign for runtime in products for sign in runtime.signs if sign.proof != "hint"]
    signs.sort(key=lambda sign: sign.last)
    return tuple(dict.fromkeys((*listing_paths(), *(sign.path for sign in signs))))


@cache
def listing_paths() -> tuple[str, ...]:
    """Return all paths at which some product lists its models in OpenAI's form."""
    return tuple(dict.fromkeys((LISTING, *(path for one in runtimes().values() for path in one.listings))))


@cache
def imitators() -> tuple[Runtime, ...]:
    """Return the products that answer like Ollama too."""
    return tuple(one for one in runtimes().values() if "ollama" in one.imitates)


@cache
def every_path() -> frozenset[str]:
    """Return all paths that are ever asked for."""
    signs = {sign.path for runtime in runtimes().values() for sign in runtime.signs}
    return frozenset({*ALWAYS, *CONTRADICTIONS, *listing_paths(), *signs})


def own_paths(runtime: Runtime) -> frozenset[str]:
    """Return the paths that only this product has in the catalog."""
    return frozenset(path for path, owners in _owners_of_paths().items() if owners == {runtime.id})


@cache
def _owners_of_paths() -> dict[str, set[str]]:
    owners: dict[str, set[str]] = {}
    for runtime in runtimes().values():
        for sign in runtime.signs:
            owners.setdefault(sign.path, set()).update({runtime.id, *sign.also})
    return owners
