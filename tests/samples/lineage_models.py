"""Small transformer-like models with seeded weights, and what people do to them. Nothing here was trained."""

import json

import gguf
import numpy as np

from tests.samples.gguf_file import STRING, GgufFile
from tests.samples.safetensors_file import raw

LAYERS, HIDDEN, FEED, VOCABULARY = 4, 256, 512, 320
_TYPES = {"F32": 0, "F16": 1, "Q4_0": 2, "Q4_1": 3, "Q5_0": 6, "Q5_1": 7, "Q8_0": 8, "Q2_K": 10, "Q4_K": 12, "Q6_K": 14}
_TYPES |= {"IQ4_NL": 20, "BF16": 30}
_HF = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
_HF_OUTSIDE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output.weight": "lm_head.weight",
    "output_norm.weight": "model.norm.weight",
}


def model(seed: int, hidden: int = HIDDEN, feed: int = FEED, layers: int = LAYERS) -> dict[str, np.ndarray]:
    """Return weights by GGUF name. Norms are as after training: no two alike."""
    random = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> np.ndarray:
        return (random.standard_normal((rows, columns)) * 0.02).astype(np.float32)

    def norm() -> np.ndarray:
        # Values that half precision holds exactly, as most published weights are.
        return (1 + random.standard_normal(hidden) * 0.1).astype(np.float16).astype(np.float32)

    weights = {"token_embd.weight": matrix(VOCABULARY, hidden), "output.weight": matrix(VOCABULARY, hidden)}
    for layer in range(layers):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            weights[f"blk.{layer}.{name}.weight"] = matrix(hidden, hidden)
        weights[f"blk.{layer}.ffn_gate.weight"] = matrix(feed, hidden)
        weights[f"blk.{layer}.ffn_up.weight"] = matrix(feed, hidden)
        weights[f"blk.{layer}.ffn_down.weight"] = matrix(hidden, feed)
        weights[f"blk.{layer}.attn_norm.weight"] = norm()
        weights[f"blk.{layer}.ffn_norm.weight"] = norm()
    weights["output_norm.weight"] = norm()
    return weights


def tuned(weights: dict, share: float, seed: int = 99) -> dict:
    """Return `weights` with every one changed by noise of `share` of its spread, norms included."""
    random = np.random.default_rng(seed)
    return {
        name: (value + random.standard_normal(value.shape) * share * value.std()).astype(np.float32)
        for name, value in weights.items()
    }


def with_adapter(weights: dict, rank: int = 8, strength: float = 0.15, seed: int = 98) -> dict:
    """Return `weights` with a low-rank change merged into the query and value projections."""
    random = np.random.default_rng(seed)
    merged = dict(weights)
    for name, value in weights.items():
        if "attn_q." in name or "attn_v." in name:
            change = random.standard_normal((value.shape[0], rank)) @ random.standard_normal((rank, value.shape[1]))
            merged[name] = (value + change * strength * value.std() / np.sqrt(rank)).astype(np.float32)
    return merged


def mixed(*parts: tuple[float, dict]) -> dict:
    """Return the weighted sum of models."""
    first = parts[0][1]
    return {name: sum(share * weights[name] for share, weights in parts).astype(np.float32) for name in first}


def grafted(weights: dict, other: dict, layers: range) -> dict:
    """Return `weights` with some layers of `other`."""
    taken = tuple(f"blk.{layer}." for layer in layers)
    return {name: other[name] if name.startswith(taken) else value for name, value in weights.items()}


def layers_from(*taken: tuple[dict, int]) -> dict:
    """Return a model that stacks layers, each (model, number), and has everything else of the first model."""
    stacked = {name: value for name, value in taken[0][0].items() if not name.startswith("blk.")}
    for place, (weights, number) in enumerate(taken):
        start = f"blk.{number}."
        taken_from = {name: value for name, value in weights.items() if name.startswith(start)}
        stacked |= {f"blk.{place}.{name.removeprefix(start)}": value for name, value in taken_from.items()}
    return stacked


