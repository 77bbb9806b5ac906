"""A fleet to look at: forty machines of a small company with two hundred models, told as its endpoints would tell it.

Everything goes through the records of ledgers and the server's own projection; the same every time.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, select

from weighbridge.fleet import endpoints, posture_days, projection
from weighbridge.fleet.endpoints import FORKED, PENDING, PRESENCE
from weighbridge.fleet.finding_counts import FLEET
from weighbridge.fleet.findings import open_server_finding
from weighbridge.fleet.posture_days import DAYS
from weighbridge.fleet.witness import COPIES
from weighbridge.ledger.entry import encode
from weighbridge.sync.messages import endpoint_id_of

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AT = round(NOW.timestamp() * 1000)
HOUR = 3_600_000
_PEOPLE = (
    *("ada.okafor", "bruno.costa", "chen.li", "dana.weiss", "elif.demir", "farid.haddad", "grace.kim", "hugo.laurent"),
    *("ines.moreau", "jonas.berg", "kavya.rao", "liam.walsh", "mei.tanaka", "nadia.petrova", "omar.said", "priya.nair"),
)
_GROUPS = ("research", "product", "support", "legal", "servers")
_SYSTEMS = (("Linux", "6.12", "x86_64"), ("macOS", "26.1", "arm64"), ("Windows", "11 25H2", "x86_64"))
_FAMILIES = (
    ("Qwen3-8B", "apache-2.0", "allowed"),
    ("Llama-3.3-70B-Instruct", "llama3.3", "conditional"),
    ("gemma-3-27b-it", "gemma", "conditional"),
    ("Mistral-Small-24B", "apache-2.0", "allowed"),
    ("Phi-4-mini", "mit", "allowed"),
    ("DeepSeek-R1-Distill-14B", "mit", "allowed"),
    ("FLUX.1-dev", "flux-1-dev-non-commercial", "prohibited"),
    ("whisper-large-v3-turbo", "mit", "allowed"),
    ("bge-m3", "mit", "allowed"),
    ("command-r-08-2024", "cc-by-nc-4.0", "prohibited"),
    ("poet-lora", None, "unknown"),
    ("invoice-classifier", None, "unknown"),
)
_QUANTITIES = ("Q4_K_M", "Q5_K_M", "Q8_0", "IQ3_XS", "F16")
_RUNTIMES = ("llama_cpp", "ollama", "lm_studio", "vllm", "mlx")
_AGENTS = ("claude_code", "cursor", "copilot_cli", "codex", "gemini_cli")
_SERVERS = (
    ("github", ["npx", "-y", "@modelcontextprotocol/server-github"], []),
    ("filesystem", ["npx", "-y", "@modelcontextprotocol/server-filesystem@2026.8.1", "/"], ["*"]),
    ("postgres", ["uvx", "postgres-mcp", "--access-mode=restricted"], ["query"]),
    ("browser", ["npx", "@playwright/mcp@latest"], ["*"]),
)
_FINDINGS = (
    ("pickle-call", "critical", "loading it runs os.system: a shell command on every machine that opens it"),
    ("listener-exposed", "high", "its server answers machines beyond this one, and asks nobody for a key"),
    ("license-prohibits", "medium", "its license does not allow commercial use"),
    (
        "template-hidden-text",
        "medium",
        "its chat template holds characters that a model reads and a person does not see",
    ),
    ("agent-approves-all", "high", "the agent runs every tool without asking"),
    ("weights-unsigned", "low", "nobody has signed these weights"),
)


def fill(connection: Connection, machines: int = 40, models: int = 200) -> None:
    """Write the fleet."""
    chance = Random(20261121)
    made = [_model(chance, number) for number in range(models)]
    for number in range(machines):
        _endpoint(connection, chance, number, made)
    _days(connection)


def _days(connection: Connection) -> None:
    """Tell how the last month was: more and more machines, then somebody looked at what they had."""
    posture_days.note(connection, AT)
    row = connection.execute(select(DAYS).where(DAYS.c.group_name == FLEET)).one()
    for back in range(1, posture_days.SHOWN_DAYS + 1):
        if back % 7 not in (2, 3):  # the server of a small company rests on weekends
            more = 9 - abs(16 - back) // 2
            values = {"day": row.day - back, "serious": row.serious + more, "others": max(0, row.others - 3 * back)}
            connection.execute(insert(DAYS).values(group_name=FLEET, **values))


def _model(chance: Random, number: int) -> dict[str, Any]:
    family, license_id, commercial = _FAMILIES[number % len(_FAMILIES)]
    kind = "pickle" if family == "invoice-classifier" else "safetensors" if number % 5 == 0 else "gguf"
    name = f"{family}-{_QUANTITIES[number // 12 % 5]}" + {"gguf": ".gguf", "pickle": ".pkl"}.get(kind, ".safetensors")
    assessment = (
        "malicious" if number == 11 else "hostile" if number == 47 else "suspicious" if number % 41 == 7 else "clean"
    )
    return {
        "name": name,
        "artifact": sha256(f"model {number}".encode()).hexdigest(),
        "format": kind,
        "size": chance.randrange(80_000_000, 42_000_000_000)
        if kind != "pickle"
        else chance.randrange(40_000, 9_000_000),
        "assessment": assessment,
        "license": license_id,
        "commercial": commercial,
    }


def _endpoint(connection: Connection, chance: Random, number: int, models: Sequence[dict[str, Any]]) -> None:
    key = sha256(f"machine {number}".encode()).digest()
    endpoint_id = endpoint_id_of(key)
    group = _GROUPS[number % len(_GROUPS)]
    person = "" if group == "servers" else _PEOPLE[number % len(_PEOPLE)]
    platform, release, architecture = _SYSTEMS[0 if group == "servers" else number % 3]
    name = (
        f"gpu-{number // 5 + 1:02d}.example.net" if group == "servers" else f"{person.split('.')[0]}-{_kind(platform)}"
    )
    seen = AT - (chance.randrange(60_000, 5 * HOUR) if number % 9 else chance.randrange(80, 400) * HOUR)
    state, reason = "active", ""
    if number == 23:
        state, reason = FORKED, "the ledger is another one than was sent before: a copy of the machine runs"
    if number == 31:
        state = PENDING
    values = {
        "endpoint_id": endpoint_id,
        "public_key": key,
        "ledger_key": f"endpoint-{number}",
        "state": state,
        "reason": reason,
        "labels": "{}",
        "name": name,
        "platform": platform,
        "release": release,
        "architecture": architecture,
        "owner": person,
        "group_name": group,
        "token_id": "demo",
        "enrolled_at": AT - chance.randrange(20, 90) * 24 * HOUR,
        "changed_at": AT - 24 * HOUR,
    }
    endpoints.add(connection, values)
    if state == PENDING:
        return
    network = ("corporate", "corporate", "offline", "lan_only", "internet")[number % 5]
    entries = [*_records(chance, number, person, network, chance.sample(models, chance.randrange(6, 26)), seen)]
    projection.take(connection, endpoint_id, 0, entries, received_at=seen, offset=0)
    presence = {"last_seen_at": seen, "clock_offset": 0, "policy_version": "2026.11-3", "sensor": "0.1.0", "boot": "b"}
    connection.execute(PRESENCE.delete().where(PRESENCE.c.endpoint_id == endpoint_id))
    connection.execute(insert(PRESENCE).values(endpoint_id=endpoint_id, network=network, **presence))
    root = sha256(b"".join(entries)).digest()
    connection.execute(insert(COPIES).values(_copy(endpoint_id, number, len(entries), root, seen)))
    if state == FORKED:
        open_server_finding(connection, endpoint_id, "ledger-forked", seen)


def _copy(endpoint_id: str, number: int, size: int, root: bytes, at: int) -> dict[str, Any]:
    """Return how far the copy of a ledger is, in every column that has one."""
    known = {
        "endpoint_id": endpoint_id,
        "key": f"endpoint-{number}",
        "size": size,
        "edge": b"",
        "cosigned": size,
        "root": root,
        "checkpoint": b"",
        "cosignature": "",
        "skipped": 14 if number == 6 else 0,
        "last_batch": "",
        "changed_at": at,
    }
    return known | {column.name: 0 for column in COPIES.columns if column.name not in known and not column.nullable}


def _records(
    chance: Random, number: int, person: str, network: str, models: Sequence[dict[str, Any]], end: int
) -> Iterator[bytes]:
    told = [*_things(chance, number, person, network, models)]
    for index, (kind, data) in enumerate(told):
        at = datetime.fromtimestamp(end / 1000, UTC) - timedelta(minutes=7 * (len(told) - index))
        yield encode(index, kind, data, at=at, monotonic=60.0 * index, boot="demo", network=network)


def _things(
    chance: Random, number: int, person: str, network: str, models: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    home = f"/home/{person.split('.')[0]}" if person else "/srv"
    yield "start", {"how": "in good order"}
    for model in models:
        digest = model["artifact"]
        yield "artifact", {name: value for name, value in model.items() if name != "name"} | {"sha256": digest}
        yield "sighting", {"artifact": digest, "path": f"{home}/models/{model['name']}", "store": None}
        decision = {"malicious": "deny", "hostile": "deny", "suspicious": "pending"}.get(model["assessment"])
        decision = decision or {"prohibited": "deny", "conditional": "warn", "unknown": "pending"}.get(
            model["commercial"], "allow"
        )
        yield (
            "verdict",
            {"artifact": digest, "decision": decision, "policy": "company", "rules": [f"company/{decision}"]},
        )
        if model["assessment"] != "clean":
            yield _finding(
                0 if model["format"] == "pickle" else 3, artifact=digest, path=f"{home}/models/{model['name']}"
            )
        if model["commercial"] == "prohibited":
            yield _finding(2, artifact=digest, path=f"{home}/models/{model['name']}")
    for pid in range(chance.randrange(0, 4)):
        yield "process", _process(chance, 4000 + 17 * pid, person, network, chance.choice(models), home)
    for agent in _AGENTS[: number % 4]:
        version = f"2.{number % 3}.{len(agent)}"
        is_there = {"agent": agent, "version": version, "installed": number % 5 != 1, "path": f"{home}/.config/{agent}"}
        yield "agent", {"what": "agent", "name": agent} | is_there
        if number % 4 == 3:
            key = {"format": "api-key", "provider": "anthropic", "line": 3, "path": f"{home}/.config/{agent}/key"}
            yield "secret", key | {"agents": [agent], "fingerprint": f"{number}-{agent}", "readable_by": "owner"}
        if number % 3 == 0:
            mode = {"key": "permissions/defaultMode", "value": "bypassPermissions", "autonomous": True}
            yield "agent", {"what": "permission", "name": agent, "agents": [agent], "path": f"{home}/.{agent}"} | mode
    for server, command, approved in _SERVERS[: number % 5]:
        words = {"agents": [_AGENTS[0]], "scope": "user", "transport": "stdio", "enabled": True, "environment": []}
        words |= {"command": command, "approved_tools": approved, "key": f"mcpServers/{server}"}
        if server == "github" and number % 2:
            words |= {"url": "https://api.githubcopilot.com/mcp/", "scope": "project"}
        yield "agent", {"what": "tool server", "name": server, "path": f"{home}/.mcp.json"} | words
    if number % 6 == 2:
        skill = {
            "agents": [_AGENTS[0]],
            "scope": "user",
            "sha256": sha256(b"skill").hexdigest(),
            "programs": ["fill.py"],
        }
        yield "agent", {"what": "skill", "name": "quarterly-report", "path": f"{home}/.claude/skills/report"} | skill
    if number % 7 == 3:
        yield _finding(1, path="")
    if number % 11 == 4:
        yield "gap", {"why": "the sensor was stopped", "seconds": 5400}
    yield "heartbeat", {"seen": 3}


def _process(chance: Random, pid: int, person: str, network: str, model: dict[str, Any], home: str) -> dict[str, Any]:
    runtime = chance.choice(_RUNTIMES)
    actor = {"kind": "agent", "agent": "claude_code"} if pid % 3 == 0 else {"kind": "human"}
    path = f"{home}/models/{model['name']}"
    return {
        "pid": pid,
        "started": pid * 100,
        "name": {"llama_cpp": "llama-server", "vllm": "python3"}.get(runtime, runtime),
        "executable": f"/usr/bin/{runtime}",
        "user": person.split(".")[0] or "inference",
        "runtime": runtime,
        "actor": actor,
        "network": network,
        "verdict": {"decision": "allow"},
        "weights": [{"sha256": model["artifact"], "path": path, "name": model["name"], "evidence": ["mapped"]}],
    }


def _finding(which: int, **about: str) -> tuple[str, dict[str, Any]]:
    check, severity, message = _FINDINGS[which]
    said = {"check": check, "severity": severity, "confidence": "high", "message": message, "where": ""}
    return "finding", {"of": "artifact" if about.get("artifact") else "process"} | said | about


def _kind(platform: str) -> str:
    return {"macOS": "mbp", "Windows": "win"}.get(platform, "thinkpad")
