"""What servers answer to GETs, in the form of each product's own protocol; the source stands above each table.

A table maps a path to (status, headers, body); a body that is not text is sent as JSON. Paths that are not listed get
the product's answer to an unknown path, under the key `""`.
"""

from typing import Any, NamedTuple

Answer = tuple[int, dict[str, str], Any]
HTML = {"content-type": "text/html"}


class Served(NamedTuple):
    """One server."""

    product: str | None
    """Catalog id, None for a server that must not be named."""
    answers: dict[str, Answer]
    port: int
    api: str | None = None
    """The dialect that is told even where the product is not."""


def ok(body: Any, **headers: str) -> Answer:
    return 200, headers, body


def listing(*models: str, owner: str | None, **more: Any) -> Answer:
    """OpenAI API reference, `List models`."""
    entries = [{"id": model, "object": "model", "created": 1763700000, **more} for model in models]
    if owner is not None:
        for entry in entries:
            entry["owned_by"] = owner
    return ok({"object": "list", "data": entries})


FASTAPI_404: Answer = (404, {"server": "uvicorn"}, {"detail": "Not Found"})
GIN_404: Answer = (404, {}, "404 page not found")
PLAIN_404: Answer = (404, {}, "Not Found")
DIGEST = "a3de86cd1c132c822487ededd47a324c50491393e6565cd14bafa40d0b8e686f"

# ollama/ollama server/routes.go, api/types.go
STORED = {
    "name": "qwen3:0.6b",
    "model": "qwen3:0.6b",
    "modified_at": "2026-11-20T09:00:00.0+01:00",
    "size": 522653767,
    "digest": DIGEST,
    "details": {"parent_model": "", "format": "gguf", "family": "qwen3", "parameter_size": "751.63M"},
}
OLLAMA = {
    "": GIN_404,
    "/": ok("Ollama is running"),
    "/api/version": ok({"version": "0.21.0"}),
    "/api/tags": ok({"models": [STORED]}),
    "/api/status": ok({"cloud": {"disabled": False, "source": "none"}}),
    "/v1/models": listing("qwen3:0.6b", owner="library"),
}
OLLAMA_EMPTY = OLLAMA | {"/v1/models": ok({"object": "list", "data": None}), "/api/tags": ok({"models": []})}
OLLAMA_PERSONAL = OLLAMA | {"/v1/models": listing("ada/tuned:latest", owner="ada")}
OLLAMA_CLOUD = OLLAMA | {
    "/api/tags": ok(
        {"models": [STORED, STORED | {"name": "gpt-oss:120b-cloud", "remote_host": "https://ollama.com:443"}]}
    ),
    "/v1/models": ok(
        {
            "object": "list",
            "data": [
                {"id": "qwen3:0.6b", "object": "model", "owned_by": "library"},
                {"id": "gpt-oss:120b-cloud", "object": "model", "owned_by": "library"},
            ],
        }
    ),
}

# ggml-org/llama.cpp tools/server/server-context.cpp, server-http.cpp; held to a real server by test_real_servers.py
LLAMA_CPP = {
    "": (404, {"server": "llama.cpp"}, {"error": {"code": 404, "message": "File Not Found"}}),
    "/": (415, {"server": "llama.cpp"}, "Error: gzip is not supported by this browser"),
    "/metrics": (501, {}, {"error": {"code": 501, "type": "not_supported_error"}}),
    "/tools": (403, {}, {"error": {"message": "this feature is disabled", "type": "feature_disabled"}}),
    "/health": ok({"status": "ok"}),
    "/v1/models": ok(
        {
            "models": [{"name": "tiny.gguf", "model": "tiny.gguf", "digest": "", "details": {"format": "gguf"}}],
            "object": "list",
            "data": [{"id": "tiny.gguf", "object": "model", "created": 1, "owned_by": "llamacpp", "meta": {}}],
        }
    ),
    "/props": ok(
        {
            "default_generation_settings": {"n_ctx": 512},
            "total_slots": 1,
            "model_path": "/m/tiny.gguf",
            "modalities": {},
        }
    ),
    "/slots": ok([{"id": 0, "n_ctx": 512}]),
}
LLAMA_CPP_KEY = LLAMA_CPP | dict.fromkeys(("/props", "/slots", ""), (401, {}, {"error": {"code": 401}}))
LLAMA_CPP_TOOLS = LLAMA_CPP | {"/tools": ok([{"name": "exec_shell_command"}, {"name": "read_file"}])}
LLAMA_CPP_ROUTER = LLAMA_CPP | {"/props": ok({"role": "router", "max_instances": 4})}
LLAMA_CPP_LOADING = {"": (503, {}, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}})}

