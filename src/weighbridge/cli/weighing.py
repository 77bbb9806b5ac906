"""What scan, inspect, up and demo share: run the pipeline with a progress line, describe the run, deliver a report."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge import __version__
from weighbridge.cli.screen import Screen
from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Scan
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.place import display
from weighbridge.report.registry import renderer
from weighbridge.report.renderer import Context

if TYPE_CHECKING:
    from weighbridge.pipeline.options import Options


def weigh(
    screen: Screen, machine: Machine, options: "Options", *, name: str | None = None, persona: str = "regular"
) -> tuple[Scan, Context]:
    """Run one scan and return it with its context. Ctrl-C ends it early; the result is then partial and says so.

    Args:
        screen: shows progress.
        machine: what to weigh.
        options: where and how.
        name: what the report calls the machine; its host name if None.
        persona: audience of the report.
    """
    from weighbridge.pipeline.run import scan  # `--help` and completion must not pay for every reader

    with screen.progress() as progress:
        result = scan(machine, options, progress.listener, screen.interrupts)
    warn_of_stale(screen, result.stale)
    return result, run_context(screen, machine, options, result, name=name, persona=persona)


def run_context(
    screen: Screen,
    machine: Machine,
    options: "Options",
    result: Scan,
    *,
    name: str | None = None,
    persona: str = "regular",
) -> Context:
    """Return what reports say about a run; arguments as of `weigh`."""
    homes = machine.homes()
    return Context(
        version=__version__,
        machine=name or host_name() or "this machine",
        roots=tuple(display(path) for path in options.roots),
        finished_at=machine.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        policy=policy_name(result),
        persona=persona,
        home=display(homes[0]) if homes else "",
        width=screen.width,
        color=screen.color,
        timestamp=_given_time(),
    )


def _given_time() -> str | None:
    if "SOURCE_DATE_EPOCH" not in os.environ:
        return None
    from weighbridge.cli.source_date import source_date  # most runs give no time

    return source_date(os.environ)


def host_name() -> str:
    """Return what this machine is called; empty if it has no name."""
    if sys.platform == "win32":
        return os.environ.get("COMPUTERNAME", "")
    return os.uname().nodename


def policy_name(result: Scan) -> str:
    """Return the words of the policy that weighed the artifacts; empty if nothing was weighed."""
    return result.policy if any(artifact.verdict is not None for artifact in result.artifacts) else ""


def warn_of_stale(screen: Screen, stale: str) -> None:
    """Say, beside a result, what may have been decided since and is not known here (`Policy.stale_words`)."""
    for line in stale.splitlines():
        from weighbridge.report.escape import visible  # few results need it

        screen.say(f"! {visible(line, 500)}", "warning")
        fleet = "`wb sync` asks the fleet; `wb enroll --status` says what is wrong"
        screen.say(f"  {fleet if line.startswith('the policy ') else '`wb hub setup --status` asks the hub'}", "muted")


def deliver(screen: Screen, result: Scan, context: Context, format_name: str, output: str | None) -> None:
    """Render and write the report to stdout or, in one step, to a file."""
    if output is None or output == "-":
        screen.data(renderer(format_name).render(result, context))
        return
    screen.write_file(output, renderer(format_name).render(result, replace(context, color=False)))
    screen.say(f"✓ report written to {output}", "success")


def absolute_paths(arguments: Sequence[str]) -> tuple[bytes, ...]:
    """Return the paths of a command line as absolute bytes.

    Raises:
        WeighbridgeError: `E-path-missing` for a path that does not exist.
    """
    paths = []
    for argument in arguments:
        path = os.path.abspath(os.fsencode(argument))
        if not os.path.lexists(path):
            raise WeighbridgeError(
                "E-path-missing", f"there is nothing at {argument}", "check the spelling; quote names with spaces"
            )
        paths.append(path)
    return tuple(paths)
