"""ONNX: references in every place that holds a tensor, foreign operators, contradictions, disguises."""

import gzip

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.graphs_build import attribute, graph, node, number, onnx, ranged, tensor

REVIEW = frozenset({"review"})
_ESCAPES = {
    "absolute": "/etc/passwd",
    "parent": "../../../../etc/passwd",
    "parent-inside": "data/../../secret.bin",
    "backslash": "..\\..\\secret.bin",
    "drive": "C:\\Windows\\win.ini",
    "home": "~/.ssh/id_rsa",
    "memory": "*/_ORT_MEM_ADDR_/*",
    "nul": "weights.bin\0/../../etc/passwd",
}


def _plain(*nodes: bytes, **more: tuple[bytes, ...]) -> bytes:
    return graph(node("Relu"), *nodes, **more)


def _external(location: str) -> bytes:
    return tensor(location=location, offset="0", length="16")


def _case(name: str, content: bytes, expect: frozenset[str] = HARD, file: str = "model.onnx", lesson: str = "") -> Case:
    return Case(id=f"graphs-onnx/{name}", build=lambda: {file: content}, subject=file, expect=expect, lesson=lesson)


def _nested(depth: int) -> bytes:
    body = graph(node("Relu"))
    for _ in range(depth):
        body = graph(node("If", attribute("then_branch", graph=body)))
    return body


_BAD = _external("../../etc/passwd")
_SPARSE = ranged(1, _BAD) + ranged(2, tensor("i", dims=(4,), kind=7, raw=b"\0" * 32)) + number(3, 4)
_DEEP = graph(node("If", attribute("then_branch", graph=graph(node("Constant", attribute("value", tensor=_BAD))))))
_FUNCTION = ranged(1, "F") + ranged(10, "local") + ranged(7, node("Constant", attribute("value", tensor=_BAD)))
_LOCAL = ranged(1, "Swish2") + ranged(10, "local") + ranged(7, node("Relu"))

EVASIONS = (
    *(
        _case(f"location-{name}", onnx(_plain(tensors=(_external(target),))), lesson="CVE-2024-27318, CVE-2025-51480")
        for name, target in _ESCAPES.items()
    ),
    _case("location-url", onnx(_plain(tensors=(_external("https://e.example/w.bin"),))), NOT_CLEAN),
    _case("attribute-tensor", onnx(_plain(node("Constant", attribute("value", tensor=_BAD))))),
    _case("attribute-tensors", onnx(_plain(node("Constant", attribute("value", tensors=_BAD))))),
    _case("subgraph", onnx(_DEEP)),
    _case("subgraph-initializer", onnx(graph(node("Loop", attribute("body", graph=_plain(tensors=(_BAD,))))))),
    _case("subgraph-list", onnx(graph(node("Scan", attribute("bodies", graphs=_plain(tensors=(_BAD,))))))),
    _case("sparse-initializer", onnx(_plain(sparse=(_SPARSE,)))),
    _case("sparse-attribute", onnx(_plain(node("Constant", attribute("sparse_value", sparse=_SPARSE))))),
    _case("function-body", onnx(_plain(), extra=ranged(25, _FUNCTION))),
    _case("training-graph", onnx(_plain(), extra=ranged(20, ranged(1, _plain(tensors=(_BAD,)))))),
    _case("second-graph-merges", onnx(_plain(), extra=ranged(7, graph(tensors=(_BAD,))))),
    _case("reordered-fields", ranged(7, _plain(tensors=(_BAD,))) + ranged(8, number(2, 17)) + number(1, 8)),
    _case("unknown-fields-first", ranged(900, b"x" * 300) + number(777, 5) + onnx(_plain(tensors=(_BAD,)))),
    _case("unknown-group-first", b"\xa3\x38\x08\x01\xa4\x38" + onnx(_plain(tensors=(_BAD,)))),
    _case("no-suffix", onnx(_plain(tensors=(_BAD,))), file="weights"),
    _case("renamed-text", onnx(_plain(tensors=(_BAD,))), file="README.txt"),
    _case(
        "two-locations",
        onnx(
            _plain(tensors=(tensor(location="a.bin") + ranged(13, ranged(1, "location") + ranged(2, "/etc/shadow")),))
        ),
    ),
    _case("external-length-lies", onnx(_plain(tensors=(tensor(location="w.bin", offset="0", length="9"),)))),
    _case("external-offset-negative", onnx(_plain(tensors=(tensor(location="w.bin", offset="-8"),)))),
    _case("raw-data-too-short", onnx(_plain(tensors=(tensor(raw=b"\0" * 3),)))),
    _case("negative-dimension", onnx(_plain(tensors=(tensor(dims=(-1, 4), raw=b""),)))),
    _case("custom-operator", onnx(_plain(node("Evil", domain="evil.domain")), domains=("evil.domain",)), REVIEW),
    _case("custom-operator-default-domain", onnx(_plain(node("RunShell"))), REVIEW),
    _case(
        "custom-operator-in-subgraph",
        onnx(graph(node("If", attribute("then_branch", graph=_plain(node("Evil", domain="x")))))),
        REVIEW,
    ),
    _case("python-operator", onnx(_plain(node("PyOp", domain="ai.onnx.contrib"))), REVIEW),
    _case(
        "python-function-name",
        onnx(_plain(node("PythonOp", attribute("func_name", text=b"os.system"), domain="com.microsoft"))),
    ),
    _case(
        "compiled-context-path",
        onnx(
            _plain(
                node(
                    "EPContext",
                    ranged(1, "embed_mode") + number(3, 0),
                    attribute("ep_cache_context", text=b"/tmp/evil.so"),
                    domain="com.microsoft",
                )
            )
        ),
    ),
    _case("nested-too-deep", onnx(_nested(60))),
    _case("truncated", onnx(_plain(tensors=(tensor(dims=(64, 64)),)))[:900], frozenset({"incomplete", "hostile"})),
    _case("inner-length-lies", onnx(ranged(1, node("Relu") + b"\x22\xff\x7f"))),
    Case(
        id="graphs-onnx/compressed",
        build=lambda: {"model.onnx.gz": gzip.compress(onnx(_plain(tensors=(_BAD,))))},
        subject="model.onnx.gz!/model.onnx",
        expect=HARD,
    ),
)

BENIGN = (
    _case("benign-plain", onnx(_plain(tensors=(tensor(),))), frozenset({"clean"})),
    Case(
        id="graphs-onnx/benign-external",
        build=lambda: {
            "model.onnx": onnx(_plain(tensors=(tensor(location="model.onnx.data", offset="0", length="16"),))),
            "model.onnx.data": b"\0" * 16,
        },
        subject="model.onnx",
        expect=frozenset({"clean"}),
    ),
    _case(
        "benign-local-function",
        onnx(_plain(node("Swish2", domain="local")), extra=ranged(25, _LOCAL)),
        frozenset({"clean"}),
    ),
    _case("benign-contrib", onnx(_plain(node("FusedMatMul", domain="com.microsoft"))), frozenset({"clean"})),
    _case(
        "benign-metadata",
        onnx(_plain(), extra=ranged(14, ranged(1, "license") + ranged(2, "MIT"))),
        frozenset({"clean"}),
    ),
)
