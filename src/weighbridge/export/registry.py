"""All exports, sorted by id. An export's module loads only when it is asked for."""

from importlib import import_module

from weighbridge.export.export import Export

EXPORTS: dict[str, str] = {
    "sigma": "weighbridge.export.sigma",
}


def export(name: str) -> Export:
    """Return an export by id. Raises KeyError for any other name."""
    found = import_module(EXPORTS[name]).EXPORT
    assert isinstance(found, Export)  # noqa: S101  (a registry line that names no export is our bug)
    return found
