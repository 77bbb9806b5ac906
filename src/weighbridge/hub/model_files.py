"""What the files of a release are to those who load it: weights, settings, words, code; and which quantizations it has.

Sources: CNCF model-spec, "Layers"; Hugging Face Hub documentation, "Use Ollama with any GGUF Model" (a quantization or
the name of a file is the tag; `Q4_K_M` goes before others); llama.cpp, `gguf-split` (`-00001-of-00003.gguf`).
"""

import re
from collections.abc import Iterable, Sequence

from weighbridge.hub.release_files import ReleaseFile
from weighbridge.model.record import record

WEIGHT, SETTINGS, DOC, CODE, DATASET = "weight", "weight.config", "doc", "code", "dataset"
LATEST = "latest"
_ENDINGS = {
    WEIGHT: "safetensors gguf ggml bin pt pth ckpt onnx onnx_data msgpack h5 keras tflite pb npz npy mlmodel engine",
    DOC: "md rst pdf html png jpg jpeg gif svg webp",
    CODE: "py ipynb js ts sh cpp c h cu rs go java lua r",
    DATASET: "parquet arrow csv tsv jsonl zst",
}
_ROLE = {ending: role for role, endings in _ENDINGS.items() for ending in endings.split()}
_DOCS = ("license", "licence", "notice", "copying", "readme", "authors", "citation", "changelog")
_QUANTIZATION = re.compile(
    r"(?:^|[-._])((?:ud-)?(?:i?q[1-8](?:_[a-z0-9]{1,3}){1,3}|tq[12]_0|mxfp4(?:_moe)?|nvfp4|bf16|fp?16|fp?32))(?=$|[-._])",
    re.ASCII | re.IGNORECASE,
)
_SHARD = re.compile(r"-(\d{5})-of-(\d{5})$", re.ASCII)
_NOT_IN_TAGS = re.compile(r"[^A-Za-z0-9_.-]+", re.ASCII)
_PREFERRED = ("q4_k_m", "ud-q4_k_xl", "q4_k_s", "q4_0", "q5_k_m", "q8_0")
LONGEST_TAG = 80
"""Characters that Ollama takes; OCI takes 128."""


@record
class Variant:
    """One model of several in a release: its weights in one precision. The first of `tags` is what lists show."""

    tags: tuple[str, ...]
    weights: tuple[ReleaseFile, ...]
    quantization: str
    """As the file's name says; empty if it does not."""


def role(path: str) -> str:
    """Return what a file is: one of `WEIGHT`, `SETTINGS`, `DOC`, `CODE`, `DATASET`."""
    name = path.rpartition("/")[2].lower()
    if name.startswith(_DOCS):
        return DOC
    return _ROLE.get(name.rpartition(".")[2] if "." in name else "", SETTINGS)


def quantization(path: str) -> str:
    """Return the quantization that the name of a file ends in, in upper case; empty if it says none."""
    stem = _stem(path)
    found = _QUANTIZATION.findall(_SHARD.sub("", stem))
    return found[-1].upper() if found else ""


def is_projector(path: str) -> bool:
    """Tell whether a GGUF file turns pictures or sound into what a model reads."""
    return path.lower().endswith(".gguf") and "mmproj" in path.rpartition("/")[2].lower()


def is_license(path: str) -> bool:
    """Tell whether a file at the top of a release is its license."""
    return "/" not in path and path.lower().startswith(("license", "licence"))


def is_adapter(path: str) -> bool:
    """Tell whether a GGUF file changes a model rather than being one."""
    return path.lower().endswith(".gguf") and path.rpartition("/")[2].lower().startswith("adapter")


def variants(files: Iterable[ReleaseFile]) -> list[Variant]:
    """Return the models of a release that are one GGUF each (or one in several parts), the usual one first."""
    together: dict[str, list[ReleaseFile]] = {}
    for file in files:
        if file.path.lower().endswith(".gguf") and not is_projector(file.path) and not is_adapter(file.path):
            together.setdefault(_SHARD.sub("", file.path[: -len(".gguf")]), []).append(file)
    named = {stem: quantization(stem) for stem in together}
    taken: set[str] = set()
    found = []
    for stem in sorted(together, key=lambda one: (_rank(named[one], together[one]), one)):
        parts = tuple(sorted(together[stem], key=lambda one: one.path))
        said = named[stem]
        wanted = [said] if said else []
        wanted += [_tag(stem), _tag(parts[0].path)] if len(parts) == 1 else [_tag(stem)]
        tags = [tag for tag in dict.fromkeys(wanted) if tag and tag.lower() not in taken | {LATEST}]
        taken |= {tag.lower() for tag in tags}
        if tags:
            found.append(Variant(tags=tuple(tags), weights=parts, quantization=said))
    return found


def tag_of(variant: Sequence[str], wanted: str) -> bool:
    """Tell whether tags hold a wanted one, however it is capitalized."""
    return wanted.lower() in (tag.lower() for tag in variant)


def _rank(said: str, parts: Sequence[ReleaseFile]) -> tuple[int, int]:
    usual = _PREFERRED.index(said.lower()) if said.lower() in _PREFERRED else len(_PREFERRED)
    return usual, sum(one.size for one in parts)


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name[: -len(".gguf")] if name.lower().endswith(".gguf") else name


def _tag(path: str) -> str:
    """Return a tag for the name of a file; empty if none comes of it."""
    return _NOT_IN_TAGS.sub("-", path.rpartition("/")[2])[:LONGEST_TAG].lstrip(".-")
