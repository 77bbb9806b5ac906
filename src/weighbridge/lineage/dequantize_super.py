"""Numbers from super-blocks of 256 values: the K quantizations.

Source: ggml `ggml-common.h` (`block_q2_K` to `block_q8_K`) and `ggml-quants.c` (`dequantize_row_q2_K` and following,
`get_scale_min_k4`).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
Bytes = NDArray[np.uint8]


def half(raw: Bytes) -> Numbers:
    """Return 16-bit floats as 32-bit ones."""
    return np.ascontiguousarray(raw).view("<f2").astype(np.float32)


def _crumbs(packed: Bytes, width: int, step: int) -> Bytes:
    """Return fields of `step` bits: those at the lowest bits of `width` bytes, then at the next bits, and so on."""
    shifts = np.arange(0, 8, step, dtype=np.uint8).reshape(1, 1, -1, 1)
    fields = packed.reshape(len(packed), -1, 1, width) >> shifts & np.uint8((1 << step) - 1)
    return fields.reshape(len(packed), -1)


def _q2_k(blocks: Bytes) -> Numbers:
    scales = blocks[:, :16]
    levels = _crumbs(blocks[:, 16:80], 32, 2).reshape(-1, 16, 16).astype(np.float32)
    factor = half(blocks[:, 80:82]) * (scales & 15).astype(np.float32)
    least = half(blocks[:, 82:84]) * (scales >> 4).astype(np.float32)
    found: Numbers = factor[:, :, None] * levels - least[:, :, None]
    return found.reshape(-1, 256)


def _q3_k(blocks: Bytes) -> Numbers:
    high = _crumbs(blocks[:, :32], 32, 1).astype(np.float32)
    low = _crumbs(blocks[:, 32:96], 32, 2).astype(np.float32)
    packed = blocks[:, 96:108]
    scales = np.concatenate([packed[:, :8] & 15, packed[:, :8] >> 4], axis=1)
    upper = np.concatenate([packed[:, 8:] >> shift & 3 for shift in (0, 2, 4, 6)], axis=1)
    factor = half(blocks[:, 108:110]) * ((scales | upper << 4).astype(np.float32) - 32)
    levels = (low + 4 * high - 4).reshape(-1, 16, 16)
    found: Numbers = factor[:, :, None] * levels
    return found.reshape(-1, 256)


def _six_bits(packed: Bytes) -> tuple[Numbers, Numbers]:
    """Return eight scales and eight minima of six bits each from twelve bytes."""
    first, second, last = packed[:, :4], packed[:, 4:8], packed[:, 8:]
    scales = np.concatenate([first & 63, last & 15 | first >> 2 & 48], axis=1)
    least = np.concatenate([second & 63, last >> 4 | second >> 2 & 48], axis=1)
    return scales.astype(np.float32), least.astype(np.float32)


def _q4_k(blocks: Bytes) -> Numbers:
    scales, least = _six_bits(blocks[:, 4:16])
    levels = _crumbs(blocks[:, 16:], 32, 4).reshape(-1, 8, 32).astype(np.float32)
    factor, offset = half(blocks[:, :2]) * scales, half(blocks[:, 2:4]) * least
    found: Numbers = factor[:, :, None] * levels - offset[:, :, None]
    return found.reshape(-1, 256)


def _q5_k(blocks: Bytes) -> Numbers:
    scales, least = _six_bits(blocks[:, 4:16])
    fifth = _crumbs(blocks[:, 16:48], 32, 1).astype(np.float32) * 16
    levels = (_crumbs(blocks[:, 48:], 32, 4).astype(np.float32) + fifth).reshape(-1, 8, 32)
    factor, offset = half(blocks[:, :2]) * scales, half(blocks[:, 2:4]) * least
    found: Numbers = factor[:, :, None] * levels - offset[:, :, None]
    return found.reshape(-1, 256)


def _q6_k(blocks: Bytes) -> Numbers:
    low = _crumbs(blocks[:, :128], 64, 4).astype(np.float32)
    high = _crumbs(blocks[:, 128:192], 32, 2).astype(np.float32) * 16
    scales = np.ascontiguousarray(blocks[:, 192:208]).view(np.int8).astype(np.float32)
    levels = (low + high - 32).reshape(-1, 16, 16)
    return ((half(blocks[:, 208:210]) * scales)[:, :, None] * levels).reshape(-1, 256)


def _q8_k(blocks: Bytes) -> Numbers:
    factor = np.ascontiguousarray(blocks[:, :4]).view("<f4").astype(np.float32)
    return factor * np.ascontiguousarray(blocks[:, 4:260]).view(np.int8).astype(np.float32)


SUPER_BLOCKS: dict[str, tuple[int, int, Callable[[Bytes], Numbers]]] = {
    "Q2_K": (256, 84, _q2_k),
    "Q3_K": (256, 110, _q3_k),
    "Q4_K": (256, 144, _q4_k),
    "Q5_K": (256, 176, _q5_k),
    "Q6_K": (256, 210, _q6_k),
    "Q8_K": (256, 292, _q8_k),
}
"""Type -> values and bytes of a block, and what decodes blocks."""
