"""What `wb hub setup` changes on a machine so that its tools use the hub, and how that is taken back.

Each change is of one file, shown before it is made. In a file of the person's own only the lines between two marks are
ours; a file that holds nothing else is removed when it is undone.

Sources: huggingface_hub, "Environment variables"; llama.cpp, `common/` (`MODEL_ENDPOINT`, `HF_ENDPOINT`, `HF_TOKEN`);
requests and OpenSSL documentation (`REQUESTS_CA_BUNDLE`, `SSL_CERT_FILE`); environment.d(5); fish documentation.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

BEGIN = "# >>> weighbridge hub >>>"
END = "# <<< weighbridge hub <<<"
_NOTE = "# `wb hub setup --undo` takes these lines away."
_BLOCK = re.compile(rf"{re.escape(BEGIN)}\r?\n.*?{re.escape(END)}(?:\r?\n|\Z)", re.DOTALL)
"""Editors write other ends of lines, and take the last one away."""

_SETS = re.compile(r"\s*(?:export\s+|set\s+(?:-\S+\s+)*)?([A-Z_]+)[=\s]")
LOGIN_FILES = (".bash_profile", ".bash_login", ".profile")
"""bash reads the first of them that is there (bash(1), "INVOCATION")."""
_EVERY_SHARED = (".bashrc", *LOGIN_FILES, ".zshenv")


@record
class Wanted:
    """What tools are to be told."""

    url: str
    token_file: str = ""
    """Where the token lies; empty for a hub that wants none."""
    authorities_file: str = ""
    """Where the certificates lie that are trusted; empty for the system's."""


@record
class Surroundings:
    """What a machine has that can be told."""

    platform: str
    home: str
    shells: tuple[str, ...]
    """`bash`, `zsh`, `fish`: those whose files are there, and the one that the person uses."""
    config: str
    """The folder for settings: `~/.config`, or what XDG_CONFIG_HOME says."""
    login_files: tuple[str, ...] = (".profile",)
    """What bash may read when somebody logs in: those of `LOGIN_FILES` that are there, or the last."""


