"""One name for one tensor, whichever container holds it: that of GGUF.

Source: llama.cpp `gguf-py/gguf/tensor_mapping.py` (names of Hugging Face models beside those of GGUF) and
`convert_hf_to_gguf.py`: `LlamaModel.permute` reorders the rows of the query and key projections, so these two are not
comparable between containers; experts are stacked into one tensor, of which the first expert stands for all here.
"""

import re

LONGEST = 200
_LAYER = re.compile(r"(?:\A|\.)(?:layers?|blk|blocks|h)\.(\d{1,5})\.(.+)\Z")
_OTHER_SENSE = re.compile(r"vision|visual|image|audio|speech")
"""Part of a name that another part of the same model than the language model has."""
_EXPERT = re.compile(r"(?:mlp|block_sparse_moe|feed_forward)\.experts\.(\d{1,5})\.(\w{1,20})\.weight\Z")
_EXPERTS = {"w1": "gate", "w3": "up", "w2": "down", "gate_proj": "gate", "up_proj": "up", "down_proj": "down"}
_IN_LAYER = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.qkv_proj": "attn_qkv",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "attention.wq": "attn_q",
    "attention.wk": "attn_k",
    "attention.wv": "attn_v",
    "attention.wo": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "mlp.gate_up_proj": "ffn_up",
    "mlp.gate": "ffn_gate_inp",
    "block_sparse_moe.gate": "ffn_gate_inp",
    "feed_forward.w1": "ffn_gate",
    "feed_forward.w3": "ffn_up",
    "feed_forward.w2": "ffn_down",
    "input_layernorm": "attn_norm",
    "attention_norm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "ffn_norm": "ffn_norm",
}
_OUTSIDE = {
    "embed_tokens": "token_embd",
    "tok_embeddings": "token_embd",
    "wte": "token_embd",
    "lm_head": "output",
    "model.norm": "output_norm",
    "norm": "output_norm",
    "ln_f": "output_norm",
}
EMBEDDINGS = frozenset({"token_embd.weight", "output.weight"})
"""Tensors with one row for each word: they may have more or fewer rows than the ancestor's."""
_PERMUTED = re.compile(r"\Ablk\.\d+\.attn_[qk]\.(?:weight|bias)\Z")


def canonical(name: str) -> str:
    """Return GGUF's name of a tensor; a name that is not known stays as it is.

    Only the first expert of a layer gets a name that GGUF's stack has too.
    """
    name = name[:LONGEST]
    layer = _LAYER.search(name)
    if layer is None:
        stem, _, ending = name.rpartition(".")
        known = _OUTSIDE.get(stem) or _OUTSIDE.get(stem.rpartition(".")[2])
        return f"{known}.{ending}" if known else name
    if _OTHER_SENSE.search(name, 0, layer.start() + 1):
        return name
    number, rest = int(layer[1]), layer[2]
    expert = _EXPERT.match(rest)
    if expert is not None and expert[2] in _EXPERTS:
        which = "" if int(expert[1]) == 0 else f".{int(expert[1])}"
        return f"blk.{number}.ffn_{_EXPERTS[expert[2]]}_exps.weight{which}"
    stem, _, ending = rest.rpartition(".")
    return f"blk.{number}.{_IN_LAYER.get(stem, stem)}.{ending}"


def permuted_between_containers(name: str) -> bool:
    """Tell whether converters may reorder the rows of the tensor with this canonical name."""
    return _PERMUTED.match(name) is not None
