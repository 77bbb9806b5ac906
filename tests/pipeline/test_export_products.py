from weighbridge.export.matching import fixed_part
from weighbridge.pipeline.export_products import products


def test_both_catalogs_are_in() -> None:
    found = {product.id: product for product in products()}
    assert {"ollama", "llama_cpp", "vllm", "claude_code", "codex"} <= set(found)
    assert found["ollama"].kind == "runtime"
    assert ("OLLAMA_HOST", "127.0.0.1:11434") in found["ollama"].hardening
    assert "~/.ollama/models" in found["ollama"].models
    assert found["codex"].kind == "agent"
    assert "*/node_modules/@openai/codex/*" in found["codex"].scripts
    assert {"*/bin/gemini", "*/.bin/gemini"} <= set(found["gemini_cli"].scripts)
    assert "*/stable-diffusion-webui*/launch.py" in found["sd_webui"].scripts


def test_converters_run_nothing() -> None:
    assert not {"converters", "hf_tools", "modelscope"} & {product.id for product in products()}


def test_names_under_which_much_else_runs_are_none() -> None:
    names = {name for product in products() for name in product.process_names}
    assert not {"node", "python", "python3", "chat", "code", "q"} & names
    assert not [name for name in names if set(name) & set("*?[")]


def test_every_pattern_of_a_path_has_a_part_to_match_on() -> None:
    found = [pattern for product in products() for pattern in (*product.executables, *product.scripts)]
    assert [pattern for pattern in found if not fixed_part(pattern)] == []
    assert [pattern for pattern in found if not pattern.startswith("*/")] == []
