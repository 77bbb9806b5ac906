"""R, OpenVINO, PMML, Core ML, TensorRT, ExecuTorch, Paddle and boosted trees."""

import bz2
import gzip
import json
import lzma
import struct

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.graphs_build import Flat, number, ranged

REVIEW = frozenset({"review"})
CLEAN = frozenset({"clean"})


def _case(name: str, content: bytes, file: str, expect: frozenset[str] = HARD, lesson: str = "") -> Case:
    return Case(id=f"graphs-other/{name}", build=lambda: {file: content}, subject=file, expect=expect, lesson=lesson)


# --- R ------------------------------------------------------------------------------------------------------------

_HEADER = struct.pack(">3i", 2, 0x040302, 0x020300)


def _i(*values: int) -> bytes:
    return struct.pack(f">{len(values)}i", *values)


def _chars(text: str) -> bytes:
    return _i(0x00040009, len(text)) + text.encode()


def _symbol(text: str) -> bytes:
    return _i(1) + _chars(text)


def _call(*names: str) -> bytes:
    """A call: a linked list of symbols."""
    return b"".join(_i(6 if not index else 2) + _symbol(name) for index, name in enumerate(names)) + _i(254)


def _promise(value: int = 252) -> bytes:
    """Environment (global), value (unbound unless said otherwise), expression."""
    return _i(5 | 0x400) + _i(253) + _i(value) + _call("system")


def _list(*items: bytes, attributes: bytes = b"") -> bytes:
    return _i(19 | (0x200 if attributes else 0), len(items)) + b"".join(items) + attributes


def _class(name: str) -> bytes:
    return _i(2 | 0x400) + _symbol("class") + _i(16, 1) + _chars(name) + _i(254)


def _closure() -> bytes:
    return _i(3) + _i(253) + _i(254) + _call("f")


def rds(body: bytes) -> bytes:
    return b"X\n" + _HEADER + body


def _workspace(body: bytes) -> bytes:
    return b"RDX2\n" + rds(_i(2 | 0x400) + _symbol("x") + body + _i(254))


def _ascii(body: str) -> bytes:
    return ("A\n2\n262914\n131840\n" + body).encode()


_NUMBERS = _i(14, 3) + struct.pack(">3d", 1, 2, 3)
_BYTECODE = _i(21, 1) + _i(13, 1, 12) + _i(2, 14) + _i(14, 1) + b"\0" * 8 + _i(6) + _i(254) + _i(254) + _i(254)

# --- XML ----------------------------------------------------------------------------------------------------------


def _xml(prolog: str, body: str) -> bytes:
    return f'<?xml version="1.0"?>\n{prolog}{body}'.encode()


def _net(layers: str = "", name: str = "m") -> str:
    values = '<data element_type="f32" shape="2, 2" offset="0" size="16"/>'
    plain = f'<layer id="0" name="w" type="Const" version="opset1">{values}</layer>'
    return f'<net name="{name}" version="11"><layers>{plain}{layers}</layers><edges/></net>'


def _pmml(body: str = "", value: str = "m") -> str:
    tree = f'<TreeModel modelName="{value}" functionName="regression"/>'
    return f'<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header copyright="c"/>{tree}{body}</PMML>'


_ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
_DTD = '<!DOCTYPE x SYSTEM "http://e.example/evil.dtd">'
_PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'
_SCRIPT = '<Extension name="script" value="java.lang.Runtime.getRuntime().exec(&quot;id&quot;)"/>'
_SCRIPT_TEXT = "<Extension><script>Packages.java.lang.Runtime</script></Extension>"

# --- Core ML ------------------------------------------------------------------------------------------------------


def _mlmodel(kind: int, body: bytes) -> bytes:
    description = ranged(2, ranged(1, ranged(1, "x")) + ranged(100, ranged(3, "author")))
    return number(1, 5) + description + ranged(kind, body)


_CUSTOM_LAYER = ranged(1, ranged(1, "l") + ranged(500, ranged(10, "EvilLayer")))
_LINKED = ranged(1, ranged(1, ranged(1, "../../evil")) + ranged(2, ranged(1, "/tmp")))
_PLAIN_NET = ranged(1, ranged(1, "l") + ranged(2, "x") + ranged(140, number(1, 3)))


def _program(blob: str) -> bytes:
    value = ranged(5, ranged(1, blob) + number(2, 64))
    operation = ranged(1, "const") + ranged(5, ranged(1, "val") + ranged(2, value))
    block = ranged(3, operation)
    function = ranged(2, "CoreML6") + ranged(3, ranged(1, "CoreML6") + ranged(2, block))
    return number(1, 1) + ranged(2, ranged(1, "main") + ranged(2, function))


# --- the rest -----------------------------------------------------------------------------------------------------


