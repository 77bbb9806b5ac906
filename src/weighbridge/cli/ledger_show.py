"""`wb ledger show`: what was recorded, for the person whose machine it is."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from datetime import datetime

    from weighbridge.ledger.reader import Head, LogReader

_LAST = 40
_CHUNK = 4096


@click.command("show", short_help="Show what was recorded on this machine.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only records of this kind; may be repeated.")
@click.option("--since", "since_text", metavar="TIME", help="Only records since then: 2h, 7d, 2026-11-21.")
@click.option("--until", "until_text", metavar="TIME", help="Only records before then.")
@click.option("--digest", metavar="HEX", help="Only records about this model: at least 6 digits of its SHA-256.")
@click.option("--last", type=click.IntRange(min=1), help=f"So many of them at most. [{_LAST}; all with --format json]")
@click.option("-f", "--format", "format_name", type=click.Choice(["json", "table"]), default="table", show_default=True)
@click.pass_obj
def command(
    screen: Screen,
    kinds: tuple[str, ...],
    since_text: str | None,
    until_text: str | None,
    digest: str | None,
    last: int | None,
    format_name: str,
) -> int:
    """Show what was recorded on this machine, the newest last: all that a fleet could ever see of it is in here.

    With --format json each record is one line, as it was signed.
    """
    import re

    from weighbridge.cli.ledger_files import readable
    from weighbridge.cli.ledger_words import fits, table
    from weighbridge.host.real import RealMachine
    from weighbridge.ledger.entry import KINDS, decode
    from weighbridge.model.place import display
    from weighbridge.pipeline.ledger_open import ledger_reader
    from weighbridge.policy.nearest import did_you_mean

    for kind in kinds:
        if kind not in KINDS:
            raise click.UsageError(f"there is no kind {kind!r}: {did_you_mean(kind, KINDS)}")
    if digest is not None and re.fullmatch(r"[0-9A-Fa-f]{6,64}", digest) is None:
        raise click.UsageError("--digest takes 6 to 64 hexadecimal digits")
    machine = RealMachine()
    after, before = (
        _moment(option, text, machine.now()) for option, text in (("--since", since_text), ("--until", until_text))
    )
    log = ledger_reader(machine)
    wanted, sought = frozenset(kinds), (digest or "").lower().encode()
    as_json = format_name == "json"
    kept: deque[bytes] = deque(maxlen=last if last is not None else None if as_json else _LAST)
    filtered = bool(kinds or digest or after or before)
    marks = [f'"kind":"{kind}"'.encode() for kind in kinds]
    with readable():
        head = log.head()
        begin = log.minimum()
        if not filtered and kept.maxlen is not None:
            begin = max(begin, head.size - kept.maxlen)  # a long ledger is not read for its last page
        found = begin - log.minimum()
        for entry in _entries(log, head, begin):
            if marks and not any(mark in entry for mark in marks):
                continue  # reading a record costs more than looking for its kind
            record = decode(entry)
            if record is not None and fits(record, entry, wanted, after, sought, before):
                found += 1
                if as_json and last is None:
                    screen.data(entry.decode("utf-8", "replace") + "\n")
                else:
                    kept.append(entry)
    if as_json:
        screen.data("".join(entry.decode("utf-8", "replace") + "\n" for entry in kept))
        return 0
    home = display(machine.homes()[0]) if machine.homes() else ""
    records = [record for entry in kept if (record := decode(entry)) is not None]
    screen.data("".join(f"{text}\n" for text in table(records, home, screen.width)))
    if found > len(records):
        screen.say(f"· the last {len(records):,} of {found:,}; --last N shows more", "muted")
    elif log.minimum():
        screen.say(f"· records below {log.minimum():,} were removed by retention; a `prune` record says why", "muted")
    elif not found:
        screen.say("· no record fits" if filtered else "· the ledger is empty", "muted")
    return 0


def _moment(option: str, text: str | None, now: "datetime") -> "datetime | None":
    from weighbridge.cli.ledger_words import since

    try:
        return None if text is None else since(text, now)
    except (ValueError, OverflowError):
        raise click.UsageError(f"{option} {text} is no time; write 2h, 7d, 2026-11-21 or 2026-11-21T08:30") from None


def _entries(log: "LogReader", head: "Head", first: int) -> Iterator[bytes]:
    for begin in range(first, head.size, _CHUNK):
        yield from log.entries(begin, min(head.size, begin + _CHUNK), head)
