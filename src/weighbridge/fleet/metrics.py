"""Numbers about the server itself, in the text format of Prometheus.

Source: Prometheus, "Exposition formats", text format 0.0.4. Labels are chosen by us, never taken from a request, so
that no client can make the list grow.
"""

import threading
from collections.abc import Callable, Sequence

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds for durations."""
_MOST_SERIES = 2_000
Labels = tuple[tuple[str, str], ...]


class Metrics:
    """All numbers of one server. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._help: dict[str, tuple[str, str]] = {}
        self._values: dict[str, dict[Labels, float]] = {}
        self._bounds: dict[str, Sequence[float]] = {}
        self._buckets: dict[str, dict[Labels, list[int]]] = {}
        self._asked: list[tuple[str, Callable[[], float]]] = []

    def describe(self, name: str, kind: str, text: str, bounds: Sequence[float] = SECONDS) -> None:
        """Declare a number. `kind`: `counter`, `gauge` or `histogram`, which has upper `bounds`."""
        self._help[name] = (kind, text)
        self._values.setdefault(name, {})
        if kind == "histogram":
            self._bounds[name] = tuple(bounds)
            self._buckets.setdefault(name, {})

    def add(self, name: str, amount: float = 1.0, **labels: str) -> None:
        """Count up."""
        key = tuple(sorted(labels.items()))
        with self._lock:
            series = self._values[name]
            if key in series or len(series) < _MOST_SERIES:
                series[key] = series.get(key, 0.0) + amount

    def set(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge."""
        with self._lock:
            self._values[name][tuple(sorted(labels.items()))] = value

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Sort a value into its histogram."""
        key = tuple(sorted(labels.items()))
        with self._lock:
            series, bounds = self._buckets[name], self._bounds[name]
            if key not in series:
                if len(series) >= _MOST_SERIES:
                    return
                series[key] = [0] * (len(bounds) + 1)
            place = next((index for index, bound in enumerate(bounds) if value <= bound), len(bounds))
            series[key][place] += 1
            self._values[name][key] = self._values[name].get(key, 0.0) + value

    def ask(self, name: str, text: str, question: Callable[[], float]) -> None:
        """Declare a gauge whose value is asked for when somebody looks."""
        self.describe(name, "gauge", text)
        self._asked.append((name, question))

    def value(self, name: str, **labels: str) -> float:
        """Return a counter or gauge, or the sum of a histogram; 0.0 where nothing was counted."""
        with self._lock:
            return self._values[name].get(tuple(sorted(labels.items())), 0.0)

    def text(self) -> str:
        """Return everything, as it is scraped."""
        for name, question in self._asked:
            self.set(name, question())
        with self._lock:
            return "".join(self._one(name, *self._help[name]) for name in sorted(self._help))

    def _one(self, name: str, kind: str, text: str) -> str:
        lines = [f"# HELP {name} {_escaped(text, quote=False)}", f"# TYPE {name} {kind}"]
        if kind == "histogram":
            for labels, counts in sorted(self._buckets[name].items()):
                total = 0
                for bound, count in zip([*map(_number, self._bounds[name]), "+Inf"], counts, strict=True):
                    total += count
                    lines.append(f"{name}_bucket{_shown((*labels, ('le', bound)))} {total}")
                lines.append(f"{name}_sum{_shown(labels)} {_number(self._values[name][labels])}")
                lines.append(f"{name}_count{_shown(labels)} {total}")
        else:
            lines += [f"{name}{_shown(key)} {_number(value)}" for key, value in sorted(self._values[name].items())]
        return "\n".join(lines) + "\n"


def _shown(labels: Labels) -> str:
    inside = ",".join(f'{name}="{_escaped(value, quote=True)}"' for name, value in labels)
    return f"{{{inside}}}" if inside else ""


def _escaped(text: str, *, quote: bool) -> str:
    plain = text.replace("\\", "\\\\").replace("\n", "\\n")
    return plain.replace('"', '\\"') if quote else plain


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
