"""Simulated endpoints that speak to any server: what `wb fleet simulate` does.

They enroll with a token and send real, signed messages. A number is always the same machine, so a server that has seen
it does not see it begin anew: choose other numbers for another run.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from bench.fleet_devices import SimulatedDevice

from weighbridge.host.fleet_http import FleetClient, HttpError, HttpReply
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.sync import asked
from weighbridge.sync.envelope import EnvelopeError, unpacked
from weighbridge.sync.messages import ENROLL_PATH, SYNC_PATH, Enroll, Enrolled, Host, Refused, Synced, to_text

_LIMIT = 1 << 20


def simulate(client: FleetClient, token: str, numbers: range, *, rounds: int, records: int) -> Iterator[int]:
    """Let devices enroll and send, and yield after each message how many records the server took.

    Args:
        client: the way to the server.
        token: that lets in so many devices.
        numbers: which devices; a number is always the same machine.
        rounds: how often each sends.
        records: how many each writes before it sends again.

    Raises:
        WeighbridgeError: `E-enroll-refused`, or `E-sync-failed` with what the server said.
    """
    devices = [SimulatedDevice(number) for number in numbers]
    for device in devices:
        _enroll(client, token, device)
        device.install()
    for at in range(rounds):
        for device in devices:
            if at:
                device.work(records)
            before = device.acknowledged
            body, fields = device.request(_now())
            device.take(_taken(_posted(client, body, fields)))
            yield device.acknowledged - before


def _enroll(client: FleetClient, token: str, device: SimulatedDevice) -> None:
    request = Enroll(
        token=token,
        public_key=to_text(device.key.public.public),
        ledger_key=device.ledger_key.public.text,
        host=Host(name=f"simulated-{device.number}", platform="linux", release="6.12", architecture="x86_64"),
        sensor="simulated",
    )
    try:
        answer = asked(
            client,
            ENROLL_PATH,
            request,
            Enrolled,
            signer=device.key.sign_bytes,
            key_id=device.endpoint_id,
            created=_now(),
        )
    except (HttpError, EnvelopeError) as error:
        raise _failed(str(error)) from None
    if isinstance(answer, Refused):
        hint = "`wb fleet token --uses N` makes one for N devices"
        raise WeighbridgeError("E-enroll-refused", f"the server refuses: {answer.message}", hint, exit_code=1)


def _posted(client: FleetClient, body: bytes, fields: dict[str, str]) -> HttpReply:
    try:
        return client.post(SYNC_PATH, body, fields, _LIMIT)
    except HttpError as error:
        raise _failed(str(error)) from None


def _taken(reply: HttpReply) -> Synced:
    try:
        if reply.status == 200:
            return unpacked(reply.body, Synced, encoded=False)
        refused = unpacked(reply.body, Refused, encoded=False)
    except EnvelopeError as error:
        raise _failed(f"it answers {reply.status}: {error}") from None
    raise _failed(refused.message)


def _failed(reason: str) -> WeighbridgeError:
    return WeighbridgeError("E-sync-failed", reason, "what was taken until then stays there", exit_code=1)


def _now() -> int:
    return int(datetime.now(UTC).timestamp())
