"""What probes notice about processes, for checks to judge."""

from weighbridge.model.observation import Observation
from weighbridge.model.record import record
from weighbridge.model.running import AcceleratorUse


@record
class AcceleratorLoad(Observation):
    """A process uses an accelerator."""

    use: AcceleratorUse
    explained: bool
    """Whether weights, a known runtime or a listener say what for."""
