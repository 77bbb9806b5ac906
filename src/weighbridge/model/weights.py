"""What readers of weights and of the configuration beside them notice."""

from dataclasses import dataclass

from weighbridge.model.observation import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantizationMismatch(Observation):
    """The header names one quantization, the tensor table holds another."""

    declared: str
    measured: str
    declared_bits: float
    """Usual bits per value of what is declared."""
    measured_bits: float
    """Bits per value over all tensors."""
