import gguf
import numpy as np
import pytest

from weighbridge.lineage.dequantize import block, numbers

BLOCKS = ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "IQ4_NL", "IQ4_XS", "MXFP4", "BF16", "F16", "F32", "F64")


@pytest.mark.parametrize("dtype", BLOCKS)
def test_blocks_decode_as_the_reference_library_does(dtype):
    kind = block(dtype)
    assert kind is not None
    raw = np.random.default_rng(3).integers(0, 256, (40, kind[1]), dtype=np.uint8)
    if dtype == "MXFP4":
        raw[:, 0] = raw[:, 0] // 8 + 110  # scales that a 32-bit float holds
    if dtype in ("F32", "F64"):
        raw = np.linspace(-2, 2, 40).astype("<f4" if dtype == "F32" else "<f8").view(np.uint8).reshape(40, -1)
        expected = raw.view("<f4" if dtype == "F32" else "<f8").astype(np.float32)
    else:
        with np.errstate(invalid="ignore", over="ignore"):
            expected = gguf.dequantize(raw, gguf.GGMLQuantizationType[dtype])
    np.testing.assert_allclose(numbers(dtype, raw.tobytes()), expected.reshape(-1), rtol=1e-5, atol=1e-30)


def test_eight_bit_floats():
    codes = bytes([0x00, 0x01, 0x38, 0xB8, 0x7E, 0x7F])
    np.testing.assert_allclose(numbers("F8_E4M3", codes), [0, 2**-9, 1, -1, 448, np.nan])
    np.testing.assert_allclose(numbers("F8_E5M2", bytes([0x3C, 0xBC, 0x7C])), [1, -1, np.inf])


def test_other_types_cannot_be_compared():
    assert [block(name) for name in ("I8", "IQ2_XS", "TQ1_0", "nonsense")] == [None] * 4


def test_a_cut_block_is_left_out():
    assert len(numbers("Q8_0", bytes(34 + 20))) == 32