# lmstudio-ai/docs, REST API; every unknown path is answered with 200
LM_STUDIO = {
    "": ok({"error": "Unexpected endpoint or method. (GET /anything)"}),
    "/v1/models": listing("qwen/qwen3-0.6b", owner="organization_owner"),
    "/api/v0/models": ok(
        {"object": "list", "data": [{"id": "qwen/qwen3-0.6b", "object": "model", "type": "llm", "state": "loaded"}]}
    ),
    "/api/v1/models": ok({"models": [{"type": "llm", "publisher": "qwen", "key": "qwen/qwen3-0.6b"}]}),
}

# janhq/jan docs: a key is needed by default
JAN = {"": (401, {}, {"error": "Invalid or missing authorization token"})}

# nomic-ai/gpt4all gpt4all-chat/src/server.cpp
GPT4ALL = {"": PLAIN_404, "/v1/models": listing("Llama 3 8B Instruct", owner="humanity", root="x", parent=None)}

# mudler/LocalAI core/http/routes/localai.go, openai.go, ollama.go
LOCALAI = {
    "": (404, {}, {"error": {"code": 404, "message": "Resource not found", "type": ""}}),
    "/": ok("Ollama is running"),
    "/v1/models": listing("gpt-4", owner=None),
    "/version": ok({"version": "v3.6.0"}),
    "/system": ok({"backends": ["llama-cpp"], "loaded_models": [{"id": "gpt-4"}]}),
    "/readyz": ok(""),
    "/models/available": ok([{"name": "a"}]),
    "/api/version": ok({"version": "0.9.0"}),
    "/api/tags": ok({"models": [STORED | {"name": "gpt-4"}]}),
    "/.well-known/localai.json": ok({"version": "v3.6.0", "endpoints": {"models": "/v1/models"}}),
}

# vllm-project/vllm vllm/entrypoints/openai/api_server.py, protocol.py
VLLM = {
    "": FASTAPI_404,
    "/v1/models": listing("Qwen/Qwen3-0.6B", owner="vllm", root="Qwen/Qwen3-0.6B", max_model_len=4096, permission=[]),
    "/version": ok({"version": "0.12.1"}, server="uvicorn"),
    "/health": ok("", server="uvicorn"),
    "/metrics": ok("# HELP vllm:num_requests_running x\nvllm:num_requests_running 0.0\n", server="uvicorn"),
}
VLLM_KEY = VLLM | {"/v1/models": (401, {}, {"error": "Unauthorized"})}

# SGLang Native APIs and Ollama-compatible API pages
SGLANG = {
    "": FASTAPI_404,
    "/": ok("Ollama is running"),
    "/api/version": ok({"version": "0.0.0"}),
    "/api/tags": ok({"models": [STORED | {"name": "Qwen/Qwen3-0.6B"}]}),
    "/v1/models": listing("Qwen/Qwen3-0.6B", owner="sglang", root="Qwen/Qwen3-0.6B", max_model_len=4096),
    "/get_model_info": ok({"model_path": "Qwen/Qwen3-0.6B", "tokenizer_path": "x", "is_generation": True}),
    "/get_server_info": ok({"model_path": "Qwen/Qwen3-0.6B", "tp_size": 1}),
}

