import struct

import gguf
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.gguf_file import ARRAY, BOOL, F32, I32, STRING, U8, U16, U32, U64, GgufFile, Raw, floats, small

from weighbridge.formats import gguf as reader
from weighbridge.formats.tensor_table import Tensor, digest
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage, Excess, Malformed, Unread
from weighbridge.model.source import BytesSource
from weighbridge.model.weights import QuantizationMismatch


class CountingSource(BytesSource):
    __slots__ = ("bytes_read", "reads")

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.bytes_read = self.reads = 0

    def read(self, offset: int, length: int) -> bytes:
        content = super().read(offset, length)
        self.bytes_read += len(content)
        self.reads += 1
        return content


class Sparse:
    """`content` followed by zeros up to `size`: a large file that costs no memory."""

    name = b"large.gguf"

    def __init__(self, content: bytes, size: int) -> None:
        self.content, self.size, self.bytes_read = content, size, 0

    def read(self, offset: int, length: int) -> bytes:
        length = min(length, self.size - offset)
        self.bytes_read += length
        return self.content[offset : offset + length].ljust(length, b"\0")


def read(content: bytes):
    return reader.READER.read(BytesSource(content), Budget())


def value(reading, name, grade=None):
    return [f.value for f in reading.facts if f.name == name and (grade is None or f.grade is grade)]


def damage(content: bytes) -> list[Damage]:
    return [each.damage for each in read(content).observations if isinstance(each, Malformed)]


