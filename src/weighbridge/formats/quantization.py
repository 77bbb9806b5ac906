"""How llama.cpp would name the mix of tensor types that a file really holds.

Source: `llama_tensor_get_type` in llama.cpp `llama-quant.cpp`: the mixes `_S`, `_M` and `_L` of a K-quant differ in
which larger types the attention and feed-forward tensors of some layers get.
"""

from collections.abc import Iterable, Sequence

from weighbridge.formats.gguf_types import BITS
from weighbridge.formats.tensor_table import Tensor, census

OUTER = ("token_embd", "output.weight", "per_layer_token_embd")
"""Tensors that every mix stores in a type of their own."""


def mix_name(tensors: Sequence[Tensor]) -> str | None:
    """Return the name of the mix of `tensors` (`Q4_K_M`, `Q8_0`, `F16`); None if there is nothing to name."""
    matrices = [tensor for tensor in tensors if len(tensor.shape) > 1]
    body = [tensor for tensor in matrices if not tensor.name.startswith(OUTER)]
    counts = census(body or matrices or tensors)
    if not counts:
        return None
    dominant = next(iter(counts))
    if dominant in ("Q4_K", "Q5_K"):
        return dominant + ("_M" if "Q6_K" in counts else "_S")
    if dominant == "Q3_K":
        return dominant + ("_M" if "Q4_K" in counts else "_L" if "Q5_K" in counts else "_S")
    if dominant == "Q2_K":
        return dominant + ("_S" if "Q4_K" in counts and "Q3_K" not in counts else "")
    return dominant


def bits_per_value(tensors: Iterable[Tensor]) -> float | None:
    """Return bits per value over all matrices in `tensors`; None if a type is unknown or there is none."""
    counts = census(tensor for tensor in tensors if len(tensor.shape) > 1)
    total = sum(counts.values())
    if not total or any(dtype not in BITS for dtype in counts):
        return None
    return sum(count * BITS[dtype] for dtype, count in counts.items()) / total
