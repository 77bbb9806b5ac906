from weighbridge.model.observation import Observation
from weighbridge.model.weights import QuantizationMismatch, RemoteCode


def test_they_are_values_that_know_where_they_stand():
    code = RemoteCode(framework="transformers", file="m.py", name="M", key="auto_map")

    assert isinstance(code, Observation)
    assert code == RemoteCode(framework="transformers", file="m.py", name="M", key="auto_map")
    assert len({code, code}) == 1
    assert code.repository is None
    assert code.key == "auto_map"


def test_a_mismatch_carries_both_sides():
    mismatch = QuantizationMismatch(declared="F16", measured="Q2_K", declared_bits=16.0, measured_bits=2.6)

    assert mismatch.offset is None
    assert mismatch.declared_bits > mismatch.measured_bits