def test_facts_written_by_the_gguf_library(tmp_path):
    path = tmp_path / "m.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("Tiny Llama")
    writer.add_author("Ada")
    writer.add_organization("Example")
    writer.add_version("1.1")
    writer.add_quantized_by("Bob")
    writer.add_license("other")
    writer.add_license_name("example-1")
    writer.add_license_link("https://example.org/license")
    writer.add_source_url("https://example.org/x/tiny")
    writer.add_base_model_count(1)
    writer.add_base_model_name(0, "Base 7B")
    writer.add_base_model_repo_url(0, "https://example.org/Org/Base-7B")
    writer.add_dataset_count(1)
    writer.add_dataset_organization(0, "Org")
    writer.add_dataset_name(0, "Texts")
    writer.add_tags(["chat", "tiny"])
    writer.add_languages(["en"])
    writer.add_context_length(4096)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(["a", "b"])
    writer.add_chat_template([{"name": "default", "template": "{{ x }}"}, {"name": "tool", "template": "{{ y }}"}])
    writer.add_tensor("blk.0.attn_q.weight", np.zeros((4, 8), dtype=np.float32))
    writer.add_tensor("output_norm.weight", np.zeros((8,), dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    content = path.read_bytes()

    reading = read(content)

    assert reading.observations == ()
    assert value(reading, "architecture") == ["llama"]
    assert value(reading, "name") == ["Tiny Llama"]
    assert value(reading, "author") == ["Ada"]
    assert value(reading, "organization") == ["Example"]
    assert value(reading, "version") == ["1.1"]
    assert value(reading, "quantized_by") == ["Bob"]
    assert value(reading, "license") == ["other"]
    assert value(reading, "license.name") == ["example-1"]
    assert value(reading, "license.link") == ["https://example.org/license"]
    assert value(reading, "source_url") == ["https://example.org/x/tiny"]
    assert value(reading, "base_model") == ["Org/Base-7B"]
    assert value(reading, "dataset") == ["Org/Texts"]
    assert value(reading, "tags") == [("chat", "tiny")]
    assert value(reading, "context_length") == [4096]
    assert value(reading, "quantization", Grade.DECLARED) == ["F32"]
    assert value(reading, "quantization", Grade.MEASURED) == ["F32"]
    assert value(reading, "parameters") == [40]
    assert value(reading, "tensor_table.sha256") == [
        digest([Tensor("blk.0.attn_q.weight", "F32", (4, 8)), Tensor("output_norm.weight", "F32", (8,))])
    ]
    assert {request.key for request in reading.requests} == {
        "tokenizer.chat_template",
        "tokenizer.chat_template.tool",
    }
    assert {request.payload for request in reading.requests} == {b"{{ x }}", b"{{ y }}"}
    assert len(value(reading, "chat_template.sha256", Grade.MEASURED)) == 2


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("order", ["<", ">"])
def test_every_version_and_byte_order(version, order):
    content = small(version=version, order=order).build()

    reading = read(content)

    assert reader.recognize(BytesSource(content), content[:4096])
    assert reading.observations == ()
    assert value(reading, "parameters") == [104]
    assert value(reading, "vocabulary") == [3]
    assert value(reading, "context_length") == [2048]


def test_a_large_vocabulary_is_walked_not_kept_and_the_weights_are_not_read():
    tokens = [f"token {number}" for number in range(30_000)]
    file = small(("tokenizer.ggml.merges", ARRAY, (STRING, tokens)))
    file.tensors.append(("big.weight", (1 << 20, 256), 0, b""))
    content = file.build()
    large = Sparse(content, len(content) + (1 << 30))

    reading = reader.READER.read(large, Budget())

    assert reading.observations == ()
    assert large.bytes_read < len(file.header()) + (2 << 20)
    assert value(reading, "parameters") == [104 + (1 << 28)]


def test_a_small_header_costs_one_read():
    source = CountingSource(small().build())

    reader.READER.read(source, Budget())

    assert source.reads == 1


def test_tokenizer_digest_follows_the_tokens_alone():
    one, same = read(small().build()), read(small(("general.author", STRING, "x")).build())
    other = read(small(("tokenizer.ggml.merges", ARRAY, (STRING, ["a b"]))).build())

    assert value(one, "tokenizer.sha256") == value(same, "tokenizer.sha256") != value(other, "tokenizer.sha256")


def test_all_value_types_and_nested_arrays():
    extra = [(f"x.{kind}", kind, 1) for kind in (*range(8), 10, 11, 12)]
    nested = ("x.nested", ARRAY, (ARRAY, [(U8, [1, 2]), (STRING, ["a"]), (ARRAY, [(U64, [1])])]))

    assert read(small(*extra, nested).build()).observations == ()


def test_adapter_is_a_fact():
    reading = read(small(("general.type", STRING, "adapter"), ("adapter.lora.alpha", F32, 16.0)).build())

    assert value(reading, "type") == ["adapter"]
    assert value(reading, "adapter.alpha") == [16.0]


def test_parts_of_a_split_model():
    reading = read(small(("split.no", U16, 1), ("split.count", U16, 3), ("split.tensors.count", I32, 30)).build())

    assert value(reading, "shard.number") == [2]
    assert value(reading, "shard.count") == [3]
    assert reading.observations == ()


@pytest.mark.parametrize(
    ("types", "name"),
    [
        ([12, 12, 14], "Q4_K_M"),
        ([12, 12, 13], "Q4_K_S"),
        ([13, 13, 14], "Q5_K_M"),
        ([11, 11, 11], "Q3_K_S"),
        ([8, 8, 8], "Q8_0"),
        ([30, 30, 30], "BF16"),
    ],
)
def test_quantization_is_measured(types, name):
    sizes = {12: 144, 14: 210, 13: 176, 11: 110, 8: 34 * 8, 30: 512}
    file = small(tensors=[(f"blk.{at}.w", (256, 1), kind, bytes(sizes[kind])) for at, kind in enumerate(types)])

    reading = read(file.build())

    assert value(reading, "quantization", Grade.MEASURED) == [name]
    assert reading.observations == ()


def test_declared_and_measured_quantization_that_disagree():
    [seen] = read(small(("general.file_type", U32, 15)).build()).observations

    assert isinstance(seen, QuantizationMismatch)
    assert (seen.declared, seen.measured_bits) == ("Q4_K_M", 32)


@pytest.mark.parametrize("cut", [5, 20, 60, 200, 400])
def test_a_file_that_ends_early_is_truncated(cut):
    assert damage(small().build()[:cut]) == [Damage.TRUNCATED]


def test_missing_tensor_data_is_truncation():
    assert damage(small().build()[:-40]) == [Damage.TRUNCATED]


HOSTILE = {
    "version": small(version=77),
    "tensor count": small(tensor_count=1 << 60),
    "key count": small(key_count=1 << 60),
    "value type": small(("x", 99, Raw(b"12345678"))),
    "array item type": small(("x", ARRAY, Raw(struct.pack("<IQ", 99, 1)))),
    "array length": small(("x", ARRAY, Raw(struct.pack("<IQ", STRING, 1 << 61)))),
    "array overflow": small(("x", ARRAY, Raw(struct.pack("<IQ", U64, (1 << 61) + 1)))),
    "string length": small(("x", STRING, Raw(struct.pack("<Q", (1 << 64) - 1)))),
    "duplicate key": small(("general.name", STRING, "Other")),
    "control character in key": small(("a\nb", U8, 1)),
    "truth value": small(("x", BOOL, Raw(b"\x07"))),
    "not UTF-8": small(("general.author", STRING, b"\xff\xfe")),
    "alignment zero": small(("general.alignment", U32, 0)),
    "alignment odd": small(("general.alignment", U32, 33)),
    "alignment type": small(("general.alignment", U64, 32)),
    "template list": small(("tokenizer.chat_template", ARRAY, (STRING, ["{{ x }}"]))),
    "overlap": small(offsets={"blk.0.attn_q.weight": 0}),
    "gap": small(offsets={"output_norm.weight": 128 + 256 + 64}),
    "far away": small(offsets={"output_norm.weight": 1 << 50}),
    "misaligned": small(offsets={"output_norm.weight": 128 + 256 + 1}),
    "dimensions": small(tensors=[("t", (1,) * 9, 0, floats(1))]),
    "overflow": small(tensors=[("t", (1 << 40, 1 << 40), 0, floats(1))]),
    "absurd size": small(tensors=[("t", (1 << 43,), 0, floats(1))]),
    "unknown type": small(tensors=[("t", (4,), 5000, floats(4))]),
    "removed type": small(tensors=[("t", (4,), 4, floats(4))]),
    "part of a block": small(tensors=[("t", (100,), 2, bytes(64))]),
    "duplicate tensor": small(tensors=[("t", (8,), 0, floats(8)), ("t", (8,), 0, floats(8))]),
    "empty name": small(tensors=[("", (8,), 0, floats(8))]),
    "tail": small(tail=b"#!/bin/sh\nid\n"),
    "split number": small(("split.no", U16, 5), ("split.count", U16, 3)),
    "nesting": small(("x", ARRAY, (ARRAY, [(ARRAY, [(ARRAY, [(ARRAY, [(U8, [1])])])])]))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_contradictions_are_not_called_truncation(name):
    found = damage(HOSTILE[name].build())

    assert found
    assert Damage.TRUNCATED not in found


def test_a_payload_in_wide_padding_is_seen():
    file = small(("general.alignment", U32, 4096), alignment=4096)
    content = bytearray(file.build())
    assert damage(bytes(content)) == []
    content[-2000:-1990] = b"#!/bin/sh\n"

    assert damage(bytes(content)) == [Damage.CONTRADICTION]


def test_zeros_at_the_end_are_padding():
    assert damage(small(tail=bytes(100)).build()) == []


def test_a_type_of_a_fork_is_unread():
    [seen] = read(small(tensors=[("t", (256,), 137, bytes(96))]).build()).observations

    assert isinstance(seen, Unread)


def test_too_many_tensors_or_strings_are_an_excess():
    many = small(("x", ARRAY, Raw(struct.pack("<IQ", STRING, 3_000_000) + bytes(24_000_000))))

    assert any(isinstance(each, Excess) for each in read(many.build()).observations)


@pytest.mark.parametrize("content", [b"GGUF is a file format", b"GGUF\n", b"GGML" + bytes(40)])
def test_text_about_gguf_is_not_gguf(content):
    assert not reader.recognize(BytesSource(content), content) or len(content) < 8


@given(st.data())
def test_no_mutation_escapes(data):
    content = bytearray(small(("tokenizer.chat_template", STRING, "{{ x }}")).build())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(0, len(content))) :]

    read(bytes(content))


def test_big_endian_is_stated():
    assert value(read(small(order=">").build()), "format_version") == ["3 big-endian"]


def test_no_tensors_is_a_vocabulary():
    assert read(GgufFile(pairs=[("general.architecture", STRING, "llama")]).build()).observations == ()
