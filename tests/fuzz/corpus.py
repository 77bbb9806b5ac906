"""Seeds for fuzzing: every sample of the suites, given to every reader that looks at it."""

from collections.abc import Iterator
from functools import cache

from tests.samples.registry import BENIGN, EVASIONS

from weighbridge.formats.reader import HEAD_BYTES, TAIL_BYTES, Reader
from weighbridge.formats.registry import READERS
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource, LimitReached, SourceError
from weighbridge.pipeline.inspect import INDEX, suffix_readers

LARGEST_SEED = 64 << 10
_MOST_SEEDS = 40
_BY_FOLDER = ("hydra-config", "mergekit-config")


@cache
def seeds() -> dict[str, tuple[bytes, ...]]:
    """Return reader id -> samples that it claims, small ones first; children of samples count as samples."""
    by_reader: dict[str, dict[bytes, None]] = {reader.id: {} for reader in READERS}
    for case in (*BENIGN, *EVASIONS):
        for name, content in case.build().items():
            for seed in _with_children(content, name.encode(), 0):
                for reader in _readers(seed, name.encode()):
                    by_reader[reader.id][seed] = None
    return {name: tuple(sorted(found, key=len)[:_MOST_SEEDS]) for name, found in by_reader.items()}


def _readers(content: bytes, name: bytes) -> list[Reader]:
    source = BytesSource(content, name)
    try:
        claimed = INDEX.recognized(source, content[:HEAD_BYTES], content[-TAIL_BYTES:])
    except (SourceError, LimitReached):
        claimed = []
    by_name = [
        reader for reader in READERS if reader.signatures == () and reader.could_be is None and not reader.at_end
    ]
    claimed += [reader for reader in by_name if reader.recognize(source, content[:HEAD_BYTES])]
    if name.endswith((b".yaml", b".yml")):
        # Chosen by the folder around it, which a single file cannot show.
        claimed += [reader for reader in READERS if reader.id in _BY_FOLDER and reader not in claimed]
    return [*claimed, *(reader for reader in suffix_readers(name) if reader not in claimed)]


def _with_children(content: bytes, name: bytes, depth: int) -> Iterator[bytes]:
    if not 0 < len(content) <= LARGEST_SEED:
        return
    yield content
    if depth == 3:
        return
    for reader in _readers(content, name):
        try:
            children = reader.read(BytesSource(content, name), Budget()).children
            parts = [(child.source.read(0, LARGEST_SEED + 1), child.member.encode()) for child in children[:8]]
        except (SourceError, LimitReached):
            continue
        for part, member in parts:
            yield from _with_children(part, member, depth + 1)
