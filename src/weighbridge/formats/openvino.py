"""OpenVINO IR: an XML graph with its weights in a `.bin` file beside it.

Source: OpenVINO "Intermediate Representation" and `src/frontends/ir/src/ir_deserializer.cpp` (elements `net`, `layers`,
`layer` with `type` and `version` = opset, `data`); the weights file has the same name with `.bin`.
"""

import re

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader
from weighbridge.formats.references import refer
from weighbridge.formats.tensor_census import TensorCensus
from weighbridge.formats.xml_events import BEGINNINGS, root_name, starts_xml, walk
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage, GraphOperator
from weighbridge.model.place import display
from weighbridge.model.source import ByteSource

_OPSET = re.compile(r"opset\d{1,3}|experimental|ie_internal_opset|type_relaxed_opset")
_TYPES = {"f32": "F32", "f16": "F16", "bf16": "BF16", "f64": "F64", "i8": "I8", "u8": "U8", "i16": "I16", "u16": "U16",
          "i32": "I32", "u32": "U32", "i64": "I64", "u64": "U64", "boolean": "BOOL", "i4": "I4", "u4": "U4", "u1": "U1",
          "nf4": "NF4", "f8e4m3": "F8_E4M3", "f8e5m2": "F8_E5M2", "string": "STRING"}  # fmt: skip
_VERSIONED = re.compile(rb"<net\b[^<>]{0,4000}?\bversion\s{0,20}=")
_PATH_KEYS = ("path", "file", "library", "plugin", "extension", "kernel", "source", "url", "location")


def could_be(head: bytes) -> bool:
    """Tell whether XML begins here that may have the root `net`."""
    return starts_xml(head) and (b"net" in head or b"n\0e\0t" in head)


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the root element is `net` and it holds layers."""
    if not could_be(head) or root_name(source, head) != "net":
        return False
    plain = head.replace(b"\0", b"")
    return b"<layers" in plain or b"!DOCTYPE" in plain or _VERSIONED.search(plain) is not None


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    census = TensorCensus()
    layers = 0
    foreign: dict[tuple[str, str], GraphOperator] = {}
    constant = ""

    def start(name: str, attributes: dict[str, str], around: tuple[str, ...]) -> None:
        nonlocal layers, constant
        if name == "net":
            gathering.fact("name", attributes.get("name"), "net name")
            gathering.fact("format_version", attributes.get("version"), "net version")
        elif name == "layer":
            layers += 1
            kind, opset = attributes.get("type", ""), attributes.get("version", "")
            constant = attributes.get("name", "") if kind == "Const" else ""
            if opset and not _OPSET.fullmatch(opset) and len(foreign) < 1000:
                operator = GraphOperator(framework="openvino", domain=opset, name=kind, key=attributes.get("name"))
                foreign.setdefault((opset, kind), operator)
        elif name == "data":
            if constant and "element_type" in attributes:
                dtype = _TYPES.get(attributes["element_type"], attributes["element_type"].upper()[:40])
                census.add(constant, dtype, _shape(attributes.get("shape", ""), constant, gathering))
            for key, value in attributes.items():
                if key.lower() in _PATH_KEYS and ("/" in value or "\\" in value):
                    refer(gathering, value, f"data.{key}", required=False)
        elif name in ("Model", "framework", "model_name", "task") and "rt_info" in around:
            gathering.fact(f"metadata.{name.lower()}", attributes.get("value"), "rt_info")

    walk(source, gathering, start)
    for operator in foreign.values():
        gathering.observe(operator)
    gathering.fact("nodes", layers, "layers", Grade.MEASURED)
    census.report(gathering, "constants")
    stem = re.sub(r"(?i)\.xml$", "", display(source.name))
    if stem:
        gathering.want(f"{stem}.bin", required=bool(census.tensors))


def _shape(text: str, name: str, gathering: Gathering) -> tuple[int, ...]:
    sizes = [part.strip() for part in text.split(",")[:64] if part.strip()]
    if any(not part.isdigit() or len(part) > 15 for part in sizes):
        gathering.damaged(Damage.INVALID, "a constant has an impossible shape", key=name[:200])
        return (0,)
    return tuple(int(part) for part in sizes)


READER = Reader(
    id="openvino",
    title="OpenVINO IR",
    recognize=recognize,
    read=gathered("openvino", _read),
    could_be=could_be,
    begins=BEGINNINGS,
)
