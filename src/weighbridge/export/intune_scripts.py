"""The scripts of `intune.py`: they read what the system shows of sockets, processes and files, and change nothing."""

import re
from collections.abc import Iterable

from weighbridge.export.intent import Intent
from weighbridge.export.literals import powershell, shell
from weighbridge.export.matching import COMM_LENGTH, Platform, file_names, path_patterns, short_names

OPEN, DENIED, WEIGHTS = "WeighbridgeOpenModelServer", "WeighbridgeDeniedProduct", "WeighbridgeDeniedWeights"
MOST_DIGESTS = 10_000
"""One script holds them in less than the megabyte that Intune takes."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BY_NAME = (
    "# Programs are told by path or name, which a user can change; weights by the digest in the name of a blob.\n"
)


def linux(intent: Intent, said: str) -> str:
    """Return a POSIX shell script that prints one line of JSON; `said` are comments for its head."""
    # `ss` shows processes as `users:(("ollama",pid=1,fd=3))`.
    servers = ["*" + shell(f'(("{name}",') + "*" for name in _short(file_names(intent.runtimes, "linux"))]
    short, long = short_names(file_names(intent.denied, "linux"))
    names = [shell(name) for name in short]
    paths = ["*".join(shell(part) if part else "" for part in one.split("*")) for one in _patterns(intent, "linux")]
    paths += [f"*{shell(f'/{name}')}" for name in long]
    digests = [one.sha256 for one in intent.blocked[:MOST_DIGESTS] if _DIGEST.fullmatch(one.sha256)]
    parts = [
        "#!/bin/sh\n" + said + _BY_NAME,
        "# Sockets of other users are shown to root only. Names stand in single quotes, so that nothing expands.\n"
        "# shellcheck disable=SC2016\n",
        "open=false\ndenied=false\nweights=false\n",
    ]
    if servers:
        parts.append(
            "if ! command -v ss >/dev/null; then\n  echo 'ss, which shows sockets, is missing' >&2\n  exit 1\nfi\n"
            "if ! ss -H -lntp 2>/dev/null | while read -r _ _ _ address _ process; do\n"
            "  case $address in 127.* | '[::1]:'* | '[::ffff:127.'*) continue ;; esac\n"
            f"  case $process in {' | '.join(servers)}) exit 1 ;; esac\n"
            "done; then\n  open=true\nfi\n"
        )
    if names or paths:
        by_path = f"  case $program in {' | '.join(paths)}) denied=true ;; esac\n" if paths else ""
        parts.append(
            "for entry in /proc/[0-9]*; do\n"
            '  { read -r name <"$entry/comm"; } 2>/dev/null || continue\n'
            + (f"  case $name in {' | '.join(names)}) denied=true ;; esac\n" if names else "")
            + (f'  program=$(readlink "$entry/exe" 2>/dev/null) || continue\n{by_path}' if paths else "")
            + "done\n"
        )
    if digests:
        parts.append(
            "look() {\n"
            '  for file in /home/*/.ollama/models/blobs/"sha256-$1" \\\n'
            '    /usr/share/ollama/.ollama/models/blobs/"sha256-$1" \\\n'
            '    /home/*/.cache/huggingface/hub/*/blobs/"$1"; do\n'
            '    if [ -e "$file" ]; then weights=true; fi\n'
            "  done\n}\n"
            "while read -r digest; do\n  look \"$digest\"\ndone <<'END'\n" + "\n".join(digests) + "\nEND\n"
        )
    values = ",".join(f'"{name}":%s' for name in (OPEN, DENIED, WEIGHTS))
    parts.append(f'printf \'{{{values}}}\\n\' "$open" "$denied" "$weights"\n')
    return "\n".join(parts)


def windows(intent: Intent, said: str) -> str:
    """Return a PowerShell script that prints one line of JSON; `said` are comments for its head."""
    servers = [name.removesuffix(".exe") for name in file_names(intent.runtimes, "windows")]
    denied = [name.removesuffix(".exe") for name in file_names(intent.denied, "windows")]
    digests = [one.sha256 for one in intent.blocked[:MOST_DIGESTS]]
    return f"""{said}{_BY_NAME}
$servers = {_array(servers)}
$names = {_array(denied)}
$paths = {_array(map(_wildcards, _patterns(intent, "windows")))}
$digests = {_array(digests)}
$open = $false
$denied = $false
$weights = $false

foreach ($socket in Get-NetTCPConnection -State Listen -ErrorAction Stop) {{
    if ($socket.LocalAddress -like '127.*' -or $socket.LocalAddress -in '::1', '::ffff:127.0.0.1') {{ continue }}
    $process = Get-Process -Id $socket.OwningProcess -ErrorAction SilentlyContinue
    if ($process -and $servers -contains $process.Name) {{ $open = $true }}
}}
foreach ($process in Get-Process) {{
    if ($names -contains $process.Name) {{ $denied = $true }}
    foreach ($path in $paths) {{
        if ($process.Path -like $path) {{ $denied = $true }}
    }}
}}
foreach ($digest in $digests) {{
    $ollama = "$env:SystemDrive\\Users\\*\\.ollama\\models\\blobs\\sha256-$digest"
    $hub = "$env:SystemDrive\\Users\\*\\.cache\\huggingface\\hub\\*\\blobs\\$digest"
    if ((Test-Path -Path $ollama) -or (Test-Path -Path $hub)) {{ $weights = $true }}
}}

$answer = @{{ {OPEN} = $open; {DENIED} = $denied; {WEIGHTS} = $weights }}
return $answer | ConvertTo-Json -Compress
"""


def _patterns(intent: Intent, platform: Platform) -> list[str]:
    return path_patterns(intent.denied, platform)


def _wildcards(pattern: str) -> str:
    """Return a pattern for -like (about_Wildcards: a backtick escapes `[`, `]` and itself)."""
    return re.sub(r"([`\[\]])", r"`\1", pattern)


def _array(values: Iterable[str]) -> str:
    return f"@({', '.join(map(powershell, values))})"


def _short(names: Iterable[str]) -> list[str]:
    """Return names as Linux keeps them for processes."""
    return sorted({name[:COMM_LENGTH] for name in names})
