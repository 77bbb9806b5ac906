"""What accelerator load means for a process, once weights, runtime and listeners are known."""

from dataclasses import replace

from weighbridge.checks.unexplained_accelerator_load import GRAPHICS
from weighbridge.model.running import RunningProcess
from weighbridge.model.running_observation import AcceleratorLoad
from weighbridge.pipeline.running_servers import judged


def with_load(process: RunningProcess) -> RunningProcess:
    """Return a process with the findings on its accelerator load."""
    serves = any(listener.product or listener.api for listener in process.listeners)
    explained = bool(process.weights or process.runtime or serves)
    loads = [AcceleratorLoad(use=use, explained=explained) for use in process.accelerators]
    return replace(process, findings=(*process.findings, *judged(loads, process)))


def only_draws(process: RunningProcess) -> bool:
    """Tell whether nothing but graphics is known of a process: screens and browsers draw on every desktop."""
    serves = any(listener.product or listener.api for listener in process.listeners)
    known = process.weights or process.runtime or serves or process.actor.agent or process.findings
    return not known and bool(process.accelerators) and all(use.engine in GRAPHICS for use in process.accelerators)