def _executorch(operator: str, backend: str = "XnnpackBackend") -> bytes:
    name, _, overload = operator.partition(".")
    plan = {0: "forward", 6: [{0: name, 1: overload}], 7: [{0: backend}]}
    return Flat(b"ET12").finish({0: 0, 1: [plan]})


def _paddle(operator: str) -> bytes:
    inner = ranged(3, operator)
    block = number(1, 0) + number(2, 0xFFFFFFFFFFFFFFFF) + ranged(3, ranged(1, "x")) + ranged(4, inner)
    return ranged(1, block) + ranged(4, number(1, 2006000))


def xgboost(**changes: object) -> dict[str, object]:
    tree = {
        "left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [0, 0, 0],
        "split_conditions": [0.5, 1.0, 2.0], "tree_param": {"num_nodes": "3"},
    } | changes  # fmt: skip
    model = {"gbtree_model_param": {"num_trees": "1"}, "trees": [tree], "tree_info": [0]}
    learner = {
        "learner_model_param": {"num_feature": "4"}, "objective": {"name": "reg:squarederror"},
        "gradient_booster": {"name": "gbtree", "model": model}, "feature_names": [],
    }  # fmt: skip
    return {"learner": learner, "version": [2, 0, 0]}


_TREE_TEXT = b"tree\nversion=v4\nnum_class=1\ntree_sizes=20\n\nTree=0\nnum_leaves=1\n\n\nend of trees\n"
_OUTSIDE_PACKAGE = {
    "fileFormatVersion": "1.0.0",
    "rootModelIdentifier": "A",
    "itemInfoEntries": {"A": {"path": "../../evil"}},
}

