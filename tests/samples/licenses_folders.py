"""Folders as hostile and careless people upload them: each could pass for a free model to somebody who reads one file.

The expected answer is the strictest that any evidence in the folder supports. `FREE` cases are careless and harmless.
"""

import json
from collections.abc import Callable

from tests.samples.license_case import TermsCase
from tests.samples.license_texts import in_readme, prose, spdx
from tests.samples.licenses_artifacts import (
    CLOSED,
    CONDITIONAL,
    CONFIG,
    FREE,
    NON_COMMERCIAL,
    NOT_FREE,
    PROHIBITED,
    UNKNOWN,
    base,
    card,
    case_of,
    gguf,
    tensors,
)

Files = dict[str, bytes | str | Callable[[], str | bytes]]


def _nc() -> str:
    return spdx("CC-BY-NC-4.0")


def _mit() -> str:
    return spdx("MIT")


def _rtf() -> str:
    return "{\\rtf1\\ansi\\deff0 {\\fonttbl{\\f0 Arial;}}\n" + _nc().replace("\n\n", "\\par\n") + "}"


def _pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Length 9>>stream\n\x00\x01\x02\xff\xfe license \nendstream endobj\n%%EOF\n"


def _html() -> str:
    return "<html><body><p>" + _nc().replace("\n\n", "</p>\n<p>") + "</p></body></html>"


