"""Simulated endpoints for the fleet server: real keys, trees, signatures and realistic records; no ledger on disk.

A device is some kilobytes, so ten thousand fit into one process. Everything follows from the seed.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from weighbridge.ledger.checkpoint import Checkpoint
from weighbridge.ledger.entry import encode, timestamp
from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.tree import Frontier, consistency_proof, leaf_hash, perfect_root
from weighbridge.sync.envelope import packed
from weighbridge.sync.messages import MOST_ENTRIES, SYNC_PATH, Sync, Synced, endpoint_id_of, to_text
from weighbridge.sync.signature import sign

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CATALOG = 5000
"""Models that there are in the fleet; few are everywhere, most in one or two places."""
_RUNTIMES = ("ollama", "llama_cpp", "lm_studio", "vllm", "mlx_lm")
_FORMATS = ("gguf", "safetensors", "pickle", "onnx")


def digest_of(number: int) -> str:
    """Return the digest of a model of the catalog."""
    return f"{number:016x}" * 4


class SimulatedDevice:
    """One endpoint.

    Args:
        number: which.
        models: how many files with models lie on it.
    """

    def __init__(self, number: int, models: int = 12) -> None:
        self._random = random.Random(number)
        seed = number.to_bytes(8, "big") * 4
        self.key = PrivateKey("device", seed)
        self.ledger_key = PrivateKey(f"weighbridge/ledger/{number:016x}", seed[::-1])
        self.endpoint_id = endpoint_id_of(self.key.public.public)
        self.number = number
        self.size = 0
        self.acknowledged = self.cosigned = 0
        self._leaves: list[bytes] = []
        self._frontier = Frontier()
        self._waiting: list[bytes] = []
        self._sent = 0
        self._clock = START
        self._models = models
        self._pid = 1000

    def install(self) -> None:
        """Record what a first look finds."""
        self.record("start", {"version": "0.1.0", "before": "new"})
        self.record("network", {"connectivity": "online", "reasons": []})
        for place in range(self._models):
            # Squared, so that the first models of the catalog are on most devices.
            model = int(CATALOG * self._random.random() ** 3)
            digest, kind = digest_of(model), _FORMATS[model % len(_FORMATS)]
            path = f"/home/ada/models/{model}/weights-{place}.{kind}"
            about = {"artifact": digest, "sha256": digest, "format": kind, "size": 4_000_000_000 + model}
            self.record("artifact", about | {"assessment": "clean", "license": "apache-2.0", "commercial": "yes"})
            self.record("sighting", {"artifact": digest, "path": path, "member": None, "store": "ollama"})
            self.record("verdict", {"artifact": digest, "decision": "allow", "policy": "observe 1", "rules": []})
        for name in ("claude-code", "codex", "cursor"):
            self.record("agent", {"what": "agent", "name": name, "path": f"/home/ada/.{name}", "key": None})

    def work(self, count: int) -> None:
        """Record so many things of a usual day: processes come and go, load, a heartbeat."""
        for at in range(count):
            self._clock += timedelta(seconds=86)
            model = int(CATALOG * self._random.random() ** 3)
            if at % 2 == 0:
                self._pid += 1
                weights = [{"sha256": digest_of(model), "path": f"/m/{model}", "name": f"model-{model}"}]
                said = {"pid": self._pid, "started": float(self._pid), "name": "ollama", "user": "ada"}
                said |= {"runtime": _RUNTIMES[model % len(_RUNTIMES)], "weights": weights, "network": "online"}
                self.record("process", said | {"actor": {"kind": "human", "agent": None}, "command_line": ["x" * 60]})
            else:
                self.record("process-end", {"pid": self._pid, "started": float(self._pid)})

    def record(self, kind: str, data: Mapping[str, object]) -> None:
        """Append one record."""
        entry = encode(self.size, kind, data, at=self._clock, monotonic=float(self.size), boot="boot", network="online")
        self._leaves.append(leaf_hash(entry))
        self._frontier.append(self._leaves[-1])
        self._waiting.append(entry)
        self.size += 1

    def request(self, now: int, most: int = MOST_ENTRIES) -> tuple[bytes, dict[str, str]]:
        """Return body and header fields of the next message, with so many records at most."""
        note = signed(Checkpoint(self.ledger_key.name, self.size, self._frontier.root()).text, self.ledger_key)
        self._sent += 1
        entries = self._waiting[self.acknowledged - self.size :] if self.acknowledged < self.size else []
        end = self.acknowledged + len(entries[:most])
        message = Sync(
            batch=f"{self.number}-{self._sent}",
            size=self.acknowledged,
            cosigned=self.cosigned,
            checkpoint=bytes(note).decode(),
            continues=tuple(map(to_text, consistency_proof(self.cosigned, self.size, self._node))),
            first=self.acknowledged,
            entries=tuple(entry.decode() for entry in entries[:most]),
            covers=tuple(map(to_text, consistency_proof(end, self.size, self._node))) if end < self.size else (),
            device_time=timestamp(datetime.fromtimestamp(now, UTC)),
            sensor="simulated",
        )
        body = packed(message)
        nonce = f"{self.number:08}-{self._sent:08}-nonce"
        fields = sign(
            "POST",
            SYNC_PATH,
            body,
            key_id=self.endpoint_id,
            created=now,
            nonce=nonce,
            signer=self.key.sign_bytes,
        )
        return body, {"Content-Type": "application/json", "Content-Encoding": "zstd", **fields}

    def take(self, reply: Synced) -> None:
        """Take note of what the server has."""
        self.acknowledged, self.cosigned = reply.acknowledged, reply.cosigned
        self._waiting = self._waiting[len(self._waiting) - (self.size - self.acknowledged) :]

    def _node(self, level: int, index: int) -> bytes:
        return perfect_root(self._leaves[index << level : (index + 1) << level])


def fleet(count: int, models: int = 12) -> Iterator[SimulatedDevice]:
    """Yield devices that have looked around once."""
    for number in range(count):
        device = SimulatedDevice(number, models)
        device.install()
        yield device
