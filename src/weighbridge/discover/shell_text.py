"""Commands as configurations state them: the program behind wrappers, and whether it downloads what it runs.

Nothing is expanded and nothing is run; words are split as a POSIX shell splits them (POSIX.1-2024, 2.2 Quoting).
"""

import re
import shlex
from collections.abc import Sequence

_LONGEST = 16_384
_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "fish", "ash", "pwsh", "powershell", "cmd", "busybox"})
_WRAPPERS = frozenset(
    {"env", "sudo", "doas", "nohup", "exec", "command", "time", "nice", "timeout", "stdbuf", "setsid"}
)
_ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*=")
_RUNS = (
    r"(?:sudo\s+(?:-\w+\s+)*)?(?:/\S{0,80}/)?"
    r"(?:sh|bash|zsh|dash|ksh|fish|python[\d.]*|node|perl|ruby|php|pwsh|powershell|iex|invoke-expression|source)\b"
)
_GETS = r"(?:curl|wget|fetch|aria2c|iwr|irm|invoke-webrequest|invoke-restmethod|base64\s+(?:-d|-D|--decode)|xxd\s+-r)\b"
_PIPED = re.compile(rf"(?i){_GETS}[^|;&\n]{{0,2000}}\|(?:[^|;&\n]{{0,200}}\|){{0,3}}\s*{_RUNS}")
_SUBSTITUTED = re.compile(rf"(?i)(?:{_RUNS}|eval|\.)\s+(?:-c\s+)?[\"']?(?:<\(|\$\(|`)\s*{_GETS}")
_NEW_OBJECT = re.compile(r"(?i)(?:iex|invoke-expression)\W{1,5}(?:new-object\s|\(?\s*(?:iwr|irm|curl|wget|invoke-))")
_SAVED = re.compile(rf"(?i){_GETS}[^|;&\n]{{0,500}}?\s(?:-o|-O|--output|--output-document|>)\s*([^\s;&|]{{1,200}})")


def fetches_code(text: str) -> bool:
    """Tell whether a command downloads, or decodes, what it then runs."""
    text = text[:_LONGEST]
    if _PIPED.search(text) or _SUBSTITUTED.search(text) or _NEW_OBJECT.search(text):
        return True
    for saved in _SAVED.finditer(text):
        name = saved[1].strip("\"'")
        rest = text[saved.end() :]
        if re.search(
            rf"(?:&&|;|\n)\s*(?:\S{{1,20}}\s+)?[\"']?{re.escape(name)}(?![\w.])", rest.replace("chmod +x", "chmod x")
        ):
            return True
    return False


def words_of(command: object, arguments: object = None) -> tuple[str, ...]:
    """Return program and arguments from what a configuration gives: a text, a list, or both apart.

    Args:
        command: text or list.
        arguments: list or text, if they are given apart; then `command` is one word even with blanks in it.
    """
    words: list[str] = []
    if isinstance(command, str) and command.strip():
        words = [command] if arguments is not None else split(command)
    elif isinstance(command, list):
        words = [str(word) for word in command if isinstance(word, str | int | float)]
    if isinstance(arguments, list):
        words += [str(word) for word in arguments if isinstance(word, str | int | float)]
    elif isinstance(arguments, str):
        words += split(arguments)
    return tuple(words[:500])


def split(text: str) -> list[str]:
    """Return the words of a command; by blanks where its quotes do not match."""
    text = text[:_LONGEST]
    try:
        return shlex.split(text, comments=False, posix=True)
    except ValueError:
        return text.split()


def unwrapped(words: Sequence[str]) -> tuple[str, ...]:
    """Return the command behind `env X=1`, `sudo`, `sh -c '...'`, `cmd /c` and the like."""
    rest = list(words)
    for _ in range(8):
        if not rest:
            break
        name = base_name(rest[0])
        if _ASSIGNMENT.match(rest[0]):
            rest = rest[1:]
        elif name in _WRAPPERS:
            rest = rest[1:]
            while rest and (
                rest[0].startswith("-") or _ASSIGNMENT.match(rest[0]) or re.fullmatch(r"[\d.]+[smhd]?", rest[0])
            ):
                rest = rest[1:]
        elif name in _SHELLS and (inner := _script(rest)) is not None:
            rest = inner
        else:
            break
    return tuple(rest)


def _script(words: list[str]) -> list[str] | None:
    """Return the words of what a shell is given as text; None if it runs a file."""
    for position, word in enumerate(words[1:6], 1):
        if word.lower() in ("/c", "/k", "-command"):
            rest = words[position + 1 :]
            return split(rest[0]) if len(rest) == 1 else rest
        if re.fullmatch(r"-[a-z]*c", word) and position + 1 < len(words):
            # The last of several commands is what stays; what comes before it mostly prepares.
            last = re.split(r"&&|;|\n", words[position + 1].rstrip("; \n"))[-1]
            return split(last)
        if not word.startswith("-"):
            return None
    return None


def base_name(word: str) -> str:
    """Return the name of a program without folder and ending, in lower case."""
    name = re.split(r"[/\\]", word.strip())[-1].lower()
    return re.sub(r"\.(?:exe|cmd|bat|ps1)$", "", name)


def script_path(words: Sequence[str]) -> str | None:
    """Return the path of the file that a command runs: the program, or the script of an interpreter."""
    inner = unwrapped(words)
    if not inner:
        return None
    name = base_name(inner[0])
    if name in _SHELLS or re.fullmatch(r"python[\d.]*|node|perl|ruby|deno|bun|php|tsx|ts-node|uv|source|\.", name):
        for word in inner[1:]:
            if word.startswith("-"):
                if word in ("-m", "-e", "-c"):
                    return None
                continue
            if word in ("run", "exec"):
                continue
            return word
        return None
    return inner[0]
