"""What readers of weights and of the configuration beside them notice."""

from weighbridge.model.observation import Observation
from weighbridge.model.record import record


@record
class QuantizationMismatch(Observation):
    """The header names one quantization, the tensor table holds another."""

    declared: str
    measured: str
    declared_bits: float
    """Usual bits per value of what is declared."""
    measured_bits: float
    """Bits per value over all tensors."""


@record
class RemoteCode(Observation):
    """A configuration asks its loader to fetch and run a file of code that lies beside it or in another repository."""

    framework: str
    """`transformers`, `diffusers`, `peft`, `sentence-transformers`."""
    file: str
    """File that will be run, relative to the repository; empty if only a repository is named."""
    name: str
    """Class or function in it; empty if none is named."""
    repository: str | None = None
    """Another repository (`owner/name`) that the code is fetched from; None for the one at hand."""
