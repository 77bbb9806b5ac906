"""Whole models with what stands beside them: labels, texts, cards, ancestors, and their contradictions."""

import hashlib
import json
from collections.abc import Callable, Mapping

from tests.samples import gguf_file, safetensors_file
from tests.samples.gguf_file import STRING, U32
from tests.samples.license_case import TermsCase
from tests.samples.license_texts import edited, in_readme, rewrapped, spdx

FREE = frozenset({"allowed"})
CLOSED = frozenset({"prohibited", "unknown"})
PROHIBITED = frozenset({"prohibited"})
CONDITIONAL = frozenset({"conditional"})
NOT_FREE = frozenset({"conditional", "prohibited", "unknown"})
UNKNOWN = frozenset({"unknown"})
NON_COMMERCIAL = "\n\nThe weights may be used for non-commercial purposes only.\n"
CONFIG = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "transformers_version": "4.44.0"}


_WEIGHTS = b"these-bytes-become-different-in-each-of-the-case"
"""Artifacts of the same bytes are one artifact in many places."""


def tensors(**metadata: str) -> bytes:
    """Return a small safetensors file with this metadata."""
    return safetensors_file.small(_WEIGHTS, **({"__metadata__": metadata} if metadata else {}))


def gguf(license_label: str | None = "apache-2.0", *pairs: tuple, name: str = "Tiny") -> bytes:
    """Return a small GGUF with this label and name."""
    file = gguf_file.small(*pairs, ("general.uuid", STRING, _WEIGHTS))
    file.pairs = [pair for pair in file.pairs if pair[0] not in ("general.license", "general.name")]
    file.pairs.insert(1, ("general.name", STRING, name))
    if license_label is not None:
        file.pairs.insert(2, ("general.license", STRING, license_label))
    return file.build()


def card(*lines: str, body: str = "# Tiny\n") -> bytes:
    """Return a model card with this front matter."""
    return ("---\n" + "\n".join(lines) + "\n---\n" + body).encode()


def base(*repositories: str) -> tuple[tuple, ...]:
    """Return the header keys that name base models."""
    pairs = [("general.base_model.count", U32, len(repositories))]
    for number, repository in enumerate(repositories):
        owner, _, name = repository.rpartition("/")
        pairs += [
            (f"general.base_model.{number}.name", STRING, name),
            (f"general.base_model.{number}.organization", STRING, owner),
            (f"general.base_model.{number}.repo_url", STRING, f"https://huggingface.co/{repository}"),
        ]
    return tuple(pairs)


Files = Mapping[str, bytes | str | Callable[[], str | bytes]]


def case_of(
    name: str, subject: str, expect: frozenset[str], files: Files, lesson: str = "", family: str = "terms"
) -> TermsCase:
    """Return a case of these files; weights differ from case to case."""

    def build() -> dict[str, bytes]:
        built = {path: content() if callable(content) else content for path, content in files.items()}
        own = hashlib.sha256(name.encode()).hexdigest()[: len(_WEIGHTS)].encode()
        return {
            f"m/{path}": (content.encode() if isinstance(content, str) else content).replace(_WEIGHTS, own)
            for path, content in built.items()
        }

    return TermsCase(id=f"{family}/{name}", build=build, subject=f"m/{subject}", expect=expect, lesson=lesson)


def _beside(name: str, expect: frozenset[str], label: str | None, files: Files, lesson: str = "") -> TermsCase:
    """A GGUF with `label` and files beside it."""
    return case_of(name, "model.gguf", expect, {"model.gguf": gguf(label), **files}, lesson)


def _repository(name: str, expect: frozenset[str], front: tuple[str, ...], files: Files, lesson: str = "") -> TermsCase:
    """A repository as the Hub has it: weights, configuration, card."""
    whole = {
        "model.safetensors": tensors(),
        "config.json": json.dumps(CONFIG),
        "README.md": card(*front),
        **files,
    }
    return case_of(name, "model.safetensors", expect, whole, lesson)


