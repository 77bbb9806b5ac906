"""What is known of products that run or serve models: the files of `runtimes/`, checked and typed.

One TOML file per product, the file name is its id. Every fact stands on the `source`, the date `checked` and the
`confidence` of its file, or on its own where a section or a sign has some:

    title, kind, about, source, checked, confidence, notes
    [process]    how its processes are told: `programs` (exact file names, or patterns), `ambiguous` (names that others
                 have too: a hint), `titles`, `modules` and `scripts` of interpreters, `folders` (patterns of paths that
                 are all its own), `subcommands` that make it run models, `children` (products that it starts as its
                 own), `mapped` (patterns of libraries that only it brings), `accounts`, `units`; `process_names` and
                 `command_lines` (regular expressions) for products that match text
    [server]     how its server is told: `ports`, `sockets`, `listings` (paths of lists in OpenAI's form), `owned_by`
                 (its own names in such a list), `generic_owned_by` (names that others use too), `imitates`,
                 `public_listing` (it lists models without a key even if it has one), `foreign` (words of a Server
                 header that it never sends), `headers` (its own Server headers)
    [[server.signs]]  one GET: see `Sign`
    [files]      `configuration`, and folders of `models`
    [packages]   names by package manager
    [governance] `variables`, `risky_arguments`, `key_arguments`, `hardening`, `launches` (agents), `load_modes`
"""

from functools import cache
from typing import Any, Literal

from weighbridge.discover.compiled import compiled_runtimes
from weighbridge.discover.signature import CONFIDENCES
from weighbridge.model.record import record

KINDS = ("runtime", "gateway", "ui", "toolchain")
PROOFS = ("decides", "narrows", "hint")
SHAPES = ("array", "object", "string")

_FILE = {"title": str, "kind": str, "about": str, "source": str, "checked": object, "confidence": str, "notes": list}
_STANDS_ON = {"source": str, "checked": object, "confidence": str}
_PROCESS = dict.fromkeys(
    (
        *("programs", "ambiguous", "titles", "modules", "scripts", "subcommands", "children", "mapped", "accounts"),
        *("folders", "units", "process_names", "command_lines"),
    ),
    list,
)
_SERVER = dict.fromkeys(
    ("ports", "sockets", "listings", "owned_by", "generic_owned_by", "foreign", "headers", "imitates", "signs"), list
)
_SIGN = {
    **{"path": str, "proof": str, "status": int, "body": str, "contains": str, "list": str, "shape": str, "note": str},
    **{
        "has": list,
        "any": list,
        "items": list,
        "also": list,
        "equals": dict,
        "expected": bool,
        "open": bool,
        "last": bool,
    },
}
_FILES = dict.fromkeys(("configuration", "models", "models_linux", "models_darwin", "models_windows"), list)
_PACKAGES = dict.fromkeys(("apt", "brew", "dnf", "docker", "npm", "pip", "winget"), list)
_GOVERNANCE = dict.fromkeys(("variables", "risky_arguments", "key_arguments", "launches"), list)
_CONDITIONS = ("body", "contains", "has", "any", "equals", "list", "shape", "status")


@record
class Provenance:
    """What a fact stands on."""

    source: str
    checked: str
    """Date, ISO 8601."""
    confidence: str
    """`source`, `docs`, `peer` or `unverified`."""


@record
class Sign:
    """A GET and the answer that shows a product. All conditions that are given must hold."""

    path: str
    proof: Literal["decides", "narrows", "hint"]
    """`decides`: shows the product, or one of `also`. `narrows`: it is one of these if anything else says which.
    `hint`: supports what something else says; many servers answer like that. A sign that nobody could confirm
    (`unverified`) narrows at most, whatever its file says."""
    status: int = 200
    body: str | None = None
    """The whole body, space around it left out."""
    contains: str | None = None
    has: tuple[str, ...] = ()
    """Keys that a JSON object must have; dots lead into objects."""
    any_of: tuple[str, ...] = ()
    """Keys of which it must have at least one."""
    equals: tuple[tuple[str, Any], ...] = ()
    list_at: str | None = None
    """Key of a list."""
    items: tuple[str, ...] = ()
    """Keys of every entry of that list."""
    shape: Literal["array", "object", "string"] | None = None
    also: tuple[str, ...] = ()
    """Products that answer the same."""
    expected: bool = False
    """Whether the product always answers so: where it does not, this is not the product."""
    open: bool = False
    """Whether a server with a key refuses this path, so that an answer without one shows that there is none."""
    last: bool = False
    """Whether to ask only when nothing else told who it is, as some gateway sends such a request on."""
    note: str = ""
    provenance: Provenance


