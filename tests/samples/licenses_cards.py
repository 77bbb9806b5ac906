"""Cards and archives as careless and hostile people write them: what a person reads there must not get lost."""

import io
import json
import zipfile
from collections.abc import Callable

from tests.samples.license_case import TermsCase
from tests.samples.license_texts import spdx
from tests.samples.licenses_artifacts import (
    CLOSED,
    CONFIG,
    FREE,
    NON_COMMERCIAL,
    NOT_FREE,
    PROHIBITED,
    card,
    case_of,
    gguf,
    tensors,
)

NC = "cc-by-nc-4.0"
_FRONTS: dict[str, tuple[frozenset[str], str]] = {
    "quoted-key": (PROHIBITED, f'"license": {NC}'),
    "capital-key": (PROHIBITED, f"License: {NC}"),
    "capital-key-beside": (PROHIBITED, f"license: mit\nLicense: {NC}"),
    "space-before-colon": (PROHIBITED, f"license : {NC}"),
    "mapping": (NOT_FREE, "license:\n  name: mit\n  restriction: non-commercial"),
    "deep-mapping": (PROHIBITED, f"license:\n  id: mit\n  more:\n    terms: {NC}"),
    "broken": (PROHIBITED, f"license: mit\nbroken: [\nlicense: {NC}"),
    "broken-first": (PROHIBITED, f"broken: [\nlicense: mit\nlicence: '{NC}'"),
    "flow": (PROHIBITED, f"{{license: {NC}}}"),
    "anchor": (PROHIBITED, f"x: &a {NC}\nlicense: *a"),
    "merge-key": (PROHIBITED, f"license: mit\n<<: {{license: {NC}}}"),
    "seventy-times-mit": (PROHIBITED, "license:\n" + "- mit\n" * 70 + f"- {NC}"),
    "seventy-labels": (NOT_FREE, "license:\n" + "".join(f"- mit{' ' * n}x\n" for n in range(70)) + f"- {NC}"),
    "block": (NOT_FREE, "license: |\n  mit\n  non-commercial"),
    "folded": (PROHIBITED, f"license: >\n  {NC}"),
    "long-label": (NOT_FREE, "license: " + "mit " * 60 + f"AND {NC}"),
    "behind-many-tags": (
        NOT_FREE,
        "license: mit\ntags:\n" + "".join(f"- tag{n}\n" for n in range(40_000)) + f"license_name: {NC}",
    ),
    "plain": (FREE, "license: mit"),
    "upper": (FREE, "license: MIT"),
    "list-of-one": (FREE, "license:\n- mit"),
    "and-own-file-name": (FREE, "license: mit\nlicense_name: mit\nlicense_link: LICENSE"),
}


def _hub(name: str, expect: frozenset[str], front: str, **more: bytes) -> TermsCase:
    files: dict[str, bytes | str | Callable[[], str | bytes]] = {
        "model.safetensors": tensors(),
        "config.json": json.dumps(CONFIG),
        "README.md": f"---\n{front}\n---\n# Tiny\n",
        **{key.replace("__", "."): content for key, content in more.items()},
    }
    return case_of(name, "model.safetensors", expect, files, "what a person reads in the card", "cards")


def _archive(name: str, expect: frozenset[str], files: dict[str, Callable[[], str]]) -> TermsCase:
    def build() -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("model.gguf", gguf("mit", name=f"Tiny {name}"))
            for path, text in files.items():
                archive.writestr(path, text())
        return content.getvalue()

    return case_of(name, "model.zip", expect, {"model.zip": build}, "the same inside an archive", "archives")


def _below(name: str, expect: frozenset[str], **cards: bytes) -> TermsCase:
    files = {key.replace("__", "/").replace("_md", ".md"): content for key, content in cards.items()}
    return case_of(name, "sub/model.gguf", expect, {"sub/model.gguf": gguf("mit"), **files}, "two cards", "cards")


CASES: tuple[TermsCase, ...] = (
    *(_hub(name, expect, front) for name, (expect, front) in _FRONTS.items()),
    _hub("second-card", PROHIBITED, "license: mit", README_en__md=card(f"license: {NC}")),
    _hub("model-card-file", PROHIBITED, "license: mit", model_card__md=card(f"license: {NC}")),
    _hub("configuration", PROHIBITED, "license: mit", config__json=json.dumps({**CONFIG, "license": NC}).encode()),
    _below("two-at-the-root", PROHIBITED, README_md=card(f"license: {NC}"), other_md=card("license: mit")),
    _below("root-and-below", PROHIBITED, README_md=card(f"license: {NC}"), sub__README_md=card("license: mit")),
    _archive("text", CLOSED, {"LICENSE": lambda: spdx("CC-BY-NC-4.0")}),
    _archive("other-name", CLOSED, {"MODEL_TERMS_OF_USE.txt": lambda: spdx("CC-BY-NC-4.0")}),
    _archive("policy", NOT_FREE, {"Acceptable Use Policy.md": lambda: "No weapons.\n"}),
    _archive("far", NOT_FREE, {"LICENSE": lambda: spdx("MIT") + "\n" * 300_000 + NON_COMMERCIAL}),
    _archive("notice", NOT_FREE, {"LICENSE": lambda: spdx("MIT"), "NOTICE": lambda: "Us\n\nNot for commercial use.\n"}),
    _archive("folder", CLOSED, {"licenses/LICENSE": lambda: spdx("CC-BY-NC-4.0")}),
    _archive("card", PROHIBITED, {"README.md": lambda: f"---\nlicense: {NC}\n---\n"}),
    _archive("tag", PROHIBITED, {"README.md": lambda: f"---\nlicense: mit\ntags:\n- license:{NC}\n---\n"}),
    _archive("plain", FREE, {"LICENSE": lambda: spdx("MIT")}),
)
