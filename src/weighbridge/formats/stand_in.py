"""Files that stand where a model should be and are none: Git LFS pointers and web pages saved under a model's name.

Sources: Git LFS specification, "The Pointer" (`version https://git-lfs.github.com/spec/v1` is the first line, and a
pointer is shorter than 1024 bytes); HTML Living Standard, "The DOCTYPE".
"""

import re

from weighbridge.formats.reader import HEAD_BYTES, Reader, Reading, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.observation import Unread
from weighbridge.model.source import ByteSource

_POINTER = re.compile(rb"version https://(?:git-lfs\.github\.com|hawser\.github\.com)/spec/v[0-9]\r?\n")
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,400}(?:<!--[^>]{0,400}-->\s{0,400})?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE
)
_NAMES = re.compile(
    rb"\.(?:bin|pt|pth|pt2|ptl|ckpt|pkl|pickle|joblib|npy|npz|safetensors|gguf|ggml|onnx|h5|hdf5|keras|tflite|mlmodel"
    rb"|msgpack|nemo|mar|skops|pdparams|pdiparams|engine|pte|model|pb|cbm|zip|tar|gz|7z|ort|llamafile|task|weights?"
    rb"|onnx[._]data(?:_\d{1,5})?|data-\d{5}-of-\d{5}|bin\.part\d{0,5})\Z",
    re.IGNORECASE,
)
_POINTER_BYTES = 1024
_OID = re.compile(rb"^oid sha256:([0-9a-f]{64})\r?$", re.MULTILINE)
_SIZE = re.compile(rb"^size ([0-9]{1,18})\r?$", re.MULTILINE)
_LOADED_AS_TEXT = (b".model", b".pb", b".zip", b".tar", b".gz", b".7z")
"""Names that say little: a page so named is left alone, a pointer is not."""


def reason(source: ByteSource, head: bytes) -> str | None:
    """Return why the source is not the model that its name promises, or None.

    Args:
        source: asked for its name and size only.
        head: its first bytes.
    """
    if not _NAMES.search(source.name):
        return None
    if source.size <= _POINTER_BYTES and _POINTER.match(head):
        return "this is a Git LFS pointer, not the model; `git lfs pull` fetches the model"
    if _PAGE.match(head) and not source.name.lower().endswith(_LOADED_AS_TEXT):
        return "this is a web page, not the model; the download went wrong"
    return None


def is_pointer(content: bytes) -> bool:
    """Tell whether a whole file is a Git LFS pointer."""
    return len(content) <= _POINTER_BYTES and _POINTER.match(content) is not None


def could_be(head: bytes) -> bool:
    """Tell whether a web page begins here."""
    return _PAGE.match(head) is not None


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether something else than a model stands under the name of one."""
    return reason(source, head) is not None


def read(source: ByteSource, _budget: Budget) -> Reading:
    """Say what stands there instead."""
    head = source.read(0, HEAD_BYTES)
    said = reason(source, head) or "this is not the model"
    return Reading(
        format="stand-in",
        holds_model=True,
        facts=_pointed_at(head) if _POINTER.match(head) else (),
        observations=(Unread(what="the model", reason=said),),
    )


def _pointed_at(head: bytes) -> tuple[Fact, ...]:
    """Return digest and size of the content that a pointer stands for."""
    source = "Git LFS pointer"
    facts = []
    if (oid := _OID.search(head)) is not None:
        facts.append(Fact(name="lfs.sha256", value=oid[1].decode(), grade=Grade.DECLARED, source=source))
    if (size := _SIZE.search(head)) is not None:
        facts.append(Fact(name="lfs.size", value=int(size[1]), grade=Grade.DECLARED, source=source))
    return tuple(facts)


READER = Reader(
    id="stand-in",
    title="Placeholder of a model",
    recognize=recognize,
    read=read,
    signatures=(Signature(magic=b"version https://"),),
    could_be=could_be,
    begins=b"<\xef \t\r\n",
)
