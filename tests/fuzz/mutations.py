"""Damage that knows a little about structure: lengths, chunks, members, compressed and JSON parts."""

import io
import json
import struct
import warnings
import zipfile
import zlib
from random import Random

_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 1 << 32, (1 << 63) - 1, (1 << 64) - 1)
_LAYOUTS = ("<B", "<H", ">H", "<I", ">I", "<Q", ">Q")
_LARGEST = 256 << 10


def mutate(seed: bytes, other: bytes, randomness: Random) -> bytes:
    """Return `seed` after one to six changes; `other` is a second sample to take pieces from."""
    unpacked = _unpack(seed, randomness)
    if unpacked is not None and randomness.random() < 0.6:
        inner, pack = unpacked
        changed = pack(_change(inner, other, randomness))
        return changed if randomness.random() < 0.7 else _change(changed, other, randomness)
    return _change(seed, other, randomness)


def _change(content: bytes, other: bytes, randomness: Random) -> bytes:
    data = bytearray(content)
    for _ in range(randomness.randint(1, 6)):
        _STEPS[randomness.randrange(len(_STEPS))](data, other, randomness)
    return bytes(data[:_LARGEST])


def _flip(data: bytearray, _other: bytes, randomness: Random) -> None:
    if data:
        data[randomness.randrange(len(data))] ^= 1 << randomness.randrange(8)


def _replace(data: bytearray, _other: bytes, randomness: Random) -> None:
    if data:
        data[randomness.randrange(len(data))] = randomness.randrange(256)


def _number(data: bytearray, _other: bytes, randomness: Random) -> None:
    layout = randomness.choice(_LAYOUTS)
    size = struct.calcsize(layout)
    if len(data) >= size:
        value = randomness.choice(_NUMBERS) & ((1 << 8 * size) - 1)
        # Headers are where lengths stand: aim there half of the time.
        end = min(len(data), 64) if randomness.random() < 0.5 else len(data)
        struct.pack_into(layout, data, randomness.randrange(max(1, end - size + 1)), value)


def _truncate(data: bytearray, _other: bytes, randomness: Random) -> None:
    del data[randomness.randrange(len(data) + 1) :]


def _delete(data: bytearray, _other: bytes, randomness: Random) -> None:
    start = randomness.randrange(len(data) + 1)
    del data[start : start + randomness.randint(1, 32)]


def _insert(data: bytearray, _other: bytes, randomness: Random) -> None:
    start = randomness.randrange(len(data) + 1)
    data[start:start] = randomness.randbytes(randomness.randint(1, 16))


def _repeat(data: bytearray, _other: bytes, randomness: Random) -> None:
    start = randomness.randrange(len(data) + 1)
    piece = data[start : start + randomness.randint(1, 64)]
    data[start:start] = piece * randomness.choice((1, 2, 50, 1000))


def _splice(data: bytearray, other: bytes, randomness: Random) -> None:
    start = randomness.randrange(len(data) + 1)
    taken = randomness.randrange(len(other) + 1)
    data[start : start + randomness.randint(0, 64)] = other[taken : taken + randomness.randint(1, 200)]


