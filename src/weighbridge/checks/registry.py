"""All checks, sorted by id."""

from weighbridge.checks.archive_anomaly import CHECK as ARCHIVE_ANOMALY
from weighbridge.checks.check import Check
from weighbridge.checks.class_reference import CHECK as CLASS_REFERENCE
from weighbridge.checks.digest_mismatch import CHECK as DIGEST_MISMATCH
from weighbridge.checks.embedded_code import CHECK as EMBEDDED_CODE
from weighbridge.checks.excess import CHECK as EXCESS
from weighbridge.checks.graph_operator import CHECK as GRAPH_OPERATOR
from weighbridge.checks.malformed import CHECK as MALFORMED
from weighbridge.checks.name_mismatch import CHECK as NAME_MISMATCH
from weighbridge.checks.outside_reference import CHECK as OUTSIDE_REFERENCE
from weighbridge.checks.polyglot import CHECK as POLYGLOT
from weighbridge.checks.unread import CHECK as UNREAD

CHECKS: tuple[Check, ...] = (
    ARCHIVE_ANOMALY,
    CLASS_REFERENCE,
    DIGEST_MISMATCH,
    EMBEDDED_CODE,
    EXCESS,
    GRAPH_OPERATOR,
    MALFORMED,
    NAME_MISMATCH,
    OUTSIDE_REFERENCE,
    POLYGLOT,
    UNREAD,
)
