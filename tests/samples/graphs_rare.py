"""Formats with few users: Flax, MXNet, ONNX Runtime's own, TensorFlow checkpoints."""

import json
import struct
from math import prod
from typing import Any

import msgspec

from tests.samples.case import NOT_CLEAN, Case
from tests.samples.graphs_build import Flat, number, ranged, varint

TABLE_MAGIC = bytes.fromhex("57fb808b247547db")


def flax_array(*shape: int) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(1, msgspec.msgpack.encode((shape, "float32", bytes(4 * prod(shape)))))


def flax(**parameters: msgspec.msgpack.Ext) -> bytes:
    return msgspec.msgpack.encode({"params": {"Dense_0": parameters}, "step": 7})


def mxnet_params(count: int) -> bytes:
    return struct.pack("<QQQI", 0x112, 0, count, 0xF993FAC9) + bytes(200)


def mxnet_symbol(operator: str) -> bytes:
    nodes = [{"op": "null", "name": "data", "inputs": []}, {"op": operator, "name": "o", "inputs": [[0, 0, 0]]}]
    return json.dumps({"nodes": nodes, "arg_nodes": [0], "heads": [[1, 0, 0]]}).encode()


def ort(*nodes: dict[int, Any]) -> bytes:
    return Flat(b"ORTM").finish({0: "1.17.0", 1: {2: "maker", 7: {2: list(nodes)}}})


def table_block(entries: list[tuple[int, bytes, bytes]]) -> bytes:
    """Return a block of entries: bytes shared with the key before, the rest of the key, the value."""
    body = b"".join(varint(same) + varint(len(key)) + varint(len(value)) + key + value for same, key, value in entries)
    return body + b"\0\0\0\0" + b"\1\0\0\0"


def table(data: bytes) -> bytes:
    """Return a table of one block."""
    index = table_block([(0, b"z", varint(0) + varint(len(data)))])
    start = len(data) + 5
    footer = (varint(0) + varint(0) + varint(start) + varint(len(index))).ljust(40, b"\0") + TABLE_MAGIC
    return data + b"\0" * 5 + index + b"\0" * 5 + footer


def table_tensor(*sizes: int) -> bytes:
    return number(1, 1) + ranged(2, b"".join(ranged(2, number(1, size)) for size in sizes))


def checkpoint(shards: int = 1) -> bytes:
    tensors = [(0, b"dense/bias", table_tensor(4)), (6, b"kernel", table_tensor(8, 4))]
    return table(table_block([(0, b"", number(1, shards)), *tensors]))


FOREIGN_NODE: dict[int, Any] = {2: "evil", 5: "Run"}

EVASIONS: tuple[Case, ...] = (
    Case(
        id="mxnet/custom-operator",
        build=lambda: {"net-symbol.json": mxnet_symbol("Custom")},
        subject="net-symbol.json",
        expect=NOT_CLEAN,
        lesson="an operator that calls Python of the host program",
    ),
    Case(
        id="ort/foreign-operator-in-subgraph",
        build=lambda: {"model.ort": ort({5: "If", 10: [{0: "then", 7: {2: [FOREIGN_NODE]}}]})},
        subject="model.ort",
        expect=NOT_CLEAN,
        lesson="an operator of a library that the host program must load",
    ),
)
BENIGN: tuple[Case, ...] = (
    Case(
        id="flax/plain",
        build=lambda: {"flax_model.msgpack": flax(kernel=flax_array(8, 4), bias=flax_array(4))},
        subject="flax_model.msgpack",
        expect=frozenset({"clean"}),
    ),
    Case(
        id="mxnet/parameters",
        build=lambda: {"net-0000.params": mxnet_params(2)},
        subject="net-0000.params",
        expect=frozenset({"clean"}),
    ),
    Case(
        id="mxnet/symbol",
        build=lambda: {"net-symbol.json": mxnet_symbol("Convolution")},
        subject="net-symbol.json",
        expect=frozenset({"clean"}),
    ),
    Case(
        id="ort/plain",
        build=lambda: {"model.ort": ort({2: "", 5: "Relu"})},
        subject="model.ort",
        expect=frozenset({"clean"}),
    ),
    Case(
        id="tf-checkpoint/plain",
        build=lambda: {"model-1.index": checkpoint(), "model-1.data-00000-of-00001": bytes(144)},
        subject="model-1.index",
        expect=frozenset({"clean"}),
    ),
)