LABELS = (
    _beside("no-word", UNKNOWN, None, {}),
    _beside("label-apache", FREE, "apache-2.0", {}),
    _beside("label-mit", FREE, "mit", {}),
    _beside("label-nc", PROHIBITED, "cc-by-nc-4.0", {}),
    _beside("label-other", UNKNOWN, "other", {}),
    _beside("label-unknown-word", UNKNOWN, "house-license-7", {}),
    _beside("label-llama", CONDITIONAL, "llama3.1", {}),
    _beside("label-modified-mit", NOT_FREE, "modified-mit", {}, "one label, several texts"),
    _beside("label-openrail", NOT_FREE, "openrail", {}, "one label, several texts"),
    _beside("label-and", PROHIBITED, "apache-2.0 AND cc-by-nc-4.0", {}),
    _beside("label-mit-like", NOT_FREE, "mit-like", {}, "begins like a free one"),
    _beside("label-mit-nc", NOT_FREE, "mit-non-commercial", {}, "begins like a free one"),
    _beside("label-apache-homoglyph", NOT_FREE, "\u0430pache-2.0-nc", {}),
    _repository("card-apache", FREE, ("license: apache-2.0",), {}),
    _repository("card-nc", PROHIBITED, ("license: cc-by-nc-4.0",), {}),
    _repository("card-list", PROHIBITED, ("license:", "- mit", "- cc-by-nc-4.0"), {}, "the strictest of two"),
    _repository("card-other-named", PROHIBITED,
                ("license: other", "license_name: flux-1-dev-non-commercial-license"), {}),
    _repository("card-other-linked", UNKNOWN, ("license: other", "license_link: LICENSE"), {}, "the text is not there"),
    _repository("card-other-friendly-name", NOT_FREE, ("license: other", "license_name: mit-plus"), {}),
)  # fmt: skip
TEXTS = (
    _beside("text-mit", FREE, "mit", {"LICENSE": lambda: spdx("MIT")}),
    _beside("text-apache", FREE, "apache-2.0", {"LICENSE": lambda: spdx("Apache-2.0")}),
    _beside("text-apache-rewrapped", FREE, "apache-2.0", {"LICENSE.txt": lambda: rewrapped(spdx("Apache-2.0"))}),
    _beside("text-bsd", FREE, None, {"LICENSE": lambda: spdx("BSD-3-Clause")}, "the text alone decides"),
    _repository("text-other-mit", FREE, ("license: other",), {"LICENSE": lambda: spdx("MIT")}, "other says nothing"),
    _repository("text-and-card", FREE, ("license: cc-by-4.0",), {"LICENSE": lambda: spdx("CC-BY-4.0")}),
    _repository("text-nc-and-card", PROHIBITED, ("license: cc-by-nc-4.0",), {"LICENSE": lambda: spdx("CC-BY-NC-4.0")}),
    _beside("text-mit-nc", NOT_FREE, "mit", {"LICENSE": lambda: spdx("MIT") + NON_COMMERCIAL}, "MIT plus a sentence"),
    _beside("text-apache-nc", NOT_FREE, "apache-2.0", {"LICENSE": lambda: spdx("Apache-2.0") + NON_COMMERCIAL}),
    _beside("text-mit-edited", NOT_FREE, "mit", {"LICENSE": lambda: edited(spdx("MIT"), 0.1, 3)}),
    _beside("text-apache-edited", NOT_FREE, "apache-2.0", {"LICENSE": lambda: edited(spdx("Apache-2.0"), 0.05, 3)}),
    _beside("text-half", NOT_FREE, "apache-2.0", {"LICENSE": lambda: spdx("Apache-2.0")[:5000]}),
    _beside("text-nc-half", CLOSED, "cc-by-4.0", {"LICENSE": lambda: spdx("CC-BY-NC-4.0")[9000:]}),
    _beside("text-two", CLOSED, "mit", {"LICENSE": lambda: spdx("MIT") + "\n\n" + spdx("CC-BY-NC-4.0")}),
    _beside("text-own", NOT_FREE, "mit", {"LICENSE": "House terms. You may look at the weights.\n"}),
    _beside("text-in-prose", NOT_FREE, "mit", {"LICENSE": lambda: in_readme(spdx("MIT") + NON_COMMERCIAL)}),
    _repository("text-name-only", NOT_FREE, ("license: other",), {"LICENSE": "MIT License\n"}, "a title is no text"),
    _repository("text-spdx-line", NOT_FREE, ("license: other",), {"LICENSE": "SPDX-License-Identifier: MIT\n"}),
)  # fmt: skip
CONFLICTS = (
    _beside("label-mit-text-nc", CLOSED, "mit", {"LICENSE": lambda: spdx("CC-BY-NC-4.0")}, "the text counts"),
    _beside("label-nc-text-mit", PROHIBITED, "cc-by-nc-4.0", {"LICENSE": lambda: spdx("MIT")}, "the label counts too"),
    _beside("label-mit-text-polyform", CLOSED, "mit", {"LICENSE": lambda: spdx("PolyForm-Noncommercial-1.0.0")}),
    _beside("header-free-card-nc", CLOSED, "apache-2.0", {"README.md": card("license: cc-by-nc-4.0")}),
    _beside("header-nc-card-free", PROHIBITED, "cc-by-nc-4.0", {"README.md": card("license: apache-2.0")}),
    _beside("header-free-card-llama", NOT_FREE, "mit", {"README.md": card("license: llama3.1")}),
    _beside("two-texts", CLOSED, "mit", {"LICENSE": lambda: spdx("MIT"), "LICENSE-MODEL": lambda: spdx("CC-BY-NC-4.0")},
            "the weights have a text of their own"),
    _beside("model-text-nc", CLOSED, None,
            {"LICENSE-CODE": lambda: spdx("MIT"), "LICENSE-MODEL": lambda: spdx("CC-BY-NC-4.0")}),
    _beside("code-text-only", NOT_FREE, "other", {"LICENSE-CODE": lambda: spdx("MIT")}, "the text is the code's"),
    _beside("use-policy", NOT_FREE, "apache-2.0",
            {"LICENSE": lambda: spdx("Apache-2.0"), "USE_POLICY.md": "# Use policy\nDo not build weapons.\n"},
            "what the policy forbids is forbidden"),
    _beside("notice-nc", NOT_FREE, "apache-2.0",
            {"LICENSE": lambda: spdx("Apache-2.0"), "NOTICE": "The weights are licensed under CC-BY-NC-4.0.\n"},
            "a notice names a stricter license"),
    _repository("card-free-text-nc", CLOSED, ("license: apache-2.0",), {"LICENSE": lambda: spdx("CC-BY-NC-4.0")}),
    _repository("card-nc-text-free", PROHIBITED, ("license: cc-by-nc-4.0",), {"LICENSE": lambda: spdx("MIT")}),
)  # fmt: skip


