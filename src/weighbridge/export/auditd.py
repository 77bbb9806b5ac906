"""Rules for the Linux audit system.

Source: auditctl(8) and audit.rules(7): watches as syscall rules, `perm`, `path`, `dir`, keys. The audit system knows
neither patterns nor digests, so what lies in homes is left to `wb watch`.
"""

import re
from collections.abc import Iterable, Iterator

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.left_out import untold
from weighbridge.export.matching import file_names
from weighbridge.export.product import Product
from weighbridge.export.wording import comment

_PROGRAM_FOLDERS = ("/usr/bin", "/usr/local/bin")
_SYSTEM_MODELS = ("/usr/share/ollama/.ollama/models", "/var/lib/ollama", "/opt/models")
_SETTINGS = ("/etc/claude-code", "/etc/codex", "/etc/gemini-cli", "/etc/systemd/system/ollama.service.d")
_PLAIN = re.compile(r"[A-Za-z0-9._+/-]{1,200}")
"""Paths that need no quoting: the rules have no way to quote."""


def write(intent: Intent) -> dict[str, str]:
    """Return one file for /etc/audit/rules.d."""
    lines = [
        "## Go on where a file or folder does not exist on this machine; it holds for the rules of other files too.",
        "-i",
        "",
        "## Programs that run models, and agents: by path, which a user can change.",
        *_watched(_programs(intent.products), "x", "weighbridge_ai_started"),
    ]
    if intent.denied:
        lines += ["", "## Products that the policy denies."]
        lines += _watched(_programs(intent.denied), "x", "weighbridge_denied")
    lines += ["", "## Models in folders of the system."]
    lines += _watched(_SYSTEM_MODELS, "wa", "weighbridge_models", folders=True)
    lines += ["", "## Settings of runtimes and agents for the whole machine."]
    lines += _watched((*_SETTINGS, *_configuration(intent)), "wa", "weighbridge_settings", folders=True)
    return {"60-weighbridge.rules": comment(intent, EXPORT, "##") + "\n".join(lines) + "\n"}


def _programs(products: Iterable[Product]) -> list[str]:
    return [f"{folder}/{name}" for name in file_names(products, "linux") for folder in _PROGRAM_FOLDERS]


def _configuration(intent: Intent) -> list[str]:
    return sorted({place for product in intent.products for place in product.configuration if place.startswith("/")})


def _watched(paths: Iterable[str], permissions: str, key: str, *, folders: bool = False) -> Iterator[str]:
    field = "dir" if folders else "path"
    for path in dict.fromkeys(paths):
        if _PLAIN.fullmatch(path):
            yield f"-a always,exit -F arch=b64 -F {field}={path} -F perm={permissions} -F key={key}"


def _partly(intent: Intent) -> Iterator[str]:
    yield from untold(
        "denied products without a program name on Linux", intent.denied, lambda one: bool(file_names([one], "linux"))
    )


EXPORT = Export(
    id="auditd",
    title="Linux audit rules",
    write=write,
    carries=frozenset(("products",)),
    told_by="path",
    partly=_partly,
    validated_by="a reader of auditctl's grammar; `auditctl -R` where rules may be loaded",
    tried="auditctl 3.0.9 on Linux 6.18: every rule of the whole catalog loads",
    next_step="Put the file into /etc/audit/rules.d and run: augenrules --load",
)
