"""The lines that a developer copies: right for what the release holds, and for where the hub is."""

from tests.hub.holding import sha256

from weighbridge.hub.models import Model
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State
from weighbridge.hub.usage import uses

MODEL = Model(
    model_id="m",
    namespace="Acme",
    name="Coder",
    owner="",
    summary="",
    tasks=(),
    upstream="",
    created_at=0,
    changed_at=0,
)
TEXTS = {
    name: ""
    for name, kind in Release.__annotations__.items()
    if kind is str and name not in ("release_id", "model_id", "commit_id")
}
RELEASE = Release(
    release_id="r",
    model_id="m",
    commit_id="c" * 40,
    state=State.APPROVED,
    state_at=0,
    created_at=0,
    size=0,
    files=0,
    until_at=None,
    **TEXTS,
)


def lines(*paths, origin="https://hub.example.com", revision="main"):
    files = [ReleaseFile(path=path, sha256=sha256(path.encode()), size=1) for path in paths]
    return [(one.tool, one.line) for one in uses(origin, MODEL, RELEASE, files, revision=revision)]


def test_gguf_is_for_llama_cpp_and_ollama_each_precision_by_its_tag():
    assert lines("coder.Q8_0.gguf", "coder.Q4_K_M.gguf") == [
        ("Weighbridge", "wb pull Acme/Coder"),
        ("Hugging Face", "HF_ENDPOINT=https://hub.example.com hf download Acme/Coder"),
        ("llama.cpp", "HF_ENDPOINT=https://hub.example.com llama-cli -hf Acme/Coder"),
        ("Ollama", "ollama pull hub.example.com/acme/coder"),
        ("Ollama", "ollama pull hub.example.com/acme/coder:Q8_0"),
        ("OCI", "oras pull hub.example.com/acme/coder:main"),
    ]


def test_safetensors_with_a_config_are_for_transformers():
    found = dict(lines("config.json", "model.safetensors"))
    assert found["Transformers"] == 'AutoModel.from_pretrained("Acme/Coder")'
    assert "Ollama" not in found
    assert "Transformers" not in dict(lines("model.safetensors"))


def test_another_release_is_pinned_by_its_commit_where_a_tool_can():
    found = dict(lines("config.json", "model.safetensors", "coder.gguf", revision="c" * 40))
    assert found["Weighbridge"] == f"wb pull Acme/Coder@{'c' * 40}"
    assert found["Hugging Face"].endswith(f"--revision {'c' * 40}")
    assert found["Transformers"] == f'AutoModel.from_pretrained("Acme/Coder", revision="{"c" * 40}")'
    assert found["OCI"].endswith(f":{'c' * 40}")
    assert found["Ollama"] == f"ollama pull hub.example.com/acme/coder:{'c' * 40}"
    assert "llama.cpp" not in found


def test_a_model_of_which_a_tag_is_served_is_asked_for_by_it():
    found = lines("coder.Q8_0.gguf", "coder.Q4_K_M.gguf", revision="7b")
    assert [line for tool, line in found if tool == "Ollama"] == ["ollama pull hub.example.com/acme/coder:7b"]
    assert dict(found)["Weighbridge"] == "wb pull Acme/Coder@7b"


def test_without_tls_tools_are_told_so():
    found = dict(lines("coder.gguf", origin="http://127.0.0.1:8480"))
    assert found["Ollama"] == "ollama pull --insecure 127.0.0.1:8480/acme/coder"
    assert found["OCI"] == "oras pull --plain-http 127.0.0.1:8480/acme/coder:main"