# huggingface/text-generation-inference router/src/server.rs
TGI = {
    "": PLAIN_404,
    "/v1/models": listing("bigscience/bloom", owner="bigscience/bloom"),
    "/info": ok({"model_id": "bigscience/bloom", "router": "text-generation-router", "version": "3.3.6", "sha": None}),
    "/health": ok(""),
}

# LostRuins/koboldcpp koboldcpp.py
KOBOLDCPP = {
    "": PLAIN_404,
    "/": ok("<!doctype html><title>KoboldAI Lite</title>", **HTML),
    "/v1/models": listing("koboldcpp/tiny", owner="koboldcpp", permission=[], root="koboldcpp"),
    "/api/extra/version": ok({"result": "KoboldCpp", "version": "1.101", "protected": False, "llm": True}),
    "/api/version": ok({"version": "0.7.0"}),
    "/api/tags": ok({"models": [STORED | {"name": "koboldcpp"}]}),
    "/sdapi/v1/options": ok({"samples_format": "png", "sd_model_checkpoint": "inactive"}),
    "/props": ok({"chat_template": "", "default_generation_settings": {"n_ctx": 4096}}),
}

# oobabooga/text-generation-webui modules/api/script.py
TEXTGEN = {
    "": FASTAPI_404,
    "/v1/models": listing("tiny", owner="user"),
    "/v1/internal/model/info": ok({"model_name": "tiny", "lora_names": [], "loader": "llama.cpp"}),
}

# mozilla-ai/llamafile llamafile/server/v1_models.cpp
LLAMAFILE = {"": PLAIN_404, "/v1/models": listing("tiny", owner="llamafile")}

# ml-explore/mlx-lm mlx_lm/server.py, answers of a server that was run
MLX_LM = {
    "": (404, {"server": "BaseHTTP/0.6 Python/3.11.7"}, "Not Found"),
    "/health": ok({"status": "ok"}),
    "/v1/models": listing("mlx-community/Qwen3-0.6B-4bit", owner=None),
}

# docker/model-runner pkg/inference
DOCKER = {
    "": PLAIN_404,
    "/": ok("Docker Model Runner is running"),
    "/models": ok([]),
    "/engines/status": ok({"llama.cpp": "running: llama.cpp latest"}),
    "/engines/v1/models": listing("ai/smollm2", owner="docker"),
}

# Foundry Local CLI reference
FOUNDRY = {
    "": PLAIN_404,
    "/openai/status": ok({"Endpoints": ["http://127.0.0.1:5273"], "ModelDirPath": "x", "PipeName": "inference_agent"}),
    "/foundry/list": ok({"models": []}),
}

# lemonade-sdk/lemonade docs/api
LEMONADE = {
    "": PLAIN_404,
    "/v1/models": listing("Qwen3-0.6B-GGUF", owner="lemonade", recipe="llamacpp"),
    "/v1/health": ok({"status": "ok", "version": "10.0.0", "model_loaded": None, "all_models_loaded": []}),
    "/v1/system-info": ok({"devices": {"npu": {"available": False}}}),
    "/api/version": ok({"version": "0.16.1"}),
    "/api/tags": ok({"models": [STORED | {"name": "Qwen3-0.6B-GGUF"}]}),
}

# exo-explore/exo src/exo/api/main.py
EXO = {
    "": FASTAPI_404,
    "/node_id": ok('"12D3KooWAbc"', **{"content-type": "application/json"}),
    "/state": ok({"instances": {}, "topology": {}}),
    "/v1/models": listing("llama-3.2-1b", owner="exo"),
    "/ollama/": ok("Ollama is running"),
    "/api/version": ok({"version": "exo v1"}),
}

