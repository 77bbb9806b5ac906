"""Load on an accelerator is a hint only where nothing says what for."""

from dataclasses import replace

from weighbridge.model.running import AcceleratorUse, RunningProcess, RunningWeights, WeightsEvidence
from weighbridge.pipeline.running_load import only_draws, with_load

BUSY = AcceleratorUse(
    accelerator="nvidia:GPU-1",
    title="H100",
    scope="process",
    window_seconds=60.0,
    quality="sampled",
    source="nvml",
    busy=0.9,
    memory_bytes=8 << 30,
)
PROCESS = RunningProcess(pid=7, started=1, name="worker", accelerators=(BUSY,))


def test_load_that_nothing_explains_is_a_finding() -> None:
    (finding,) = with_load(PROCESS).findings
    assert finding.check == "unexplained-accelerator-load"
    assert "worker (pid 7)" in finding.message


def test_weights_or_a_runtime_explain_it() -> None:
    weights = RunningWeights(evidence=(WeightsEvidence.MAPPED,))
    assert with_load(replace(PROCESS, weights=(weights,))).findings == ()
    assert with_load(replace(PROCESS, runtime="vllm")).findings == ()
    assert with_load(replace(PROCESS, accelerators=())).findings == ()


def test_what_only_draws_is_told_from_what_computes() -> None:
    drawing = replace(PROCESS, accelerators=(replace(BUSY, engine="gfx"),))
    assert only_draws(drawing)
    assert not only_draws(replace(drawing, runtime="vllm"))
    assert not only_draws(replace(drawing, accelerators=(*drawing.accelerators, replace(BUSY, engine="compute"))))
    assert not only_draws(PROCESS)
