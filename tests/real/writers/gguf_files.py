"""Files as the gguf library writes them: whole, split, vocabulary only, big-endian."""

from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFEndian, GGUFWriter

FILES = {
    "tiny-q8_0.gguf": "data",
    "tiny-f16.gguf": "data",
    "vocabulary.gguf": "data",
    "big-endian.gguf": "data",
    "split/tiny-00001-of-00002.gguf": "data",
    "split/tiny-00002-of-00002.gguf": "data",
    "adapter.gguf": "data",
}
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>\n{{ message.content | trim }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)


def _header(writer: GGUFWriter) -> None:
    writer.add_name("Tiny")
    writer.add_context_length(128)
    writer.add_embedding_length(32)
    writer.add_block_count(1)
    writer.add_feed_forward_length(64)
    writer.add_head_count(2)
    writer.add_license("apache-2.0")
    writer.add_author("a test")
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(["<s>", "</s>", "a", "b"])
    writer.add_token_types([3, 3, 1, 1])
    writer.add_chat_template(TEMPLATE)


def _finish(writer: GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    generator = np.random.default_rng(3)
    weights = generator.random((4, 32), dtype=np.float32)
    writer = GGUFWriter(folder / "tiny-q8_0.gguf", "llama")
    _header(writer)
    blocks = np.zeros((4, 34), dtype=np.uint8)
    writer.add_tensor("token_embd.weight", blocks, raw_dtype=GGMLQuantizationType.Q8_0)
    writer.add_tensor("output_norm.weight", weights[0])
    _finish(writer)
    writer = GGUFWriter(folder / "tiny-f16.gguf", "llama")
    _header(writer)
    writer.add_tensor("token_embd.weight", weights.astype(np.float16))
    _finish(writer)
    writer = GGUFWriter(folder / "vocabulary.gguf", "llama")
    _header(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    writer = GGUFWriter(folder / "big-endian.gguf", "llama", endianess=GGUFEndian.BIG)
    _header(writer)
    writer.add_tensor("token_embd.weight", weights)
    _finish(writer)
    writer = GGUFWriter(folder / "adapter.gguf", "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 16.0)
    writer.add_tensor("blk.0.attn_q.weight.lora_a", weights)
    _finish(writer)
    (folder / "split").mkdir()
    writer = GGUFWriter(folder / "split" / "tiny.gguf", "llama", split_max_tensors=1)
    _header(writer)
    writer.add_tensor("token_embd.weight", weights)
    writer.add_tensor("output.weight", weights)
    _finish(writer)