# EricLBuehler/mistral.rs mistralrs-server-core/src/handlers.rs, openapi_doc.rs
MISTRAL_RS = {
    "": PLAIN_404,
    "/v1/models": listing("default", owner="local"),
    "/health": ok("OK"),
    "/docs/": ok("<!doctype html><title>Swagger UI</title>", **HTML),
    "/api-doc/openapi.json": ok('{"openapi":"3.1.0","info":{"title":"Mistral.rs","version":"0.8.0"},"paths":{}}'),
}

# abetlen/llama-cpp-python llama_cpp/server/app.py
LLAMA_CPP_PYTHON = {
    "": FASTAPI_404,
    "/v1/models": listing("tiny.gguf", owner="me", permissions=[]),
    "/docs": ok("<!DOCTYPE html><title>\U0001f999 llama.cpp Python API - Swagger UI</title>", **HTML),
}

# InternLM/lmdeploy lmdeploy/serve/openai/protocol.py
LMDEPLOY = {"": FASTAPI_404, "/v1/models": listing("internlm3-8b", owner="lmdeploy", root="internlm3-8b")}

# theroyallab/tabbyAPI endpoints/core, endpoints/Kobold
TABBYAPI = {
    "": FASTAPI_404,
    "/v1/models": listing("qwen3-exl3", owner="tabbyAPI", logging=None),
    "/v1/model": ok({"id": "qwen3-exl3", "object": "model", "owned_by": "tabbyAPI"}),
    "/api/extra/version": ok({"result": "KoboldCpp", "version": "1.74"}),
}
TABBYAPI_KEY = {
    "": FASTAPI_404,
    **dict.fromkeys(("/v1/models", "/v1/model"), (401, {}, {"detail": "Please provide a key"})),
}

# mlc-ai/mlc-llm python/mlc_llm/protocol/openai_api_protocol.py
MLC = {"": FASTAPI_404, "/v1/models": listing("HF://mlc-ai/tiny", owner="MLC-LLM")}

# xorbitsai/inference xinference/api/restful_api.py
XINFERENCE = {
    "": FASTAPI_404,
    "/v1/address": ok('"127.0.0.1:9998"', **{"content-type": "application/json"}),
    "/v1/cluster/auth": ok({"auth": False}),
    "/v1/models": listing("qwen3", owner="xinference", model_type="LLM"),
}

# gpustack/gpustack routes/openai.py
GPUSTACK = {"": FASTAPI_404, "/v1/models": listing("qwen3", owner="gpustack")}

# TabbyML/tabby crates/tabby/src/services/health.rs
TABBY = {"": PLAIN_404, "/v1/health": ok({"model": "StarCoder-1B", "device": "cpu", "arch": "x86_64", "version": {}})}

# mostlygeek/llama-swap proxy/proxymanager.go
LLAMA_SWAP = {
    "": GIN_404,
    "/v1/models": listing("qwen3", owner="llama-swap"),
    "/running": ok({"running": [{"model": "qwen3", "state": "ready"}]}),
}

# BerriAI/litellm litellm/proxy, answers of a proxy that was run; it sends what begins with /openai/ on to the cloud
LITELLM = {
    "": (404, {}, {"detail": "Not Found"}),
    "/": ok("<!DOCTYPE html><title>LiteLLM API - Swagger UI</title>", **HTML),
    "/openai/status": (500, {}, "Internal Server Error"),
    "/v1/models": listing("gpt-5", "claude-opus", owner="openai"),
    "/health/liveliness": ok('"I\'m alive!"'),
}

# open-webui/open-webui backend/open_webui/main.py
OPEN_WEBUI = {
    "": ok("<!doctype html><title>Open WebUI</title>", **HTML),
    "/api/config": ok({"status": True, "name": "Open WebUI", "version": "0.6.40"}),
    "/health": ok({"status": True}),
}