def _derived(name: str, expect: frozenset[str], label: str | None, parents: tuple[str, ...], lesson: str = ""):
    yield case_of(f"base-{name}", "model.gguf", expect, {"model.gguf": gguf(label, *base(*parents))}, lesson)
    lines = ("base_model:", *(f"- {parent}" for parent in parents))
    front = (f"license: {label}", *lines) if label else lines
    yield _repository(f"base-card-{name}", expect, front, {}, lesson)


ANCESTORS = tuple(
    case
    for args in (
        ("llama", NOT_FREE, "mit", ("meta-llama/Llama-3.1-8B",), "a free label over restricted ancestors"),
        ("qwen-3b", CLOSED, "apache-2.0", ("Qwen/Qwen2.5-3B-Instruct",), "one size is research only"),
        ("qwen-7b", FREE, "apache-2.0", ("Qwen/Qwen2.5-7B-Instruct",), "the other sizes are free"),
        ("qwen-72b", NOT_FREE, "apache-2.0", ("Qwen/Qwen2.5-72B",), "the largest has its own license"),
        ("flux-dev", CLOSED, "apache-2.0", ("black-forest-labs/FLUX.1-dev",), "one of two siblings is free"),
        ("flux-schnell", FREE, "apache-2.0", ("black-forest-labs/FLUX.1-schnell",), "one of two siblings is free"),
        ("gemma-3", NOT_FREE, "apache-2.0", ("google/gemma-3-4b-it",), "generations differ"),
        ("mistral-large", CLOSED, "apache-2.0", ("mistralai/Mistral-Large-Instruct-2407",), "siblings differ"),
        ("codestral", NOT_FREE, "mit", ("mistralai/Codestral-22B-v0.1",), "relicensed by report: the date decides"),
        ("yi-34b", NOT_FREE, "apache-2.0", ("01-ai/Yi-34B",), "relicensed: the date decides"),
        ("phi-2", NOT_FREE, None, ("microsoft/phi-2",), "relicensed: an old copy is for research"),
        ("kimi", NOT_FREE, "mit", ("moonshotai/Kimi-K2-Instruct",), "MIT with a tail"),
        ("command-r", CLOSED, "apache-2.0", ("CohereForAI/c4ai-command-r-v01",), "non-commercial ancestor"),
        ("unknown", NOT_FREE, None, ("somebody/nobody-knows-7b",), "nothing is known of the ancestor"),
        ("merge", CLOSED, "apache-2.0", ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-3B"), "one of two ancestors is not free"),
        ("merge-llama", NOT_FREE, "mit", ("mistralai/Mistral-7B-v0.1", "meta-llama/Llama-2-7b-hf"), "the same"),
        ("case", CLOSED, "apache-2.0", ("QWEN/qwen2.5-3b",), "names differ in case"),
        ("copy", NOT_FREE, "apache-2.0", ("somebody/Meta-Llama-3.1-8B-abliterated",), "a copy by another owner"),
    )
    for case in _derived(*args)
)
NAMES = (
    case_of("name-qwen-3b", "Qwen2.5-3B-Instruct-Q4_K_M.gguf", CLOSED,
          {"Qwen2.5-3B-Instruct-Q4_K_M.gguf": gguf("apache-2.0", name="Qwen2.5 3B Instruct")},
          "label and name disagree"),
    case_of("name-llama", "Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf", NOT_FREE,
          {"Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf": gguf("mit", name="Meta Llama 3.1 8B Instruct")}, "the same"),
    case_of("name-flux", "flux1-dev.safetensors", CLOSED,
          {"flux1-dev.safetensors": tensors(license="apache-2.0")}, "the same"),
    case_of("metadata-nc", "model.safetensors", PROHIBITED,
          {"model.safetensors": tensors(license="cc-by-nc-4.0")}),
    case_of("metadata-free", "model.safetensors", FREE,
          {"model.safetensors": tensors(license="apache-2.0")}),
)  # fmt: skip
CASES: tuple[TermsCase, ...] = (*LABELS, *TEXTS, *CONFLICTS, *ANCESTORS, *NAMES)
