"""Files as safetensors writes them: one file, shards with their index, an adapter."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

FILES = {
    "model.safetensors": "data",
    "empty-tensors.safetensors": "data",
    "sharded/model-00001-of-00002.safetensors": "data",
    "sharded/model-00002-of-00002.safetensors": "data",
    "sharded/model.safetensors.index.json": "beside",
    "sharded/config.json": "beside",
    "adapter/adapter_model.safetensors": "data",
    "adapter/adapter_config.json": "beside",
}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    generator = np.random.default_rng(2)
    tensors = {f"layer.{index}.weight": generator.random((4, 6), dtype=np.float32) for index in range(4)}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "np", "license": "apache-2.0"})
    save_file({"nothing": np.zeros((0, 3), dtype=np.float16)}, folder / "empty-tensors.safetensors")
    sharded = folder / "sharded"
    sharded.mkdir()
    names = sorted(tensors)
    weight_map = {}
    for number, part in enumerate((names[:2], names[2:]), start=1):
        file_name = f"model-{number:05}-of-00002.safetensors"
        save_file({name: tensors[name] for name in part}, sharded / file_name, metadata={"format": "pt"})
        weight_map |= dict.fromkeys(part, file_name)
    total = sum(tensor.nbytes for tensor in tensors.values())
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (sharded / "model.safetensors.index.json").write_text(json.dumps(index))
    (sharded / "config.json").write_text(json.dumps({"architectures": ["LlamaForCausalLM"], "model_type": "llama"}))
    adapter = folder / "adapter"
    adapter.mkdir()
    save_file({"base_model.model.q.lora_A.weight": tensors[names[0]]}, adapter / "adapter_model.safetensors")
    settings = {"peft_type": "LORA", "base_model_name_or_path": "example/base", "r": 4, "target_modules": ["q_proj"]}
    (adapter / "adapter_config.json").write_text(json.dumps(settings))
