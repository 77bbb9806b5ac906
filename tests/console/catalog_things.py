"""A catalog for pages: a model that is served with all that is said of it, one that waits, what people asked for."""

import hashlib

from msgspec import json
from sqlalchemy import Connection
from tests.fleet.small_fleet import AT

from weighbridge.fleet.permissions import EVERYTHING, Role, Viewer, granted
from weighbridge.hub import branches, models, release_files, releases, requests, steps, weighed
from weighbridge.hub.names import parse_name
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State
from weighbridge.hub.weighed import Weighed
from weighbridge.hub.weighing import Gap, Weighing

NAME = "acme/coder-7b"


def catalog(connection: Connection) -> dict[str, str]:
    """Fill a catalog; return a thing for each parameter of a path."""
    ada = Viewer(account_id="a" * 32, name="ada", role=Role.VIEWER, permissions=granted(Role.VIEWER, EVERYTHING))
    served = _release(connection, NAME, "c" * 40, State.APPROVED)
    model = served.model_id
    summary = "Completes and explains code in twenty languages; runs on a laptop with 16 GB."
    models.describe(connection, AT, model, owner="ml platform", summary=summary, tasks=("coding", "chat"))
    values: dict[str, object] = {"guidance": "For our own code. Not for text about people.", "version": "1.2"}
    values |= {"data_classes": "public,internal,source", "until_at": AT + 300 * 86_400_000}
    releases.change(connection, served.release_id, **values)
    branches.point(connection, AT, model, "main", served=served.commit_id, staged=served.commit_id)
    waits = _release(connection, "research/speech-large", "d" * 40, State.REVIEW)
    asked = requests.ask(
        connection, AT, ada, parse_name("research/speech-large"), why="Transcribe interviews.", task="speech"
    )
    requests.lead_to(connection, AT, asked.request_id, waits.release_id)
    requests.ask(
        connection, AT, ada, parse_name("acme/embed-small"), why="Search in our documentation.", task="embedding"
    )
    for step, who in (("fetch", steps.HUB), ("weigh", steps.HUB)):
        steps.note(connection, AT, who, step, waits.release_id, why="because somebody asked for it")
    namespace, _, name = NAME.partition("/")
    return {"namespace": namespace, "name": name, "release_id": waits.release_id, "other_id": served.release_id}


def _release(connection: Connection, name: str, commit: str, state: State) -> Release:
    model = models.add(connection, AT, parse_name(name), owner="", upstream=name)
    made = releases.add(connection, AT, model.model_id, commit, by="ada", title="Weights and tokenizer")
    sizes = {"config.json": 733, "model-00001-of-00002.safetensors": 4_976_698_672, "model.Q4_K_M.gguf": 4_920_734_944}
    files = [
        ReleaseFile(path=path, sha256=hashlib.sha256(f"{commit} {path}".encode()).hexdigest(), size=size)
        for path, size in sizes.items()
    ]
    release_files.add(connection, made, files)
    values = {"size": sum(sizes.values()), "files": len(files), "formats": "gguf,safetensors"}
    releases.change(connection, made.release_id, **values, assessment="clean", decision="warn", license="llama3.1")
    weighing = Weighing(
        assessment="clean",
        decision="warn",
        remedy="Ask legal whether this use is allowed.",
        rules=("license-conditional",),
        policy="balanced 3 (warn)",
        formats=("gguf", "safetensors"),
        code_formats=(),
        licenses=("llama3.1",),
        commercial="conditional",
        permissive=False,
        obligations=("attribution", "keep-license-text"),
        lineage=("meta-llama/Llama-3.1-8B",),
        findings=1,
        unexamined=(Gap(path="extra.bin", reason="encrypted"),),
        loose=("tool.exe",),
        weights=(files[1].sha256,),
        interrupted=False,
    )
    said = ("its license allows commercial use under conditions", "one file could not be examined")
    known = Weighed(
        release_id=made.release_id,
        weighed_at=AT,
        milliseconds=8_200,
        rules="weighbridge 0.1.0",
        policy_number=3,
        weighing=weighing,
        is_automatic=False,
        reasons=said,
    )
    finding = {
        "check": "template-resource",
        "severity": "medium",
        "message": "Its chat template includes a file that lies beside it.",
    }
    finding |= {
        "remedy": "Read the template, or use one of your own.",
        "evidence": {"value": "{% include 'system.txt' %}"},
    }
    report = {"artifacts": [{"places": [{"path": "model.Q4_K_M.gguf"}], "findings": [finding]}]}
    weighed.keep(connection, known, json.encode(report), b"{}")
    for after in (State.QUARANTINED, State.WEIGHING, State.REVIEW, state):
        if after is not made.state:
            made = releases.move(connection, AT, made, after, by="grace" if after is state else "hub")
    return made
