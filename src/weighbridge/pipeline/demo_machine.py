"""A sample laptop that exists in memory only: what `wb demo` weighs and what the pictures show.

People, projects and fine-tunes are invented; names of public models stand for typical content of a laptop, their
weights are zeros.
"""

import hashlib
import json

from weighbridge.host.fake import FakeMachine
from weighbridge.pipeline.demo_files import (
    GgufValue,
    Tensor,
    Weights,
    archive,
    array,
    call_pickle,
    checkpoint,
    gguf,
    locked_archive,
    object_pickle,
    onnx,
    safetensors,
)
from weighbridge.pipeline.demo_licenses import add_three_models

_CHAT = "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>{% endfor %}"
_ESCAPE = "{{ messages.__class__.__mro__[1].__subclasses__() }}"
_CARD = "---\nlicense: {license}\nlibrary_name: transformers\nbase_model: {base}\n---\n# {name}\n"
_CODE = b"""import torch
from transformers import PreTrainedModel


class AgentModel(PreTrainedModel):
    def forward(self, tokens):
        return torch.relu(self.weights(tokens))
"""


def demo_machine() -> FakeMachine:
    """Return the sample laptop."""
    machine = FakeMachine()
    _hugging_face(machine, "HuggingFaceTB/SmolLM2-135M-Instruct", "apache-2.0", "HuggingFaceTB/SmolLM2-135M", _llama())
    _hugging_face(machine, "sentence-transformers/all-MiniLM-L6-v2", "apache-2.0", "", _encoder())
    _ollama(machine)
    _lm_studio(machine)
    _downloads(machine)
    _projects(machine)
    return machine


def _path(machine: FakeMachine, relative: str) -> bytes:
    return machine.home + b"/" + relative.encode()


def _hugging_face(machine: FakeMachine, name: str, license_id: str, base: str, weights: Weights) -> None:
    folder = ".cache/huggingface/hub/models--" + name.replace("/", "--")
    revision = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    config = json.dumps({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "torch_dtype": "bfloat16"})
    card = _CARD.format(license=license_id, base=base, name=name)
    files: dict[str, bytes | Weights] = {
        "config.json": config.encode(),
        "README.md": card.encode(),
        "model.safetensors": weights,
    }
    machine.add_file(_path(machine, f"{folder}/refs/main"), revision.encode())
    for file_name, content in files.items():
        blob = _digest(content)
        machine.add_file(_path(machine, f"{folder}/blobs/{blob}"), content)
        link = _path(machine, f"{folder}/snapshots/{revision}/{file_name}")
        machine.add_link(link, f"../../blobs/{blob}".encode())


def _ollama(machine: FakeMachine) -> None:
    weights = gguf(
        {
            "general.architecture": "gemma3",
            "general.name": "Gemma 3 270M It",
            "general.license": "gemma",
            "gemma3.context_length": 32768,
            "gemma3.block_count": 18,
            "tokenizer.ggml.model": "llama",
            "tokenizer.chat_template": _CHAT,
        },
        [("token_embd.weight", (640, 262144), "Q8_0"), ("blk.0.ffn.weight", (640, 157000), "Q8_0")],
    )
    layers = []
    terms = b"Gemma Terms of Use\n\nLast modified: March 24, 2025\n"
    for kind, content in (("model", weights), ("license", terms)):
        digest = _digest(content)
        machine.add_file(_path(machine, f".ollama/models/blobs/sha256-{digest}"), content)
        size = content.size if isinstance(content, Weights) else len(content)
        layers.append({"mediaType": f"application/vnd.ollama.image.{kind}", "digest": f"sha256:{digest}", "size": size})
    config = json.dumps({"model_format": "gguf", "model_family": "gemma3", "file_type": "Q8_0"}).encode()
    machine.add_file(_path(machine, f".ollama/models/blobs/sha256-{_digest(config)}"), config)
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {
            "mediaType": "application/vnd.docker.container.image.v1+json",
            "digest": f"sha256:{_digest(config)}",
            "size": len(config),
        },
        "layers": layers,
    }
    place = ".ollama/models/manifests/registry.ollama.ai/library/gemma3/270m"
    machine.add_file(_path(machine, place), json.dumps(manifest).encode())


def _lm_studio(machine: FakeMachine) -> None:
    weights = gguf(
        {
            "general.architecture": "qwen3",
            "general.name": "Qwen3 0.6B",
            "general.license": "apache-2.0",
            "general.base_model.0.repo_url": "https://huggingface.co/Qwen/Qwen3-0.6B-Base",
            "qwen3.context_length": 40960,
            "qwen3.block_count": 28,
            "tokenizer.ggml.model": "gpt2",
            "tokenizer.chat_template": _CHAT,
        },
        [("token_embd.weight", (1024, 151936), "Q4_K"), ("blk.0.ffn.weight", (1024, 430080), "Q4_K")],
    )
    place = ".lmstudio/models/lmstudio-community/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q4_K_M.gguf"
    machine.add_file(_path(machine, place), weights)
    machine.add_hard_link(_path(machine, "models/qwen3.gguf"), _path(machine, place))


