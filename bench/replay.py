"""What a policy would have said of a million things that a fleet had: `python -m bench.replay SCRATCH [--things N]`.

The fleet is written straight into the tables, the same on SQLite and on PostgreSQL: models at their places, processes
with weights, listeners and tool servers on 10,000 endpoints, with findings. Then `balanced` is compared with
`regulated`, slice by slice as the server does. Processor seconds are those of this process; PostgreSQL's are not in it,
so the seconds that passed stand beside them. Memory is the highest of the process, the reading of the rows included.
"""

import argparse
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage

import msgspec
from bench.paired import save
from sqlalchemy import Connection, insert
from tests.fleet.policy_people import AT
from tests.fleet.postgresql import PostgresqlServer

from weighbridge.fleet import policy_versions
from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.inventory import THINGS
from weighbridge.fleet.policy_replay import Replaying
from weighbridge.fleet.store import Store
from weighbridge.hub.schema import METADATA
from weighbridge.pipeline.policies import built_in_files

ENDPOINTS_COUNT = 10_000
ARTIFACTS_COUNT = 20_000
THINGS_COUNT = 1_000_000
_AT_ONCE = 20_000
_STORES = (("huggingface", "meta-llama/Llama-3.1-8B@main"), ("ollama", "library/gemma3:270m"), (None, None))
_RUNTIMES = ("ollama", "llama_cpp", "vllm", "lm_studio")
_AGENTS = ("claude_code", "codex", "cursor")