def neurons_permuted(weights: dict, seed: int = 97) -> dict:
    """Return a model that computes the same: the inner neurons of every feed-forward part in another order."""
    random = np.random.default_rng(seed)
    changed = dict(weights)
    for layer in range(LAYERS):
        order = random.permutation(len(weights[f"blk.{layer}.ffn_up.weight"]))
        for name in ("ffn_gate", "ffn_up"):
            changed[f"blk.{layer}.{name}.weight"] = weights[f"blk.{layer}.{name}.weight"][order]
        changed[f"blk.{layer}.ffn_down.weight"] = weights[f"blk.{layer}.ffn_down.weight"][:, order]
    return changed


def channels_permuted(weights: dict, seed: int = 96) -> dict:
    """Return a model that computes the same: the hidden channels in another order everywhere."""
    order = np.random.default_rng(seed).permutation(HIDDEN)
    changed = {}
    for name, value in weights.items():
        if value.ndim == 1 or "attn_output" in name or "ffn_down" in name:
            changed[name] = value[order]
        else:
            changed[name] = value[:, order]
    return changed


def resized_vocabulary(weights: dict, rows: int, seed: int = 95) -> dict:
    """Return `weights` with words added, or cut off at the end."""
    random = np.random.default_rng(seed)
    changed = dict(weights)
    for name in ("token_embd.weight", "output.weight"):
        value = weights[name]
        more = random.standard_normal((max(0, rows - len(value)), value.shape[1])) * 0.02
        changed[name] = np.concatenate([value[:rows], more.astype(np.float32)])
    return changed


def as_gguf(weights: dict, kind: str = "F16", architecture: str = "llama", permute: bool = False) -> bytes:
    """Return a GGUF file; `permute` reorders query and key rows as converters do."""
    tensors = []
    for name, value in weights.items():
        if permute and (".attn_q." in name or ".attn_k." in name):
            value = value.reshape(4, 2, -1, value.shape[1]).swapaxes(1, 2).reshape(value.shape)
        own = kind if value.ndim > 1 else "F32"
        tensors.append((name, tuple(reversed(value.shape)), _TYPES[own], packed(value, own)))
    return GgufFile(pairs=[("general.architecture", STRING, architecture)], tensors=tensors).build()


def as_safetensors(weights: dict, kind: str = "F16", names=None) -> bytes:
    """Return a safetensors file with the names of Hugging Face, or as `names` makes them."""
    header, data, at = {}, [], 0
    for name, value in weights.items():
        content = packed(value, kind)
        header[(names or hugging_face)(name)] = {
            "dtype": kind,
            "shape": list(value.shape),
            "data_offsets": [at, at + len(content)],
        }
        data.append(content)
        at += len(content)
    return raw(json.dumps(header), b"".join(data))


def in_parts(weights: dict, count: int, write=as_safetensors) -> tuple[bytes, ...]:
    """Return the files of a model in `count` parts, tensors dealt out by turns."""
    names = sorted(weights)
    return tuple(write({name: weights[name] for name in names[at::count]}) for at in range(count))


def hugging_face(name: str) -> str:
    """Return the name that Hugging Face gives a tensor."""
    if name in _HF_OUTSIDE:
        return _HF_OUTSIDE[name]
    _, layer, role, ending = name.split(".")
    return f"model.layers.{layer}.{_HF[role]}.{ending}"


def packed(value: np.ndarray, kind: str) -> bytes:
    """Return the bytes of `value` in type `kind`."""
    if kind == "Q6_K":
        return _q6_k(value.reshape(-1, 256))
    if kind == "Q4_K":
        return _q4_k(value.reshape(-1, 256))
    if kind == "Q2_K":
        return _q2_k(value.reshape(-1, 256))
    if kind == "IQ4_NL":
        return _iq4_nl(value.reshape(-1, 32))
    return gguf.quantize(np.ascontiguousarray(value), gguf.GGMLQuantizationType[kind]).tobytes()


