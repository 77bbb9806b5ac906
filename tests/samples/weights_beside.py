"""Evasions and honest files: chat templates in all their places, configuration, code and programs beside weights."""

import json

from tests.samples import safetensors_file
from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.gguf_file import ARRAY, STRING, small
from tests.samples.python_sources import HOSTILE, PLAIN
from tests.samples.templates import BOMBS, ESCAPES, HONEST

CLEAN = frozenset({"clean"})
MALICIOUS = frozenset({"malicious"})
REVIEW = frozenset({"review"})
UNLISTED = frozenset({"not-a-model"})
LLAMA = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "max_position_embeddings": 4096,
    "torch_dtype": "bfloat16",
    "transformers_version": "4.44.0",
    "_name_or_path": "/home/someone/base",
}
CUSTOM = {"model_type": "tiny", "auto_map": {"AutoModel": "modeling_tiny.TinyModel"}}
CARD = b"---\nlicense: apache-2.0\nbase_model: org/base\ntags:\n- chat\n---\n# Tiny\n"


def _repository(**files: bytes | dict | str) -> dict[str, bytes]:
    """Return weights, an honest configuration, and `files`; `__` in a name is a dot, `___` a slash."""
    whole: dict[str, bytes] = {
        "repo/model.safetensors": safetensors_file.small(),
        "repo/config.json": json.dumps(LLAMA).encode(),
    }
    for name, content in files.items():
        path = "repo/" + name.replace("___", "/").replace("__", ".")
        whole[path] = (
            json.dumps(content).encode()
            if isinstance(content, dict)
            else content
            if isinstance(content, bytes)
            else content.encode()
        )
    return whole


def _template(place: str, name: str, text: str, expect: frozenset[str]) -> Case:
    """Return a case with `text` in one of the places that loaders take chat templates from."""
    builds = {
        "gguf": lambda: {"m.gguf": small(("tokenizer.chat_template", STRING, text)).build()},
        "gguf-named": lambda: {
            "m.gguf": small(
                ("tokenizer.chat_template", STRING, HONEST["short"]),
                ("tokenizer.chat_templates", ARRAY, (STRING, ["tool_use"])),
                ("tokenizer.chat_template.tool_use", STRING, text),
            ).build()
        },
        "tokenizer-config": lambda: _repository(tokenizer_config__json={"chat_template": text}),
        "tokenizer-config-list": lambda: _repository(
            tokenizer_config__json={
                "chat_template": [
                    {"name": "default", "template": HONEST["short"]},
                    {"name": "rag", "template": text},
                ]
            }
        ),
        "tokenizer-config-alone": lambda: {"repo/tokenizer_config.json": json.dumps({"chat_template": text}).encode()},
        "jinja-file": lambda: _repository(chat_template__jinja=text),
        "jinja-file-alone": lambda: {"repo/chat_template.jinja": text.encode()},
        "chat-template-json": lambda: _repository(chat_template__json={"chat_template": text}),
        "processor-config": lambda: _repository(processor_config__json={"processor_class": "X", "chat_template": text}),
    }
    subjects = {
        "gguf": "m.gguf",
        "gguf-named": "m.gguf",
        "tokenizer-config": "repo/tokenizer_config.json",
        "tokenizer-config-list": "repo/tokenizer_config.json",
        "tokenizer-config-alone": "repo/tokenizer_config.json",
        "jinja-file": "repo/chat_template.jinja",
        "jinja-file-alone": "repo/chat_template.jinja",
        "chat-template-json": "repo/chat_template.json",
        "processor-config": "repo/processor_config.json",
    }
    return Case(
        id=f"weights/template-{place}-{name}",
        build=builds[place],
        subject=subjects[place],
        expect=expect,
        lesson="CVE-2024-34359 and its class",
    )


def _code(name: str, source: bytes) -> Case:
    return Case(
        id=f"weights/code-{name}",
        build=lambda: _repository(config__json=CUSTOM, modeling_tiny__py=source),
        subject="repo/modeling_tiny.py",
        expect=MALICIOUS,
        lesson="trust_remote_code runs what auto_map names",
    )


def _beside(name: str, subject: str, expect: frozenset[str], lesson: str = "", **files: bytes | dict | str) -> Case:
    return Case(id=f"weights/{name}", build=lambda: _repository(**files), subject=subject, expect=expect, lesson=lesson)


PLACES = (
    "gguf",
    "gguf-named",
    "tokenizer-config",
    "tokenizer-config-list",
    "tokenizer-config-alone",
    "jinja-file",
    "jinja-file-alone",
    "chat-template-json",
    "processor-config",
)
PADDED = json.dumps({"x": "y" * 6000, "chat_template": ESCAPES["cycler"]})
ESCAPED_KEY = json.dumps({"chat_template": ESCAPES["cycler"]}).replace("chat_template", "chat\\u005ftemplate")

