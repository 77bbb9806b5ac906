"""llamafiles: one program for every system with the weights in a ZIP at its end.

Sources: llamafile README ("How llamafile works"); Actually Portable Executable (`MZqFpD`, `jartsr`). The program is
code by design, so this is noted beside the weights. The same shape with an ordinary program in front is taken too.
"""

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader, Role, Signature
from weighbridge.formats.zip_children import children_of, packing
from weighbridge.formats.zip_directory import names, parse
from weighbridge.formats.zip_end import END_MAGIC
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ArchiveAnomaly, EmbeddedCode
from weighbridge.model.source import ByteSource

_PROGRAMS = {
    b"MZqFpD": "ape",
    b"jartsr": "ape",
    b"MZ": "pe",
    b"\x7fELF": "elf",
    b"\xcf\xfa\xed\xfe": "mach-o",
    b"\xca\xfe\xba\xbe": "mach-o",
    b"#!": "shell",
}
_WEIGHTS = (".gguf", ".ggml", ".llamafile", ".safetensors")


def _kind(head: bytes) -> str | None:
    return next((kind for magic, kind in _PROGRAMS.items() if head.startswith(magic)), None)


def _recognize(source: ByteSource, head: bytes) -> bool:
    return _kind(head) is not None and any(name.lower().endswith(_WEIGHTS) for name in names(source))


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    kind = _kind(source.read(0, 16)) or "ape"
    directory = parse(source, budget)
    children, unread = children_of(source, directory, budget, Role.PART)
    gathering.children += children
    for observation in (*directory.observations, *packing(directory, budget), *unread):
        # The program is what stands before the archive: that is the format, not an oddity.
        if not (isinstance(observation, ArchiveAnomaly) and observation.kind == "prefix-data"):
            gathering.observe(observation)
    description = f"a program ({kind}) that carries its own weights; to use the model is to run it"
    gathering.observe(EmbeddedCode(kind="ape", description=description, offset=0))


READER = Reader(
    id="llamafile",
    title="llamafile",
    recognize=_recognize,
    read=gathered("llamafile", _read),
    signatures=tuple(Signature(magic=magic) for magic in (b"MZqFpD", b"jartsr")),
    at_end=END_MAGIC,
    suffixes=(".llamafile",),
)
