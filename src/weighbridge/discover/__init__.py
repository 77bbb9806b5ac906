"""Probes: where models are. Yields places to look at, with what the store says about them.

In: a `Machine`. Out: `Candidate`s (a path, its store and name, a claimed digest).
Forbidden: reading anything that the probe's declaration does not list; judging.
To add one: a TOML file in `signatures/` if the store is a plain folder, else `<store>.py` with a `PROBE`
and one line in `registry.py`; a sample store in `tests/samples`. An agent: a TOML file in `agents/`.
"""
