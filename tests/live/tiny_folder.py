"""A folder as Hugging Face libraries load it, with a model of a few hundred kilobytes: built in code, from a seed."""

import json
from pathlib import Path

import numpy as np

_TOKENS, _WIDTH, _FORWARD = 258, 64, 128
_CONFIG = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": _WIDTH,
    "num_hidden_layers": 1,
    "intermediate_size": _FORWARD,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "rms_norm_eps": 1e-5,
    "vocab_size": _TOKENS,
    "max_position_embeddings": 256,
    "tie_word_embeddings": False,
    "bos_token_id": 0,
    "eos_token_id": 1,
}


def write_tiny_folder(folder: Path, seed: int = 0) -> Path:
    """Write configuration, tokenizer and weights into `folder`; return the path of the weights."""
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    folder.mkdir(parents=True)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {"<s>": 0, "</s>": 1, **{letter: index + 2 for index, letter in enumerate(letters)}}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.save(str(folder / "tokenizer.json"))
    about = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(about))
    (folder / "config.json").write_text(json.dumps(_CONFIG))
    shapes: dict[str, tuple[int, ...]] = {
        "model.embed_tokens.weight": (_TOKENS, _WIDTH),
        "lm_head.weight": (_TOKENS, _WIDTH),
        "model.norm.weight": (_WIDTH,),
        "model.layers.0.mlp.gate_proj.weight": (_FORWARD, _WIDTH),
        "model.layers.0.mlp.up_proj.weight": (_FORWARD, _WIDTH),
        "model.layers.0.mlp.down_proj.weight": (_WIDTH, _FORWARD),
        "model.layers.0.input_layernorm.weight": (_WIDTH,),
        "model.layers.0.post_attention_layernorm.weight": (_WIDTH,),
    }
    shapes |= {f"model.layers.0.self_attn.{name}_proj.weight": (_WIDTH, _WIDTH) for name in "qkvo"}
    random = np.random.default_rng(seed)
    weights = {name: random.standard_normal(shape, dtype=np.float32) * 0.02 for name, shape in shapes.items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "mlx"})
    return folder / "model.safetensors"