def _lead(data: bytearray, _other: bytes, randomness: Random) -> None:
    """Write an offset, absolute or from where it stands, that leads to a place inside the file."""
    layout = randomness.choice(_LAYOUTS[1:])
    size = struct.calcsize(layout)
    if len(data) >= size:
        at = randomness.randrange((len(data) - size) // 2 + 1) * 2
        place = randomness.randrange(len(data) + 1)
        value = place - at if randomness.random() < 0.5 else place
        struct.pack_into(layout, data, at, value & ((1 << 8 * size) - 1))


def _share(data: bytearray, _other: bytes, randomness: Random) -> None:
    """Let two numbers be equal, so that two offsets meet or two lengths contradict what lies between."""
    size = randomness.choice((2, 4, 8))
    if len(data) >= 2 * size:
        taken, given = (randomness.randrange((len(data) - size) // 2 + 1) * 2 for _ in range(2))
        data[given : given + size] = data[taken : taken + size]


def _scale(data: bytearray, _other: bytes, randomness: Random) -> None:
    """Change a number that stands there a little or by a factor: a count or length that is nearly right."""
    layout = randomness.choice(_LAYOUTS)
    size = struct.calcsize(layout)
    if len(data) >= size:
        at = randomness.randrange(len(data) - size + 1)
        (value,) = struct.unpack_from(layout, data, at)
        changed = randomness.choice((value + 1, value - 1, value * 2, value * 1000, len(data) - at - size - value))
        struct.pack_into(layout, data, at, changed & ((1 << 8 * size) - 1))


_STEPS = (_flip, _replace, _number, _number, _truncate, _delete, _insert, _repeat, _splice, _lead, _share, _scale)


_MOST_INNER = 1 << 20
_QUICK = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Methods whose damaged data the standard library does not read without end."""


def _unpack(seed: bytes, randomness: Random):
    """Return a part that stands behind a checksum or length, and how to put a changed one back."""
    if seed.startswith(b"PK\x03\x04"):
        return _unpack_zip(seed, randomness)
    if seed[:2] == b"\x1f\x8b":
        inner = _inflate(seed, 31)
        return None if inner is None else (inner, _gzip)
    if seed[:1] == b"\x78":
        inner = _inflate(seed, 15)
        return None if inner is None else (inner, zlib.compress)
    if len(seed) > 10 and seed[8:9] == b"{":
        return _unpack_safetensors(seed, randomness)
    if seed[:1] in b"{[":
        return _json_step(seed, randomness)
    return None


def _inflate(seed: bytes, window: int) -> bytes | None:
    """Return what is packed, cut where mutations may have made a bomb of it."""
    try:
        return zlib.decompressobj(window).decompress(seed, _MOST_INNER)
    except zlib.error:
        return None


def _gzip(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(content) + packer.flush()


def _unpack_zip(seed: bytes, randomness: Random):
    try:
        with zipfile.ZipFile(io.BytesIO(seed)) as archive:
            entries = archive.infolist()
            if len(entries) > 100 or any(
                info.file_size > _MOST_INNER or info.compress_type not in _QUICK for info in entries
            ):
                return None
            members = [(info.filename, info.compress_type, archive.read(info)) for info in entries]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, OSError, zlib.error, EOFError):
        return None
    if not members:
        return None
    chosen = randomness.randrange(len(members))

    def pack(inner: bytes) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for index, (name, method, content) in enumerate(members):
                archive.writestr(name, inner if index == chosen else content, method)
        return packed.getvalue()

    return members[chosen][2], pack


def _unpack_safetensors(seed: bytes, randomness: Random):
    length = int.from_bytes(seed[:8], "little")
    if not 0 < length <= len(seed) - 8:
        return None
    step = _json_step(seed[8 : 8 + length], randomness)
    header = step[0] if step else seed[8 : 8 + length]
    rest = seed[8 + length :]
    return header, lambda inner: len(inner).to_bytes(8, "little") + inner + rest


def _json_step(text: bytes, randomness: Random):
    """Change one value of a JSON text, so that it stays JSON but says something odd."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return None
    odd = randomness.choice((None, -1, 1 << 70, 1e308, "", "\x00\udcff", [], {}, [[[[]]]], True, "../../etc/passwd"))
    node = tree
    for _ in range(randomness.randint(1, 6)):
        if not isinstance(node, dict | list) or not node:
            break
        key = randomness.choice(list(node)) if isinstance(node, dict) else randomness.randrange(len(node))
        if not isinstance(node[key], dict | list) or randomness.random() < 0.3:
            node[key] = odd
            break
        node = node[key]
    changed = json.dumps(tree).encode()
    return changed, lambda inner: inner
