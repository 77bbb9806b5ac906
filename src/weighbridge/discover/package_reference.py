"""Which package a launcher is asked to run, and whether the reference can lead to other code tomorrow.

Sources: npm `npx` and `npm exec` documentation; uv `uvx` (`uv tool run`), pipx `run`; `docker run` reference; Semantic
Versioning 2.0.0; PEP 440; OCI distribution specification (digests).
"""

import re
from collections.abc import Sequence
from typing import Literal

from weighbridge.discover.shell_text import base_name, unwrapped
from weighbridge.model.agent import PackageReference

_EXACT = re.compile(r"^v?\d+\.\d+(?:\.\d+)*(?:[-+.]?[0-9A-Za-z.-]+)?$")
_COMMIT = re.compile(r"^[0-9a-f]{40}$|^[0-9a-f]{64}$")
_NPX_VALUES = frozenset({"-p", "--package", "-c", "--call", "--registry", "--cache", "--prefix", "-w", "--workspace"})
_UV_VALUES = frozenset(
    {"--from", "--with", "--python", "-p", "--index", "--index-url", "--default-index", "--extra-index-url", "-i"}
    | {"--with-editable", "--with-requirements", "--directory", "--project", "--env-file", "--cache-dir", "--spec"}
)
_DOCKER_VALUES = frozenset(
    {"-e", "--env", "-v", "--volume", "-p", "--publish", "--name", "--network", "--net", "--mount", "-u", "--user"}
    | {"-w", "--workdir", "--env-file", "--entrypoint", "--platform", "-h", "--hostname", "--add-host", "--gpus"}
    | {"-m", "--memory", "--cpus", "--label", "-l", "--pull", "--restart", "--runtime", "--security-opt", "--cap-add"}
    | {"--cap-drop", "--device", "--dns", "--tmpfs", "--ulimit", "--log-driver", "--pid", "--ipc", "--shm-size"}
)


def package_of(command: Sequence[str]) -> PackageReference | None:
    """Return what `npx`, `uvx`, `docker run` and their like would fetch; None for any other command."""
    words = unwrapped(command)
    if not words:
        return None
    name, rest = base_name(words[0]), list(words[1:])
    if name in ("npx", "bunx", "pnpx"):
        return _npm(rest)
    if name in ("pnpm", "yarn", "bun", "npm") and rest and rest[0] in ("dlx", "x", "exec"):
        return _npm([word for word in rest[1:] if word != "--"])
    if name == "deno":
        return next((_npm([word[4:]]) for word in rest if word.startswith("npm:")), _jsr(rest))
    if name == "uvx":
        return _pypi(rest)
    if name == "uv" and rest[:2] == ["tool", "run"]:
        return _pypi(rest[2:])
    if name == "uv" and rest[:1] == ["run"] and "--with" in rest[:-1]:
        return _requirement(rest[rest.index("--with") + 1])
    if name == "pipx" and rest[:1] == ["run"]:
        return _pypi(rest[1:])
    if name in ("docker", "podman", "nerdctl") and (rest[:1] == ["run"] or rest[:2] == ["container", "run"]):
        return _image(rest[rest.index("run") + 1 :])
    return None


def _npm(words: list[str]) -> PackageReference | None:
    position = 0
    while position < len(words):
        word = words[position]
        if word.startswith(("--package=", "-p=")):
            return _npm_name(word.partition("=")[2])
        if word in ("-p", "--package") and position + 1 < len(words):
            return _npm_name(words[position + 1])
        if word in _NPX_VALUES:
            position += 2
            continue
        if not word.startswith("-"):
            return _npm_name(word)
        position += 1
    return None


def _npm_name(text: str) -> PackageReference | None:
    if not text or text.startswith((".", "/")):
        return None
    if re.match(r"(?:git\+|git://|github:|gitlab:|https?://)", text) or re.fullmatch(r"[\w.-]+/[\w.-]+(?:#\S*)?", text):
        return _git(text, "#")
    name, at, version = text[1:].partition("@") if text.startswith("@") else text.partition("@")
    name = "@" + name if text.startswith("@") else name
    return _reference("npm", name, version if at else None)


def _pypi(words: list[str]) -> PackageReference | None:
    position = 0
    while position < len(words):
        word = words[position]
        if word.startswith(("--from=", "--spec=")):
            return _requirement(word.partition("=")[2])
        if word in ("--from", "--spec") and position + 1 < len(words):
            return _requirement(words[position + 1])
        if word in _UV_VALUES:
            position += 2
            continue
        if not word.startswith("-"):
            return _requirement(word)
        position += 1
    return None


def _requirement(text: str) -> PackageReference | None:
    if text.startswith((".", "/")):
        return None
    if text.startswith(("git+", "http://", "https://")) or " @ " in text:
        return _git(text.rpartition(" @ ")[2], "@")
    found = re.fullmatch(r"([\w.-]+)(?:\[[^\]]*\])?(?:(===?|@)([^,;\s]+)|([<>=!~][^;]*))?\s*(?:;.*)?", text)
    if found is None:
        return None
    return _reference("pypi", found[1], found[3] or found[4], exact=bool(found[2]))


def _image(words: list[str]) -> PackageReference | None:
    position = 0
    while position < len(words):
        word = words[position]
        if word in _DOCKER_VALUES:
            position += 2
        elif word.startswith("-"):
            position += 1
        else:
            name, at, digest = word.partition("@")
            repository, colon, tag = name.rpartition(":")
            if not colon or "/" in tag:
                repository, tag = name, ""
            version = f"@{digest}" if at else tag or None
            pinned = bool(at and re.fullmatch(r"sha256:[0-9a-f]{64}", digest)) or bool(_EXACT.match(tag))
            return PackageReference(ecosystem="oci", name=repository[:300], version=version, pinned=pinned)
    return None


def _git(text: str, mark: str) -> PackageReference:
    """Return a repository; after `mark` may stand a commit, which stays, or a branch or tag, which moves."""
    address, found, revision = text.rpartition(mark)
    if not found or "/" in revision or "://" not in address + "://" * (mark == "#"):
        address, revision = text, ""
    plain = re.sub(r"://[^/@]*@", "://", address)
    return PackageReference(
        ecosystem="git",
        name=plain[:300],
        version=revision[:100] or None,
        pinned=bool(_COMMIT.match(revision)),
    )


def _jsr(words: list[str]) -> PackageReference | None:
    for word in words:
        if word.startswith("jsr:"):
            name, at, version = word[5:].partition("@")
            return _reference("jsr", "@" + name, version if at else None)
    return None


def _reference(
    ecosystem: Literal["npm", "pypi", "jsr"], name: str, version: str | None, *, exact: bool = True
) -> PackageReference:
    pinned = bool(exact and version and _EXACT.match(version))
    return PackageReference(
        ecosystem=ecosystem, name=name[:300], version=version[:100] if version else None, pinned=pinned
    )