def _q6_k(blocks: np.ndarray) -> bytes:
    groups = blocks.reshape(-1, 16, 16)
    wanted = np.abs(groups).max(axis=2) / 31
    factor = (wanted.max(axis=1, keepdims=True) / 127).astype(np.float16)
    scales = np.maximum(1, np.round(wanted / factor.astype(np.float32)))
    levels = np.round(groups / (scales * factor.astype(np.float32))[:, :, None]).clip(-32, 31) + 32
    levels = levels.astype(np.uint8).reshape(-1, 2, 128)
    low, high = levels & 15, levels >> 4
    packed_low = low[:, :, :64] | low[:, :, 64:] << 4
    packed_high = sum(high[:, :, 32 * at : 32 * at + 32] << (2 * at) for at in range(4)).astype(np.uint8)
    parts = [packed_low.reshape(-1, 128), packed_high.reshape(-1, 64), scales.astype(np.int8).view(np.uint8)]
    return np.concatenate([*parts, factor.view(np.uint8)], axis=1).tobytes()


def _q4_k(blocks: np.ndarray) -> bytes:
    groups = blocks.reshape(-1, 8, 32)
    least = np.minimum(groups.min(axis=2), 0)
    step = (groups.max(axis=2) - least) / 15
    factor = (step.max(axis=1, keepdims=True) / 63).astype(np.float16)
    offset = (-least.min(axis=1, keepdims=True) / 63).astype(np.float16)
    scales = np.round(step / factor.astype(np.float32)).clip(1, 63).astype(np.uint8)
    minima = np.round(-least / offset.astype(np.float32)).clip(0, 63).astype(np.uint8)
    base = groups + (minima * offset.astype(np.float32))[:, :, None]
    levels = np.round(base / (scales * factor.astype(np.float32))[:, :, None]).clip(0, 15).astype(np.uint8)
    pairs = levels.reshape(-1, 4, 2, 32)
    codes = (pairs[:, :, 0] | pairs[:, :, 1] << 4).reshape(-1, 128)
    first = scales[:, :4] & 63 | (scales[:, 4:] >> 4) << 6
    second = minima[:, :4] & 63 | (minima[:, 4:] >> 4) << 6
    last = scales[:, 4:] & 15 | (minima[:, 4:] & 15) << 4
    parts = [factor.view(np.uint8), offset.view(np.uint8), first, second, last, codes]
    return np.concatenate(parts, axis=1).tobytes()


def _q2_k(blocks: np.ndarray) -> bytes:
    groups = blocks.reshape(-1, 16, 16)
    least = np.minimum(groups.min(axis=2), 0)
    step = (groups.max(axis=2) - least) / 3
    factor = (step.max(axis=1, keepdims=True) / 15).astype(np.float16)
    offset = (-least.min(axis=1, keepdims=True) / 15).astype(np.float16)
    scales = np.round(step / factor.astype(np.float32)).clip(1, 15).astype(np.uint8)
    minima = np.round(-least / offset.astype(np.float32)).clip(0, 15).astype(np.uint8)
    base = groups + (minima * offset.astype(np.float32))[:, :, None]
    levels = np.round(base / (scales * factor.astype(np.float32))[:, :, None]).clip(0, 3).astype(np.uint8)
    fields = levels.reshape(-1, 2, 4, 32)
    codes = sum(fields[:, :, at] << (2 * at) for at in range(4)).astype(np.uint8).reshape(-1, 64)
    parts = [scales | minima << 4, codes, factor.view(np.uint8), offset.view(np.uint8)]
    return np.concatenate(parts, axis=1).tobytes()


def _iq4_nl(blocks: np.ndarray) -> bytes:
    levels = np.array([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], dtype=np.float32)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1)[:, None], axis=1)
    factor = (largest / -127).astype(np.float16)
    wanted = blocks / np.where(factor == 0, 1, factor).astype(np.float32)
    codes = np.abs(wanted[:, :, None] - levels).argmin(axis=2).astype(np.uint8)
    return np.concatenate([factor.view(np.uint8), codes[:, :16] | codes[:, 16:] << 4], axis=1).tobytes()


def signs_turned(weights: dict) -> dict:
    """Return a model that computes the same with the signs of whole matrices turned in pairs, and norms changed."""
    pairs = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down")
    return {
        name: -value if any(f"{part}." in name for part in pairs) else value * 1.01 if value.ndim == 1 else value
        for name, value in weights.items()
    }
