"""Names that marshalled Python code uses, without unmarshalling it.

Source: `Python/marshal.c` of CPython 3.8 to 3.14 (type codes, references, order of the parts of a code object). Code is
followed only as far as its names; nothing is built that could be run.
"""

from weighbridge.formats.word_list import words

_MOST_OBJECTS = 20_000
_DEPTH = 40
_SINGLES = b"NTF.S0"
_TEXTS_LONG = b"sutaA"
_TEXTS_SHORT = b"zZ"

MATHEMATICS = words("""
    K tf keras ops backend nn math linalg layers image numpy np abs absolute add subtract multiply divide mean sum max
    min reduce_mean reduce_sum reduce_max reduce_min reduce_prod sqrt rsqrt square exp log log1p relu relu6 sigmoid tanh
    softmax softplus elu gelu l2_normalize normalize expand_dims squeeze reshape concat concatenate stack unstack cast
    shape dtype float16 float32 float64 int32 int64 clip clip_by_value transpose permute_dimensions matmul dot batch_dot
    maximum minimum argmax argmin int_shape epsilon pow sin cos constant one_hot gather tile ones ones_like zeros
    zeros_like slice pad split where greater less equal round floor ceil sign cumsum norm resize axis keepdims int float
    range len pi e einsum tensordot repeat_elements repeat flatten batch_flatten arange variance std moments
""")


class _Unfollowed(Exception):  # noqa: N818  (the code is simply not followed further)
    pass


class _Walker:
    def __init__(self, content: bytes, *, new: bool) -> None:
        self.content = content
        self.position = 0
        self.new = new
        self.names: set[str] = set()
        self._references: list[object] = []
        self._objects = 0

    def take(self, length: int) -> bytes:
        piece = self.content[self.position : self.position + length]
        if length < 0 or len(piece) != length:
            raise _Unfollowed
        self.position += length
        return piece

    def number(self) -> int:
        return int.from_bytes(self.take(4), "little", signed=True)

    def value(self, depth: int = 0) -> object:
        """Return a string, a tuple of values, or None for whatever else stands here."""
        self._objects += 1
        if depth > _DEPTH or self._objects > _MOST_OBJECTS:
            raise _Unfollowed
        code = self.take(1)[0]
        kind, kept = code & 127, bool(code & 128)
        slot = len(self._references)
        if kept:
            self._references.append(None)
        found = self._of(kind, depth)
        if kept:
            self._references[slot] = found
        return found

    def _of(self, kind: int, depth: int) -> object:
        if kind in _SINGLES:
            return None
        if kind == ord("r"):
            index = self.number()
            if not 0 <= index < len(self._references):
                raise _Unfollowed
            return self._references[index]
        if kind in _TEXTS_LONG:
            return self.take(self.number()).decode("utf-8", "backslashreplace")
        if kind in _TEXTS_SHORT:
            return self.take(self.take(1)[0]).decode("utf-8", "backslashreplace")
        if kind in b"([<>":
            return tuple(self.value(depth + 1) for _ in range(self._count()))
        if kind == ord(")"):
            return tuple(self.value(depth + 1) for _ in range(self.take(1)[0]))
        if kind in b"ig":
            self.take(4 if kind == ord("i") else 8)
        elif kind == ord("y"):
            self.take(16)
        elif kind == ord("l"):
            self.take(2 * abs(self.number()))
        elif kind == ord("c"):
            self._code(depth)
        else:
            raise _Unfollowed
        return None

    def _count(self) -> int:
        count = self.number()
        if not 0 <= count <= len(self.content):
            raise _Unfollowed
        return count

    def _code(self, depth: int) -> None:
        self.take(20 if self.new else 24)
        self.value(depth + 1)
        self.value(depth + 1)
        names = self.value(depth + 1)
        if not isinstance(names, tuple) or any(not isinstance(name, str) for name in names):
            raise _Unfollowed
        self.names.update(str(name) for name in names)
        # Locals, then (free and cell variables | kinds), file name, name and, since 3.11, qualified name.
        for _ in range(5):
            self.value(depth + 1)
        if self.new:
            self.number()
            self.value(depth + 1)
            self.value(depth + 1)
        else:
            self.number()
            self.value(depth + 1)


def names_used(content: bytes) -> set[str] | None:
    """Return the global and attribute names that the code uses; None if it is of no layout that is known."""
    for new in (True, False):
        walker = _Walker(content, new=new)
        try:
            walker.value()
        except _Unfollowed:
            continue
        if walker.position == len(content):
            return walker.names
    return None


def only_computes(content: bytes) -> bool:
    """Tell whether the code uses no names but those of mathematics (`x * 2`, `tf.reduce_mean(x)`)."""
    if content[:1] not in (b"c", b"\xe3"):
        return False
    names = names_used(content)
    return names is not None and names <= MATHEMATICS