# Mintplex-Labs/anything-llm server/endpoints/system.js
ANYTHINGLLM = {
    "": ok("<!doctype html><title>AnythingLLM</title>", **HTML),
    "/api/ping": ok({"online": True}),
    "/api/setup-complete": ok({"results": {"RequiresAuth": False, "LLMProvider": "ollama"}}),
}

# comfyanonymous/ComfyUI server.py
COMFYUI = {
    "": (404, {"server": "Python/3.12 aiohttp/3.13"}, "404: Not Found"),
    "/": ok("<!doctype html><title>ComfyUI</title>", **HTML),
    "/system_stats": ok({"system": {"comfyui_version": "0.3.68", "os": "posix"}, "devices": []}),
}

# AUTOMATIC1111/stable-diffusion-webui modules/api/api.py
SD_WEBUI = {
    "": FASTAPI_404,
    "/": ok("<!doctype html><title>Stable Diffusion</title>", **HTML),
    "/sdapi/v1/options": ok({"samples_save": True, "samples_format": "png", "sd_model_checkpoint": "v1-5.safetensors"}),
    "/internal/ping": ok({}),
}

# invoke-ai/InvokeAI invokeai/app/api/routers/app_info.py
INVOKEAI = {
    "": FASTAPI_404,
    "/api/v1/app/version": ok({"version": "5.6.0"}),
    "/api/v1/app/config": ok({"infill_methods": ["lama"], "upscaling_methods": []}),
}
INVOKEAI_2026 = {
    "": FASTAPI_404,
    "/api/v1/app/version": ok({"version": "6.9.0"}),
    "/api/v1/app/runtime_config": ok({"set_fields": [], "config": {"schema_version": "4.0.2", "models_dir": "models"}}),
}

# ggml-org/whisper.cpp examples/server/server.cpp
WHISPER = {"": PLAIN_404, "/": ok("<html><head><title>Whisper.cpp Server</title></head></html>", **HTML)}

# openvinotoolkit/model_server src/http_rest_api_handler.cpp
OVMS = {
    "": PLAIN_404,
    "/v1/config": ok({"tiny": {"model_version_status": []}}),
    "/v2": ok({"name": "OpenVINO Model Server", "version": "2026.1"}),
    "/v3/models": listing("OpenVINO/Qwen3", owner="OVMS"),
}

# KServe predict protocol v2, server metadata; triton-inference-server
TRITON = {
    "": PLAIN_404,
    "/v2": ok({"name": "triton", "version": "2.62.0", "extensions": []}),
    "/v2/health/ready": ok(""),
}

# NVIDIA/TensorRT-LLM tensorrt_llm/serve
TRTLLM = {
    "": FASTAPI_404,
    "/v1/models": listing("TinyLlama", owner="tensorrt_llm"),
    "/version": ok({"version": "1.2.0"}),
}

# aphrodite-engine/aphrodite-engine aphrodite/endpoints/openai, and aphrodite/entrypoints/openai since
APHRODITE = {
    "": FASTAPI_404,
    "/v1/models": listing("tiny", owner="pygmalionai", root="tiny", permission=[]),
    "/version": ok({"version": "0.9.1"}),
    "/api/extra/version": ok({"result": "KoboldCpp", "version": "1.63"}),
}
APHRODITE_2026 = {
    "": FASTAPI_404,
    "/v1/models": listing("tiny", owner="aphrodite", root="tiny", permission=[]),
    "/version": ok({"version": "0.21.0"}),
    "/metrics": ok("# TYPE aphrodite:num_requests_running gauge\naphrodite:num_requests_running 0.0\n"),
}

# danny-avila/LibreChat api/server/routes/config.js
LIBRECHAT = {
    "": ok("<!doctype html><title>LibreChat</title>", **HTML),
    "/api/config": ok({"appTitle": "LibreChat", "serverDomain": "http://localhost:3080", "socialLogins": []}),
}

