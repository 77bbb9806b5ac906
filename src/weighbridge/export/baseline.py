"""Settings of runtimes for a whole machine: on this machine only, no forwarding to a cloud.

Source: environment.d(5) (sessions of systemd), launchd.plist(5) and launchctl(1) `setenv` (macOS), Microsoft,
`Environment.SetEnvironmentVariable` (Windows); each runtime's own variables. What the policy does not forbid, or only
observes, is off. Somebody who starts a runtime can set its variables otherwise: `wb export systemd` binds services.
"""

import plistlib
import re
from collections.abc import Iterator

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.left_out import counted
from weighbridge.export.literals import powershell, shell
from weighbridge.export.product import Product
from weighbridge.export.wording import comment, one_line
from weighbridge.model.record import record

_CLOUD = re.compile(r"CLOUD|REMOTE|TELEMETRY")
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,100}")
_VALUE = re.compile(r"[A-Za-z0-9.:/_-]{1,200}")
"""Values that mean themselves in all three files."""
_LABEL = "com.example.weighbridge.baseline"


@record
class _Setting:
    name: str
    value: str
    title: str
    """Of the runtime."""
    on: bool


def write(intent: Intent) -> dict[str, str]:
    """Return one file per system; the one of launchd, which has no comments, only if something is on."""
    settings = list(_settings(intent))
    if not settings:
        return {}
    files = {
        "linux/etc/environment.d/50-weighbridge.conf": _environment(intent, settings),
        "windows/weighbridge-baseline.ps1": _script(intent, settings),
    }
    if on := [one for one in settings if one.on]:
        files[f"macos/Library/LaunchAgents/{_LABEL}.plist"] = _agent(on)
    return files


def _settings(intent: Intent) -> Iterator[_Setting]:
    for product in intent.runtimes:
        for name, value in product.hardening:
            if _NAME.fullmatch(name) and _VALUE.fullmatch(value):
                answer = intent.outside_host if _CLOUD.search(name) else intent.open_listener
                yield _Setting(name=name, value=value, title=one_line(product.title), on=intent.stops(answer))


def _environment(intent: Intent, settings: list[_Setting]) -> str:
    lines = [comment(intent, EXPORT).rstrip("\n")]
    lines += [f"{'' if one.on else '#'}{one.name}={one.value}" for one in settings]
    lines += [f"# {line}" for line in _arguments(intent)]
    return "\n".join(lines) + "\n"


def _script(intent: Intent, settings: list[_Setting]) -> str:
    lines = [comment(intent, EXPORT).rstrip("\n")]
    for one in settings:
        call = f"[Environment]::SetEnvironmentVariable({powershell(one.name)}, {powershell(one.value)}, 'Machine')"
        lines += [f"# {one.title}", f"{'' if one.on else '# '}{call}"]
    lines += [f"# {line}" for line in _arguments(intent)]
    return "\n".join(lines) + "\n"


def _agent(settings: list[_Setting]) -> str:
    commands = "; ".join(f"/bin/launchctl setenv {shell(one.name)} {shell(one.value)}" for one in settings)
    document = {"Label": _LABEL, "ProgramArguments": ["/bin/sh", "-c", commands], "RunAtLoad": True}
    return plistlib.dumps(document, sort_keys=True).decode()


def _arguments(intent: Intent) -> Iterator[str]:
    """Yield what should not stand on command lines: no variable forbids an argument."""
    for product in intent.runtimes:
        if product.risky_arguments:
            arguments = one_line(" ".join(product.risky_arguments))
            yield f"{one_line(product.title)} should be started with none of: {arguments}"


def _known(product: Product) -> bool:
    return any(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in product.hardening)


def _partly(intent: Intent) -> Iterator[str]:
    without = sum(not _known(product) for product in intent.runtimes)
    if intent.open_listener.wanted or intent.outside_host.wanted:
        yield from counted(without, len(intent.runtimes), "runtimes: no variable of theirs is known")


EXPORT = Export(
    id="baseline",
    title="Baseline settings of runtimes for Linux, macOS and Windows",
    write=write,
    carries=frozenset(("listeners", "hosts")),
    told_by="variables that each runtime reads",
    blocks=True,
    partly=_partly,
    validated_by="systemd's reader of environment.d where it is installed, plistlib, a run of the macOS command by sh",
    next_step="Put them where their paths say by device management; people log in again.",
)
