"""Small writers for graph formats: protobuf fields, flatbuffers, HDF5 and Keras configurations."""

import base64
import io
import json
import marshal
import struct
import zipfile
from typing import Any


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def ranged(field: int, content: bytes | str) -> bytes:
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


# --- ONNX ---------------------------------------------------------------------------------------------------------


def tensor(
    name: str = "w", *, dims: tuple[int, ...] = (2, 2), kind: int = 1, raw: bytes | None = None, **external: str
) -> bytes:
    body = b"".join(number(1, size) for size in dims) + number(2, kind) + ranged(8, name)
    if external:
        body += b"".join(ranged(13, ranged(1, key) + ranged(2, value)) for key, value in external.items())
        return body + number(14, 1)
    count = 1
    for size in dims:
        count *= size
    return body + ranged(9, raw if raw is not None else b"\0" * 4 * count)


def attribute(name: str, **parts: bytes) -> bytes:
    fields = {"tensor": 5, "graph": 6, "text": 4, "tensors": 10, "graphs": 11, "sparse": 22, "sparses": 23}
    return ranged(1, name) + b"".join(ranged(fields[key], value) for key, value in parts.items())


def node(operator: str, *attributes: bytes, domain: str = "", name: str = "n") -> bytes:
    body = ranged(1, "x") + ranged(2, "y") + ranged(3, name) + ranged(4, operator)
    body += b"".join(ranged(5, item) for item in attributes)
    return body + (ranged(7, domain) if domain else b"")


def graph(*nodes: bytes, tensors: tuple[bytes, ...] = (), sparse: tuple[bytes, ...] = ()) -> bytes:
    value = ranged(1, "x") + ranged(2, ranged(1, number(1, 1) + ranged(2, ranged(1, number(1, 2)))))
    body = b"".join(ranged(1, item) for item in nodes) + ranged(2, "g")
    body += b"".join(ranged(5, item) for item in tensors) + b"".join(ranged(15, item) for item in sparse)
    return body + ranged(11, value) + ranged(12, value)


def onnx(body: bytes, *, extra: bytes = b"", domains: tuple[str, ...] = ()) -> bytes:
    opsets = ranged(8, ranged(1, "") + number(2, 17)) + b"".join(
        ranged(8, ranged(1, d) + number(2, 1)) for d in domains
    )
    return number(1, 8) + ranged(2, "hand") + ranged(7, body) + opsets + extra


# --- TensorFlow ---------------------------------------------------------------------------------------------------


def tf_node(operator: str, name: str = "n", **attributes: str) -> bytes:
    body = ranged(1, name) + ranged(2, operator)
    return body + b"".join(ranged(5, ranged(1, key) + ranged(2, ranged(2, value))) for key, value in attributes.items())


def tf_function(name: str, *nodes: bytes) -> bytes:
    return ranged(1, ranged(1, name)) + b"".join(ranged(3, item) for item in nodes)


def graph_def(*nodes: bytes, functions: tuple[bytes, ...] = ()) -> bytes:
    library = ranged(2, b"".join(ranged(1, item) for item in functions)) if functions else b""
    return b"".join(ranged(1, item) for item in nodes) + library + ranged(4, number(1, 1800))


def saved_model(graph_bytes: bytes, *, objects: bytes = b"", assets: tuple[str, ...] = ()) -> bytes:
    information = ranged(4, "serve") + ranged(5, "2.21.0")
    body = ranged(1, information) + ranged(2, graph_bytes)
    body += b"".join(ranged(6, ranged(2, name)) for name in assets)
    return number(1, 1) + ranged(2, body + (ranged(7, objects) if objects else b""))


# --- FlatBuffers --------------------------------------------------------------------------------------------------