# SillyTavern/SillyTavern public/index.html
SILLYTAVERN = {
    "": PLAIN_404,
    "/": ok("<!doctype html><title>SillyTavern</title>", **HTML),
    "/csrf-token": ok({"token": "x"}),
}

PRODUCTS: dict[str, Served] = {
    "Ollama": Served("ollama", OLLAMA, 11434, "openai"),
    "Ollama without models": Served("ollama", OLLAMA_EMPTY, 11434, "openai"),
    "Ollama, a model of a person": Served("ollama", OLLAMA_PERSONAL, 11434, "openai"),
    "Ollama, models in the cloud": Served("ollama", OLLAMA_CLOUD, 11434, "openai"),
    "llama.cpp": Served("llama_cpp", LLAMA_CPP, 8080, "openai"),
    "llama.cpp with a key": Served("llama_cpp", LLAMA_CPP_KEY, 8080, "openai"),
    "llama.cpp with tools": Served("llama_cpp", LLAMA_CPP_TOOLS, 9931, "openai"),
    "llama.cpp as a router": Served("llama_cpp", LLAMA_CPP_ROUTER, 8080, "openai"),
    "LM Studio": Served("lm_studio", LM_STUDIO, 1234, "openai"),
    "GPT4All": Served("gpt4all", GPT4ALL, 4891, "openai"),
    "LocalAI": Served("localai", LOCALAI, 8080, "openai"),
    "LocalAI, an older one": Served(
        "localai",
        {path: answer for path, answer in LOCALAI.items() if path != "/.well-known/localai.json"}
        | {"/system": ok({"backends": ["llama-cpp"]})},
        8080,
        "openai",
    ),
    "vLLM": Served("vllm", VLLM, 8000, "openai"),
    "vLLM with a key": Served("vllm", VLLM_KEY, 8000, None),
    "SGLang": Served("sglang", SGLANG, 30000, "openai"),
    "TGI": Served("tgi", TGI, 3000, "openai"),
    "KoboldCpp": Served("koboldcpp", KOBOLDCPP, 5001, "openai"),
    "text-generation-webui": Served("textgen_webui", TEXTGEN, 5000, "openai"),
    "llamafile": Served("llamafile", LLAMAFILE, 8080, "openai"),
    "Docker Model Runner": Served("docker_model_runner", DOCKER, 12434, "openai"),
    "Foundry Local": Served("foundry_local", FOUNDRY, 5273, None),
    "Lemonade": Served("lemonade", LEMONADE, 11434, "openai"),
    "exo": Served("exo", EXO, 52415, "openai"),
    "mistral.rs": Served("mistral_rs", MISTRAL_RS, 1234, "openai"),
    "llama-cpp-python": Served("llama_cpp_python", LLAMA_CPP_PYTHON, 8000, "openai"),
    "LMDeploy": Served("lmdeploy", LMDEPLOY, 23333, "openai"),
    "tabbyAPI": Served("tabbyapi", TABBYAPI, 5000, "openai"),
    "MLC LLM": Served("mlc_llm", MLC, 8000, "openai"),
    "Xinference": Served("xinference", XINFERENCE, 9997, "openai"),
    "GPUStack": Served("gpustack", GPUSTACK, 10150, "openai"),
    "Tabby": Served("tabby", TABBY, 8080, None),
    "llama-swap": Served("llama_swap", LLAMA_SWAP, 8080, "openai"),
    "LiteLLM": Served("litellm", LITELLM, 4000, "openai"),
    "Open WebUI": Served("open_webui", OPEN_WEBUI, 8080, None),
    "AnythingLLM": Served("anythingllm", ANYTHINGLLM, 3001, None),
    "ComfyUI": Served("comfyui", COMFYUI, 8188, None),
    "Stable Diffusion web UI": Served("sd_webui", SD_WEBUI, 7860, None),
    "InvokeAI": Served("invokeai", INVOKEAI, 9090, None),
    "InvokeAI of 2026": Served("invokeai", INVOKEAI_2026, 9090, None),
    "whisper.cpp": Served("whisper_cpp", WHISPER, 8080, None),
    "OpenVINO Model Server": Served("ovms", OVMS, 8000, "openai"),
    "Triton": Served("triton", TRITON, 8000, None),
    "TensorRT-LLM": Served("trtllm", TRTLLM, 8000, "openai"),
    "Aphrodite": Served("aphrodite", APHRODITE, 2242, "openai"),
    "Aphrodite of 2026": Served("aphrodite", APHRODITE_2026, 2242, "openai"),
    "LibreChat": Served("librechat", LIBRECHAT, 3080, None),
    "SillyTavern": Served("sillytavern", SILLYTAVERN, 8000, None),
}

