"""Keys, certificates and small models for signature tests. Keys are made anew in every run."""

import datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOON = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@cache
def _made(_number: int, curve: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key({"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}[curve])


def private_key(number: int = 0, curve: str = "P-256") -> ec.EllipticCurvePrivateKey:
    """Return the `number`-th key of this run."""
    return _made(number, curve)


def certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    ca: bool = False,
    path_length: int | None = None,
    signs: bool | None = True,
    code: bool | None = True,
    start: datetime.datetime = NOON - DAY,
    end: datetime.datetime = NOON + DAY,
    critical: bool = False,
) -> x509.Certificate:
    """Return a certificate; `signs` is the key usage, `code` the extended one, None leaves each out."""
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )
    if ca or path_length is not None:
        made = made.add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
    if signs is not None:
        usage = x509.KeyUsage(
            digital_signature=signs, key_cert_sign=ca, crl_sign=ca, content_commitment=False, key_encipherment=False,
            data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        made = made.add_extension(usage, critical=True)
    if code is not None and not ca:
        purpose = ExtendedKeyUsageOID.CODE_SIGNING if code else ExtendedKeyUsageOID.SERVER_AUTH
        made = made.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    if critical:
        made = made.add_extension(x509.NameConstraints([x509.DNSName("example.org")], None), critical=True)
    return made.sign(issuer_key, hashes.SHA256())


def revocations(
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *revoked: x509.Certificate,
    start: datetime.datetime = NOON - DAY,
    end: datetime.datetime = NOON + DAY,
    partial: bool = False,
) -> x509.CertificateRevocationList:
    """Return a revocation list; `partial` says critically that it covers the certificates of authorities only."""
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .last_update(start)
        .next_update(end)
    )
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(start)
        made = made.add_revoked_certificate(entry.build())
    if partial:
        point = x509.IssuingDistributionPoint(None, None, False, True, None, False, False)
        made = made.add_extension(point, critical=True)
    return made.sign(issuer_key, hashes.SHA256())


@cache
def chain() -> tuple[x509.Certificate, x509.Certificate, x509.Certificate]:
    """Return leaf (of key 0), intermediate and root."""
    root = certificate("root", private_key(2), "root", private_key(2), ca=True)
    middle = certificate("middle", private_key(1), "root", private_key(2), ca=True, path_length=0)
    return certificate("signer", private_key(0), "middle", private_key(1)), middle, root


def model(folder: Path) -> Path:
    """Write a small model and return its folder."""
    for name, content in {"config.json": b"{}", "a/z.bin": b"zz", "a.txt": b"text", "weights.bin": bytes(3000)}.items():
        file = folder / "model" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder / "model"
