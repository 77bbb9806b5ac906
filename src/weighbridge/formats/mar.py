"""TorchServe model archives: a ZIP (or tar) with `MAR-INF/MANIFEST.json`, weights and a Python handler.

Sources: TorchServe `model-archiver/README.md` and `ts/model_loader.py` (the handler is imported and run);
CVE-2023-48299 (members that leave the folder).
"""

from weighbridge.formats.bundle import bundle_children, ends_with_any, is_tar, member_names, text_of
from weighbridge.formats.codec import GZIP, expand_gzip, first_piece, stream
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.json_text import parse as parse_json
from weighbridge.formats.reader import IsolatedRequest, Reader, Signature
from weighbridge.formats.tar_header import could_be_header
from weighbridge.formats.zip_directory import LOCAL_MAGIC
from weighbridge.formats.zip_end import END_MAGIC
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, EmbeddedCode, Unread
from weighbridge.model.source import ByteSource

_MANIFEST = "MAR-INF/MANIFEST.json"
_MOST_PROGRAMS = 30
_STARTS_WITHIN = 256 << 10
"""Of a packed archive, this much is expanded to find the manifest."""
_is_python = ends_with_any(".py", ".pyw")
_FACTS = {"modelName": "name", "modelVersion": "version", "author": "author", "description": "description"}


def _recognize(source: ByteSource, head: bytes) -> bool:
    if head.startswith(GZIP):
        start = first_piece(source, expand_gzip, _STARTS_WITHIN)
        return is_tar(start[:512]) and _MANIFEST.encode() in start
    return _MANIFEST in member_names(source, head)


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    if source.read(0, 3) == GZIP:
        source = stream(source, expand_gzip, budget, source.name)
    handlers: set[str] = set()
    children = bundle_children(source, budget, gathering)
    for child in children:
        if child.member == _MANIFEST:
            text = text_of(child, gathering)
            if text is not None:
                handlers |= _manifest(text, gathering)
    programs = 0
    for child in children:
        if child.member == _MANIFEST:
            continue
        if not _is_python(child.member) and child.member not in handlers:
            gathering.children.append(child)
            continue
        programs += 1
        text = text_of(child, gathering) if programs <= _MOST_PROGRAMS else None
        if text is not None:
            gathering.requests.append(IsolatedRequest(parser="python", payload=text, member=child.member))
        elif programs > _MOST_PROGRAMS:
            reason = f"more than {_MOST_PROGRAMS} programs in one archive"
            gathering.observe(Unread(what=child.member, reason=reason, member=child.member))


def _manifest(text: bytes, gathering: Gathering) -> set[str]:
    parsed = parse_json(text)
    if not isinstance(parsed.value, dict):
        gathering.damaged(Damage.INVALID, f"{_MANIFEST}: {parsed.error or 'no object'}", key=_MANIFEST)
        return set()
    model = parsed.value.get("model")
    model = model if isinstance(model, dict) else {}
    for key, name in _FACTS.items():
        if isinstance(model.get(key), str):
            gathering.fact(name, model[key], f"{_MANIFEST} key model.{key}")
    files = {value.partition(":")[0] for key in ("handler", "modelFile") if isinstance(value := model.get(key), str)}
    for name in sorted(files):
        description = "the server imports and runs this file of the archive"
        if "." in name:
            gathering.observe(EmbeddedCode(kind="python-handler", description=description, key=f"model: {name[:100]}"))
    if isinstance(model.get("requirementsFile"), str):
        description = "the server installs the packages that this archive asks for"
        gathering.observe(EmbeddedCode(kind="python-handler", description=description, key="model: requirementsFile"))
    return files


READER = Reader(
    id="mar",
    title="TorchServe model archive",
    recognize=_recognize,
    read=gathered("mar", _read),
    signatures=(Signature(magic=LOCAL_MAGIC), Signature(magic=b"ustar", offset=257), Signature(magic=GZIP)),
    could_be=could_be_header,
    at_end=END_MAGIC,
    suffixes=(".mar",),
)