# Servers that answer in OpenAI's form and do not say what they are, or do not prove it.
UNKNOWN: dict[str, Served] = {
    "MLX LM behind an unknown program": Served(None, MLX_LM, 8080, "openai"),
    "Jan behind an unknown program": Served(None, JAN, 1337, None),
    "tabbyAPI with a key": Served(None, TABBYAPI_KEY, 5000, None),
    "llama.cpp that still loads": Served(None, LLAMA_CPP_LOADING, 8080, None),
    "a program of one's own that says local": Served(
        None, {"": PLAIN_404, "/v1/models": listing("tiny", owner="local")}, 1234, "openai"
    ),
    "a program of one's own that says vllm": Served(
        None, {"": PLAIN_404, "/v1/models": listing("tiny", owner="vllm")}, 8000, "openai"
    ),
    "a program of one's own that says library": Served(
        None, {"": PLAIN_404, "/v1/models": listing("tiny", owner="library")}, 11434, "openai"
    ),
    "an unknown owner": Served(None, {"": PLAIN_404, "/v1/models": listing("m", owner="acme")}, 9000, "openai"),
    "an imitator of Ollama under FastAPI": Served(None, OLLAMA | {"": FASTAPI_404}, 11434, "openai"),
    "an imitator of Ollama with one path of LocalAI": Served(
        None, OLLAMA | {"/v1/models": ok({"object": "list", "data": []}), "/readyz": ok("")}, 11434, "openai"
    ),
    "an imitator of Ollama that owns otherwise": Served(
        None, OLLAMA | {"/v1/models": listing("qwen3:0.6b", owner="acme")}, 11434, "openai"
    ),
    "vllm in the list, llama.cpp in the properties": Served(
        None, VLLM | {"/props": LLAMA_CPP["/props"]}, 8000, "openai"
    ),
    "sglang in the list, vLLM in the metrics": Served(
        None, VLLM | {"/v1/models": SGLANG["/v1/models"]}, 30000, "openai"
    ),
    "llamacpp in the list, KoboldCpp in the version": Served(
        None, LLAMA_CPP | {"/api/extra/version": KOBOLDCPP["/api/extra/version"], "/props": PLAIN_404}, 8080, "openai"
    ),
    "vllm in the list, Ollama at the root": Served(None, VLLM | {"/": OLLAMA["/"]}, 8000, "openai"),
    "two owners in one list": Served(
        None,
        {
            "": PLAIN_404,
            "/v1/models": ok(
                {
                    "object": "list",
                    "data": [
                        {"id": "a", "object": "model", "owned_by": "vllm"},
                        {"id": "b", "object": "model", "owned_by": "sglang"},
                    ],
                }
            ),
            "/version": ok({"version": "1"}),
        },
        8000,
        "openai",
    ),
    "one answer to everything": Served(None, {"": OLLAMA["/v1/models"]}, 11434, "openai"),
    "every answer at once": Served(
        None,
        {
            "": ok(
                {
                    "object": "list",
                    "data": [],
                    "models": [],
                    "version": "1",
                    "result": "KoboldCpp",
                    "name": "triton",
                    "model_path": "x",
                    "is_generation": True,
                    "total_slots": 1,
                }
            )
        },
        8080,
    ),
}

