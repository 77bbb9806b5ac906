"""What readers notice in bytes, for checks to judge.

Reading is not judging: an observation states what stands where, never whether it is bad. A check
names the observation types that it wants, so a new format touches no check and a new check no
format. Types that only one family of formats needs stand in a file of their own in this room
(`pickle_program.py`).
"""

from enum import StrEnum

from weighbridge.model.record import record
from weighbridge.model.source import LimitReached


@record
class Observation:
    """Base: every observation knows where it stands."""

    offset: int | None = None
    """Byte offset in the file or member."""
    member: str | None = None
    """Path inside the artifact; the pipeline fills it in for parts, readers may for their own members."""
    key: str | None = None
    """Header key, configuration key, attribute path, node name."""


class Damage(StrEnum):
    """How a structure breaks its format's rules."""

    TRUNCATED = "truncated"
    """Ends early and is consistent up to there: an interrupted download looks like this."""
    CONTRADICTION = "contradiction"
    """Says two things that cannot both be true (overlapping tensors, lengths beyond the file, two headers
    that disagree). Loaders disagree about such files."""
    INVALID = "invalid"
    """Breaks a rule of the format in a way that loaders refuse."""


@record
class Malformed(Observation):
    """The structure breaks the format's own rules."""

    damage: Damage
    reason: str


@record
class Excess(Observation):
    """A budget was spent: the file declares or expands to more than any honest file needs."""

    what: str
    limit: int


@record
class Unread(Observation):
    """Something in the artifact that could not be read (encrypted, unknown codec, nested too deep)."""

    what: str
    reason: str


def stopped(reached: LimitReached, *, member: str | None = None, key: str | None = None) -> Excess | Unread:
    """Return what a spent budget says about a file: an attack, or only that honest data can be so large."""
    if reached.honest:
        reason = f"more than {reached.limit} {reached.what}, farther than is looked"
        return Unread(what="the rest", reason=reason, member=member, key=key)
    return Excess(what=reached.what, limit=reached.limit, member=member, key=key)


@record
class ClassReference(Observation):
    """A configuration names code that a loader will import or instantiate.

    Keras `module` / `class_name` / `registered_name`, skops `__module__` / `__class__`, hydra `_target_`,
    MLflow `loader_module`, Transformers `auto_map`.
    """

    framework: str
    module: str
    name: str


@record
class GraphOperator(Observation):
    """A computation graph uses an operator that is outside the framework's plain mathematics."""

    framework: str
    domain: str
    name: str


@record
class EmbeddedCode(Observation):
    """Code in a place where only data is expected."""

    kind: str
    """`python-marshal`, `python-source`, `elf`, `pe`, `mach-o`, `shell`, `wasm`, `torchscript`, `java-class`, `lua`."""
    description: str


class Escape(StrEnum):
    """How a reference leaves its place."""

    ABSOLUTE_PATH = "absolute-path"
    PARENT_PATH = "parent-path"
    SYMBOLIC_LINK = "symbolic-link"
    DEVICE = "device"
    URL = "url"
    ENTITY = "entity"


@record
class OutsideReference(Observation):
    """A file name, link, URL or entity inside the artifact that points outside of it."""

    escape: Escape
    target: str


@record
class ArchiveAnomaly(Observation):
    """Two readers of this archive would see different members or contents."""

    kind: str
    """`duplicate-member`, `name-mismatch`, `size-mismatch`, `flag-mismatch`, `crc-mismatch`, `hidden-member`,
    `prefix-data`, `trailing-data`, ..."""
    detail: str


@record
class TemplateProgram(Observation):
    """What a chat template does, from its syntax tree; it was parsed, never rendered."""

    attributes: tuple[str, ...]
    """Attribute and constant subscript names that are read, in order of first use."""
    filters: tuple[str, ...]
    calls: tuple[str, ...]
    """Dotted names of what is called; computed callees as `<computed>`."""
    computed: tuple[str, ...]
    """Attribute names that are built at run time, as source text."""
    imports: tuple[str, ...]
    """Targets of import, include and extends."""
    loops: int
    text_sha256: str
    error: str | None = None
    """Why the text is not a template that parses, if so."""
    names: tuple[str, ...] = ()
    """Variables and functions that are read from the surroundings or set by the template."""
    heavy: tuple[str, ...] = ()
    """What would cost a renderer more time or memory than any honest template, in words."""


@record
class PythonProgram(Observation):
    """What Python source beside a model does, from its syntax tree; it was parsed, never run."""

    imports: tuple[str, ...]
    calls: tuple[str, ...]
    """Dotted names of what is called or handed on, resolved through aliases; `<computed>` where that fails."""
    top_level_calls: tuple[str, ...]
    """The subset that runs on import (module and class bodies)."""
    strings: tuple[str, ...]
    """Long or encoded string constants, shortened."""
    error: str | None = None


@record
class NameMismatch(Observation):
    """The name says one format, the content is another."""

    name_suffix: str
    expected: tuple[str, ...]
    actual: str


@record
class DigestMismatch(Observation):
    """The measured digest is not what the store's name or manifest claims."""

    claimed: str
    measured: str


@record
class ExecutableBeside(Observation):
    """A program lies in a model repository, beside the weights."""

    path: str
    kind: str


@record
class Polyglot(Observation):
    """The same bytes are valid in several formats, so that two loaders see two different things."""

    formats: tuple[str, ...]
