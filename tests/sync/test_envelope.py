"""Bodies: what goes in comes out; what is cut, swollen, deep or of another version is refused before it is built."""

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.sync.envelope import LARGEST_CONTENT, EnvelopeError, packed, unpacked
from weighbridge.sync.messages import VERSION, Enroll, Host, Refused, Sync, Synced

REFUSED = Refused(code="busy", message="try again", server_time="2026-11-21T08:00:00Z", retry_in=3.0)


def code_of(body: bytes, kind: type = Refused, **how: object) -> str:
    with pytest.raises(EnvelopeError) as caught:
        unpacked(body, kind, **how)  # type: ignore[arg-type]  (the caller names parameters of `unpacked`)
    return caught.value.code


def compressed(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


@given(st.text(max_size=255), st.floats(0, 1e12))
def test_a_message_comes_out_as_it_went_in(text: str, seconds: float) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    message = Refused(code="busy", message=text, server_time="", retry_in=seconds)
    assert unpacked(packed(message), Refused) == message
    assert unpacked(msgspec.json.encode(message), Refused, encoded=False) == message


@given(st.data())
def test_a_truncated_body_is_refused(data: st.DataObject) -> None:
    body = packed(REFUSED)
    assert code_of(body[: data.draw(st.integers(0, len(body) - 1))]) == "body"


@given(st.binary(max_size=300))
def test_noise_is_refused(body: bytes) -> None:
    assert code_of(body) == "body"
    assert code_of(body, encoded=False) in ("body", "version")


def test_a_bomb_is_refused_without_being_unpacked() -> None:
    zeros = zstandard.ZstdCompressor(level=3).compressobj()
    bomb = b"".join(zeros.compress(bytes(1 << 20)) for _ in range(256)) + zeros.flush()
    assert len(bomb) < 1 << 16
    assert code_of(bomb) == "body"
    assert code_of(compressed(bytes(2000)), limit=1000) == "body"
    assert LARGEST_CONTENT < 256 << 20


def test_a_window_that_needs_much_memory_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    writer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body = writer.compress(msgspec.json.encode(REFUSED)) + writer.flush()
    assert code_of(body) == "body"


@pytest.mark.parametrize("depth", [100, 10_000, 1_000_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    for deep in (b"[" * depth + b"]" * depth, b'{"version":' * depth + b"1" + b"}" * depth):
        assert code_of(compressed(deep)) == "body"
        assert code_of(compressed(b'{"version":1,"code":' + deep + b"}")) == "body"


@pytest.mark.parametrize(
    "content",
    [
        b'{"version":1,"code":"busy","message":"","server_time":"","extra":1}',
        b'{"version":1,"code":"busy","message":"","server_time":"","retry_in":NaN}',
        b'{"version":1,"code":"busy","message":"","server_time":"","retry_in":-1}',
        b'{"version":1,"code":"busy","message":"","server_time":"","retry_in":1e400}',
        b'{"version":1,"code":"busy","message":"' + b"x" * 256 + b'","server_time":""}',
        b'{"version":1,"code":"busy","message":"\\ud800","server_time":""}',
        b'{"version":1,"code":7,"message":"","server_time":""}',
        b'{"version":1' + b"0" * 5000 + b"}",
        b'\xff{"version":1}',
        b"[]",
        b"",
    ],
)
def test_what_the_types_do_not_allow_is_refused(content: bytes) -> None:
    assert code_of(compressed(content)) == "body"


@pytest.mark.parametrize("version", [0, VERSION + 1, -1, 1 << 40])
def test_another_version_is_named_as_such_whatever_else_is_in_it(version: int) -> None:
    assert code_of(compressed(b'{"version":%d,"news":[1,2,{"a":[]}]}' % version)) == "version"


def test_every_message_has_its_limits() -> None:
    for kind in (Enroll, Host, Sync, Synced, Refused):
        for field in msgspec.structs.fields(kind):
            assert _is_bounded(msgspec.inspect.type_info(field.type)), (kind.__name__, field.name)


def _is_bounded(kind: object) -> bool:
    match kind:
        case msgspec.inspect.Metadata(type=inner):
            return _is_bounded(inner)
        case msgspec.inspect.StrType(max_length=most, pattern=pattern):
            return most is not None or pattern is not None
        case msgspec.inspect.IntType(le=most):
            return most is not None
        case msgspec.inspect.FloatType(le=most):
            return most is not None
        case msgspec.inspect.VarTupleType(item_type=item, max_length=most):
            return most is not None and _is_bounded(item)
        case msgspec.inspect.UnionType(types=types):
            return all(map(_is_bounded, types))
        case msgspec.inspect.StructType(fields=fields, forbid_unknown_fields=forbid):
            return forbid and all(_is_bounded(one.type) for one in fields)
    return isinstance(kind, (msgspec.inspect.BoolType, msgspec.inspect.NoneType))
