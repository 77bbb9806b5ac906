"""All checks, sorted by id."""

from weighbridge.checks.check import Check

CHECKS: tuple[Check, ...] = ()
