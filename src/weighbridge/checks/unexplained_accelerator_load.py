"""Accelerator load that no known weights or runtime explain.

What it finds: a process that computes on a GPU or NPU for a sustained time, or holds much of its memory, while neither
mapped or opened weights, nor a known runtime, nor a listener says what for.

Why it matters: weights can be loaded without a trace on disk (streamed from elsewhere, read and deleted, unpacked in
memory). Load alone is no proof: rendering, video, training and mining look alike, so this is a hint to look, and
never more.

Example: a process `worker` keeps the compute engine busy at 90 % for a minute with 9 GB on the device; no weights were
seen in it.

What to do: ask its owner what it computes. If it runs models, start it in a way that shows the weights (mapped files),
or list its runtime.

Known misses: bursts shorter than the window; devices whose driver tells nothing per process; work on graphics engines,
which games and browsers use all the time.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.running_observation import AcceleratorLoad

_BUSY = 0.2
"""Share of the window from which load counts as sustained."""
_WINDOW_SECONDS = 30.0
_MEMORY = 1 << 30
GRAPHICS = frozenset({"gfx", "render", "rcs", "video", "video-enhance", "copy", "bcs", "vcs", "vecs", "dec", "enc"})


def judge(load: AcceleratorLoad, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for load that counts and that nothing explains."""
    use = load.use
    if load.explained or use.engine in GRAPHICS:
        return
    sustained = use.busy is not None and use.busy >= _BUSY and use.window_seconds >= _WINDOW_SECONDS
    # Only this driver lists memory of compute clients apart from that of graphics.
    holds = use.source == "nvml" and (use.memory_bytes or 0) >= _MEMORY
    if not sustained and not holds:
        return
    what = [f"{use.busy:.0%} busy over {use.window_seconds:.0f} s"] if sustained and use.busy is not None else []
    what += [f"{(use.memory_bytes or 0) / (1 << 30):.1f} GiB on the device"] if use.memory_bytes else []
    yield Finding(
        check=CHECK.id,
        severity=Severity.LOW,
        confidence=Confidence.LOW,
        message=f"{subject.name} computes on {use.title[:60]} ({', '.join(what)}), and no weights were seen in it.",
        remedy="Ask its owner what it computes; a runtime that maps its weights can be told from anything else.",
        implies=Assessment.CLEAN,
        evidence=Evidence(key=use.accelerator[:120], value=f"{use.source} {use.engine or ''}".strip()),
    )


CHECK = Check(
    id="unexplained-accelerator-load",
    title="Accelerator load that nothing explains",
    wants=(AcceleratorLoad,),
    judge=judge,
)
