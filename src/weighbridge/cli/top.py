"""`wb top`: what runs models, live, in the terminal."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import cache_option, policy_option
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.host.machine import Machine
    from weighbridge.tui.top import Top

_SECONDS = 1.0
"""How long one look may hash."""
_LAST = 4
_LOOKED_BACK = 60
"""Records among which the last ones worth showing are looked for."""
_DULL = frozenset({"heartbeat", "capability"})


@click.command("top", short_help="Show what runs models, live.")
@policy_option
@click.option(
    "--every", type=click.FloatRange(0.5, 3600), default=2.0, show_default=True, help="Seconds between looks."
)
@click.option("--demo", is_flag=True, help="Show a sample machine in memory; this one is not looked at.")
@cache_option
@click.pass_obj
def command(screen: Screen, policy: str | None, every: float, demo: bool, no_cache: bool) -> int:
    """Show which processes run which models, live: weights, servers, accelerators, who acts, what policy says.

    Keys: / searches, s sorts, a shows everything, d or Enter opens all about a process, p pauses, q quits.
    """
    if not sys.stdout.isatty():
        raise WeighbridgeError("E-usage", "wb top needs a terminal", "`wb ps` prints the same once")
    screen.quiet = True
    top(policy, every, demo=demo, cached=not no_cache).run()
    return Exit.WITHIN_POLICY


def top(policy_name: str | None, seconds: float, *, demo: bool, cached: bool = True) -> "Top":
    """Return the screen over this machine, or over the sample machine.

    Raises:
        WeighbridgeError: the policy cannot be used.
    """
    from weighbridge.pipeline.policies import default_policy, load_policy
    from weighbridge.pipeline.processes import Processes
    from weighbridge.tui.top import Top

    if demo:
        from weighbridge.pipeline.demo_live import demo_live
        from weighbridge.pipeline.demo_machine import demo_machine

        sample = demo_machine()
        look = Processes(sample, demo_live(sample), load_policy(sample, policy_name or default_policy(sample))).snapshot
        return Top(look, _sample_records, seconds=seconds)
    from weighbridge.host.real import RealMachine
    from weighbridge.host.real_live import real_live

    machine = RealMachine()
    cache = None
    if cached:
        from weighbridge.pipeline.cache import open_cache

        cache = open_cache(machine)
    policy = load_policy(machine, policy_name or default_policy(machine))
    processes = Processes(machine, real_live(), policy, cache, seconds=_SECONDS)
    return Top(processes.snapshot, last_records(machine), seconds=seconds)


def last_records(machine: "Machine") -> Callable[[], Sequence[str]]:
    """Return what gives the last records of the ledger, a line each; none if there is no ledger."""
    from weighbridge.cli.ledger_words import line
    from weighbridge.ledger.entry import decode
    from weighbridge.ledger.reader import LogError
    from weighbridge.model.place import display
    from weighbridge.pipeline.ledger_open import ledger_reader

    homes = machine.homes()
    home = display(homes[0]) if homes else ""

    def read() -> Sequence[str]:
        try:
            log = ledger_reader(machine)
            head = log.head()
            entries = list(log.entries(max(log.minimum(), head.size - _LOOKED_BACK), head.size, head))
        except (WeighbridgeError, LogError, OSError):
            return ()
        records = [record for entry in entries if (record := decode(entry)) is not None and record.kind not in _DULL]
        return [line(record, home) for record in records[-_LAST:]]

    return read


def _sample_records() -> Sequence[str]:
    return (
        "     41  2026-11-20 11:58:02  process         ollama  library/gemma3:270m",
        "     42  2026-11-20 11:59:40  process         llama_cpp  ~/Downloads/tiny-poet-110m.Q8_0.gguf",
        "     43  2026-11-20 11:59:40  listener        llama_cpp  0.0.0.0  8090",
    )
