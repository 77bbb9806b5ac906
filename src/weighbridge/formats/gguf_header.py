"""The key-value section of a GGUF file, walked without building what nobody asked for.

A vocabulary of 128,000 tokens and 280,000 merges is passed over by lengths alone and only hashed on the way.
Source: ggml `docs/gguf.md`; the refusals are those of `gguf_init_from_file_impl` in ggml `gguf.cpp`.
"""

import hashlib
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from weighbridge.formats.gguf_types import ARRAY, BOOL, SCALARS, STRING, UINT32, WIDTHS
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, Malformed, Observation
from weighbridge.model.source import ByteSource, LimitReached

if TYPE_CHECKING:
    from hashlib import _Hash

MAGIC = b"GGUF"
VERSIONS = (1, 2, 3)
FIRST_CHUNK = 64 << 10
LONGEST_CHUNK = 1 << 20
MOST_KEYS = 65_536
LONGEST_KEY = 65_535
LONGEST_KEPT_TEXT = 16 << 10
LONGEST_TEMPLATE = 2 << 20
MOST_KEPT_ITEMS = 64
MOST_KEPT_BYTES = 4 << 20
MOST_TEMPLATE_BYTES = 8 << 20
MOST_NESTED_ARRAYS = 100_000
DEEPEST_ARRAY = 4
SMALLEST_PAIR = 8
"""Bytes: no key-value pair takes fewer."""

Scalar = int | float | bool | str
Value = Scalar | tuple[Scalar, ...]


class Broken(Exception):  # noqa: N818  (what the bytes are, not what went wrong here)
    """The header cannot be followed further; carries the observation that says why."""

    def __init__(self, damage: Damage, reason: str, offset: int, key: str | None = None) -> None:
        super().__init__(reason)
        self.observation = Malformed(damage=damage, reason=reason, offset=offset, key=key)


@dataclass(slots=True)
class Header:
    """What the key-value section says."""

    version: int
    order: Literal["<", ">"]
    tensor_count: int = 0
    key_count: int = 0
    values: dict[str, Value] = field(default_factory=dict)
    """Scalars, short texts, and short arrays of `general.*`; longer values are passed over."""
    lengths: dict[str, int] = field(default_factory=dict)
    """Items of every array."""
    templates: list[tuple[str, int, bytes]] = field(default_factory=list)
    """Key, offset and text of every chat template."""
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the raw value of every `tokenizer.ggml.*` key."""
    observations: list[Observation] = field(default_factory=list)

    def text(self, key: str) -> str | None:
        """Return a text value, None if the key is absent or of another type."""
        value = self.values.get(key)
        return value if isinstance(value, str) else None

    def integer(self, key: str) -> int | None:
        """Return an integer value, None if the key is absent or of another type."""
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


class Cursor:
    """Reads forward in growing chunks, so that a small header costs one read and a large one few."""

    __slots__ = ("_buffer", "_limit", "_source", "_start", "_step", "order", "position", "size")

    def __init__(self, source: ByteSource, limit: int) -> None:
        self._source = source
        self._limit = limit
        self._buffer = b""
        self._start = 0
        self._step = FIRST_CHUNK
        self.position = 0
        self.size = source.size
        self.order: Literal["<", ">"] = "<"

    def _fill(self, need: int) -> None:
        if self.position + need > self.size:
            raise Broken(Damage.TRUNCATED, "the file ends inside the header", self.position)
        if self.position + need > self._limit:
            raise LimitReached("header bytes", self._limit)
        self._buffer = self._source.read(self.position, max(need, self._step))
        self._start = self.position
        self._step = min(self._step * 4, LONGEST_CHUNK)
        if len(self._buffer) < need:
            raise Broken(Damage.TRUNCATED, "the file ends inside the header", self.position)

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes."""
        begin = self.position - self._start
        if begin + length > len(self._buffer):
            self._fill(length)
            begin = 0
        self.position += length
        return self._buffer[begin : begin + length]

    def number(self, code: str) -> int:
        """Return the next integer of the `struct` format character `code`."""
        form = self.order + code
        value: int = struct.unpack(form, self.take(struct.calcsize(form)))[0]
        return value

    def skip(self, length: int, hashing: "_Hash | None" = None) -> None:
        """Pass over `length` bytes; reads them only to hash them."""
        if self.position + length > self.size:
            raise Broken(Damage.TRUNCATED, "the file ends inside the header", self.position)
        if hashing is None:
            self.position += length
            return
        while length:
            piece = self.take(min(length, LONGEST_CHUNK))
            hashing.update(piece)
            length -= len(piece)

    def skip_strings(self, count: int, code: str, longest: int, hashing: "_Hash | None") -> None:
        """Pass over `count` strings, each a length of format `code` and that many bytes."""
        unpack = struct.Struct(self.order + code).unpack_from
        width = 4 if code == "I" else 8
        while count:
            offset = self.position - self._start
            if offset < 0 or offset + width > len(self._buffer):
                self._fill(width)
                offset = 0
            buffer = self._buffer
            begin, last = offset, len(buffer) - width
            while count and offset <= last:
                offset += width + unpack(buffer, offset)[0]
                count -= 1
            inside = min(offset, len(buffer))
            if hashing is not None:
                hashing.update(memoryview(buffer)[begin:inside])
            self.position = self._start + inside
            if offset > inside:
                if offset - inside > longest:
                    raise Broken(
                        Damage.CONTRADICTION, f"a string claims {offset - inside} bytes and more", self.position
                    )
                self.skip(offset - inside, hashing)


