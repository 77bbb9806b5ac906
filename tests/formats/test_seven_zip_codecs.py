from dataclasses import replace

import pytest

from weighbridge.formats.seven_zip_codecs import NotSupported, codec_of_folder
from weighbridge.formats.seven_zip_header import Coder, Folder
from weighbridge.model.source import SourceError


def folder(*methods: bytes, properties: bytes = b"", bonds: tuple[tuple[int, int], ...] | None = None) -> Folder:
    coders = tuple(Coder(method=method, properties=properties, inputs=1, outputs=1) for method in methods)
    chain = tuple((index, index + 1) for index in range(len(methods) - 1)) if bonds is None else bonds
    return Folder(
        coders=coders,
        bonds=chain,
        packed_inputs=(len(methods) - 1,),
        sizes=tuple(5 for _ in methods),
        offset=0,
        packed_sizes=(5,),
    )


def test_copy_passes_bytes_on():
    blocks = iter([b"hello", b""])
    assert b"".join(codec_of_folder(folder(b"\x00"))(lambda _amount: next(blocks))) == b"hello"


@pytest.mark.parametrize(
    ("method", "name"), [(b"\x06\xf1\x07\x01", "AES"), (b"\x03\x04\x01", "PPMd"), (b"\x42", "method 42")]
)
def test_others_are_named(method, name):
    with pytest.raises(NotSupported, match=name):
        codec_of_folder(folder(method))


def test_chains_must_be_chains():
    with pytest.raises(NotSupported):
        codec_of_folder(folder(b"\x00", b"\x00", bonds=((0, 0),)))


def test_false_properties_are_damage():
    with pytest.raises(SourceError):
        codec_of_folder(folder(b"\x21", properties=b"\xff"))
    with pytest.raises(SourceError):
        codec_of_folder(folder(b"\x03\x01\x01", properties=b"\xff"))


def test_windows_count_together_and_never_beyond_the_content():
    twice = folder(b"\x21", b"\x21", properties=bytes([27]))  # 50 MB each
    codec_of_folder(twice)
    with pytest.raises(NotSupported, match="together"):
        codec_of_folder(replace(twice, sizes=(60 << 20, 60 << 20)))