def _halves(name: str) -> tuple[str, str]:
    text = spdx(name)
    middle = text.index("\n\n", len(text) // 2)
    return text[:middle], text[middle:]


def _commented() -> str:
    return "/*\n" + "".join(f" * {line}\n" for line in _nc().splitlines()) + " */\n"


_HOMOGLYPHS = str.maketrans("aeopc", "\u0430\u0435\u043e\u0440\u0441")
_USES = "# Acceptable use\n\nDo not build weapons. Do not sell it to governments.\n"


def _beside(name: str, expect: frozenset[str], label: str | None, files: Files, lesson: str) -> TermsCase:
    return case_of(f"{name}", "model.gguf", expect, {"model.gguf": gguf(label), **files}, lesson, "folders")


def _hub(name: str, expect: frozenset[str], front: tuple[str, ...], files: Files, lesson: str) -> TermsCase:
    whole: Files = {
        "model.safetensors": tensors(),
        "config.json": json.dumps(CONFIG),
        "README.md": card(*front),
        **files,
    }
    return case_of(f"{name}", "model.safetensors", expect, whole, lesson, "folders")


_RENAMED = (
    "LICENCE",
    "License.md",
    "license.txt",
    "COPYING",
    "COPYING.md",
    "COPYING.LESSER",
    "LICENSE-2.0.txt",
    "LICENSE_MODEL",
    "LICENSE.rst",
    "MODEL_LICENSE",
    "MODEL_LICENSE.txt",
    "model-license.md",
    "Weights License.txt",
    "LICENSE (1).txt",
    "TERMS.md",
    "TERMS_OF_USE.txt",
    "Terms of Use.md",
    "EULA.txt",
    "AGREEMENT.txt",
    "license/LICENSE",
    "LICENSES/CC-BY-NC-4.0.txt",
    "legal/LICENSE.md",
    "L\u0456CENSE",
    "LICENSE.TXT",
    "NON-COMMERCIAL.txt",
)
RENAMED = tuple(
    _beside(f"nc-text-in-{number}", CLOSED, "mit", {name: _nc}, f"the terms stand in {name}")
    for number, name in enumerate(_RENAMED)
)
POLICIES = tuple(
    _beside(
        f"policy-{number}",
        NOT_FREE,
        "apache-2.0",
        {"LICENSE": lambda: spdx("Apache-2.0"), name: _USES},
        f"{name} forbids uses",
    )
    for number, name in enumerate(
        (
            "USAGE_POLICY.md",
            "USAGE_POLICY",
            "ACCEPTABLE_USE_POLICY.txt",
            "Acceptable Use Policy.md",
            "use-policy.md",
            "USE_POLICY",
            "PROHIBITED_USES.md",
            "PROHIBITED_USE_POLICY.md",
            "use_restrictions.txt",
            "RESPONSIBLE_USE.md",
            "AUP.md",
        )
    )
)
WRAPPED = (
    _beside("rtf", CLOSED, "mit", {"LICENSE.rtf": _rtf}, "rich text"),
    _beside("html", CLOSED, "mit", {"LICENSE.html": _html}, "a page"),
    _beside("pdf", NOT_FREE, "mit", {"LICENSE.pdf": _pdf}, "a format that is not read here may hold terms"),
    _beside("docx", NOT_FREE, "mit", {"LICENSE.docx": b"PK\x03\x04\x14\0\0\0\0\0"}, "the same"),
    _beside("comment", CLOSED, "mit", {"LICENSE": _commented}, "a comment of a program"),
    _beside("utf-16", CLOSED, "mit", {"LICENSE": lambda: _nc().encode("utf-16")}, "with a mark"),
    _beside("utf-16-le", NOT_FREE, "mit", {"LICENSE": lambda: _nc().encode("utf-16-le")}, "without a mark"),
    _beside("utf-16-be", NOT_FREE, "mit", {"LICENSE": lambda: _nc().encode("utf-16-be")}, "without a mark"),
    _beside("utf-32", NOT_FREE, "mit", {"LICENSE": lambda: _nc().encode("utf-32")}, "a rare encoding"),
    _beside("latin-1", CLOSED, "mit", {"LICENSE": lambda: _nc().encode("latin-1", "replace")}, "an old encoding"),
    _beside("crlf", CLOSED, "mit", {"LICENSE": lambda: _nc().replace("\n", "\r\n")}, "lines of another system"),
    _beside("cr", CLOSED, "mit", {"LICENSE": lambda: _nc().replace("\n", "\r")}, "lines of an old system"),
    _beside("bom", CLOSED, "mit", {"LICENSE": lambda: "\ufeff" + _nc()}, "a mark before the text"),
    _beside(
        "homoglyphs", NOT_FREE, "mit", {"LICENSE": lambda: _nc().translate(_HOMOGLYPHS)}, "letters that look alike"
    ),
    _beside("zero-width", NOT_FREE, "mit", {"LICENSE": lambda: "\u200b".join(_nc())}, "invisible letters"),
    _beside("nul", NOT_FREE, "mit", {"LICENSE": lambda: b"\0" + _nc().encode()}, "a byte that makes it look binary"),
    _beside("empty", NOT_FREE, None, {"LICENSE": ""}, "nothing stands in it"),
    _beside("huge", NOT_FREE, "mit", {"LICENSE": lambda: _mit() + "\n" * (1 << 20) + NON_COMMERCIAL}, "too far away"),
    _beside("mit-crlf", FREE, "mit", {"LICENSE": lambda: _mit().replace("\n", "\r\n")}, "careless and harmless"),
    _beside("mit-utf-16", FREE, "mit", {"LICENSE": lambda: _mit().encode("utf-16")}, "careless and harmless"),
    _beside("mit-html", FREE, "mit", {"LICENSE.html": lambda: f"<p>{_mit()}</p>"}, "careless and harmless"),
)
SPLIT = (
    _beside(
        "two-halves",
        NOT_FREE,
        "apache-2.0",
        {"LICENSE": lambda: _halves("CC-BY-NC-4.0")[0], "LICENSE.2": lambda: _halves("CC-BY-NC-4.0")[1]},
        "one text in two files",
    ),
    _beside(
        "mit-and-addendum",
        NOT_FREE,
        "mit",
        {"LICENSE": _mit, "LICENSE-ADDENDUM.txt": NON_COMMERCIAL},
        "the sentence stands in another file",
    ),
    _beside(
        "mit-and-notice",
        NOT_FREE,
        "mit",
        {"LICENSE": _mit, "NOTICE": "Not for commercial use.\n"},
        "the sentence stands in the notice",
    ),
    _beside("far-sentence", NOT_FREE, "mit", {"LICENSE": lambda: _mit() + prose(3000) + NON_COMMERCIAL}, "far away"),
    _beside("title-nc", NOT_FREE, "mit", {"LICENSE": lambda: "MIT (non-commercial)\n\n" + _mit()}, "in the title"),
    _beside("readme-nc", NOT_FREE, "mit", {"LICENSE": lambda: in_readme(_mit()) + NON_COMMERCIAL}, "behind a README"),
    _beside("two-copies", CLOSED, "mit", {"LICENSE": _mit, "LICENSE.txt": _nc}, "two texts"),
    _beside(
        "code-and-model", CLOSED, "mit", {"LICENSE-CODE": _mit, "LICENSE-MODEL": _nc}, "the code's is not the model's"
    ),
    _beside(
        "code-and-weights", CLOSED, "mit", {"LICENSE": _mit, "WEIGHTS_LICENSE": _nc}, "the plain one is the code's"
    ),
    _beside("code-only", NOT_FREE, None, {"LICENSE-CODE": _mit}, "only the code's"),
    _beside("data-only", NOT_FREE, None, {"LICENSE-DATA": _mit}, "only the data's"),
    _beside("same-twice", FREE, "mit", {"LICENSE": _mit, "LICENSE.txt": _mit}, "careless and harmless"),
)
LABELS = (
    _beside("label-nc-in-brackets", NOT_FREE, "MIT (non-commercial)", {}, "a label that takes itself back"),
    _beside("label-mit-slash-nc", NOT_FREE, "mit/cc-by-nc-4.0", {}, "two in one label"),
    _beside("label-mit-comma-nc", NOT_FREE, "mit, cc-by-nc-4.0", {}, "two in one label"),
    _beside("label-zero-width", NOT_FREE, "mi\u200bt-nc", {}, "an invisible letter"),
    _beside("label-or", FREE, "mit OR cc-by-nc-4.0", {}, "a true choice"),
    _beside("label-or-unknown", NOT_FREE, "mit OR house-license", {}, "a choice with something unknown"),
    _hub("card-list", PROHIBITED, ("license: [mit, cc-by-nc-4.0]",), {}, "a list holds as a whole"),
    _hub("card-list-lines", PROHIBITED, ("license:", "  - mit", "  - cc-by-nc-4.0"), {}, "a list holds as a whole"),
    _hub("card-twice", PROHIBITED, ("license: mit", "license: cc-by-nc-4.0"), {}, "one key twice"),
    _hub(
        "card-name-with-mit", NOT_FREE, ("license: mit", "license_name: acme-nc-1.0"), {}, "a name beside a free label"
    ),
    _hub(
        "card-link-with-mit",
        NOT_FREE,
        ("license: mit", "license_link: https://acme.example/terms"),
        {},
        "a link beside a free label leads to terms that nobody here has read",
    ),
    _hub(
        "card-link-nc",
        NOT_FREE,
        ("license: mit", "license_link: https://creativecommons.org/licenses/by-nc/4.0/legalcode"),
        {},
        "a known address of other terms",
    ),
    _hub("card-link-own-file", FREE, ("license: mit", "license_link: LICENSE"), {"LICENSE": _mit}, "the file is here"),
    _hub(
        "card-other-link-nc",
        CLOSED,
        ("license: other", "license_link: https://creativecommons.org/licenses/by-nc/4.0/"),
        {},
        "a known address",
    ),
    _hub(
        "card-other-link-mit",
        UNKNOWN,
        ("license: other", "license_link: https://opensource.org/license/mit"),
        {},
        "an address is no text",
    ),
    _hub("card-other-link-missing", UNKNOWN, ("license: other", "license_link: LICENSE"), {}, "the file is not here"),
    _hub("card-link-other-file", CLOSED, ("license: mit", "license_link: TERMS.txt"), {"TERMS.txt": _nc}, "it is here"),
    _hub(
        "card-link-odd-file",
        CLOSED,
        ("license: mit", "license_link: docs/weights.txt"),
        {"docs/weights.txt": _nc},
        "the card says where its terms stand",
    ),
    _hub("card-comment", PROHIBITED, ("# license: mit", "license: cc-by-nc-4.0"), {}, "a comment says nothing"),
    _hub("card-upper", PROHIBITED, ("license: CC-BY-NC-4.0",), {"LICENSE": _mit}, "card and text disagree"),
    _hub("card-mit-text-nc", CLOSED, ("license: mit",), {"LICENSE": _nc}, "card and text disagree"),
    _hub("text-in-docs", CLOSED, ("license: mit",), {"LICENSE": _mit, "docs/LICENSE": _nc}, "in a folder below"),
    _hub("text-with-weights", CLOSED, ("license: mit",), {"weights/LICENSE": _nc}, "in a folder below"),
    _hub("policy-in-docs", NOT_FREE, ("license: mit",), {"docs/USE_POLICY.md": _USES}, "in a folder below"),
    _hub(
        "others-in-licenses",
        FREE,
        ("license: mit",),
        {"LICENSE": _mit, "licenses/arrays.txt": lambda: spdx("BSD-3-Clause")},
        "careless and harmless",
    ),
    _hub("card-tag", PROHIBITED, ("license: mit", "tags:", "- license:cc-by-nc-4.0"), {}, "a tag of the Hub"),
)
HEADERS = (
    _beside(
        "header-mit-card-nc", PROHIBITED, "mit", {"README.md": card("license: cc-by-nc-4.0")}, "the card is stricter"
    ),
    _beside("header-nc-card-mit", PROHIBITED, "cc-by-nc-4.0", {"README.md": card("license: mit")}, "the header is"),
    case_of(
        "header-link",
        "model.gguf",
        NOT_FREE,
        {"model.gguf": gguf("mit", ("general.license.link", 8, "https://acme.example/nc"))},
        "a link",
        "folders",
    ),
    case_of(
        "header-name",
        "model.gguf",
        PROHIBITED,
        {"model.gguf": gguf("mit", ("general.license.name", 8, "cc-by-nc-4.0"))},
        "a name beside a label",
        "folders",
    ),
    case_of(
        "two-headers",
        "b/model.gguf",
        FREE,
        {"a/other.gguf": gguf("cc-by-nc-4.0"), "b/model.gguf": gguf("mit", name="Free")},
        "a neighbor",
        "folders",
    ),
)


def _adapter(label: str, parent: str) -> Files:
    config = {"base_model_name_or_path": parent, "peft_type": "LORA", "r": 8, "task_type": "CAUSAL_LM"}
    return {
        "adapter_model.safetensors": tensors(),
        "adapter_config.json": json.dumps(config),
        "README.md": card(f"license: {label}"),
    }


def _model(name: str, expect: frozenset[str], parents: tuple[str, ...], lesson: str) -> TermsCase:
    return case_of(f"{name}", "model.gguf", expect, {"model.gguf": gguf("mit", *base(*parents))}, lesson, "folders")


MADE_FROM = (
    case_of(
        "adapter-nc",
        "adapter_model.safetensors",
        CLOSED,
        _adapter("mit", "CohereForAI/c4ai-command-r-v01"),
        "an adapter of a non-commercial model",
        "folders",
    ),
    case_of(
        "adapter-llama",
        "adapter_model.safetensors",
        NOT_FREE,
        _adapter("apache-2.0", "meta-llama/Llama-3.1-8B"),
        "an adapter of a restricted model",
        "folders",
    ),
    case_of(
        "adapter-free",
        "adapter_model.safetensors",
        FREE,
        _adapter("mit", "mistralai/Mistral-7B-v0.1"),
        "harmless",
        "folders",
    ),
    _model("merge-one-nc", CLOSED, ("mistralai/Mistral-7B-v0.1", "CohereForAI/aya-23-8B"), "one of two"),
    _model("merge-both-free", FREE, ("mistralai/Mistral-7B-v0.1", "Qwen/Qwen2.5-7B"), "harmless"),
    _model("merge-unknown", NOT_FREE, ("mistralai/Mistral-7B-v0.1", "somebody/unknown-7b"), "nobody knows one of two"),
    _model("size-3b", CLOSED, ("Qwen/Qwen2.5-3B",), "the same family has other terms at this size"),
    _model("size-72b", CONDITIONAL, ("Qwen/Qwen2.5-72B-Instruct",), "the same"),
    _model("size-7b", FREE, ("Qwen/Qwen2.5-7B-Instruct",), "the same"),
    _model("size-coder-3b", CLOSED, ("Qwen/Qwen2.5-Coder-3B",), "the same"),
    _model("size-klein-9b", CLOSED, ("black-forest-labs/FLUX.2-klein-9B",), "the same"),
)


def _named(name: str, file: str, expect: frozenset[str], label: str | None, files: Files, lesson: str, *pairs: tuple):
    return case_of(f"{name}", file, expect, {file: gguf(label, *pairs, name=file[:-5]), **files}, lesson, "folders")


RELICENSED = (
    _named("dated-yi-label", "Yi-34B-Q4_K_M.gguf", NOT_FREE, "apache-2.0", {}, "a label has no date"),
    _named(
        "dated-yi-text",
        "Yi-34B-Q4_K_M.gguf",
        FREE,
        "apache-2.0",
        {"LICENSE": lambda: spdx("Apache-2.0")},
        "the text came with the new terms",
    ),
    _named("dated-phi-label", "phi-2-Q4_K_M.gguf", NOT_FREE, "mit", {}, "an old copy is for research"),
    _named("dated-phi-text", "phi-2-Q4_K_M.gguf", FREE, "mit", {"LICENSE": _mit}, "the text came with the new terms"),
    _named("dated-codestral", "Codestral-22B-v0.1.gguf", NOT_FREE, "apache-2.0", {}, "by report only"),
    _named(
        "dated-card-old",
        "phi-2-q8.gguf",
        CLOSED,
        None,
        {"README.md": card("license: mit", "license_name: ms-research")},
        "card with both",
    ),
)

CASES: tuple[TermsCase, ...] = (*RENAMED, *POLICIES, *WRAPPED, *SPLIT, *LABELS, *HEADERS, *MADE_FROM, *RELICENSED)
