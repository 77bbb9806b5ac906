"""All renderers, sorted by id. A renderer's module loads only when its format is asked for."""

from importlib import import_module

from weighbridge.report.renderer import Renderer

FORMATS: dict[str, str] = {
    "cyclonedx": "weighbridge.report.cyclonedx",
    "html": "weighbridge.report.html",
    "json-v1": "weighbridge.report.json_v1",
    "markdown": "weighbridge.report.markdown",
    "page": "weighbridge.report.page",
    "sarif": "weighbridge.report.sarif",
    "spdx": "weighbridge.report.spdx",
    "table": "weighbridge.report.table",
}
ALIASES = {"json": "json-v1"}


def renderer(name: str) -> Renderer:
    """Return the renderer of a format or alias. Raises KeyError for any other name."""
    found = import_module(FORMATS[ALIASES.get(name, name)]).RENDERER
    assert isinstance(found, Renderer)  # noqa: S101  (a registry line that names no renderer is our bug)
    return found