@record
class Runtime:
    """One product."""

    id: str
    title: str
    kind: Literal["runtime", "gateway", "ui", "toolchain"]
    about: str
    provenance: Provenance
    notes: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    subcommands: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    mapped: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    process_names: tuple[str, ...] = ()
    command_lines: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    sockets: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    owned_by: tuple[str, ...] = ()
    generic_owned_by: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    """Words of a Server header that it never sends, lower case."""
    headers: tuple[str, ...] = ()
    """The Server headers of its own, lower case."""
    public_listing: bool = False
    """Whether it lists its models without a key even if it has one."""
    imitates: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    server_provenance: Provenance
    configuration: tuple[str, ...] = ()
    models: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Folders by platform; `any` for all."""
    layout: str = ""
    packages: tuple[tuple[str, tuple[str, ...]], ...] = ()
    variables: tuple[str, ...] = ()
    risky_arguments: tuple[str, ...] = ()
    """Arguments that let the server act, or run code that comes with a model."""
    key_arguments: tuple[str, ...] = ()
    """Arguments that make it ask for a key."""
    hardening: tuple[tuple[str, str], ...] = ()
    """Variables that keep it on this machine, with their value."""
    launches: tuple[str, ...] = ()
    load_modes: tuple[tuple[str, str], ...] = ()


@cache
def runtimes() -> dict[str, Runtime]:
    """Return all products by id, sorted."""
    return {runtime_id: runtime_of(runtime_id, content) for runtime_id, content in _compiled().items()}


def _compiled() -> dict[str, Any]:
    content: dict[str, Any] = compiled_runtimes()["runtimes"]
    return content


def runtime_of(runtime_id: str, content: dict[str, Any]) -> Runtime:
    """Return the product with the content of its file. Raises ValueError naming the key at fault."""
    sections = ("process", "server", "files", "packages", "governance")
    _checked(runtime_id, {key: value for key, value in content.items() if key not in sections}, _FILE)
    if missing := {"title", "kind", "about", "source", "checked", "confidence"} - set(content):
        raise ValueError(f"{runtime_id}: missing key {min(missing)!r}")
    if content["kind"] not in KINDS:
        raise ValueError(f"{runtime_id}: kind is one of {', '.join(KINDS)}")
    process, server, files, packages, governance = (dict(content.get(name, {})) for name in sections)
    _checked(f"{runtime_id}: process", process, _PROCESS)
    _checked(f"{runtime_id}: server", server, _SERVER | _STANDS_ON | {"public_listing": bool})
    _checked(f"{runtime_id}: files", files, _FILES | {"layout": str})
    _checked(f"{runtime_id}: packages", packages, _PACKAGES)
    _checked(f"{runtime_id}: governance", governance, _GOVERNANCE | {"hardening": dict, "load_modes": dict})
    whole = _provenance(runtime_id, content, None)
    of_server = _provenance(runtime_id, server, whole)
    signs = tuple(_sign(runtime_id, sign, of_server) for sign in server.pop("signs", ()))
    layout, public_listing = files.pop("layout", ""), server.pop("public_listing", False)
    configuration = tuple(files.pop("configuration", ()))
    hardening, load_modes = governance.pop("hardening", {}), governance.pop("load_modes", {})
    plain = process | {key: value for key, value in server.items() if key not in _STANDS_ON} | governance
    return Runtime(
        id=runtime_id,
        title=content["title"],
        kind=content["kind"],
        about=content["about"],
        provenance=whole,
        notes=tuple(content.get("notes", ())),
        signs=signs,
        public_listing=public_listing,
        server_provenance=of_server,
        configuration=configuration,
        models=tuple((key.partition("_")[2] or "any", tuple(folders)) for key, folders in files.items()),
        layout=layout,
        packages=tuple((manager, tuple(names)) for manager, names in packages.items()),
        hardening=tuple(hardening.items()),
        load_modes=tuple(load_modes.items()),
        **{key: tuple(value) for key, value in plain.items()},
    )


def _sign(runtime_id: str, content: dict[str, Any], whole: Provenance) -> Sign:
    where = f"{runtime_id}: sign {content.get('path', '?')}"
    _checked(where, content, _SIGN | _STANDS_ON)
    if not str(content.get("path", "")).startswith("/"):
        raise ValueError(f"{where}: path starts with /")
    if content.get("proof") not in PROOFS:
        raise ValueError(f"{where}: proof is one of {', '.join(PROOFS)}")
    if content.get("shape", SHAPES[0]) not in SHAPES:
        raise ValueError(f"{where}: shape is one of {', '.join(SHAPES)}")
    if not any(key in content for key in _CONDITIONS):
        raise ValueError(f"{where}: it needs a condition")
    stands_on = _provenance(where, content, whole)
    hearsay = content["proof"] == "decides" and stands_on.confidence == "unverified"
    return Sign(
        path=content["path"],
        proof="narrows" if hearsay else content["proof"],
        status=content.get("status", 200),
        body=content.get("body"),
        contains=content.get("contains"),
        has=tuple(content.get("has", ())),
        any_of=tuple(content.get("any", ())),
        equals=tuple(content.get("equals", {}).items()),
        list_at=content.get("list"),
        items=tuple(content.get("items", ())),
        shape=content.get("shape"),
        also=tuple(content.get("also", ())),
        expected=content.get("expected", False),
        open=content.get("open", False),
        last=content.get("last", False),
        note=content.get("note", ""),
        provenance=stands_on,
    )


def _provenance(where: str, content: dict[str, Any], whole: Provenance | None) -> Provenance:
    """Return what a part stands on: its own keys, and those of the whole for the rest."""
    made = Provenance(
        source=content.get("source") or (whole.source if whole else ""),
        checked=str(content.get("checked") or (whole.checked if whole else "")),
        confidence=content.get("confidence") or (whole.confidence if whole else ""),
    )
    if made.confidence not in CONFIDENCES:
        raise ValueError(f"{where}: confidence is one of {', '.join(CONFIDENCES)}")
    if not made.source or not made.checked:
        raise ValueError(f"{where}: source and checked are needed")
    return made


def _checked(where: str, content: dict[str, Any], keys: dict[str, Any]) -> None:
    for key, value in content.items():
        if key not in keys:
            raise ValueError(f"{where}: unknown key {key!r}")
        if not isinstance(value, keys[key]) or value in ("", [], {}):
            raise ValueError(f"{where}: {key} is not what is expected there")
