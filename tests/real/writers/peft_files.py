"""A model and its adapter as transformers and peft write them."""

from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

FILES = {
    "base/model.safetensors": "data",
    "base/config.json": "beside",
    "base/generation_config.json": "beside",
    "adapter/adapter_model.safetensors": "data",
    "adapter/adapter_config.json": "beside",
    "adapter/README.md": "beside",
    "training_args.bin": "framework",
}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    from transformers import TrainingArguments

    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=64,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
    )
    model = LlamaForCausalLM(config)
    model.save_pretrained(folder / "base")
    get_peft_model(model, LoraConfig(r=2, target_modules=["q_proj"])).save_pretrained(folder / "adapter")
    arguments = TrainingArguments(output_dir="out", use_cpu=True, report_to=[])
    torch.save(arguments, folder / "training_args.bin")
