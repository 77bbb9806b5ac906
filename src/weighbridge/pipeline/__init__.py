"""The flow in reading order. `run.py` names the stages and holds no rules.

In: a `Machine`, paths, options. Out: a `Scan`. Forbidden: judging, rendering, knowing a single format.
"""