class HeaderReader:
    """Walks one header. `read` fills `header` as far as the bytes allow and raises `Broken` beyond."""

    def __init__(self, source: ByteSource, budget: Budget) -> None:
        self.cursor = Cursor(source, budget.limits.header_bytes)
        self.budget = budget
        self.header = Header(0, "<")
        self._count_code = "Q"
        self._kept = 0

    def read(self) -> None:
        """Read magic, version, counts and all pairs."""
        cursor, header = self.cursor, self.header
        if cursor.take(4) != MAGIC:
            raise Broken(Damage.INVALID, "the magic GGUF is missing", 0)
        raw = cursor.take(4)
        little, big = int.from_bytes(raw, "little"), int.from_bytes(raw, "big")
        if little not in VERSIONS and big in VERSIONS:
            cursor.order = header.order = ">"
        header.version = big if header.order == ">" else little
        if header.version not in VERSIONS:
            raise Broken(Damage.INVALID, f"version {header.version} does not exist", 4)
        self._count_code = "I" if header.version == 1 else "Q"
        header.tensor_count = cursor.number(self._count_code)
        header.key_count = cursor.number(self._count_code)
        left = cursor.size - cursor.position
        if header.key_count * SMALLEST_PAIR > left and header.key_count > MOST_KEYS:
            raise Broken(Damage.CONTRADICTION, f"{header.key_count} keys do not fit into the file", 16)
        self.budget.spend("header keys", header.key_count, MOST_KEYS)
        seen: set[bytes] = set()
        for _ in range(header.key_count):
            self._pair(seen)

    def _text(self, longest: int, what: str, key: str | None = None) -> bytes:
        at = self.cursor.position
        length = self.cursor.number(self._count_code)
        if length > self.cursor.size - self.cursor.position:
            damage = Damage.TRUNCATED if length <= longest else Damage.CONTRADICTION
            raise Broken(damage, f"{what} of {length} bytes does not fit into the file", at, key)
        if length > longest:
            raise LimitReached(f"{what} bytes", longest)
        return self.cursor.take(length)

    def _pair(self, seen: set[bytes]) -> None:
        cursor = self.cursor
        at = cursor.position
        raw = self._text(LONGEST_KEY, "key")
        key = raw.decode("utf-8", "backslashreplace")
        if raw in seen:
            self._note(Damage.CONTRADICTION, "the key occurs twice", at, key)
        seen.add(raw)
        if not raw or not raw.isascii() or not key.isprintable():
            self._note(Damage.INVALID, "a key is empty or not printable ASCII", at, key[:80])
        value_type = cursor.number("I")
        if key == "general.alignment" and value_type in (STRING, ARRAY):
            self._note(Damage.INVALID, "the alignment is not a 32-bit number", at, key)
        if value_type in SCALARS:
            value: Value = self._scalar(value_type, key)
            if key == "general.alignment" and value_type != UINT32:
                self._note(Damage.INVALID, "the alignment is not a 32-bit number", at, key)
            self._keep(key, value)
        elif value_type == STRING:
            self._string(key)
        elif value_type == ARRAY:
            self._array(key)
        else:
            raise Broken(Damage.INVALID, f"value type {value_type} does not exist", at, key[:80])

    def _scalar(self, value_type: int, key: str) -> Scalar:
        at = self.cursor.position
        raw = self.cursor.take(WIDTHS[value_type])
        if key.startswith("tokenizer.ggml."):
            self.header.digests[key] = hashlib.sha256(raw).hexdigest()
        value: int | float = struct.unpack(self.cursor.order + SCALARS[value_type], raw)[0]
        if value_type == BOOL:
            if value not in (0, 1):
                self._note(Damage.INVALID, f"the truth value is {value}", at, key)
            return bool(value)
        return value

    def _string(self, key: str) -> None:
        at = self.cursor.position
        if "template" in key:
            text = self._text(LONGEST_TEMPLATE, "chat template", key)
            self.budget.spend("chat template bytes", len(text), MOST_TEMPLATE_BYTES)
            self.header.templates.append((key, at, text))
            return
        text = self._text(self.budget.limits.string_bytes, "string", key)
        if key.startswith("tokenizer.ggml."):
            self.header.digests[key] = hashlib.sha256(text).hexdigest()
        try:
            decoded = text.decode("utf-8")
        except UnicodeDecodeError:
            self._note(Damage.INVALID, "the text is not UTF-8", at, key)
            decoded = text.decode("utf-8", "backslashreplace")
        self._keep(key, decoded[:LONGEST_KEPT_TEXT])

    def _array(self, key: str) -> None:
        at = self.cursor.position
        hashing = hashlib.sha256() if key.startswith("tokenizer.ggml.") else None
        if "chat_template" in key and key != "tokenizer.chat_templates":
            self._note(Damage.INVALID, "the chat template is a list", at, key)
        item_type, count = self._array_start(key)
        self.header.lengths[key] = count
        if count <= MOST_KEPT_ITEMS and hashing is None and item_type != ARRAY:
            self._keep(key, self._short_array(item_type, count, key))
            return
        self._skip_array(item_type, count, hashing, key, 1)
        if hashing is not None:
            self.header.digests[key] = hashing.hexdigest()

    def _short_array(self, item_type: int, count: int, key: str) -> tuple[Scalar, ...]:
        items: list[Scalar] = []
        for _ in range(count):
            if item_type == STRING:
                text = self._text(self.budget.limits.string_bytes, "string", key)
                if "template" in key and b"{" in text:
                    self.budget.spend("chat template bytes", len(text), MOST_TEMPLATE_BYTES)
                    self.header.templates.append((key, self.cursor.position - len(text), text))
                items.append(text[:1024].decode("utf-8", "backslashreplace"))
            else:
                items.append(self._scalar(item_type, key))
        return tuple(items)

    def _array_start(self, key: str) -> tuple[int, int]:
        at = self.cursor.position
        item_type = self.cursor.number("I")
        count = self.cursor.number(self._count_code)
        if item_type not in SCALARS and item_type not in (STRING, ARRAY):
            raise Broken(Damage.INVALID, f"array item type {item_type} does not exist", at, key)
        width = WIDTHS.get(item_type, 12 if item_type == ARRAY else 4 if self._count_code == "I" else 8)
        left = self.cursor.size - self.cursor.position
        if count * width > left:
            damage = Damage.CONTRADICTION if count > self.budget.limits.items else Damage.TRUNCATED
            raise Broken(damage, f"an array of {count} items does not fit into the file", at, key)
        if item_type in (STRING, ARRAY):
            self.budget.spend("header items", count, self.budget.limits.items)
        return item_type, count

    def _skip_array(self, item_type: int, count: int, hashing: "_Hash | None", key: str, depth: int) -> None:
        if item_type == STRING:
            self.cursor.skip_strings(count, self._count_code, self.budget.limits.string_bytes, hashing)
        elif item_type == ARRAY:
            if depth >= DEEPEST_ARRAY:
                raise Broken(Damage.INVALID, "arrays are nested too deep", self.cursor.position, key)
            self.budget.spend("nested arrays", count, MOST_NESTED_ARRAYS)
            for _ in range(count):
                self._skip_array(*self._array_start(key), hashing, key, depth + 1)
        else:
            self.cursor.skip(count * WIDTHS[item_type], hashing)

    def _keep(self, key: str, value: Value) -> None:
        self._kept += len(key) + 64 + (4 * len(value) if isinstance(value, str) else 0)
        if self._kept <= MOST_KEPT_BYTES:
            self.header.values.setdefault(key, value)

    def _note(self, damage: Damage, reason: str, offset: int, key: str) -> None:
        if len(self.header.observations) < 20:
            self.header.observations.append(Malformed(damage=damage, reason=reason, offset=offset, key=key))
