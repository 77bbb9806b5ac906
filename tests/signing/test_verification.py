import json
import random
from hashlib import sha256

from tests.samples.signed_model import NOON, certificate, chain, private_key

from weighbridge.signing.bundle import Bundle, Method, bundle_document
from weighbridge.signing.dsse import signed_bytes
from weighbridge.signing.keys import sign_bytes
from weighbridge.signing.manifest import Manifest, Resource
from weighbridge.signing.sign import signature_file, signed_envelope
from weighbridge.signing.verification import Kind, Outcome, Signed, Trust, Verification, compare, open_signature

MANIFEST = Manifest(name="m", resources=(Resource(path="a", digest=sha256(b"a").hexdigest()),))
TRUST = Trust(at=NOON, key=private_key().public_key())


def reason(content: bytes, trust: Trust = TRUST) -> str:
    opened = open_signature(content, trust)
    assert isinstance(opened, Verification)
    assert opened.outcome is Outcome.FAILED
    return opened.problems[0].reason


def test_every_changed_byte_of_payload_and_signature_fails() -> None:
    content = signature_file(MANIFEST, private_key())
    document = json.loads(content)
    envelope = document["dsseEnvelope"]
    for field in (
        envelope["payload"],
        envelope["signatures"][0]["sig"],
        document["verificationMaterial"]["publicKey"]["hint"],
    ):
        at = content.index(field.encode())
        for position in range(at, at + len(field)):
            for bit in (1, 32):
                changed = bytearray(content)
                changed[position] ^= bit
                assert isinstance(open_signature(bytes(changed), TRUST), Verification), position


def test_another_key() -> None:
    content = signature_file(MANIFEST, private_key())
    assert "another key" in reason(content, Trust(at=NOON, key=private_key(7).public_key()))
    unnamed = json.loads(content)
    unnamed["verificationMaterial"]["publicKey"] = {"rawBytes": "AA=="}
    assert isinstance(open_signature(json.dumps(unnamed).encode(), TRUST), Signed)
    assert "does not fit" in reason(json.dumps(unnamed).encode(), Trust(at=NOON, key=private_key(7).public_key()))


def test_the_wrong_kind_of_trust() -> None:
    leaf, middle, root = chain()
    other = certificate("root", private_key(9), "root", private_key(9), ca=True)
    assert "use --key" in reason(signature_file(MANIFEST, private_key()), Trust(at=NOON, roots=(root,)))
    certified = signature_file(MANIFEST, private_key(), (leaf, middle))
    assert "--certificate-roots" in reason(certified)
    assert "does not lead" in reason(certified, Trust(at=NOON, roots=(other,)))


def test_keyless_is_never_ok() -> None:
    envelope = signed_envelope("application/vnd.in-toto+json", b"{}", private_key())
    document = bundle_document(Bundle(method=Method.KEY, envelope=envelope, hint="x"))
    document["verificationMaterial"] = {"certificate": {"rawBytes": "AA=="}, "tlogEntries": [{}]}
    opened = open_signature(json.dumps(document).encode(), TRUST)
    assert isinstance(opened, Verification)
    assert opened.outcome is Outcome.UNVERIFIABLE
    assert "keyless" in opened.problems[0].reason


def test_a_signed_statement_of_another_type() -> None:
    for kind, payload, words in (
        ("text/plain", b"{}", "something else"),
        ("application/vnd.in-toto+json", b"{}", "in-toto statement"),
    ):
        envelope = signed_envelope(kind, payload, private_key())
        assert envelope.signature != sign_bytes(private_key(), signed_bytes(kind, b"x"))
        bundle = Bundle(method=Method.KEY, envelope=envelope)
        document = bundle_document(bundle)
        document["verificationMaterial"]["publicKey"] = {"rawBytes": "AA=="}
        assert words in reason(json.dumps(document).encode())


def test_differences() -> None:
    found = compare(
        {"same": "1", "changed": "2", "old": "3", "gone": "4"}, {"same": "1", "changed": "9", "new": "3", "more": "5"}
    )
    assert [(one.kind, one.path) for one in found] == [
        (Kind.CHANGED, "changed"),
        (Kind.MISSING, "gone"),
        (Kind.EXTRA, "more"),
        (Kind.RENAMED, "old"),
    ]
    assert "new" in found[3].reason
    assert compare({"a": "1"}, {"a": "1"}) == ()


def test_no_change_of_a_certified_signature_breaks_the_reader() -> None:
    leaf, middle, root = chain()
    content = signature_file(MANIFEST, private_key(), (leaf, middle))
    trust = Trust(at=NOON, roots=(root,))
    dice = random.Random(1)
    for _ in range(1500):
        changed = bytearray(content)
        changed[dice.randrange(len(changed))] = dice.randrange(256)
        opened = open_signature(bytes(changed), trust)
        assert isinstance(opened, Verification) or opened.manifest.resources == MANIFEST.resources
