"""What `wb hub setup` changes on a machine so that its tools use the hub, and how that is taken back.

Each change is of one file, shown before it is made. In a file of the person's own only the lines between two marks are
ours; a file that holds nothing else is removed when it is undone.

Sources: huggingface_hub, "Environment variables"; llama.cpp, `common/` (`MODEL_ENDPOINT`, `HF_ENDPOINT`, `HF_TOKEN`);
requests and OpenSSL documentation (`REQUESTS_CA_BUNDLE`, `SSL_CERT_FILE`); environment.d(5); fish documentation.
"""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence

from weighbridge.model.record import record

BEGIN = "# >>> weighbridge hub >>>"
END = "# <<< weighbridge hub <<<"
_NOTE = "# `wb hub setup --undo` takes these lines away."
_BLOCK = re.compile(rf"{re.escape(BEGIN)}\n.*?{re.escape(END)}\n", re.DOTALL)


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
    for path in _shared(here):
        before = read(path)
        after = (_without(before) or None) if before is not None else None
        if path in texts:
            after = _with(after, texts[path])
        found.append(Change(path=path, before=before, after=after, why="shells and what is started from them"))
    for path in sorted({*_own(here), *made}):
        why = "programs that the desktop starts" if path.endswith(".conf") else "the fish shell"
        found.append(Change(path=path, before=read(path), after=texts.get(path), why=why))
    return [one for one in found if one.before != one.after and (one.before is not None or one.after)]


def _shared(here: Surroundings) -> list[str]:
    names = {"bash": (".bashrc", ".profile"), "zsh": (".zshenv",)}
    return [f"{here.home}/{name}" for shell in ("bash", "zsh") if shell in here.shells for name in names[shell]]


def _own(here: Surroundings) -> list[str]:
    found = []
    if "fish" in here.shells:
        found.append(f"{here.config}/fish/conf.d/weighbridge-hub.fish")
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


def _without(text: str) -> str:
    return _BLOCK.sub("", text)


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
