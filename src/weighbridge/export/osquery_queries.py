r"""The questions that osquery answers for a policy; the osquery pack and the Fleet files are made from them.

Source: osquery 5 schema (`processes`, `process_memory_map`, `process_open_files`, `listening_ports`, `file`, `hash`,
`users`). On Linux `processes.name` is cut after 15 characters: of a longer name the path or command line is asked too.
"""

from collections.abc import Iterable, Iterator

from weighbridge.export.intent import Answer, Intent
from weighbridge.export.left_out import counted, untold
from weighbridge.export.literals import sql, sql_like
from weighbridge.export.matching import (
    COMM_LENGTH,
    INTERPRETERS,
    Platform,
    file_names,
    path_patterns,
    script_patterns,
    short_names,
    telling_arguments,
)
from weighbridge.export.product import Product
from weighbridge.model.record import record

_WEIGHT_ENDINGS = (".gguf", ".safetensors", ".onnx", ".llamafile")
_BLOBS = ("*/blobs/sha256-*", "*/huggingface/hub/*/blobs/*")
_HOMES = {"linux": ("/home/%", "/root"), "darwin": ("/Users/%",), "windows": ("C:\\Users\\%",)}
_CACHES = (".ollama/models/blobs/%", ".cache/huggingface/hub/%/blobs/%", ".lmstudio/models/%%", ".cache/llama.cpp/%")
"""Folders of homes in which models lie; `%%` is any depth, and may only end a pattern."""
_SYSTEM = {"linux": ("/usr/share/ollama/.ollama/models/blobs/%",), "darwin": (), "windows": ()}
_LINE = "(replace(processes.cmdline, '\"', '') || ' ')"
"""A command line without quotes, each word of it with a space behind."""
_AT_ONCE = 2500
"""Digests in one question."""
MOST_DIGESTS = 10_000
"""osquery read configurations of at most 1 MiB until August 2026 (osquery/config/config.cpp: kMaxConfigSize)."""
PLATFORMS: tuple[Platform, ...] = ("linux", "darwin", "windows")


@record
class Query:
    """One question. It returns a row for everything that is found."""

    id: str
    title: str
    why: str
    sql: str
    platforms: tuple[Platform, ...]
    interval: int
    """Seconds."""
    answer: Answer | None = None
    """The policy's answer that it watches for; None for plain inventory."""
    forbidden: bool = False
    """Whether the policy speaks against everything that it finds."""


def queries(intent: Intent) -> Iterator[Query]:
    """Yield the questions of a policy, those that go by content first."""
    for start in range(0, min(len(intent.blocked), MOST_DIGESTS), _AT_ONCE):
        yield _blocked(intent, start)
    yield _mapped()
    for platform in PLATFORMS:
        told = _told(intent.runtimes, platform)
        if intent.open_listener.wanted and told:
            yield _open_listener(platform, told, intent.open_listener)
        if denied := _told(intent.denied, platform):
            yield _denied(platform, denied)
        yield from _agents(intent, platform)


def _blocked(intent: Intent, start: int) -> Query:
    """Return the search for digests. Stores that name files by digest need no hashing; elsewhere the size decides."""
    part = intent.blocked[start : min(start + _AT_ONCE, MOST_DIGESTS)]
    places = " OR ".join(f"file.path LIKE {sql(folder)}" for folder in _folders())
    digests = ", ".join(f"({sql(one.sha256)})" for one in part)
    sizes = ", ".join(str(size) for size in sorted({one.size for one in part}))
    query = (
        f"WITH denied(sha256) AS (VALUES {digests}) SELECT file.path, file.size, file.filename FROM file "  # noqa: S608  (every value is a literal of `literals`)
        f"WHERE ({places}) AND (replace(file.filename, 'sha256-', '') IN (SELECT sha256 FROM denied) "
        f"OR (file.size IN ({sizes}) AND EXISTS (SELECT 1 FROM hash WHERE hash.path = file.path "
        "AND hash.sha256 IN (SELECT sha256 FROM denied))))"
    )
    number = start // _AT_ONCE + 1
    return Query(
        id=f"blocked_weights_{number}",
        title="Weights that the AI policy denies" + (f", part {number}" if start else ""),
        why="By digest, in the stores of known tools; elsewhere `wb scan` finds them.",
        sql=query,
        platforms=PLATFORMS,
        interval=3600,
        forbidden=True,
    )


def _folders() -> Iterator[str]:
    """Yield the patterns of `file` under which models lie, of every platform: the others find nothing."""
    for platform in PLATFORMS:
        slash = "\\" if platform == "windows" else "/"
        for home in _HOMES[platform]:
            yield from (slash.join((home, *cache.split("/"))) for cache in _CACHES)
        yield from _SYSTEM[platform]


