"""A model so small that it loads at once, and whole enough that llama.cpp runs it: built in code, from a seed."""

from pathlib import Path

import numpy as np
from gguf import GGUFWriter, TokenType

_WIDTH, _HEADS, _LAYERS, _FORWARD, _CONTEXT = 64, 2, 1, 128, 256


def write_tiny_model(path: Path, seed: int = 0, width: int = _WIDTH) -> Path:
    """Write a llama of about half a megabyte to `path`; another seed gives other weights.

    Args:
        path: any name.
        seed: of the weights.
        width: of the embedding, for larger files.
    """
    random = np.random.default_rng(seed)
    tokens = [b"<unk>", b"<s>", b"</s>", *(b"<0x%02X>" % byte for byte in range(256)), b"\xe2\x96\x81"]
    kinds = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL, *[TokenType.BYTE] * 256, TokenType.NORMAL]
    writer = GGUFWriter(str(path), "llama")
    writer.add_name(f"tiny-{seed}")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(width)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_FORWARD)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // _HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    shapes = {"token_embd": (len(tokens), width), "output": (len(tokens), width), "output_norm": (width,)}
    for layer in range(_LAYERS):
        block = f"blk.{layer}"
        shapes |= {f"{block}.{name}": (width, width) for name in ("attn_q", "attn_k", "attn_v", "attn_output")}
        shapes |= {f"{block}.{name}": (_FORWARD, width) for name in ("ffn_gate", "ffn_up")}
        shapes |= {f"{block}.ffn_down": (width, _FORWARD)}
        shapes |= {f"{block}.{name}": (width,) for name in ("attn_norm", "ffn_norm")}
    for name, shape in shapes.items():
        values = random.standard_normal(shape, dtype=np.float32) * np.float32(0.02)
        writer.add_tensor(f"{name}.weight", values + 1 if len(shape) == 1 else values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
