"""Retention: entries below an index are removed, their hashes stay, so every root and proof stays.

Source: C2SP tlog-tiles, "Pruning": the minimum index; a bundle may go if its end is at or below it.
"""

from weighbridge.host.durable import DurableFolder
from weighbridge.ledger.reader import MINIMUM, LogError
from weighbridge.ledger.tiles import ENTRIES, WIDTH, Tile

_AT_ONCE = 1024


def prune(folder: DurableFolder, before: int, minimum: int) -> int:
    """Remove the bundles that end at or below `minimum`; return the index of the first entry that is left.

    Args:
        folder: of the log.
        before: minimum index until now.
        minimum: entries below it may go.

    Raises OSError; the next opening of the log finishes what was begun.
    """
    first, last = before // WIDTH, minimum // WIDTH
    if last <= first:
        return before
    # The old value stays beside the new one until all is gone, so that nothing is left behind by a crash.
    folder.replace({MINIMUM: b"%d %d\n" % (before, last * WIDTH)})
    _remove(folder, first, last)
    return last * WIDTH


def finish_pruning(folder: DurableFolder) -> None:
    """Finish a pruning that a crash cut short. Raises OSError, and `LogError` if nobody can tell what was left."""
    try:
        words = folder.read(MINIMUM, 100).split()
    except FileNotFoundError:
        return
    if not all(word.isdigit() and len(word) < 20 for word in words):
        raise LogError("has a damaged minimum index")
    if len(words) == 2:
        _remove(folder, int(words[0]) // WIDTH, int(words[1]) // WIDTH)


def _remove(folder: DurableFolder, first: int, last: int) -> None:
    for number in range(first, last, _AT_ONCE):
        some = range(number, min(number + _AT_ONCE, last))
        folder.remove([Tile(ENTRIES, one, WIDTH).path for one in some])
    folder.replace({MINIMUM: b"%d\n" % (last * WIDTH)})
