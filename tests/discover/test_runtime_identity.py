import tomllib

import pytest
from tests.house.files import SOURCE

from weighbridge.discover.runtime_catalog import runtimes
from weighbridge.discover.runtime_identity import ProcessFacts, identities, identity_of

FALSE_POSITIVES = tomllib.loads((SOURCE / "discover/false_positives.toml").read_text(encoding="utf-8"))


def facts(*command_line, executable=None, pid=10, parent=1, mapped=(), folder=None, name=""):
    return ProcessFacts(
        pid=pid,
        parent=parent,
        name=name,
        executable=executable or (command_line[0] if command_line else None),
        command_line=command_line,
        working_folder=folder,
        mapped=tuple(mapped),
    )


@pytest.mark.parametrize(
    ("command_line", "runtime"),
    [
        (("/usr/local/bin/ollama", "serve"), "ollama"),
        (("/usr/local/bin/ollama", "runner", "--mlx-engine", "--model", "x", "--port", "1"), "ollama"),
        (("/usr/bin/llama-server", "-m", "x.gguf"), "llama_cpp"),
        (("/usr/bin/llama", "serve", "-m", "x.gguf"), "llama_cpp"),
        (("/opt/venv/bin/python3.12", "-m", "vllm.entrypoints.openai.api_server", "--model", "m"), "vllm"),
        (("/opt/venv/bin/python3", "/opt/venv/bin/vllm", "serve", "m"), "vllm"),
        (("/usr/bin/python3", "-u", "-X", "dev", "-m", "llama_cpp.server", "--model", "m"), "llama_cpp_python"),
        (("/usr/bin/python3", "-m", "mlx_lm.server"), "mlx_lm"),
        (("/usr/bin/python3", "-m", "sglang.launch_server"), "sglang"),
        (("/usr/bin/python3", "/home/ada/ComfyUI/main.py", "--listen"), "comfyui"),
        (("/usr/bin/python3", "/home/ada/koboldcpp.py"), "koboldcpp"),
        (("/home/ada/Qwen3-0.6B.llamafile", "--server"), "llamafile"),
        (("C:\\Program Files\\koboldcpp.exe",), "koboldcpp"),
        (("/opt/LM Studio/lm-studio",), "lm_studio"),
        (("/usr/bin/tabby", "serve", "--model", "m"), "tabby"),
        (("/usr/bin/tritonserver", "--model-repository", "/m"), "triton"),
        (("/usr/bin/node", "/srv/SillyTavern/server.js"), "sillytavern"),
        (("/usr/bin/optimum-cli", "export", "onnx"), "converters"),
        (("/usr/bin/python3", "/src/convert_hf_to_gguf.py", "x"), "converters"),
        (("/opt/com.docker.llama-server", "--model", "x"), "docker_model_runner"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value)[:40],
)
def test_a_program_is_told_by_what_it_is_and_how_it_is_called(command_line, runtime):
    identity = identity_of(facts(*command_line))
    assert identity.runtime == runtime
    assert identity.reasons


@pytest.mark.parametrize("case", FALSE_POSITIVES["process"], ids=lambda case: " ".join(case["command_line"])[-40:])
def test_what_was_once_mistaken_for_a_runtime_is_none(case):
    assert identity_of(facts(*case["command_line"])).runtime is None


@pytest.mark.parametrize("case", FALSE_POSITIVES["library"], ids=lambda case: case["name"])
def test_a_library_with_a_like_name_says_nothing(case):
    identity = identity_of(facts("/usr/bin/program", mapped=(case["name"],)))
    assert identity.runtime is None
    assert identity.inference_library is None


def test_a_client_of_a_server_is_not_the_server():
    assert identity_of(facts("/usr/bin/ollama", "list")).runtime is None
    assert identity_of(facts("/usr/bin/ollama", "run", "qwen3")).runtime is None
    assert identity_of(facts("/usr/bin/ollama")).runtime == "ollama"


def test_a_name_that_others_have_too_is_a_hint():
    identity = identity_of(facts("/opt/Tabby/tabby"))
    assert (identity.runtime, identity.hint) == (None, "tabby")


def test_the_text_that_a_process_chose_for_itself_is_a_hint():
    identity = identity_of(facts("ollama", "serve", executable="/tmp/miner"))
    assert (identity.runtime, identity.hint) == (None, "ollama")


def test_without_a_visible_file_the_command_line_counts_and_the_reason_says_so():
    hidden = ProcessFacts(pid=4, command_line=("/usr/local/bin/ollama", "serve"))
    identity = identity_of(hidden)
    assert identity.runtime == "ollama"
    assert "not visible" in identity.reasons[0]


def test_workers_that_rename_themselves_are_known():
    identity = identity_of(facts("VLLM::EngineCore", executable="/usr/bin/python3.12"))
    assert identity.runtime == "vllm"


def test_a_renamed_program_is_known_by_the_library_that_it_maps():
    identity = identity_of(facts("/tmp/kworker", mapped=("/opt/lib/libllama.so.1",)))
    assert identity.runtime == "llama_cpp"
    assert identity.reasons == ("maps /opt/lib/libllama.so.1",)
    python = identity_of(facts("/usr/bin/python3", "x.py", mapped=("/v/site-packages/llama_cpp/lib/libllama.so",)))
    assert python.runtime == "llama_cpp_python"


def test_an_inference_library_of_no_known_product_is_named():
    identity = identity_of(facts("/tmp/x", mapped=("/opt/libctranslate2.so.4",)))
    assert identity.runtime is None
    assert identity.inference_library == "/opt/libctranslate2.so.4"


def test_a_script_of_a_common_name_counts_in_the_folder_of_its_product_only():
    asked = facts("/usr/bin/python3", "main.py", "--listen")
    assert identity_of(asked).runtime is None
    assert identity_of(facts("/usr/bin/python3", "main.py", folder="/srv/ComfyUI")).runtime == "comfyui"
    assert identity_of(facts("/usr/bin/python3", "main.py", folder="/srv/shop")).runtime is None


def known(*processes):
    return identities({one.pid: one for one in processes})


def test_a_child_server_belongs_to_the_product_that_started_it():
    found = known(
        facts("/usr/local/bin/ollama", "serve", pid=10),
        facts("/opt/llama-server", "--model", "/blobs/sha256-0", pid=11, parent=10),
    )
    assert found[11].runtime == found[11].served_for == "ollama"
    assert found[11].engine == "llama_cpp"
    assert found[11].reasons[0] == "llama.cpp server started by Ollama (pid 10)"
    assert found[10].served_for is None


def test_a_wrapper_between_them_does_not_matter():
    found = known(
        facts("/usr/bin/python3", "/srv/text-generation-webui/server.py", pid=10),
        facts("/bin/sh", "-c", "llama-server", pid=11, parent=10),
        facts("/srv/llama-server", pid=12, parent=11),
    )
    assert found[12].served_for == "textgen_webui"
    assert 11 not in found


def test_a_server_that_somebody_starts_from_an_unrelated_program_is_itself():
    found = known(facts("/usr/bin/code", pid=10), facts("/usr/bin/llama-server", pid=11, parent=10))
    assert (found[11].runtime, found[11].served_for) == ("llama_cpp", None)
    other = known(facts("/usr/bin/vllm", "serve", pid=10), facts("/usr/bin/llama-server", pid=11, parent=10))
    assert other[11].runtime == "llama_cpp"


def test_a_renamed_child_with_an_inference_library_belongs_to_the_product():
    found = known(
        facts("/usr/local/bin/ollama", "serve", pid=10),
        facts("/tmp/renamed", pid=11, parent=10, mapped=("/opt/libggml-base.so",)),
    )
    assert found[11].served_for == "ollama"


def test_an_orphan_in_the_folder_of_a_product_belongs_to_it():
    found = known(facts("/usr/lib/ollama/llama-server", "--model", "x", pid=11))
    assert (found[11].runtime, found[11].engine) == ("ollama", "llama_cpp")


def test_a_loop_of_parents_ends():
    found = known(facts("/usr/bin/llama-server", pid=10, parent=11), facts("/usr/bin/llama-server", pid=11, parent=10))
    assert found[10].runtime == "llama_cpp"


def test_every_program_of_the_catalog_is_told():
    for runtime in runtimes().values():
        for name in runtime.programs:
            path = "/opt/x/" + name.replace("*", "m")
            assert identity_of(facts(path)).runtime == runtime.id, name
        for name in runtime.ambiguous:
            assert identity_of(facts("/opt/x/" + name)).runtime is None, name
        for module in runtime.modules:
            told = identity_of(facts("/usr/bin/python3", "-m", module)).runtime
            assert told is not None, module


def test_fetching_and_converting_is_not_running():
    assert not identity_of(facts("/usr/bin/huggingface-cli", "download", "x")).runs_models
    assert not identity_of(facts("/usr/bin/vi")).runs_models
    assert identity_of(facts("/usr/bin/llama-server")).runs_models


@pytest.mark.parametrize(
    ("library", "computes"),
    [
        ("/venv/torch/lib/libtorch_cpu.so", True),
        ("/venv/onnxruntime/capi/onnxruntime_pybind11_state.cpython-311-x86_64-linux-gnu.so", True),
        ("/venv/ctranslate2.libs/libctranslate2-1.so", True),
        ("/usr/lib/libz.so.1", False),
    ],
)
def test_who_computes_with_tensors_is_known_and_no_runtime_for_that(library, computes):
    known = facts("/usr/bin/python3", "x.py", mapped=(library,))
    assert identity_of(known).computes is computes
    assert identity_of(known).runtime is None
    assert (known.pid in identities({known.pid: known})) is computes
