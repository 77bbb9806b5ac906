"""A server of policies with its people, played by tests: it serves whatever a test puts into it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from weighbridge.pipeline.policies import built_in_files
from weighbridge.sync.judging import OVERSIZED, Wanted
from weighbridge.sync.policy_bundle import packed
from weighbridge.sync.policy_metadata import add_signature, described, new_root, new_targets, online_metadata
from weighbridge.sync.policy_updates import TIMESTAMP, Refreshed, refresh
from weighbridge.sync.ruling_metadata import delegated_by, new_ruling, role_of
from weighbridge.sync.rulings import CATALOG, ROLES, URGENT

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def person(number: int) -> ec.EllipticCurvePrivateKey:
    """Return the key of a person: always the same."""
    return ec.derive_private_key(1000 + number, ec.SECP256R1())


def online(number: int = 0) -> Ed25519PrivateKey:
    """Return the key of a server: always the same."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number + 1]) * 32)


def policy_files(version: int = 1) -> dict[str, bytes]:
    """Return a policy folder."""
    files = built_in_files("balanced")
    text = files["policy.yaml"].decode()
    changed = "\n".join(f"version: {version}" if line.startswith("version:") else line for line in text.splitlines())
    return files | {"policy.yaml": changed.encode() + b"\n"}


@dataclass
class PolicyServer:
    """Files by name. Two of three people must sign."""

    people: tuple[ec.EllipticCurvePrivateKey, ...] = field(default_factory=lambda: tuple(map(person, range(3))))
    threshold: int = 2
    key: Ed25519PrivateKey = field(default_factory=online)
    files: dict[str, bytes] = field(default_factory=dict)
    bundles: dict[int, bytes] = field(default_factory=dict)
    version: int = 0
    asked: list[str] = field(default_factory=list)
    root_version: int = 0
    rulings: dict[str, bytes] = field(default_factory=dict)
    """Signed metadata by role."""
    urgent: Ed25519PrivateKey | None = None
    """Who may revoke in haste."""
    catalog: Ed25519PrivateKey | None = None
    """Who may say what the catalog approved; None: people."""
    delegates: bool = True
    targets: bytes = b""
    said: int = 0
    """Version of snapshot and timestamp."""

    def __post_init__(self) -> None:
        self.new_root(self.people)

    @property
    def root(self) -> bytes:
        """The newest root."""
        return self.files[f"{self.root_version}.root.json"]

    def new_root(self, people, *, signers=None, key=None) -> bytes:
        """Give the keys to other people, signed by enough of the people before and after."""
        before = self.people
        self.root_version += 1
        self.people, self.key = tuple(people), key or self.key
        publics = [one.public_key() for one in self.people]
        root = new_root(publics, self.threshold, self.key.public_key(), NOW, self.root_version)
        for one in signers if signers is not None else {*before[:2], *self.people[:2]}:
            root = add_signature(root, one)
        self.files[f"{self.root_version}.root.json"] = root
        return root

    def publish(self, number: int, files=None, *, signers=None, now: datetime = NOW) -> None:
        """Publish one more policy."""
        self.bundles[number] = packed(number, policy_files(number) if files is None else files)
        self.sign(signers=signers, now=now)

    def sign(self, *, signers=None, now: datetime = NOW, version: int | None = None) -> None:
        """Sign what there is, anew."""
        self.version = self.version + 1 if version is None else version
        targets = new_targets(
            self.version, [(n, f"policy {n}", text) for n, text in self.bundles.items()], now, self.delegations
        )
        for one in self.people[: self.threshold] if signers is None else signers:
            targets = add_signature(targets, one)
        self.place(targets, now)

    def place(self, targets: bytes, now: datetime = NOW) -> None:
        """Say that these targets are the newest."""
        self.targets = targets
        self.said = max(self.said + 1, self.version)
        snapshot, timestamp = online_metadata(targets, self.said, self.said, now, self.key, self.rulings)
        self.files |= {f"{self.version}.targets.json": targets, f"{self.said}.snapshot.json": snapshot}
        self.files[TIMESTAMP] = timestamp
        for one in described(targets).policies:
            self.files[f"{one.sha256}.{one.name}"] = self.bundles[one.number]

    @property
    def delegations(self):
        """Who may sign rulings: the people who sign policies."""
        single = {role: key.public_key() for role, key in self.single.items() if key is not None}
        return delegated_by(self.root, **single) if self.delegates else None

    @property
    def single(self):
        """Return the keys that alone sign a role, by role."""
        return {URGENT: self.urgent, CATALOG: self.catalog}

    def rule(self, role: str, text: bytes, version: int, *, signers=None, now: datetime = NOW) -> bytes:
        """Publish one more text of rulings, and return its metadata."""
        assert role in ROLES
        single = self.single.get(role)
        usual = self.people[: self.threshold] if single is None else [single]
        metadata = new_ruling(role, version, text, now)
        for one in usual if signers is None else signers:
            metadata = add_signature(metadata, one)
        self.show(role, metadata, text, now)
        return metadata

    def show(self, role: str, metadata: bytes, text: bytes, now: datetime = NOW) -> None:
        """Say that this is the newest of a role."""
        version = described(metadata).version
        name = f"{role_of(metadata) or role}-{version}.json"
        self.rulings[role] = metadata
        self.files |= {f"{version}.{role}.json": metadata, f"{sha256(text).hexdigest()}.{name}": text}
        self.renew(now)

    def renew(self, now: datetime = NOW) -> None:
        """Say anew that what there is is the newest."""
        self.said += 1
        snapshot, timestamp = online_metadata(self.targets, self.said, self.said, now, self.key, self.rulings)
        self.files |= {f"{self.said}.snapshot.json": snapshot, TIMESTAMP: timestamp}

    def get(self, wanted: Wanted) -> bytes | None:
        """Answer as HTTP would."""
        self.asked.append(wanted.name)
        content = self.files.get(wanted.name)
        return OVERSIZED if content is not None and len(content) > wanted.limit else content


def talk(held, server: PolicyServer, now: datetime = NOW) -> Refreshed:
    """Let an endpoint bring itself up to date."""
    conversation = refresh(held, now)
    try:
        wanted = next(conversation)
        while True:
            wanted = conversation.send(server.get(wanted))
    except StopIteration as ended:
        return ended.value


def days(number: float) -> timedelta:
    """Return days."""
    return timedelta(days=number)