def partly(intent: Intent) -> Iterator[str]:
    """Yield what the questions leave out of `intent`."""
    if intent.blocked:
        yield "digests outside of the stores of known tools"
    over = max(0, len(intent.blocked) - MOST_DIGESTS)
    yield from counted(over, len(intent.blocked), "digests: osquery reads a configuration of at most 1 MiB")
    yield from untold(
        "denied products without a path or name", intent.denied, lambda one: any(_told([one], on) for on in PLATFORMS)
    )


def _mapped() -> Query:
    likes = [f"map.path LIKE {sql_like(f'*{ending}')} ESCAPE '\\'" for ending in _WEIGHT_ENDINGS]
    likes += [f"map.path LIKE {sql_like(blob)} ESCAPE '\\'" for blob in _BLOBS]
    return Query(
        id="weights_in_processes",
        title="Processes with model weights in their memory",
        why="By what is mapped, whatever the program is called. Weights under other names are seen by `wb ps`.",
        sql=(
            "SELECT DISTINCT processes.pid, processes.name, processes.path AS program, map.path AS weights "  # noqa: S608  (every value is a literal)
            "FROM processes JOIN process_memory_map AS map ON map.pid = processes.pid "
            f"WHERE {' OR '.join(likes)}"
        ),
        platforms=("linux", "darwin"),
        interval=600,
    )


def _open_listener(platform: Platform, told: str, answer: Answer) -> Query:
    return Query(
        id=f"open_model_server_{platform}",
        title="Model servers that other machines reach",
        why="A server on every address can be used by anybody who reaches the port.",
        sql=(
            "SELECT processes.pid, processes.name, processes.path, listening_ports.address, listening_ports.port "  # noqa: S608  (every value is a literal)
            "FROM listening_ports JOIN processes ON processes.pid = listening_ports.pid "
            "WHERE listening_ports.family IN (2, 10, 23, 30) AND listening_ports.protocol = 6 "
            "AND listening_ports.address NOT LIKE '127.%' AND listening_ports.address <> '::1' "
            "AND listening_ports.address NOT LIKE '::ffff:127.%' "
            f"AND ({told})"
        ),
        platforms=(platform,),
        interval=300,
        answer=answer,
        forbidden=True,
    )


def _denied(platform: Platform, told: str) -> Query:
    return Query(
        id=f"denied_product_{platform}",
        title="AI products that the policy denies",
        why="By path or program name, which a user can change; `wb ps` identifies by content.",
        sql=f"SELECT processes.pid, processes.name, processes.path FROM processes WHERE {told}",  # noqa: S608  (every value is a literal)
        platforms=(platform,),
        interval=300,
        forbidden=True,
    )


def _agents(intent: Intent, platform: Platform) -> Iterator[Query]:
    pairs = []
    for agent in intent.agents:
        told = _told([agent], platform)
        risky = telling_arguments(agent)
        if told and risky:
            words = (f"instr({_LINE}, {sql(f' {one} ')}) > 0" for one in risky)
            pairs.append(f"(({told}) AND ({' OR '.join(words)}))")
    if pairs:
        yield Query(
            id=f"agent_without_confirmation_{platform}",
            title="Agents that were told to act without asking",
            why="Arguments that switch off confirmations of local agents; those of one letter are not looked for.",
            sql=(
                "SELECT processes.pid, processes.name, processes.path, processes.cmdline FROM processes "  # noqa: S608  (every value is a literal)
                f"WHERE {' OR '.join(pairs)}"
            ),
            platforms=(platform,),
            interval=300,
            answer=intent.unsupervised_agent,
            forbidden=intent.unsupervised_agent.wanted,
        )


def _told(products: Iterable[Product], platform: Platform) -> str:
    """Return the condition on `processes` that tells products: by path, by script, by name; empty if none can."""
    chosen = tuple(products)
    said = [_like("processes.path", pattern) for pattern in path_patterns(chosen, platform)]
    if scripts := [_like(_LINE, pattern, " *") for pattern in script_patterns(chosen, platform)]:
        slash = "\\" if platform == "windows" else "/"
        interpreters = (_like("processes.path", f"*{slash}{name}*") for name in INTERPRETERS)
        said.append(f"(({' OR '.join(interpreters)}) AND ({' OR '.join(scripts)}))")
    names = file_names(chosen, platform)
    short, long = (names, []) if platform == "windows" else short_names(names)
    if short:
        said.append(f"processes.name IN ({', '.join(map(sql, short))})")
    for name in long:
        whole = f"processes.name = {sql(name[:COMM_LENGTH])} AND {_like(_LINE, f'*/{name}', ' *')}"
        said.append(f"{_like('processes.path', f'*/{name}')} OR ({whole})")
    return " OR ".join(said)


def _like(what: str, pattern: str, ending: str = "") -> str:
    """Return a comparison; `ending` follows a pattern that does not end in any text."""
    return f"{what} LIKE {sql_like(pattern if pattern.endswith('*') else pattern + ending)} ESCAPE '\\'"
