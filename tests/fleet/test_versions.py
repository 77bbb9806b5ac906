"""Endpoints and servers of neighboring versions understand each other, and what is farther away is told so."""

import typing
from collections.abc import Mapping

import msgspec
import pytest
import zstandard
from tests.fleet.wire import Device, Line, Server, sighting
from tests.sync import version_1

from weighbridge.fleet.store import Store
from weighbridge.host.fleet_http import HttpReply
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.sync import messages
from weighbridge.sync.envelope import encoded, packed, unpacked
from weighbridge.sync.messages import OLDEST, VERSION, VERSIONS, Refused, Synced, Text, since
from weighbridge.sync.signature import sign


def samples() -> dict[str, msgspec.Struct]:
    """Return a message of each kind with something in every field."""
    told = {"server_time": "2026-11-21T09:00:00Z", "next_sync_in": 3.0, "epoch": "e"}
    host = messages.Host(name="laptop", platform="linux", release="6.1", architecture="x86_64")
    hashed = messages.to_text(bytes(32))
    snapshot = messages.Snapshot(part=1, last=True, size=2, entries=("{}",))
    proofs = {"continues": (hashed,), "covers": (hashed,), "skipped": (hashed,), "key_changes": ("n",)}
    counts = {"size": 1, "cosigned": 1, "first": 1, "behind": True, "monotonic": 1.0}
    words = {"device_time": "t", "boot": "b", "policy_version": "7", "sensor": "0.1", "checkpoint": "note"}
    key = {"public_key": hashed, "ledger_key": "k"}
    known = {"acknowledged": 1, "cosigned": 1, "accepted": True, "cosignature": "c", "resync": True}
    return {
        "Enroll": messages.Enroll(token="wbe-" + "a" * 24, host=host, sensor="0.1", **key),
        "Enrolled": messages.Enrolled(endpoint_id="a" * 16, state="active", witness_key="k", **told),
        "Refused": Refused(code="busy", message="m", server_time="t", retry_in=1.0, versions=VERSIONS),
        "Sync": messages.Sync(
            batch="b", entries=("{}",), inventory_digest=hashed, snapshot=snapshot, **proofs, **counts, **words
        ),
        "Synced": Synced(policy_version="7", notices=("n",), **known, **told),
    }


@pytest.mark.parametrize("kind", version_1.KINDS, ids=lambda kind: kind.__name__)
def test_what_stood_in_version_1_stands(kind: type[msgspec.Struct]) -> None:
    """The same name, type and limits; what came later says since when and has a default."""
    now = getattr(messages, kind.__name__)
    hints, frozen = (typing.get_type_hints(one, include_extras=True) for one in (now, kind))
    fields = {field.name: field for field in msgspec.structs.fields(now)}
    for field in msgspec.structs.fields(kind):
        assert field.name in fields
        if field.name != "version":
            assert fields[field.name].default == field.default, field.name
        assert _limits(hints[field.name]) == _limits(frozen[field.name]), field.name
    for name in hints.keys() - frozen.keys():
        marks = [mark.extra for mark in hints[name].__metadata__ if getattr(mark, "extra", None)]
        assert marks, f"{name} is new: it says `since(...)` outermost"
        assert 1 < marks[0]["since"] <= VERSION
        assert not fields[name].required, f"{name} is new: it needs a default"