EVASIONS = (
    *(_template(place, "escape", ESCAPES["cycler"], MALICIOUS) for place in PLACES),
    *(_template(place, "bomb", BOMBS["nested-ranges"], HARD) for place in ("gguf", "tokenizer-config")),
    *(
        _template("gguf", name, ESCAPES[name], MALICIOUS)
        for name in (
            *("lipsum", "attr-built", "hex", "unicode", "variables", "namespace-text", "macro", "set-block"),
            *("reverse", "replace", "character-codes", "dict-join", "format-string", "map-attr", "generator-frame"),
        )
    ),
    _template("gguf", "unparsable", "{% if %}", NOT_CLEAN),
    *(
        _code(name, HOSTILE[name])
        for name in (
            *("os-system", "subprocess-in-forward", "exec-base64", "getattr-decoded", "globals-subscript", "ctypes"),
            *("socket", "alias-shadowed", "cookie", "handed-on", "builtins-dict", "reduce"),
        )
    ),
    _beside(
        "code-through-relative-import",
        "repo/helper.py",
        MALICIOUS,
        "the named file is plain, what it imports is not",
        config__json=CUSTOM,
        modeling_tiny__py=b"from .helper import run\n" + PLAIN,
        helper__py=HOSTILE["os-system"],
    ),
    _beside(
        "code-handler", "repo/handler.py", MALICIOUS, "endpoint handlers", handler__py=HOSTILE["subprocess-in-init"]
    ),
    _beside(
        "code-custom-generate",
        "repo/custom_generate/generate.py",
        MALICIOUS,
        "custom generation code",
        custom_generate___generate__py=HOSTILE["os-system"],
    ),
    _beside("code-hubconf", "repo/hubconf.py", MALICIOUS, "torch.hub", hubconf__py=HOSTILE["os-system"]),
    _beside("code-setup", "repo/setup.py", MALICIOUS, "install scripts", setup__py=HOSTILE["os-system"]),
    _beside("code-broken", "repo/modeling_tiny.py", NOT_CLEAN, "", config__json=CUSTOM, modeling_tiny__py=b"def (:\n"),
    Case(
        id="weights/code-without-weights",
        build=lambda: {"repo/config.json": json.dumps(CUSTOM).encode(), "repo/modeling_tiny.py": HOSTILE["os-system"]},
        subject="repo/modeling_tiny.py",
        expect=MALICIOUS,
        lesson="the code runs before any weights are needed",
    ),
    _beside("auto-map", "repo/config.json", REVIEW, "auto_map", config__json=CUSTOM),
    _beside(
        "auto-map-other-repository",
        "repo/config.json",
        REVIEW,
        "code that can change after approval",
        config__json={
            "model_type": "x",
            "auto_map": {"AutoConfig": "someone/else--conf.C", "AutoModel": ["a.B", None]},
        },
    ),
    _beside(
        "auto-map-nested",
        "repo/config.json",
        REVIEW,
        "",
        config__json={"model_type": "x", "text_config": {"auto_map": {"AutoModel": "m.X"}}},
    ),
    _beside(
        "auto-map-tokenizer",
        "repo/tokenizer_config.json",
        REVIEW,
        "",
        tokenizer_config__json={"tokenizer_class": "X", "auto_map": {"AutoTokenizer": ["tokenization_x.X", None]}},
    ),
    _beside(
        "auto-map-escaped",
        "repo/config.json",
        NOT_CLEAN,
        "JSON escapes in the key",
        config__json=json.dumps(CUSTOM).replace("auto_map", "auto\\u005fmap").encode(),
    ),
    _beside(
        "auto-map-twice",
        "repo/config.json",
        NOT_CLEAN,
        "duplicate keys",
        config__json=b'{"model_type":"x","auto_map":{"AutoModel":"a.B"},"auto_map":{}}',
    ),
    _beside(
        "custom-pipeline",
        "repo/config.json",
        REVIEW,
        "",
        config__json={"model_type": "x", "custom_pipelines": {"t": {"impl": "my_pipeline.P", "pt": ["AutoModel"]}}},
    ),
    _beside(
        "kernel-from-repository",
        "repo/config.json",
        REVIEW,
        "compiled code from another repository",
        config__json={"model_type": "x", "_attn_implementation": "someone/kernel"},
    ),
    _beside(
        "diffusers-component",
        "repo/model_index.json",
        REVIEW,
        "",
        model_index__json={"_class_name": "P", "_diffusers_version": "0.30", "unet": ["my_unet", "MyUNet"]},
    ),
    _beside(
        "sentence-module",
        "repo/modules.json",
        REVIEW,
        "",
        modules__json=b'[{"idx": 0, "name": "0", "path": "", "type": "custom_module.Evil"}]',
    ),
    _beside(
        "sentence-module-system",
        "repo/modules.json",
        MALICIOUS,
        "",
        modules__json=b'[{"idx": 0, "name": "0", "path": "", "type": "multiprocessing.util.spawnv_passfds"}]',
    ),
    _beside(
        "adapter-parent-library",
        "repo/adapter_config.json",
        MALICIOUS,
        "auto_mapping imports a module by name",
        adapter_config__json={
            "peft_type": "LORA",
            "base_model_name_or_path": "org/base",
            "auto_mapping": {"base_model_class": "system", "parent_library": "os"},
        },
    ),
    _beside(
        "adapter-code",
        "repo/adapter_config.json",
        REVIEW,
        "",
        adapter_config__json={"peft_type": "LORA", "auto_map": {"PeftModel": "m.X"}},
    ),
    _beside(
        "index-escapes",
        "repo/model.safetensors.index.json",
        NOT_CLEAN,
        "an index that leaves the folder",
        model__safetensors__index__json={"metadata": {}, "weight_map": {"w": "../../../home/user/.ssh/id_rsa"}},
    ),
    _beside(
        "index-absolute",
        "repo/model.safetensors.index.json",
        NOT_CLEAN,
        "",
        model__safetensors__index__json={"weight_map": {"w": "/etc/passwd", "v": "C:\\x"}},
    ),
    _beside(
        "index-url",
        "repo/model.safetensors.index.json",
        NOT_CLEAN,
        "",
        model__safetensors__index__json={"weight_map": {"w": "http://203.0.113.9/model.bin"}},
    ),
    _beside(
        "template-padded",
        "repo/tokenizer_config.json",
        MALICIOUS,
        "behind the first bytes",
        tokenizer_config__json=PADDED,
    ),
    _beside("template-key-escaped", "repo/tokenizer_config.json", MALICIOUS, "", tokenizer_config__json=ESCAPED_KEY),
    _beside(
        "template-additional",
        "repo/additional_chat_templates/tool.jinja",
        MALICIOUS,
        "templates in a folder of their own",
        additional_chat_templates___tool__jinja=ESCAPES["cycler"],
    ),
    _beside("executable-elf", "repo/tokenizer", REVIEW, "", tokenizer=b"\x7fELF\x02\x01\x01" + bytes(60)),
    _beside("executable-named-json", "repo/vocab.json", REVIEW, "", vocab__json=b"\x7fELF\x02\x01\x01" + bytes(60)),
    _beside(
        "executable-pe", "repo/setup.exe", REVIEW, "", setup__exe=b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(40)
    ),
    _beside("executable-script", "repo/install.sh", REVIEW, "", install__sh=b"#!/bin/sh\nid\n"),
    _beside("executable-below", "repo/bin/run", REVIEW, "", bin___run=b"\xcf\xfa\xed\xfe" + bytes(60)),
)