@record
class Change:
    """One file, before and after."""

    path: str
    before: str | None
    """None if it is not there."""
    after: str | None
    """None if it is to go."""
    why: str

    @property
    def diff(self) -> str:
        """The change as people read it."""
        lines = difflib.unified_diff(
            (self.before or "").splitlines(keepends=True),
            (self.after or "").splitlines(keepends=True),
            self.path if self.before is not None else "(new)",
            self.path if self.after is not None else "(removed)",
            n=1,
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def variables(wanted: Wanted) -> dict[str, str]:
    """Return what programs are to find in their surroundings."""
    found = {"HF_ENDPOINT": wanted.url, "HF_HUB_DISABLE_UPDATE_CHECK": "1"}
    if wanted.token_file:
        found["HF_TOKEN_PATH"] = wanted.token_file
    if wanted.authorities_file:
        found |= {"SSL_CERT_FILE": wanted.authorities_file, "REQUESTS_CA_BUNDLE": wanted.authorities_file}
    return found


def changes(
    wanted: Wanted | None, here: Surroundings, read: Callable[[str], str | None], made: Sequence[str] = ()
) -> list[Change]:
    """Return what is to be changed; nothing where all is as wanted.

    Args:
        wanted: what tools are to be told; None to take everything back.
        here: what there is.
        read: gives the text of a file, None if it is not there.
        made: files that are ours alone from before, as their paths.
    """
    texts = {} if wanted is None else _texts(wanted, here)
    found = []
    for path in (f"{here.home}/{name}" for name in _EVERY_SHARED):
        before = read(path)
        after = (_without(path, before) or None) if before is not None else None
        if path in texts:
            after = _with(after, texts[path])
        found.append(Change(path=path, before=before, after=after, why="shells and what is started from them"))
    for path in sorted({*_own(here), *made}):
        why = "programs that the desktop starts" if path.endswith(".conf") else "the fish shell"
        found.append(Change(path=path, before=read(path), after=texts.get(path), why=why))
    return [one for one in found if one.before != one.after and (one.before is not None or one.after)]


def own_settings(wanted: Wanted, here: Surroundings, read: Callable[[str], str | None]) -> list[tuple[str, int, str]]:
    """Return where a person's own lines set what tools are told: file, line (from 1), variable. They come last and win.

    Args:
        wanted: what tools are told.
        here: what there is.
        read: gives the text of a file, None if it is not there.
    """
    told = {*variables(wanted), "HF_TOKEN", "MODEL_ENDPOINT"}
    return [
        (path, number, match[1])
        for path in (*_shared(here), *([f"{here.config}/fish/config.fish"] if "fish" in here.shells else []))
        for number, line in _foreign_lines(read(path) or "")
        if (match := _SETS.match(line)) and match[1] in told
    ]


def _foreign_lines(text: str) -> Iterator[tuple[int, str]]:
    ours = False
    for number, line in enumerate(text.splitlines(), start=1):
        ours = ours or line == BEGIN
        if not ours:
            yield number, line
        ours = ours and line != END


def _shared(here: Surroundings) -> list[str]:
    names = {"bash": (".bashrc", *here.login_files), "zsh": (".zshenv",)}
    return [f"{here.home}/{name}" for shell in ("bash", "zsh") if shell in here.shells for name in names[shell]]


def _own(here: Surroundings) -> list[str]:
    found = [f"{here.config}/fish/conf.d/weighbridge-hub.fish"]
    if here.platform == "linux":
        found.append(f"{here.config}/environment.d/60-weighbridge-hub.conf")
    return found


def _texts(wanted: Wanted, here: Surroundings) -> dict[str, str]:
    told = variables(wanted)
    block = [BEGIN, _NOTE, *(f"export {name}={_quoted(value)}" for name, value in told.items())]
    if wanted.token_file:
        # llama.cpp knows no file for it.
        token = _quoted(wanted.token_file)
        block.append(f'[ -r {token} ] && HF_TOKEN="$(cat {token})" && export HF_TOKEN')
    shared = "\n".join([*block, END, ""])
    texts = dict.fromkeys(_shared(here), shared)
    for path in _own(here):
        if path.endswith(".fish"):
            if "fish" not in here.shells:
                continue
            lines = [_NOTE, *(f"set -gx {name} {_fish(value)}" for name, value in told.items())]
            if wanted.token_file:
                token = _fish(wanted.token_file)
                lines.append(f"test -r {token}; and set -gx HF_TOKEN (cat {token})")
        else:
            lines = [_NOTE, *(f"{name}={_plain(value)}" for name, value in told.items())]
        texts[path] = "\n".join([*lines, ""])
    return texts


def _with(text: str | None, block: str) -> str:
    if not text:
        return block
    # Before anything else: many a .bashrc ends early for a shell that nobody types into.
    return f"{block}{text}"


def _without(path: str, text: str) -> str:
    rest = _BLOCK.sub("", text)
    if BEGIN in rest or END in rest:
        raise WeighbridgeError(
            "E-hub-setup",
            f"{path} has one of the two marks of `wb hub setup`, and not the other",
            f"remove the lines that belong to {BEGIN if BEGIN in rest else END} by hand, then run it again",
            exit_code=1,
        )
    return rest


def windows_lines(wanted: Wanted | None) -> list[str]:
    """Return what a person types on Windows to let programs find the hub, or to take that back (None).

    Source: Microsoft, "setx" (it sets variables of this user, for terminals to come) and "reg delete".
    """
    if wanted is None:
        return [f"reg delete HKCU\\Environment /f /v {name}" for name in ("HF_ENDPOINT", "HF_TOKEN_PATH")]
    return [f'setx {name} "{value}"' for name, value in variables(wanted).items() if '"' not in value]


def _quoted(value: str) -> str:
    escaped = value.replace("'", "'\\''")
    return f"'{escaped}'"


def _fish(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _plain(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'


def tool_lines(names: Mapping[str, bool], wanted: Wanted, model: str = "NAMESPACE/NAME") -> list[tuple[str, str]]:
    """Return what a person types in each tool that is here: its name, the line."""
    scheme, host = wanted.url.split("://", 1)
    insecure = " --insecure" if scheme == "http" else ""
    lines = {
        "huggingface": ("Hugging Face tools", f"hf download {model}"),
        "llama_cpp": ("llama.cpp", f"llama-cli -hf {model}"),
        "ollama": ("Ollama", f"ollama pull{insecure} {host}/{model.lower()}"),
        "lm_studio": ("LM Studio", f"wb pull {model}"),
    }
    return [line for name, line in lines.items() if names.get(name)]
