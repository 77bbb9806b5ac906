"""Renderers: a `Scan` in, text out.

Forbidden: input and output, decisions. Whatever comes from a scanned file is escaped and shortened here.
To add one: `<format>.py` with a `RENDERER`, one line in `registry.py`, a golden file.
"""