BENIGN = (
    *(_template("gguf", f"honest-{name}", text, CLEAN) for name, text in HONEST.items()),
    _template("tokenizer-config", "honest", HONEST["thinking-tools"], UNLISTED),
    _template("jinja-file", "honest", HONEST["thinking-tools"], UNLISTED),
    _beside(
        "honest-recipe",
        "repo/Modelfile",
        UNLISTED,
        Modelfile=b'FROM ./m.gguf\nPARAMETER num_ctx 4096\nTEMPLATE "{{ .Prompt }}"\nLICENSE mit\n',
    ),
    _beside("honest-repository", "repo/model.safetensors", CLEAN, README__md=CARD, LICENSE=b"Apache License\n"),
    _beside("honest-configuration", "repo/config.json", UNLISTED, README__md=CARD),
    _beside("weights-beside-code", "repo/model.safetensors", CLEAN, config__json=CUSTOM, modeling_tiny__py=PLAIN),
    _beside("plain-code", "repo/modeling_tiny.py", REVIEW, config__json=CUSTOM, modeling_tiny__py=PLAIN),
    _beside(
        "honest-adapter",
        "repo/adapter_config.json",
        UNLISTED,
        adapter_config__json={
            "peft_type": "LORA",
            "r": 8,
            "base_model_name_or_path": "/home/x/base",
            "auto_mapping": {"base_model_class": "Bert", "parent_library": "transformers.models.bert.modeling_bert"},
        },
    ),
    _beside(
        "honest-index",
        "repo/model.safetensors.index.json",
        UNLISTED,
        model__safetensors__index__json={"metadata": {"total_size": 9}, "weight_map": {"w": "model.safetensors"}},
    ),
    _beside(
        "honest-sentence-modules",
        "repo/modules.json",
        UNLISTED,
        modules__json=b'[{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}]',
    ),
    Case(
        id="weights/benign-application-settings",
        build=lambda: {"app/config.json": b'{"trust_remote_code": true, "attn_implementation": "a/b", "port": 1}'},
        subject="app/config.json",
        expect=UNLISTED,
    ),
    Case(
        id="weights/benign-python-project",
        build=lambda: {"app/main.py": HOSTILE["os-system"], "app/config.json": b"{}", "app/run.sh": b"#!/bin/sh\n"},
        subject="app/main.py",
        expect=UNLISTED,
    ),
    Case(
        id="weights/benign-web-template",
        build=lambda: {
            "app/page.html": b"{% extends 'base' %}{% for message in messages %}{{ url_for('x') }}{% endfor %}"
        },
        subject="app/page.html",
        expect=UNLISTED,
    ),
)
