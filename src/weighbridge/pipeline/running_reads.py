"""Matches what processes read with the sizes of weights that earlier scans measured.

In: processes that run models and in which no weights were found. Out: for some, weights with a claimed digest. Nothing
that a scan did not measure is told so.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from weighbridge.discover.found_weights import Held
from weighbridge.discover.process_view import ProcessView
from weighbridge.discover.read_growth import LEAST_UNSURE, Amounts, explained_by
from weighbridge.host.live import Live
from weighbridge.model.running import AcceleratorUse, RunningWeights, WeightsEvidence

if TYPE_CHECKING:
    from weighbridge.pipeline.cache import Cache

_NOTHING = Amounts(0, 0)


class Reads:
    """Remembers how much processes had read.

    Args:
        live: the running machine.
        cache: the memory of scans.
    """

    def __init__(self, live: Live, cache: "Cache | None") -> None:
        self._live = live
        self._cache = cache
        self._before: dict[tuple[int, int], Amounts] = {}
        self._found: dict[tuple[int, int], tuple[Held, ...]] = {}

    def find(
        self,
        pids: Iterable[int],
        views: Mapping[int, ProcessView],
        load: Mapping[int, tuple[AcceleratorUse, ...]],
        computes: Collection[int] = (),
    ) -> dict[int, tuple[Held, ...]]:
        """Return weights by process.

        Args:
            pids: who runs models, and no weights are known.
            views: all processes.
            load: what they do on accelerators.
            computes: who only computes with tensors; large weights alone are told of them.
        """
        runs_models = frozenset(pids)
        wanted = {(pid, views[pid].entry.started): views[pid] for pid in runs_models.union(computes) if pid in views}
        sizes = self._cache.sizes() if wanted and self._cache is not None else {}
        before, self._before = self._before, {}
        self._found = {key: held for key, held in self._found.items() if key in wanted}
        for key, view in wanted.items() if sizes else ():
            try:
                read = view.ask("bytes read", self._live.bytes_read)
            except ProcessLookupError:
                continue
            if read is None:
                continue
            on_accelerators = sum(use.memory_bytes or 0 for use in load.get(view.pid, ()))
            now = self._before[key] = Amounts(read, view.entry.resident_bytes + on_accelerators)
            least = 0 if view.pid in runs_models else LEAST_UNSURE
            size = explained_by(now, before.get(key, _NOTHING), (size for size in sizes if size >= least))
            if size is not None:
                weights = RunningWeights(evidence=(WeightsEvidence.READ,), claimed_sha256=sizes[size], size=size)
                self._found[key] = (Held(weights, ()),)
        return {pid: held for (pid, _), held in self._found.items()}