def _limits(hint: object) -> object:
    """Return a type with its limits, where parts that are messages are told by their name."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint.__name__
    parts = [_limits(one) for one in getattr(hint, "__args__", ())]
    marks = [str(mark) for mark in getattr(hint, "__metadata__", ())]
    return [_limits(hint.__origin__) if hasattr(hint, "__origin__") else str(hint) * (not parts), parts, marks]


@pytest.mark.parametrize("name", ["Enroll", "Enrolled", "Refused", "Sync", "Synced"])
def test_what_is_sent_in_version_1_is_read_by_who_speaks_only_that(name: str) -> None:
    frozen = getattr(version_1, name)
    older = msgspec.structs.replace(samples()[name], version=1)
    read = msgspec.json.decode(encoded(older), type=frozen)
    assert read.version == 1
    body = msgspec.json.encode(read)
    assert unpacked(body, type(older), encoded=False) == msgspec.json.decode(body, type=type(older))


def test_a_field_says_since_when_and_is_not_sent_before() -> None:
    class Part(msgspec.Struct, frozen=True):
        old: str = "a"
        new: typing.Annotated[Text, since(3)] = "b"

    class Whole(messages.Message, frozen=True, kw_only=True):
        word: Text = "c"
        newer: typing.Annotated[Text | None, since(2)] = "d"
        part: Part = Part()
        parts: tuple[Part, ...] = (Part(), Part())
        none: Part | None = None

    def told(version: int) -> object:
        return msgspec.json.decode(encoded(Whole(version=version)))

    both, one = {"old": "a", "new": "b"}, {"old": "a"}
    assert told(3) == {"version": 3, "word": "c", "newer": "d", "part": both, "parts": [both, both], "none": None}
    assert told(2) == {"version": 2, "word": "c", "newer": "d", "part": one, "parts": [one, one], "none": None}
    assert told(1) == {"version": 1, "word": "c", "part": one, "parts": [one, one], "none": None}


def test_a_refusal_is_of_the_first_version_for_good() -> None:
    assert [field.name for field in msgspec.structs.fields(Refused)] == list(version_1.Refused.__struct_fields__)
    assert samples()["Refused"].version == 1


class OlderServer(Line):
    """A server of the first version: refuses another by its number, whatever else is in the message."""

    def post(self, path: str, body: bytes, headers: Mapping[str, str], limit: int) -> HttpReply:
        kind = version_1.Sync if path == messages.SYNC_PATH else version_1.Enroll
        try:
            unpacked(body, messages.Sync if kind is version_1.Sync else messages.Enroll)
            content = _content(body)
            self.asked.append(msgspec.json.decode(content)["version"])
            if self.asked[-1] != 1:
                refused = version_1.Refused(code="version", message="no", server_time="", versions=(1,))
                return HttpReply(400, {}, msgspec.json.encode(refused))
            msgspec.json.decode(content, type=kind)
        except msgspec.ValidationError as error:
            raise AssertionError(f"a server of version 1 does not understand it: {error}") from error
        reply = super().post(path, body, headers, limit)
        answer = version_1.Synced if path == messages.SYNC_PATH else version_1.Enrolled
        msgspec.json.decode(reply.body, type=answer)
        return reply

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.asked: list[int] = []


def _content(body: bytes) -> bytes:
    content: bytes = zstandard.ZstdDecompressor().decompress(body, max_output_size=1 << 25)
    return content


def test_an_endpoint_that_is_newer_than_its_server_speaks_as_the_server_does(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    line = device.line = OlderServer(server)
    assert device.enroll(server.token()) == "active"
    device.record(sighting())
    assert device.sync_all().code == ""
    assert line.asked[:2] == [VERSION, 1]
    assert set(line.asked) == {VERSION, 1}


@pytest.mark.parametrize("version", VERSIONS)
def test_an_answer_is_of_the_version_of_its_question(store: Store, version: int) -> None:
    server = Server(store)
    device = Device(server)
    device.enroll(server.token())
    device.sync_all()
    assert {msgspec.json.decode(reply.body)["version"] for reply in device.line.replies} == {VERSION}
    older = msgspec.structs.replace(_last_message(device), version=version, batch="other")
    reply = _signed(device, server, older)
    assert reply.status == 200
    assert msgspec.json.decode(reply.body)["version"] == version


def test_a_number_of_the_catalog_is_told_to_those_who_know_it_and_takes_no_revocation_from_others() -> None:
    """What older ones read of rulings stays a word of three numbers."""
    synced = msgspec.structs.replace(samples()["Synced"], rulings="3 0 1", catalog=9)
    told = {
        version: msgspec.json.decode(encoded(msgspec.structs.replace(synced, version=version))) for version in VERSIONS
    }
    assert [told[version].get("catalog") for version in VERSIONS] == [None, None, 9]
    assert [told[version].get("rulings") for version in VERSIONS] == [None, "3 0 1", "3 0 1"]


def _last_message(device: Device) -> messages.Sync:
    return unpacked(device.line.sent[-1][1], messages.Sync)


def _signed(device: Device, server: Server, message: messages.Message, body: bytes | None = None) -> HttpReply:
    key = FleetFolder(device.machine).device_key()
    content = packed(message) if body is None else body
    fields = sign(
        "POST",
        messages.SYNC_PATH,
        content,
        key_id=device.endpoint_id,
        created=int(server.clock),
        nonce="n" * 15 + str(len(device.line.sent)) + str(message.version) + "x" * 10,
        signer=key.sign_bytes,
    )
    return server.ask(messages.SYNC_PATH, content, {**fields, "content-encoding": "zstd"})


@pytest.mark.parametrize("version", [OLDEST - 1, VERSION + 1, 999])
def test_a_version_that_is_not_spoken_is_answered_with_those_that_are(store: Store, version: int) -> None:
    """Also with fields that nobody knows here, and in words that every version reads."""
    server = Server(store)
    device = Device(server)
    device.enroll(server.token())
    device.sync_all()
    news = msgspec.json.encode({"version": version, "news": [1, {"a": None}], "batch": 7})
    body = zstandard.ZstdCompressor().compress(news)
    reply = _signed(device, server, _last_message(device), body)
    assert reply.status == 400
    refused = msgspec.json.decode(reply.body, type=version_1.Refused)
    assert (refused.code, refused.versions) == ("version", VERSIONS)
    assert str(version) in refused.message
    assert refused.retry_in > 0


def test_an_unknown_field_of_a_known_version_is_refused(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    device.enroll(server.token())
    device.sync_all()
    fields = msgspec.json.decode(encoded(_last_message(device))) | {"run": "id"}
    reply = _signed(
        device, server, _last_message(device), zstandard.ZstdCompressor().compress(msgspec.json.encode(fields))
    )
    assert reply.status == 400
    assert msgspec.json.decode(reply.body)["code"] == "body"
