"""Stores as their own programs lay them out: Hugging Face cache, Ollama, LM Studio."""

import hashlib
import json
import shutil
from pathlib import Path

from tests.real.hub import hub
from tests.real.writing import run_child

REPOSITORY = "example/tiny"


def fill_huggingface(written: Path, home: Path) -> dict[Path, str]:
    """Download a repository with the stock client, into its cache and into a folder. Returns path -> kind."""
    kinds = {
        "model.safetensors": "data",
        "gguf/tiny.gguf": "data",
        "onnx/model.onnx": "data",
        "README.md": "beside",
        "config.json": "beside",
        "tokenizer_config.json": "beside",
    }
    template = "{% for message in messages %}{{ message['role'] + ': ' + message['content'] }}{% endfor %}"
    files = {
        "model.safetensors": (written / "safetensors/model.safetensors").read_bytes(),
        "gguf/tiny.gguf": (written / "gguf/tiny-q8_0.gguf").read_bytes(),
        "onnx/model.onnx": (written / "onnx/inline.onnx").read_bytes(),
        "README.md": b"---\nlicense: mit\nbase_model: example/base\n---\n# Tiny\n",
        "config.json": json.dumps({"architectures": ["LlamaForCausalLM"], "model_type": "llama"}).encode(),
        "tokenizer_config.json": json.dumps({"chat_template": template}).encode(),
    }
    local = home / "work/downloaded"
    cache = home / ".cache/huggingface"
    with hub({REPOSITORY: files}) as address:
        environment = {"HF_ENDPOINT": address, "HF_HOME": str(cache), "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
        run_child(["tests.real.fetching", REPOSITORY, str(local)], **environment)
    expected = {local / name: kind for name, kind in kinds.items()}
    for name, kind in kinds.items():
        for link in cache.glob(f"hub/models--example--tiny/snapshots/*/{name}"):
            expected[link.resolve()] = kind
    return expected


def fill_ollama(written: Path, home: Path) -> dict[Path, str]:
    """Lay out `~/.ollama/models` as `ollama create` does: a manifest of layers and blobs named by digest."""
    models = home / ".ollama/models"
    blobs = models / "blobs"
    blobs.mkdir(parents=True)

    def layer(kind: str, content: bytes) -> dict[str, object]:
        digest = hashlib.sha256(content).hexdigest()
        (blobs / f"sha256-{digest}").write_bytes(content)
        return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(content)}

    prefix = "application/vnd.ollama.image."
    weights = (written / "gguf/tiny-f16.gguf").read_bytes()
    layers = [
        layer(prefix + "model", weights),
        layer(prefix + "template", b"{{ .Prompt }}"),
        layer(prefix + "license", b"MIT License\n\nPermission is hereby granted, free of charge"),
        layer(prefix + "params", b'{"stop":["<|user|>"]}'),
    ]
    settings = {"model_format": "gguf", "model_family": "llama", "model_type": "1K", "file_type": "F16"}
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": layer("application/vnd.docker.container.image.v1+json", json.dumps(settings).encode()),
        "layers": layers,
    }
    place = models / "manifests/registry.ollama.ai/library/tiny/latest"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(manifest))
    weights_blob = blobs / f"sha256-{hashlib.sha256(weights).hexdigest()}"
    return {path: "data" if path == weights_blob else "beside" for path in (*blobs.iterdir(), place)}


def fill_lm_studio(written: Path, home: Path) -> dict[Path, str]:
    """Lay out `~/.lmstudio/models/<publisher>/<repository>/<file>`."""
    place = home / ".lmstudio/models/example/Tiny-GGUF/tiny-q8_0.gguf"
    place.parent.mkdir(parents=True)
    shutil.copyfile(written / "gguf/tiny-q8_0.gguf", place)
    return {place: "data"}
