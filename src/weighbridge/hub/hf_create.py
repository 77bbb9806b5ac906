"""`POST /api/repos/create` and `/api/validate-yaml`: what `hf upload` asks before it sends anything.

Source: huggingface_hub, `hf_api.py` (`create_repo`, `_validate_yaml`).
"""

import re

import msgspec
from sqlalchemy import Connection

from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.formats.yaml_events import YamlError, scalars
from weighbridge.hub import models
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import ANYONE, WRITE
from weighbridge.hub.hf_publishing import json_of, publisher
from weighbridge.hub.hf_request import FACE, base
from weighbridge.hub.names import LIBRARY, Name, parse_name

_FROM_ANYONE = 1 << 16
"""Bytes of a card that are looked at for whoever asks: clients ask without their token (`RepoCard.validate`)."""
_HEAD = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)


class _New(msgspec.Struct):
    name: str
    organization: str | None = None
    type: str | None = None


class _Card(msgspec.Struct):
    content: str = ""


async def create_model(call: Call) -> None:
    """Make a model without a release, or say that there is one of this name."""
    new = await json_of(call, _New)
    if new.type not in (None, "model"):
        raise RefusedError(400, "E-request", f"this hub holds models, no {new.type[:40]}", "create a model")
    allowed = await publisher(call, parse_name(f"{new.organization or LIBRARY}/{new.name}"))
    if allowed is None:
        return
    name, viewer = allowed
    now = call.hub.server.clock()
    model, is_new = await call.hub.server.store.write(lambda connection: _made(connection, now, name, viewer))
    said = {"url": f"{base(call)}/{model.full_name}", "name": model.full_name, "id": model.model_id}
    if is_new:
        await call.reply_json(said)
        return
    text = f"You already created this model repo: {model.full_name}."
    await call.reply_json({"error": text, **said}, 409, {"x-error-message": text})


def _made(connection: Connection, now: int, name: Name, viewer: Viewer) -> tuple[models.Model, bool]:
    known = models.by_name(connection, name)
    if known is not None:
        return known, False
    model = models.add(connection, now, name, owner=viewer.name)
    audit.note(connection, now, viewer, "model.create", model.model_id, {"name": model.full_name})
    return model, True


async def validate_card(call: Call) -> None:
    """Tell whether the head of a model card can be read; a long one of somebody unknown is not looked at."""
    card = await json_of(call, _Card)
    head = _HEAD.search(card.content)
    known = call.caller.viewer is not None
    try:
        if head is not None and (known or len(head[1]) <= _FROM_ANYONE):
            for _ in scalars(head[1].encode()):
                pass
    except YamlError as error:
        message = f"the metadata at the top of README.md is no YAML: {error}"
        await call.reply_json({"errors": [{"message": message}], "warnings": [], "error": message}, 400)
        return
    await call.reply_json({"errors": [], "warnings": []})


ROUTES = (
    Route(methods=("POST",), pattern="/api/repos/create", access=WRITE, answer=create_model, face=FACE),
    Route(methods=("POST",), pattern="/api/validate-yaml", access=ANYONE, answer=validate_card, face=FACE),
)