EVASIONS = (
    _case("r-promise", rds(_promise()), "m.rds", lesson="CVE-2024-27322"),
    _case("r-promise-gzip", gzip.compress(rds(_promise())), "m.rds", lesson="CVE-2024-27322"),
    _case("r-promise-bzip2", bz2.compress(rds(_promise())), "m.rds"),
    _case("r-promise-xz", lzma.compress(rds(_promise())), "m.rds"),
    _case("r-promise-renamed", gzip.compress(rds(_promise())), "photo"),
    _case("r-promise-in-list", rds(_list(_NUMBERS, _promise())), "m.rds"),
    _case(
        "r-promise-in-attribute",
        rds(_list(_NUMBERS, attributes=_i(2 | 0x400) + _symbol("a") + _promise() + _i(254))),
        "m.rds",
    ),
    _case(
        "r-promise-in-environment",
        rds(_i(4, 0) + _i(253) + _i(2 | 0x400) + _symbol("x") + _promise() + _i(254) + _i(254) + _i(254)),
        "m.rds",
    ),
    _case("r-promise-in-workspace", gzip.compress(_workspace(_promise())), "m.RData"),
    _case("r-promise-behind-a-million-numbers", rds(_list(_i(14, 1 << 20) + b"\0" * (8 << 20), _promise())), "m.rds"),
    _case("r-promise-ascii", _ascii("1029\n253\n252\n6\n1\n262153\n6\nsystem\n254\n"), "m.rds"),
    _case("r-closure", rds(_closure()), "m.rds", REVIEW),
    _case("r-bytecode-model", rds(_list(_closure(), _BYTECODE, attributes=_class("train"))), "m.rds", REVIEW),
    _case(
        "r-truncated-model",
        rds(_list(_NUMBERS, attributes=_class("lm")))[:-9],
        "m.rds",
        frozenset({"incomplete", "hostile"}),
    ),
    _case("r-impossible-type", rds(_i(77)), "m.rds", NOT_CLEAN),
    _case("openvino-entity", _xml(_ENTITY, _net(name="&e;")), "model.xml"),
    _case("openvino-external-dtd", _xml(_DTD, _net()), "model.xml"),
    _case(
        "openvino-extension",
        _xml("", _net('<layer id="1" name="e" type="Evil" version="evil"/>')),
        "model.xml",
        NOT_CLEAN,
    ),
    _case("openvino-renamed", _xml(_ENTITY, _net()), "model.dat"),
    _case(
        "openvino-utf16",
        _xml(_ENTITY, _net()).decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"),
        "model.xml",
    ),
    _case("openvino-cut", _xml("", _net())[:-30], "model.xml", frozenset({"incomplete", "hostile"})),
    _case("openvino-shape", _xml("", _net().replace("2, 2", "2, -2")), "model.xml"),
    _case("pmml-entity", _xml(_ENTITY, _pmml(value="&e;")), "m.pmml"),
    _case("pmml-laughs", _xml(_LAUGHS, _pmml(value="&c;")), "m.pmml"),
    _case("pmml-parameter-entity", _xml(_PARAMETER, _pmml()), "m.pmml"),
    _case("pmml-external-dtd", _xml(_DTD, _pmml()), "m.pmml"),
    _case("pmml-script", _xml("", _pmml(_SCRIPT)), "m.pmml"),
    _case("pmml-script-text", _xml("", _pmml(_SCRIPT_TEXT)), "m.pmml"),
    _case("pmml-renamed", _xml(_ENTITY, _pmml()), "m.txt"),
    _case("pmml-prefixed-root", _xml(_ENTITY, '<p:PMML xmlns:p="http://www.dmg.org/PMML-4_4"/>'), "m.pmml"),
    _case("coreml-custom-layer", _mlmodel(500, _CUSTOM_LAYER), "m.mlmodel", REVIEW),
    _case("coreml-custom-model", _mlmodel(555, ranged(10, "EvilModel")), "m.mlmodel", REVIEW),
    _case("coreml-custom-in-pipeline", _mlmodel(202, ranged(1, _mlmodel(500, _CUSTOM_LAYER))), "m.mlmodel", REVIEW),
    _case("coreml-linked", _mlmodel(556, _LINKED), "m.mlmodel"),
    _case("coreml-blob-outside", _mlmodel(502, _program("@model_path/../../../etc/passwd")), "m.mlmodel"),
    _case("coreml-blob-absolute", _mlmodel(502, _program("/etc/passwd")), "m.bin"),
    _case("coreml-package-outside", json.dumps(_OUTSIDE_PACKAGE).encode(), "Manifest.json"),
    _case("tensorrt-engine", b"ftrt" + bytes(64) + b"EvilPluginDynamic\0" + bytes(64), "m.engine", REVIEW),
    _case("tensorrt-renamed", b"ftrt" + bytes(64) + b"\1" * 64, "m.bin", REVIEW),
    _case("executorch-custom", _executorch("evil::run.out"), "m.pte", REVIEW),
    _case("executorch-backend", _executorch("aten::add.out", "EvilBackend"), "m.pte", REVIEW),
    _case("paddle-python", _paddle("py_func"), "m.pdmodel"),
    _case("paddle-python-renamed", _paddle("py_func"), "__model__"),
    _case("xgboost-child-outside", json.dumps(xgboost(left_children=[99999, -1, -1])).encode(), "m.json"),
    _case("xgboost-feature-outside", json.dumps(xgboost(split_indices=[400, 0, 0])).encode(), "m.json"),
    _case("xgboost-lengths-differ", json.dumps(xgboost(split_conditions=[0.5])).encode(), "m.json"),
    _case("xgboost-cut", json.dumps(xgboost()).encode()[:-20], "m.json", NOT_CLEAN),
    _case(
        "xgboost-binary-length", b"{L" + bytes(7) + b"\x07learner{L\x7f\xff\xff\xff\xff\xff\xff\xff", "m.ubj", NOT_CLEAN
    ),
    _case("xgboost-binary-negative", b"{L" + bytes(7) + b"\x07learner{L" + b"\xff" * 8, "m.ubj"),
    _case("lightgbm-cut", _TREE_TEXT[:-14], "m.txt", NOT_CLEAN),
    _case("lightgbm-size", _TREE_TEXT.replace(b"=20", b"=99999999"), "m.txt", NOT_CLEAN),
    _case("catboost-cut", b"CBM1" + struct.pack("<I", 5000) + bytes(100), "m.cbm", NOT_CLEAN),
    _case("catboost-offset", b"CBM1" + struct.pack("<I", 64) + b"\xff" * 64, "m.cbm"),
)

BENIGN = (
    _case("benign-r-model", gzip.compress(rds(_list(_NUMBERS, attributes=_class("lm")))), "m.rds", CLEAN),
    _case("benign-r-data", gzip.compress(rds(_NUMBERS)), "d.rds", frozenset({"not-a-model", "clean"})),
    Case(
        id="graphs-other/benign-openvino",
        build=lambda: {"model.xml": _xml("", _net()), "model.bin": bytes(16)},
        subject="model.xml",
        expect=CLEAN,
    ),
    _case("r-no-model", gzip.compress(rds(_list(_NUMBERS, _chars("x")))), "d.rds", frozenset({"not-a-model", "clean"})),
    _case("benign-pmml", _xml("", _pmml()), "m.pmml", CLEAN),
    _case("benign-coreml", _mlmodel(500, _PLAIN_NET), "m.mlmodel", CLEAN),
    _case("benign-executorch", _executorch("aten::add.out"), "m.pte", CLEAN),
    _case("benign-paddle", _paddle("matmul_v2"), "m.pdmodel", CLEAN),
    _case("benign-xgboost", json.dumps(xgboost()).encode(), "m.json", CLEAN),
    _case("benign-lightgbm", _TREE_TEXT, "m.txt", CLEAN),
)
