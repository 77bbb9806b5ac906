import gguf
import numpy as np
import pytest

from weighbridge.lineage.dequantize import numbers
from weighbridge.lineage.dequantize_super import SUPER_BLOCKS


@pytest.mark.parametrize("dtype", [name for name in SUPER_BLOCKS if name != "Q8_K"])
def test_super_blocks_decode_as_the_reference_library_does(dtype):
    raw = np.random.default_rng(5).integers(0, 256, (40, SUPER_BLOCKS[dtype][1]), dtype=np.uint8)
    with np.errstate(invalid="ignore", over="ignore"):
        expected = gguf.dequantize(raw, gguf.GGMLQuantizationType[dtype])
    np.testing.assert_allclose(numbers(dtype, raw.tobytes()), expected.reshape(-1), rtol=1e-5, atol=1e-30)


def test_the_widest_super_block_is_a_factor_and_256_numbers():
    raw = np.float32(0.5).tobytes() + np.arange(-128, 128, dtype=np.int8).tobytes() + bytes(32)
    np.testing.assert_array_equal(numbers("Q8_K", raw), np.arange(-128, 128) / 2)
