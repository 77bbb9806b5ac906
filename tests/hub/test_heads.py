"""What the catalog is searched by is at every moment what the slow way through all tables would find."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, select
from tests.fleet.serving import DAY, Running, running
from tests.hub.holding import in_state, weighed_with

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.store import Store
from weighbridge.hub import branches, heads, lifecycle, models, pulls, releases
from weighbridge.hub.approval import Approval
from weighbridge.hub.branches import BRANCHES
from weighbridge.hub.heads import MODEL_HEADS
from weighbridge.hub.models import MODELS
from weighbridge.hub.pulls import PULLS
from weighbridge.hub.releases import RELEASES, TOMBSTONE
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError

STEPS = 80
MODELS_OF_A_RUN = ("acme/Coder", "acme/embed", "other/talk")


def slowly(connection: Connection) -> dict[str, dict[str, object]]:
    """Return what the table should hold, from everything that the other tables hold."""
    all_releases = [dict(row._mapping) for row in connection.execute(select(RELEASES))]
    all_pulls = [row for row in connection.execute(select(PULLS)) if row.requests]
    found = {}
    for model in connection.execute(select(MODELS)):
        mine = {one["commit_id"]: one for one in all_releases if one["model_id"] == model.model_id}
        meant = []
        for branch in connection.execute(select(BRANCHES).where(BRANCHES.c.model_id == model.model_id)):
            release = mine.get(branch.served)
            if release and release["state"] in ("approved", "deprecated") and release["formats"] != TOMBSTONE:
                meant.append((branch.name != "main", -release["created_at"], release["release_id"], branch.name))
        if not meant:
            continue
        _, _, release_id, revision = min(meant)
        release = next(one for one in all_releases if one["release_id"] == release_id)
        tasks = [one for one in model.tasks.split("\n") if one]
        labels = [f"task:{one}" for one in tasks]
        labels += [f"format:{one}" for one in release["formats"].split(",") if one]
        labels += [f"license:{release['license']}"] if release["license"] else []
        labels += [f"data:{one}" for one in release["data_classes"].split(",") if one]
        ids = {one["release_id"] for one in mine.values()}
        found[model.model_id] = {
            "model_id": model.model_id,
            "alias": model.alias,
            "namespace": model.namespace.lower(),
            "revision": revision,
            "release_id": release_id,
            "standing": int(release["state"] == "approved"),
            "pulls": sum(one.release_id in ids for one in all_pulls),
            "state_at": release["state_at"],
            "created_at": model.created_at,
            "labels": "\n".join(["", *labels, ""]).lower(),
            "words": "\n".join((model.alias, model.summary.lower(), *tasks)),
        }
    return found


def kept(connection: Connection) -> dict[str, dict[str, object]]:
    """Return what the table holds."""
    return {row.model_id: dict(row._mapping) for row in connection.execute(select(MODEL_HEADS))}


class Life:
    """Things that happen to a catalog, one after the other."""

    def __init__(self, running: Running, seed: int) -> None:
        self.at, self.chance = running, random.Random(seed)
        self.grace = viewer_of(running.account("grace", Role.ADMINISTRATOR))
        self.made: list[tuple[str, str]] = []
        self.count = 0

    def steps(self) -> list[Callable[[], None]]:
        """What may happen."""
        moves = [
            self.arrive,
            self.approve,
            self.approve,
            self.approve,
            self.deprecate,
            self.revoke,
            self.renew,
            self.pass_time,
        ]
        return [*moves, self.look_again, self.make_tag, self.drop_tag, self.describe, self.pull, self.forget]

    def arrive(self) -> None:
        self.count += 1
        self.at.clock.pass_seconds(1)
        content, name = {"n": str(self.count).encode()}, self.chance.choice(MODELS_OF_A_RUN)
        branch = "v1" if name == "other/talk" else self.chance.choice(("main", "v1"))
        made = in_state(self.at, State.REVIEW, content, name=name, revision=branch)
        weighed_with(self.at, made)
        values = {"license": self.chance.choice(("mit", "apache-2.0")), "formats": self.chance.choice(("gguf", ""))}
        self.at.store.write_now(lambda c: releases.change(c, made.release_id, **values))
        self.made.append((made.model_id, made.release_id))

    def approve(self) -> None:
        classes = self.chance.choice((("public",), ("internal", "public")))
        said = Approval(guidance="For drafts.", data_classes=classes, days=self.chance.randint(1, 9))
        self.do(lifecycle.approve, said, why="it is fine")

    def deprecate(self) -> None:
        self.do(lifecycle.deprecate, "a better one came")

    def revoke(self) -> None:
        self.do(lifecycle.revoke, "it bites", everywhere=False)

    def renew(self) -> None:
        self.do(lifecycle.renew, 9)

    def look_again(self) -> None:
        self.do(lifecycle.back_to_review, "is it right")

    def pass_time(self) -> None:
        self.at.clock.pass_seconds(self.chance.randint(0, 4) * DAY / 1000)
        asyncio.run(lifecycle.expire(self.at.hub))

    def make_tag(self) -> None:
        model_id, release_id = self.chance.choice(self.made)

        def job(connection: Connection) -> None:
            release = releases.by_id(connection, release_id)
            meant = release.commit_id if release.is_served else ""
            branches.point(connection, 1, model_id, "t", served=meant, staged=release.commit_id, kind="tag")

        self.at.store.write_now(job)

    def drop_tag(self) -> None:
        model_id, _ = self.chance.choice(self.made)
        self.at.store.write_now(lambda c: branches.drop(c, model_id, self.chance.choice(("t", "v1"))))

    def describe(self) -> None:
        model_id, _ = self.chance.choice(self.made)
        tasks = tuple(self.chance.sample(("coding", "chat", "vision"), 2))
        self.at.store.write_now(
            lambda c: models.describe(c, 1, model_id, owner="x", summary="Écrit DU code", tasks=tasks)
        )

    def pull(self) -> None:
        _, release_id = self.chance.choice(self.made)
        key = (release_id, self.chance.choice(("ada", "")), "hf", "", self.at.clock.now // DAY)
        sums = {"requests": self.chance.randint(0, 2), "refused": 1, "bytes": 9}
        self.at.hub.pulled[key] = sums | {"first_at": self.at.clock.now, "last_at": self.at.clock.now}
        asyncio.run(pulls.write_pulls(self.at.hub))

    def forget(self) -> None:
        self.at.store.write_now(lambda c: pulls.prune(c, self.at.clock.now - 6 * DAY, 5))

    def do(self, act, *arguments, **more) -> None:
        _, release_id = self.chance.choice(self.made)
        # Half of what chance asks for is impossible in the state that the release is in.
        with suppress(WeighbridgeError):
            asyncio.run(act(self.at.hub, self.grace, release_id, *arguments, **more))


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_the_table_is_what_the_slow_way_finds(store: Store, tmp_path: Path, seed: int) -> None:
    with running(store) as started:
        started.hub.folder = str(tmp_path / "state")
        started.server.settings = msgspec.structs.replace(started.server.settings, hub_four_eyes=False)
        life, seen = Life(started, seed), set()
        life.arrive()
        for _ in range(STEPS):
            step = life.chance.choice(life.steps())
            step()
            there = store.read_now(kept)
            assert there == store.read_now(slowly), step.__name__
            seen |= {(one["revision"], one["standing"], one["pulls"] > 0) for one in there.values()}
        # The run was worth it: models came and went, under several names, both approved and deprecated, and pulled.
        assert len({revision for revision, _, _ in seen} & {"main", "v1", "t"}) >= 2
        assert {standing for _, standing, _ in seen} == {0, 1}
        assert True in {is_pulled for _, _, is_pulled in seen}


def test_a_migration_makes_the_table_of_what_is_there(database_url: str) -> None:
    store = Store.open(database_url)
    migrate(store)
    with running(store) as started:
        for number, name in enumerate(MODELS_OF_A_RUN):
            made = in_state(started, State.APPROVED, {"n": name.encode()}, name=name)
            values = {"license": "MIT", "formats": "gguf,safetensors", "data_classes": "internal,public"}
            store.write_now(lambda c, made=made, values=values: releases.change(c, made.release_id, **values))
            at = {"served": made.commit_id, "kind": "branch"}
            store.write_now(lambda c, made=made, at=at: branches.point(c, 1, made.model_id, "main", **at))
            store.write_now(lambda c, made=made, at=at: branches.point(c, 1, made.model_id, "v1", **at))
            describe = {"owner": "x", "summary": "Écrit DU code", "tasks": ("chat", "coding")[: number + 1]}
            store.write_now(lambda c, made=made, text=describe: models.describe(c, 1, made.model_id, **text))
            row = {"release_id": made.release_id, "account_id": "ada", "tool": "hf", "agent": "", "day": 1}
            row |= {"requests": number, "refused": 1, "bytes": 1, "first_at": 1, "last_at": 1}
            store.write_now(lambda c, row=row: upsert(c, PULLS, [row]))
            store.write_now(lambda c, made=made: heads.count_pulls(c, [made.release_id]))
        before = store.read_now(kept)
        assert len(before) == 3
        assert {one["pulls"] for one in before.values()} == {0, 1}
        migrate(store, "m0028_uploads_of_the_hub")
        migrate(store)
        assert store.read_now(kept) == before
    store.close()


def test_a_release_that_was_never_served_writes_nothing(store: Store) -> None:
    with running(store) as started:
        in_state(started, State.REJECTED)
        assert store.read_now(kept) == {}