def _downloads(machine: FakeMachine) -> None:
    payload = call_pickle("posix", "system", "echo this is only a demonstration")
    machine.add_file(_path(machine, "Downloads/sentiment_weights.dat"), payload)
    poet: dict[str, GgufValue] = {
        "general.architecture": "llama",
        "general.name": "Tiny Poet 110M",
        "general.author": "example-lab",
        "general.license": "cc-by-nc-4.0",
        "llama.context_length": 2048,
    }
    machine.add_file(_path(machine, "Downloads/tiny-poet-110m.Q8_0.gguf"), gguf(poet, _small("Q8_0", 110)))
    tricky: dict[str, GgufValue] = poet | {
        "general.name": "Helpful Assistant",
        "general.license": "mit",
        "tokenizer.chat_template": _ESCAPE,
    }
    machine.add_file(_path(machine, "Downloads/helpful-assistant.gguf"), gguf(tricky, _small("Q4_K", 60)))
    half: dict[str, GgufValue] = poet | {"general.name": "Half A Model"}
    broken = gguf(half, _small("Q4_K", 80), missing=19_000_000)
    machine.add_file(_path(machine, "Downloads/half-a-model.gguf"), broken)
    overlapping = safetensors([("a", (1024, 512), "F16"), ("b", (1024, 512), "F16")], overlap=True)
    machine.add_file(_path(machine, "Downloads/merged-style.safetensors"), overlapping)
    locked = locked_archive("weights/model.pt", 400_000)
    machine.add_file(_path(machine, "Downloads/private-model.zip"), locked)


def _projects(machine: FakeMachine) -> None:
    machine.add_file(
        _path(machine, "projects/churn/checkpoints/epoch-3.pt"),
        checkpoint([("layer.weight", 4096), ("layer.bias", 64)]),
    )
    machine.add_file(
        _path(machine, "projects/churn/whole_model.pt"), checkpoint([("w", 256)], ("__main__", "ChurnModel"))
    )
    state = {"C": 1.0, "tol": 0.0001}
    machine.add_file(
        _path(machine, "projects/churn/baseline.pkl"),
        object_pickle("sklearn.linear_model._logistic", "LogisticRegression", state),
    )
    detector = onnx("pytorch", ("Conv", "Relu", "MaxPool", "Flatten", "Gemm", "Softmax"))
    machine.add_file(_path(machine, "projects/vision/detector.onnx"), detector)
    machine.add_file(_path(machine, "projects/search/embeddings.npy"), array(50_000))
    packed = archive({"notes.txt": b"old runs\n", "run-1/best.pt": checkpoint([("layer.weight", 1024)])})
    machine.add_file(_path(machine, "projects/churn/old-runs.zip"), packed)
    adapter = {"peft_type": "LORA", "base_model_name_or_path": "Qwen/Qwen3-0.6B", "r": 16, "lora_alpha": 32}
    machine.add_file(_path(machine, "projects/support-bot/adapter/adapter_config.json"), json.dumps(adapter).encode())
    machine.add_file(
        _path(machine, "projects/support-bot/adapter/adapter_model.safetensors"),
        safetensors([("base_model.model.q_proj.lora_A.weight", (16, 1024), "F32")], {"format": "pt"}),
    )
    config = {"model_type": "agent", "auto_map": {"AutoModel": "modeling_agent.AgentModel"}}
    machine.add_file(_path(machine, "projects/agent-model/config.json"), json.dumps(config).encode())
    machine.add_file(_path(machine, "projects/agent-model/modeling_agent.py"), _CODE)
    machine.add_file(_path(machine, "projects/agent-model/model.safetensors"), safetensors(_small("BF16", 9)))
    add_three_models(machine, _path(machine, "projects/assistant/candidates"))
    machine.add_file(_path(machine, "projects/README.md"), b"# Projects\n")
    machine.add_directory(_path(machine, "projects/secret"))
    machine.forbid(_path(machine, "projects/secret"))


def _llama() -> Weights:
    tensors: list[Tensor] = [("model.embed_tokens.weight", (49152, 576), "BF16")]
    tensors += [(f"model.layers.{number}.mlp.weight", (6147, 576), "BF16") for number in range(30)]
    return safetensors(tensors, {"format": "pt"})


def _encoder() -> Weights:
    tensors: list[Tensor] = [("embeddings.word_embeddings.weight", (30522, 384), "F32")]
    tensors += [(f"encoder.layer.{number}.weight", (4620, 384), "F32") for number in range(6)]
    return safetensors(tensors, {"format": "pt"})


def _small(kind: str, millions: int) -> list[Tensor]:
    return [("token_embd.weight", (1024, 1000 * millions * 1000 // 1024 // 4 * 4), kind)]


def _digest(content: bytes | Weights) -> str:
    digest = hashlib.sha256()
    size = content.size if isinstance(content, Weights) else len(content)
    for offset in range(0, size, 1 << 20):
        digest.update(
            content.read(offset, 1 << 20) if isinstance(content, Weights) else content[offset : offset + (1 << 20)]
        )
    return digest.hexdigest()