# What else listens on a developer's machine: nothing of it is accused.
PLAIN: dict[str, Served] = {
    "a plain web server on 11434": Served(None, {"": PLAIN_404, "/": ok("<h1>Hello</h1>", **HTML)}, 11434),
    "a plain web server on 1234": Served(None, {"": ok("<!doctype html><title>Vite App</title>", **HTML)}, 1234),
    "a plain web server on 8080": Served(None, {"": PLAIN_404, "/": ok("It works!", **HTML)}, 8080),
    "a plain web server on 5000": Served(None, {"": PLAIN_404, "/": ok("Hello from Flask")}, 5000),
    "AirPlay on 5000": Served(None, {"": (403, {"server": "AirTunes/760.20.1"}, "")}, 5000),
    "Jupyter": Served(
        None,
        {
            "": (404, {"server": "TornadoServer/6.5"}, "<title>Jupyter Server</title>"),
            "/": (302, {"location": "/tree"}, ""),
            "/api": ok({"version": "2.17.0"}),
        },
        8888,
    ),
    "Grafana": Served(
        None,
        {
            "": (404, {}, {"message": "Not found"}),
            "/": (302, {"location": "/login"}, ""),
            "/metrics": ok("grafana_http_request_duration_seconds_count 1\n"),
            "/api/health": ok({"database": "ok", "version": "12.3.0"}),
        },
        3000,
    ),
    "a Django program with cars for models": Served(
        None,
        {
            "": (404, {"server": "WSGIServer/0.2 CPython/3.12"}, "<h1>Not Found</h1>"),
            "/": ok("<title>Cars</title>", **HTML),
            "/v1/models": ok({"data": [{"id": 1, "name": "Golf"}, {"id": 2, "name": "Polo"}]}),
            "/version": ok({"version": "4.2"}),
            "/health": ok({"status": "ok"}),
            "/info": ok({"version": "4.2", "title": "Cars"}),
            "/running": ok({"running": True}),
            "/v1/health": ok({"version": "4.2"}),
            "/system": ok({"version": "4.2", "loaded": True}),
            "/api/config": ok({"name": "Cars"}),
            "/props": ok({"color": "red"}),
        },
        8000,
    ),
    "cars as JSON:API on Ollama's port": Served(
        None,
        {
            "": PLAIN_404,
            "/": ok("<title>Cars</title>", **HTML),
            "/v1/models": ok({"object": "list", "data": [{"id": "golf", "type": "cars", "attributes": {}}]}),
            "/api/tags": ok({"models": ["Golf", "Polo"]}),
            "/api/version": ok({"version": "2.1"}),
        },
        11434,
    ),
    "a content manager whose tags have models": Served(
        None, {"": PLAIN_404, "/api/tags": ok({"models": [{"name": "Article"}, {"name": "Comment"}]})}, 11434
    ),
    "a program without tags": Served(None, {"": PLAIN_404, "/api/tags": ok({"models": []})}, 11434),
    "cars with text for ids": Served(
        None, {"": PLAIN_404, "/v1/models": ok({"data": [{"id": "golf", "doors": 5}]})}, 8000
    ),
    "Prometheus": Served(
        None, {"": GIN_404, "/": (302, {"location": "/query"}, ""), "/metrics": ok("prometheus_build_info 1\n")}, 9090
    ),
    "Strapi on 1337": Served(
        None, {"": (404, {"x-powered-by": "Strapi"}, {"data": None, "error": {"status": 404}})}, 1337
    ),
    "a page about Ollama": Served(None, {"": ok("<h1>Ollama is running</h1> here.", **HTML)}, 11434),
    "everything behind a login": Served(None, {"": (401, {"www-authenticate": "Basic"}, "")}, 8080),
}
