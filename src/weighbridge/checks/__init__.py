"""Checks: observations in, findings out. Never parses bytes.

In: an observation of a type that the check wants. Out: findings with evidence and a remedy.
Forbidden: reading files, knowing formats, looking at what is installed on this machine.
To add one: `<check_id>.py` with a `CHECK` and the five docstring headings, one line in
`registry.py`, a test of the same name with at least one hit and one near miss.
"""
