"""Searching a large catalog: 10,000 models with 20 releases each, through the server's own function for the API.

    python -m bench.hub_search [models] [releases]

Said are the median and the slowest hundredth of each kind of search, in milliseconds, on SQLite and on PostgreSQL
where one can be started here.
"""

import random
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from sqlalchemy import insert, text
from tests.fleet.postgresql import ForbiddenError, PostgresqlServer, UnavailableError

from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.store import Store
from weighbridge.hub.branches import BRANCHES
from weighbridge.hub.catalog_search import BEST, PULLED, Wanted, count, find_served
from weighbridge.hub.heads import refresh
from weighbridge.hub.models import MODELS
from weighbridge.hub.releases import RELEASES
from weighbridge.hub.states import State

LIMIT = 20.0
"""Milliseconds, for the slowest hundredth."""
_NOW = 1_790_000_000_000
_TIMES = 100
_WORDS = ("coder", "chat", "embed", "vision", "small", "large", "instruct", "base", "mini", "pro", "nano", "distill")
_TASKS = ("coding", "chat", "embedding", "summarize", "translate", "vision")
_LICENSES = ("apache-2.0", "mit", "llama3.1", "gemma", "cc-by-4.0")


def fill(store: Store, models: int, releases: int) -> None:
    """Write a catalog: every model with one served release, most of the others deprecated, rejected or revoked."""
    chance = random.Random(11)

    def job(connection) -> None:
        for first in range(0, models, 500):
            rows, versions, heads = [], [], []
            for number in range(first, min(first + 500, models)):
                name = f"{chance.choice(_WORDS)}-{chance.choice(_WORDS)}-{number}"
                org, model_id = f"org{number % 200}", f"{number:016x}"
                rows.append(
                    {
                        "model_id": model_id,
                        "alias": f"{org}/{name}",
                        "namespace": org,
                        "name": name,
                        "owner": "ai-team",
                        "summary": " ".join(chance.choices(_WORDS, k=30)),
                        "tasks": "\n".join(chance.sample(_TASKS, 2)),
                        "upstream": f"{org}/{name}",
                        "created_at": _NOW - number,
                        "changed_at": _NOW - number,
                    }
                )
                versions += [_release(chance, number, at, releases) for at in range(releases)]
                heads.append(
                    {
                        "model_id": model_id,
                        "name": "main",
                        "kind": "branch",
                        "served": versions[-1]["commit_id"],
                        "staged": versions[-1]["commit_id"],
                        "changed_at": _NOW,
                    }
                )
            connection.execute(insert(MODELS), rows)
            connection.execute(insert(RELEASES), versions)
            connection.execute(insert(BRANCHES), heads)
            for row in rows:
                refresh(connection, row["model_id"])

    store.write_now(job)


def _release(chance: random.Random, number: int, at: int, releases: int) -> dict[str, object]:
    state = State.APPROVED if at == releases - 1 else chance.choice((State.DEPRECATED, State.REJECTED, State.REVOKED))
    texts = dict.fromkeys(("title", "state_by", "state_why", "created_by", "guidance", "replaced_by", "parent_id"), "")
    return {
        **texts,
        "release_id": f"{number:08x}{at:08x}",
        "model_id": f"{number:016x}",
        "commit_id": f"{number:020x}{at:020x}",
        "version": f"1.{at}",
        "state": state.value,
        "state_at": _NOW - number * 1000 + at,
        "created_at": _NOW - number * 1000 + at,
        "size": 1 << 30,
        "files": 10,
        "formats": chance.choice(("safetensors", "gguf", "gguf,safetensors")),
        "assessment": "clean",
        "decision": "allow",
        "license": chance.choice(_LICENSES),
        "data_classes": chance.choice(("public", "public,internal", "public,internal,confidential")),
        "until_at": _NOW * 2,
    }


def measure(store: Store, models: int) -> float:
    """Search in each way a hundred times; returns the slowest hundredth of the slowest kind, in milliseconds."""
    slowest = 0.0
    last = ((_NOW - (models - 20) * 1000), "0")
    searches = {
        "first page": Wanted(limit=50),
        "best first": Wanted(sort=BEST, limit=50),
        "most pulled": Wanted(sort=PULLED, limit=50),
        "a word": Wanted(words=("coder",), limit=50),
        "two words": Wanted(words=("vision", "nano"), limit=50),
        "no match": Wanted(words=("nothing-like-this",), limit=50),
        "task and license": Wanted(labels=(("", "coding"), ("", "license:mit")), limit=50),
        "task, best first": Wanted(labels=(("task", "coding"),), sort=BEST, limit=50),
        "format and data class": Wanted(labels=(("format", "gguf"), ("data", "confidential")), limit=50),
        "a namespace": Wanted(namespace="org17", limit=50),
        "the last page": Wanted(after=last, limit=50),
    }
    jobs = {name: partial(find_served, wanted=wanted, hidden=set()) for name, wanted in searches.items()}
    jobs["count of all"] = partial(count, wanted=Wanted(), hidden=set())
    jobs["count of a task"] = partial(count, wanted=Wanted(labels=(("task", "coding"),)), hidden=set())
    for name, job in jobs.items():
        times, used = [], []
        for _ in range(_TIMES):
            begun, spent = time.perf_counter(), time.thread_time()
            store.read_now(job)
            times.append((time.perf_counter() - begun) * 1000)
            used.append((time.thread_time() - spent) * 1000)
        times.sort()
        p99 = times[int(len(times) * 0.99) - 1]
        slowest = max(slowest, p99)
        spent = statistics.median(used)
        print(f"{name:<24}{statistics.median(times):7.1f} ms median {p99:7.1f} ms p99 {spent:7.1f} ms processor")
    return slowest


def on(url: str, models: int, releases: int) -> float:
    """Fill a database and measure it; as `measure`."""
    store = Store.open(url)
    migrate(store)
    fill(store, models, releases)
    if store.dialect == "postgresql":
        with store.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    print(store.dialect)
    slowest = measure(store, models)
    store.close()
    return slowest


def main(models: int = 10_000, releases: int = 20) -> int:
    """Measure; returns the exit status: 1 if a search is slower than it may be."""
    with tempfile.TemporaryDirectory(prefix="hub-search-") as place:
        slowest = on(f"sqlite:///{Path(place)}/fleet.db", models, releases)
    try:
        server = PostgresqlServer()
    except (ForbiddenError, UnavailableError) as error:
        print(f"not on PostgreSQL: {error}")
    else:
        slowest = max(slowest, on(server.new_database(), models, releases))
        server.close()
    print(f"limit: {LIMIT:.0f} ms p99 over {models:,} models x {releases} releases")
    return 0 if slowest <= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:3])))
