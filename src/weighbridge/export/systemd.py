"""Drop-ins for systemd units of runtimes: on this machine only, no forwarding to a cloud, fewer rights.

Source: systemd.unit(5), systemd.exec(5), systemd.resource-control(5) (`IPAddressDeny`). What the policy does not
forbid, or only observes, stands in the file as a comment and changes nothing.
"""

import re
from collections.abc import Iterator, Sequence

from weighbridge.export.export import Export
from weighbridge.export.intent import Answer, Intent
from weighbridge.export.left_out import counted
from weighbridge.export.product import Product
from weighbridge.export.wording import comment, one_line

_UNIT = re.compile(r"[A-Za-z0-9:_.@-]{1,200}\.service")
_CLOUD = re.compile(r"CLOUD|REMOTE|TELEMETRY")
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,100}")
_CONTAINED = (
    *("NoNewPrivileges=yes", "ProtectSystem=full", "ProtectKernelTunables=yes", "ProtectKernelModules=yes"),
    *("ProtectControlGroups=yes", "RestrictSUIDSGID=yes", "LockPersonality=yes"),
)
LOOPBACK = ("IPAddressDeny=any", "IPAddressAllow=localhost")


def write(intent: Intent) -> dict[str, str]:
    """Return one drop-in per unit of a known runtime."""
    return {
        path: _drop_in(intent, product)
        for product in intent.runtimes
        for unit in product.units
        if (path := drop_in_path(unit)) is not None
    }


def drop_in_path(unit: str) -> str | None:
    """Return where the drop-in of a unit lies below /etc/systemd/system; None for a pattern or an odd name."""
    return f"{unit}.d/50-weighbridge.conf" if _UNIT.fullmatch(unit) else None


def _drop_in(intent: Intent, product: Product) -> str:
    variables = [(name, value) for name, value in product.hardening if _NAME.fullmatch(name)]
    cloud = [_environment(name, value) for name, value in variables if _CLOUD.search(name)]
    here = [_environment(name, value) for name, value in variables if not _CLOUD.search(name)]
    lines = [comment(intent, EXPORT).rstrip("\n"), f"# {one_line(product.title)}", "[Service]", "IPAccounting=yes"]
    lines += _section(intent, intent.open_listener, "Only this machine reaches it", [*here, *LOOPBACK])
    lines += _section(intent, intent.outside_host, "Nothing is forwarded to a cloud", cloud)
    lines += _section(intent, intent.code_in_weights, "Code that comes with weights finds fewer rights", _CONTAINED)
    if product.risky_arguments:
        arguments = one_line(" ".join(product.risky_arguments))
        lines += ["", f"# Its command line should have none of: {arguments}"]
    return "\n".join(lines) + "\n"


def _section(intent: Intent, answer: Answer, what: str, settings: Sequence[str]) -> Iterator[str]:
    if not settings:
        return
    yield ""
    if intent.stops(answer) and answer.rule is not None:
        yield f"# {what}: rule {one_line(answer.rule.id)} asks for it."
        yield from settings
    else:
        yield f"# {what}: the policy does not ask for it, so these lines are off."
        yield from (f"#{line}" for line in settings)


def _environment(name: str, value: str) -> str:
    r"""Return an assignment (systemd.exec(5): quoted; `\` and `"` are escaped, `%` begins a specifier)."""
    plain = one_line(value).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'Environment="{name}={plain}"'


def _partly(intent: Intent) -> Iterator[str]:
    without = sum(not any(map(drop_in_path, product.units)) for product in intent.runtimes)
    if intent.open_listener.wanted or intent.outside_host.wanted:
        yield from counted(without, len(intent.runtimes), "runtimes: no unit of systemd is known")


EXPORT = Export(
    id="systemd",
    title="systemd drop-ins that harden runtimes",
    write=write,
    carries=frozenset(("listeners", "code", "hosts")),
    told_by="unit",
    blocks=True,
    partly=_partly,
    validated_by="systemd-analyze verify, where it is installed",
    next_step="Copy the folders into /etc/systemd/system and run: systemctl daemon-reload",
)
