"""A policy for Wazuh's Security Configuration Assessment.

Source: Wazuh documentation, "Creating custom SCA policies" (sections, conditions, rules `f:` `p:` `c:` with `r:`).
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.left_out import untold
from weighbridge.export.matching import COMM_LENGTH, file_names
from weighbridge.export.systemd import LOOPBACK, drop_in_path
from weighbridge.export.wording import comment, described, one_line

FIRST_ID = 730_000
_PLAIN = re.compile(r"[A-Za-z0-9._+ -]{1,64}")
_BEYOND = r"^LISTEN\s+\d+\s+\d+\s+(?!127\.|\[::1\]|\[::ffff:127\.)\S+:\d+\s"
"""A line of `ss -H -lntp` whose address is not of this machine alone."""


def write(intent: Intent) -> dict[str, str]:
    """Return one policy; none if there is nothing to check."""
    checks = [{"id": FIRST_ID + number, **check} for number, check in enumerate(_checks(intent))]
    if not checks:
        return {}
    document = {
        "policy": {
            "id": "weighbridge_ai",
            "file": "weighbridge_ai.yml",
            "name": "AI on the device",
            "description": described(intent, "What the policy on AI asks of Linux machines."),
            "references": ["https://documentation.wazuh.com/current/user-manual/capabilities/sec-config-assessment/"],
            "regex_type": "pcre2",
        },
        "requirements": {
            "title": "Linux",
            "description": "The checks read what Linux shows of sockets and processes.",
            "condition": "all",
            "rules": ["f:/proc/net/tcp"],
        },
        "checks": checks,
    }
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
    return {"weighbridge_ai.yml": comment(intent, EXPORT) + text}


def _checks(intent: Intent) -> Iterator[dict[str, Any]]:
    names = [re.escape(name[:COMM_LENGTH]) for name in _names(intent, denied=False)]
    if intent.open_listener.wanted and names:
        rule = intent.open_listener.rule
        yield {
            "title": "Model servers answer this machine only",
            "description": described(intent, "By program name; `wb ps` identifies by content.", rule),
            "rationale": "A server on every address can be used by anybody who reaches the port.",
            "remediation": one_line(rule.remedy) if rule is not None else "Bind it to 127.0.0.1.",
            "condition": "none",
            "rules": [f'c:ss -H -lntp -> r:{_BEYOND}.*\\(\\("(?:{"|".join(sorted(set(names)))})"'],
        }
    for product in intent.runtimes:
        for unit in product.units:
            if not intent.stops(intent.open_listener) or (drop_in := drop_in_path(unit)) is None:
                continue
            yield {
                "title": f"{unit} is bound to this machine by systemd",
                "description": described(intent, "The drop-in that `wb export systemd` writes is in place."),
                "rationale": "The setting of a program can be changed by whoever starts it, the unit only by root.",
                "remediation": "Copy the drop-ins of `wb export systemd` into /etc/systemd/system.",
                "condition": "any",
                "rules": [
                    f"not f:/etc/systemd/system/{unit}",
                    f"f:/etc/systemd/system/{drop_in} -> r:^{re.escape(LOOPBACK[0])}$",
                ],
            }
    for name in _names(intent, denied=True):
        yield {
            "title": f"{name} does not run",
            "description": described(intent, "The policy denies this product. By program name."),
            "rationale": "The policy denies it.",
            "remediation": "Stop and remove it, or ask for it to be accepted.",
            "condition": "all",
            "rules": [f"not p:{name}"],
        }


def _names(intent: Intent, *, denied: bool) -> list[str]:
    products = intent.denied if denied else intent.runtimes
    return [name for name in file_names(products, "linux") if _PLAIN.fullmatch(name)]


def _partly(intent: Intent) -> Iterator[str]:
    names = set(_names(intent, denied=True))
    yield from untold(
        "denied products without a program name on Linux",
        intent.denied,
        lambda product: bool(names & set(product.process_names)),
    )


EXPORT = Export(
    id="wazuh-sca",
    title="Wazuh configuration assessment",
    write=write,
    carries=frozenset(("products", "listeners")),
    told_by="name, settings of systemd units",
    partly=_partly,
    validated_by="a reader of Wazuh's grammar of checks",
    next_step="Put the file into etc/shared of the group; agents need sca.remote_commands=1 for its commands.",
)
