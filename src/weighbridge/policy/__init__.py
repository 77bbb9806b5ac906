"""Verdicts by Cedar: facts, findings and assessment in, decision with rules and remedy out.

In: an artifact and a loaded policy. Out: a `Verdict`. Forbidden: reading files (the caller hands texts in).
To add a rule: edit a `.cedar` file of a pack, with @id @severity @reason @remedy, and a situation in its tests.
"""
