"""All renderers, sorted by id."""

from weighbridge.report.renderer import Renderer

RENDERERS: tuple[Renderer, ...] = ()
