"""A folder of three models whose licenses no single label tells, for the demonstration; weights are zeros.

a: a GGUF file labeled apache-2.0 whose own header names a Llama 3.1 base. b: safetensors with a card that says
cc-by-nc-4.0. c: safetensors labeled `other` with the name of a non-commercial license and its text beside it.
"""

from weighbridge.host.fake import FakeMachine
from weighbridge.pipeline.demo_files import GgufValue, gguf, safetensors

FLUX_TITLE = b"FLUX.1 [dev] Non-Commercial License\n"


def add_three_models(machine: FakeMachine, folder: bytes, text: bytes = FLUX_TITLE) -> None:
    """Add the three models in folders of their own below `folder`.

    Args:
        machine: where.
        folder: absolute path.
        text: what stands in the license file of the third.
    """
    keys: dict[str, GgufValue] = {
        "general.architecture": "llama",
        "general.name": "Helpful Assistant 8B",
        "general.license": "apache-2.0",
        "general.base_model.0.name": "Llama 3.1 8B",
        "general.base_model.0.repo_url": "https://huggingface.co/meta-llama/Llama-3.1-8B",
    }
    machine.add_file(folder + b"/a/model.gguf", gguf(keys, [("token_embd.weight", (64, 32), "F16")]))
    machine.add_file(folder + b"/b/model.safetensors", safetensors([("b", (8, 8), "F32")], {"format": "pt"}))
    machine.add_file(folder + b"/b/README.md", b"---\nlicense: cc-by-nc-4.0\n---\n# B\n")
    machine.add_file(folder + b"/c/model.safetensors", safetensors([("c", (8, 8), "F32")], {"format": "pt"}))
    card = b"---\nlicense: other\nlicense_name: flux-1-dev-non-commercial-license\nlicense_link: LICENSE.md\n---\n# C\n"
    machine.add_file(folder + b"/c/README.md", card)
    machine.add_file(folder + b"/c/LICENSE.md", text)
