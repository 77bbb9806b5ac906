"""Ten thousand of everything, with names as long as people give them."""

from hashlib import sha256

from sqlalchemy import Connection, insert
from tests.fleet.small_fleet import AT

from weighbridge.fleet import finding_counts, spread
from weighbridge.fleet.agents import AGENTS
from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.endpoints import ENDPOINTS, PRESENCE
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.inventory import THINGS
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.witness import COPIES

NUMBER = 10_000
_PATH = (
    "/home/somebody.with.a.long.name/projects/assistant/models/huggingface/models--organization--model-name/snapshots/"
)


def many(connection: Connection) -> None:
    """Write the fleet."""
    known = [(f"{number:016d}".translate(_LETTERS), sha256(b"%d" % number).hexdigest()) for number in range(NUMBER)]
    for table, row in (
        (ENDPOINTS, _endpoint),
        (PRESENCE, _presence),
        (ARTIFACTS, _artifact),
        (SIGHTINGS, _sighting),
        (FINDINGS, _finding),
        (THINGS, _agent),
        (AGENTS, _agent_there),
        (COPIES, _copy),
    ):
        rows = [row(endpoint_id, digest, number) for number, (endpoint_id, digest) in enumerate(known)]
        names = {column.name for column in table.columns if not column.nullable} - rows[0].keys()
        zero = dict.fromkeys(names, 0)
        connection.execute(insert(table), [one | zero for one in rows])
    spread.rebuild(connection)
    finding_counts.recount(connection)


_LETTERS = str.maketrans("0189", "abcd")


def _endpoint(endpoint_id: str, _digest: str, number: int) -> dict:
    return {
        "endpoint_id": endpoint_id,
        "public_key": endpoint_id.encode() * 2,
        "ledger_key": f"key-{number}",
        "state": "active",
        "reason": "",
        "labels": "{}",
        "name": f"notebook-{number:05d}.corporate.example.com",
        "platform": "Windows",
        "release": "11 25H2",
        "architecture": "x86_64",
        "owner": "somebody.with.a.long.name",
        "group_name": f"department-{number % 40}",
        "token_id": "t",
    }


def _presence(endpoint_id: str, _digest: str, number: int) -> dict:
    said = {"network": "corporate", "policy_version": "2026.11-3", "sensor": "0.1.0", "boot": "b"}
    return {"endpoint_id": endpoint_id, "last_seen_at": AT - number * 1000} | said


def _artifact(endpoint_id: str, digest: str, number: int) -> dict:
    said = {
        "format": "safetensors",
        "assessment": "clean",
        "license": "llama3.3 AND cc-by-nc-4.0",
        "told_by": endpoint_id,
    }
    return {"sha256": digest, "measured": 1, "size": 10**9 + number, "commercial": "conditional", "last_at": AT} | said


def _sighting(endpoint_id: str, digest: str, number: int) -> dict:
    path = f"{_PATH}{digest}/model-{number:05d}-of-10000.safetensors"
    return {"endpoint_id": endpoint_id, "artifact": digest, "sha256": digest, "places": 1, "path": path}


def _finding(endpoint_id: str, digest: str, number: int) -> dict:
    return {
        "endpoint_id": endpoint_id,
        "finding_id": digest[:32],
        "source": "endpoint",
        "about": "artifact",
        "check_id": "license-prohibits",
        "severity": "high",
        "severity_rank": 3,
        "confidence": "high",
        "message": "its license does not allow what this company does with it, and nobody has decided about it yet",
        "artifact": digest,
        "path": f"{_PATH}{digest}/model-{number:05d}-of-10000.safetensors",
        "place": "",
        "last_at": AT,
    }


def _agent(endpoint_id: str, digest: str, number: int) -> dict:
    data = b'{"what":"tool server","agents":["claude_code"],"approved_tools":["*"],"command":["npx","-y","files"]}'
    known = {
        "endpoint_id": endpoint_id,
        "subject": digest[:32],
        "kind": "agent",
        "name": f"files-{number}",
        "data": data,
    }
    return known | {"artifact": "", "path": f"{_PATH}mcp.json", "part": bytes(32)}


def _agent_there(endpoint_id: str, _digest: str, number: int) -> dict:
    known = {"endpoint_id": endpoint_id, "agent": f"agent_{number % 50}", "version": f"2.1.{number}", "alone": 1}
    return known | {"tool_servers": 1}


def _copy(endpoint_id: str, _digest: str, number: int) -> dict:
    known = {"endpoint_id": endpoint_id, "key": "k", "edge": b"", "root": bytes(32), "checkpoint": b"", "size": number}
    return known | {"cosignature": "", "last_batch": "", "changed_at": AT - number}