def main() -> None:
    """Measure and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--things", type=int, default=THINGS_COUNT)
    parser.add_argument("--no-save", action="store_true")
    given = parser.parse_args()
    given.scratch.mkdir(parents=True, exist_ok=True)
    path = given.scratch / "replay.db"
    path.unlink(missing_ok=True)
    measured: dict[str, object] = {"things": given.things, "endpoints": ENDPOINTS_COUNT, "budget_seconds": 30}
    measured["sqlite"] = replayed(Store.open(f"sqlite:///{path}"), given.things)
    path.unlink()
    server = PostgresqlServer()
    try:
        measured["postgresql"] = replayed(Store.open(server.new_database()), given.things)
    finally:
        server.close()
    print(msgspec.json.format(msgspec.json.encode(measured)).decode())
    if not given.no_save:
        save("replay", measured)


def replayed(store: Store, things: int) -> dict[str, object]:
    """Fill a store, replay, and return what it took."""
    METADATA.create_all(store.database.engine)
    for rows in filled(things):
        store.write_now(rows)
    resident = getrusage(RUSAGE_SELF).ru_maxrss
    began, cpu = time.monotonic(), time.process_time()
    replaying = store.read_now(lambda connection: Replaying(connection, 2, AT, against=1))
    slices = 1
    while store.read_now(replaying.step):
        slices += 1
    found = store.read_now(replaying.result)
    took = {"seconds": time.monotonic() - began, "processor_seconds": time.process_time() - cpu}
    store.close()
    assert found.things == things, (found.things, things)
    return took | {
        "slices": slices,
        "situations": found.situations,
        "flagged": found.flagged.things,
        "newly_denied": found.newly_denied.things,
        "resident_megabytes": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
        "resident_before_megabytes": resident / 1024,
    }


def filled(things: int) -> Iterator[object]:
    """Yield writes that make the fleet."""

    def policies(connection: Connection) -> None:
        for name in ("balanced", "regulated"):
            policy_versions.upload(connection, AT, "bench", built_in_files(name))

    def fleet(connection: Connection) -> None:
        connection.execute(insert(ENDPOINTS), [_endpoint(number) for number in range(ENDPOINTS_COUNT)])
        connection.execute(insert(ARTIFACTS), [_artifact(number) for number in range(ARTIFACTS_COUNT)])
        connection.execute(insert(FINDINGS), [_finding(number) for number in range(ENDPOINTS_COUNT * 5)])

    yield policies
    yield fleet
    for begin in range(0, things, _AT_ONCE):

        def some(connection: Connection, begin: int = begin) -> None:
            chance = Random(begin)
            rows = [_thing(number, chance) for number in range(begin, min(things, begin + _AT_ONCE))]
            connection.execute(insert(THINGS), rows)

        yield some


def _endpoint(number: int) -> dict[str, object]:
    return {
        "endpoint_id": f"{number:016d}",
        "public_key": number.to_bytes(32, "big"),
        "ledger_key": f"key-{number}",
        "state": "active",
        "reason": "",
        "labels": "{}",
        "name": f"laptop-{number}",
        "platform": "Linux",
        "release": "6.1",
        "architecture": "x86_64",
        "owner": f"person{number % 3000}@example.com",
        "group_name": f"team-{number % 40}",
        "token_id": "t",
        "enrolled_at": AT,
        "changed_at": AT,
    }


def _digest(number: int) -> str:
    return sha256(f"model {number}".encode()).hexdigest()


def _artifact(number: int) -> dict[str, object]:
    return {
        "sha256": _digest(number),
        "measured": 1,
        "format": ("gguf", "safetensors", "torch-zip", "onnx")[number % 4],
        "size": 100_000_000 + number,
        "assessment": ("clean", "clean", "clean", "review", "malicious")[number % 5],
        "license": ("apache-2.0", "mit", "cc-by-nc-4.0", "")[number % 4],
        "commercial": ("allowed", "allowed", "prohibited", "unknown")[number % 4],
        "told_by": f"{number % ENDPOINTS_COUNT:016d}",
        "first_at": AT,
        "last_at": AT,
    }


def _finding(number: int) -> dict[str, object]:
    return {
        "endpoint_id": f"{number % ENDPOINTS_COUNT:016d}",
        "finding_id": f"{number:032x}",
        "source": "endpoint",
        "about": "artifact",
        "check_id": ("unsafe-pickle", "custom-code", "name-of-another")[number % 3],
        "severity": ("critical", "medium", "low")[number % 3],
        "confidence": "high",
        "message": "what it is",
        "artifact": _digest(number % ARTIFACTS_COUNT),
        "path": "/home/ada/model",
        "place": "",
        "first_at": AT,
        "last_at": AT,
        "ended_at": None,
    }


def _thing(number: int, chance: Random) -> dict[str, object]:
    endpoint, model = number % ENDPOINTS_COUNT, chance.randrange(ARTIFACTS_COUNT)
    kind = chance.choices(("sighting", "process", "listener", "agent"), (85, 8, 4, 3))[0]
    digest, path = _digest(model), f"/home/ada/{('models', 'Downloads', '.cache')[number % 3]}/model-{number}.gguf"
    store, name = _STORES[number % 3]
    data: dict[str, object]
    if kind == "sighting":
        data = {"artifact": digest, "path": path, "member": None, "store": store, "store_name": name}
    elif kind == "process":
        actor = {"kind": "agent", "agent": _AGENTS[number % 3], "autonomous": True, "reasons": [], "session": None}
        data = {"pid": number, "started": 1, "name": "python3", "executable": "/usr/bin/python3", "user": "person"}
        data |= {"command_line": ["python3", "serve.py"], "runtime": _RUNTIMES[number % 4], "network": "corporate"}
        data |= {"weights": [{"sha256": digest, "claimed_sha256": None, "path": path, "evidence": ["mapped"]}]}
        data |= {"actor": actor if number % 2 else {"kind": "human", "agent": None, "autonomous": False}}
    elif kind == "listener":
        data = {"pid": number, "started": 1, "transport": "tcp", "address": "0.0.0.0", "port": 8000 + number % 50}
        data |= {"exposed": bool(number % 2), "product": _RUNTIMES[number % 4], "api": "openai", "authenticated": None}
    else:
        data = {"what": "tool server", "name": f"server-{number % 200}", "agents": [*_AGENTS[: number % 3]]}
        data |= {"url": f"https://tools-{number % 50}.example.com/mcp", "command": [], "path": "/home/ada/.mcp.json"}
        data["agents"] = [*_AGENTS[: 1 + number % 3]]
    return {
        "endpoint_id": f"{endpoint:016d}",
        "subject": f"{number:032x}",
        "kind": kind,
        "name": "",
        "artifact": digest if kind == "sighting" else "",
        "path": path,
        "first_index": number,
        "last_index": number,
        "first_at": AT,
        "last_at": AT,
        "ended_at": None if number % 10 else AT - number % 40 * 86_400_000 // 2,
        "part": bytes(32),
        "round": 0,
        "data": msgspec.json.encode(data),
    }


if __name__ == "__main__":
    main()