class Flat:
    """Writes a flatbuffer front to back; children follow their parents, so every offset is positive."""

    def __init__(self, identifier: bytes) -> None:
        self.buffer = bytearray(b"\0\0\0\0" + identifier)

    def finish(self, root: dict[int, Any]) -> bytes:
        struct.pack_into("<I", self.buffer, 0, self._table(root))
        return bytes(self.buffer)

    def _align(self, width: int) -> None:
        while len(self.buffer) % width:
            self.buffer.append(0)

    def _table(self, slots: dict[int, Any]) -> int:
        self._align(8)
        count = max(slots, default=-1) + 1
        vtable = len(self.buffer)
        length = 4 + 8 * count
        offsets = [4 + 8 * index if index in slots else 0 for index in range(count)]
        self.buffer += struct.pack(f"<HH{count}H", 4 + 2 * count, length, *offsets)
        self._align(4)
        start = len(self.buffer)
        self.buffer += struct.pack("<i", start - vtable) + b"\0" * (8 * count)
        for index, value in slots.items():
            at = start + 4 + 8 * index
            if isinstance(value, int):
                struct.pack_into("<q", self.buffer, at, value)
            else:
                child = self._child(value)
                struct.pack_into("<I", self.buffer, at, child - at)
        return start

    def _child(self, value: Any) -> int:
        if isinstance(value, dict):
            return self._table(value)
        self._align(4)
        start = len(self.buffer)
        if isinstance(value, str | bytes):
            content = value.encode() if isinstance(value, str) else value
            self.buffer += struct.pack("<I", len(content)) + content + b"\0"
        elif value and isinstance(value[0], dict):
            self.buffer += struct.pack("<I", len(value)) + b"\0" * (4 * len(value))
            for index, item in enumerate(value):
                at = start + 4 + 4 * index
                struct.pack_into("<I", self.buffer, at, self._table(item) - at)
        else:
            self.buffer += struct.pack(f"<I{len(value)}i", len(value), *value)
        return start


def tflite(*operators: dict[int, Any], tensors: tuple[dict[int, Any], ...] = (), version: int = 3) -> bytes:
    weights = {0: [2, 2], 1: 0, 2: 1, 3: "w"}
    subgraph = {0: [weights, *tensors], 1: [0], 2: [0], 3: [{0: 0, 1: [0], 2: [0]}], 4: "main"}
    model = {0: version, 1: list(operators) or [{0: 9}], 2: [subgraph], 3: "hand", 4: [{}, {0: b"\0" * 16}]}
    return Flat(b"TFL3").finish(model)


# --- Keras --------------------------------------------------------------------------------------------------------

PAYLOAD = compile("__import__('os').system('true')", "<lambda>", "eval")


def marshalled() -> str:
    return base64.b64encode(marshal.dumps(PAYLOAD)).decode()


def layer(
    class_name: str, config: dict[str, Any] | None = None, module: str | None = "keras.layers", **more: Any
) -> dict[str, Any]:
    body: dict[str, Any] = {"class_name": class_name, "config": {"name": class_name.lower(), **(config or {})}}
    if module is not None:
        body["module"] = module
    return {**body, **more}


def sequential(*layers: Any) -> dict[str, Any]:
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": list(layers)}}


def keras_v3(config: Any, **members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.9.0", "date_saved": "2026-01-01"}))
        archive.writestr("config.json", config if isinstance(config, str) else json.dumps(config))
        archive.writestr("model.weights.h5", weights_h5())
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def hdf5(fill: Any, **options: Any) -> bytes:
    """Return an HDF5 file that `fill(file)` wrote with the real library."""
    import h5py

    stream = io.BytesIO()
    with h5py.File(stream, "w", **options) as file:
        fill(file)
    return stream.getvalue()


def weights_h5() -> bytes:
    import numpy

    def fill(file: Any) -> None:
        file.create_dataset("layers/dense/vars/0", data=numpy.zeros((4, 3), "f4"))

    return hdf5(fill)


def keras_h5(config: Any, more: Any = None, **options: Any) -> bytes:
    import numpy

    def fill(file: Any) -> None:
        file.attrs["model_config"] = config if isinstance(config, str) else json.dumps(config)
        file.attrs["keras_version"] = "2.15.0"
        file.create_dataset("model_weights/dense/dense/kernel:0", data=numpy.zeros((4, 3), "f4"))
        if more is not None:
            more(file)

    return hdf5(fill, **options)
