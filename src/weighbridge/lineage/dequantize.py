"""Numbers from the bytes of a few blocks of a tensor, for arithmetic on samples.

Source: ggml `ggml-common.h` (layouts of blocks) and `ggml-quants.c` (`dequantize_row_*`); safetensors
`safetensors/src/tensor.rs` (`enum Dtype`); OCP 8-bit Floating Point Specification 1.0 (E4M3, E5M2); OCP
Microscaling Formats 1.0 (MXFP4).
"""

from collections.abc import Callable

import numpy as np

from weighbridge.lineage.dequantize_super import SUPER_BLOCKS, Bytes, Numbers, half

FP4_LEVELS = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6], dtype=np.float32)
IQ4_LEVELS = np.array([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], dtype=np.float32)


def nibbles(packed: Bytes) -> Bytes:
    """Return the low four bits of all bytes, then the high four bits."""
    return np.concatenate([packed & 15, packed >> 4], axis=1)


def _q4_0(blocks: Bytes) -> Numbers:
    return half(blocks[:, :2]) * (nibbles(blocks[:, 2:]).astype(np.float32) - 8)


def _q4_1(blocks: Bytes) -> Numbers:
    return half(blocks[:, :2]) * nibbles(blocks[:, 4:]).astype(np.float32) + half(blocks[:, 2:4])


def _fifth(blocks: Bytes) -> Numbers:
    return np.unpackbits(np.ascontiguousarray(blocks), axis=1, bitorder="little").astype(np.float32) * 16


def _q5_0(blocks: Bytes) -> Numbers:
    return half(blocks[:, :2]) * (nibbles(blocks[:, 6:]).astype(np.float32) + _fifth(blocks[:, 2:6]) - 16)


def _q5_1(blocks: Bytes) -> Numbers:
    levels = nibbles(blocks[:, 8:]).astype(np.float32) + _fifth(blocks[:, 4:8])
    return half(blocks[:, :2]) * levels + half(blocks[:, 2:4])


def _q8_0(blocks: Bytes) -> Numbers:
    return half(blocks[:, :2]) * np.ascontiguousarray(blocks[:, 2:]).view(np.int8).astype(np.float32)


def _iq4_nl(blocks: Bytes) -> Numbers:
    return half(blocks[:, :2]) * IQ4_LEVELS[nibbles(blocks[:, 2:])]


def _iq4_xs(blocks: Bytes) -> Numbers:
    count = len(blocks)
    high = np.ascontiguousarray(blocks[:, 2:4]).view("<u2").astype(np.uint32)
    low = np.repeat(blocks[:, 4:8], 2, axis=1) >> np.tile(np.array([0, 4], dtype=np.uint8), 4) & 15
    upper = high >> np.arange(0, 16, 2, dtype=np.uint32) & 3
    scales = low.astype(np.float32) + upper.astype(np.float32) * 16 - 32
    levels = IQ4_LEVELS[nibbles(blocks[:, 8:].reshape(count * 8, 16))].reshape(count, 8, 32)
    return ((half(blocks[:, :2]) * scales)[:, :, None] * levels).reshape(count, 256)


def _mxfp4(blocks: Bytes) -> Numbers:
    factor = np.exp2(blocks[:, :1].astype(np.float64) - 127).astype(np.float32)
    found: Numbers = factor * FP4_LEVELS[nibbles(blocks[:, 1:])]
    return found


def _bf16(blocks: Bytes) -> Numbers:
    return (np.ascontiguousarray(blocks).view("<u2").astype(np.uint32) << 16).view(np.float32)


def _e5m2(blocks: Bytes) -> Numbers:
    return (blocks.astype(np.uint16) << 8).view(np.float16).astype(np.float32)


def _e4m3_levels() -> Numbers:
    codes = np.arange(256)
    exponent, mantissa = codes >> 3 & 15, codes & 7
    sizes = np.where(exponent == 0, mantissa * 2.0**-9, (1 + mantissa / 8) * 2.0 ** (exponent - 7))
    sizes[codes & 127 == 127] = np.nan
    return np.where(codes & 128, -sizes, sizes).astype(np.float32)


_E4M3 = _e4m3_levels()


def _f64(blocks: Bytes) -> Numbers:
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(blocks).view("<f8").astype(np.float32)


_KINDS: dict[str, tuple[int, int, Callable[[Bytes], Numbers]]] = {
    "F64": (1, 8, _f64),
    "F32": (1, 4, lambda blocks: np.ascontiguousarray(blocks).view("<f4").astype(np.float32)),
    "F16": (1, 2, half),
    "BF16": (1, 2, _bf16),
    "F8_E4M3": (1, 1, lambda blocks: _E4M3[blocks]),
    "F8_E5M2": (1, 1, _e5m2),
    "Q4_0": (32, 18, _q4_0),
    "Q4_1": (32, 20, _q4_1),
    "Q5_0": (32, 22, _q5_0),
    "Q5_1": (32, 24, _q5_1),
    "Q8_0": (32, 34, _q8_0),
    "IQ4_NL": (32, 18, _iq4_nl),
    "MXFP4": (32, 17, _mxfp4),
    "IQ4_XS": (256, 136, _iq4_xs),
    **SUPER_BLOCKS,
}
FLOATS = frozenset({"F64", "F32", "F16", "BF16"})
"""Types that hold weights as they were trained."""


def block(dtype: str) -> tuple[int, int] | None:
    """Return values and bytes of one block of `dtype`; None if its numbers cannot be compared."""
    kind = _KINDS.get(dtype)
    return None if kind is None else kind[:2]


def numbers(dtype: str, raw: bytes) -> Numbers:
    """Return the values in whole blocks of `dtype`, which `block` must know; a rest is left out."""
    _, size, decode = _KINDS[dtype]
    whole = len(raw) // size
    with np.errstate(invalid="ignore", over="ignore"):
        return decode(np.frombuffer(raw, dtype=np.uint8, count=whole * size).reshape(whole, size)).reshape(-1)
