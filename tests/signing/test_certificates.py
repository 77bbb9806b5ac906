import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.samples.signed_model import DAY, NOON, certificate, chain, private_key

from weighbridge.model.errors import WeighbridgeError
from weighbridge.signing.certificates import ChainError, check_chain, from_der, read_certificates, subject_of, to_der


def refused(leaf: x509.Certificate, others: list[x509.Certificate], root: x509.Certificate, reason: str) -> None:
    with pytest.raises(ChainError, match=reason):
        check_chain([leaf, *others], [root], NOON)


def test_a_chain_to_a_trusted_root() -> None:
    leaf, middle, root = chain()
    check_chain([leaf, middle], [root], NOON)
    check_chain([leaf, root, middle], [root], NOON)
    check_chain([leaf], [middle], NOON)
    check_chain([leaf], [leaf], NOON)


def test_another_root_of_the_same_name_is_not_trusted() -> None:
    leaf, middle, root = chain()
    other = certificate("root", private_key(9), "root", private_key(9), ca=True)
    refused(leaf, [middle, root], other, "does not lead")
    refused(leaf, [], root, "does not lead")


def test_time() -> None:
    leaf, middle, root = chain()
    for at, reason in ((NOON - 2 * DAY, "not valid before"), (NOON + 2 * DAY, "expired")):
        with pytest.raises(ChainError, match=reason):
            check_chain([leaf, middle], [root], at)
    old = certificate("middle", private_key(1), "root", private_key(2), ca=True, end=NOON - DAY / 2)
    refused(leaf, [old], root, "expired")


def test_usage() -> None:
    _, middle, root = chain()

    def leaf(**usage: bool | None) -> x509.Certificate:
        return certificate("signer", private_key(0), "middle", private_key(1), **usage)  # type: ignore[arg-type]

    check_chain([leaf(code=None), middle], [root], NOON)
    check_chain([leaf(signs=None), middle], [root], NOON)
    refused(leaf(signs=False), [middle], root, "key usage")
    refused(leaf(code=False), [middle], root, "code signing")
    refused(leaf(signs=None, code=None), [middle], root, "does not say")
    refused(leaf(critical=True), [middle], root, "critical extension")


def test_only_authorities_issue() -> None:
    leaf, _, root = chain()
    for made in (
        certificate("middle", private_key(1), "root", private_key(2)),
        certificate("middle", private_key(1), "root", private_key(2), ca=False, signs=None, code=None),
    ):
        refused(leaf, [made], root, "no certificate authority")


def test_the_length_of_a_path() -> None:
    root = certificate("root", private_key(2), "root", private_key(2), ca=True, path_length=0)
    leaf, middle, _ = chain()
    refused(leaf, [middle], root, "may not stand above 1")


def test_certificates_that_lead_in_circles_end() -> None:
    keys = [private_key(number) for number in range(20, 26)]
    many = [certificate("x", one, "x", other, ca=True) for one in keys for other in keys if one is not other][:19]
    leaf = certificate("signer", private_key(0), "x", keys[0])
    refused(leaf, many, chain()[2], "does not lead|too many")


def test_files_and_bundles() -> None:
    leaf, middle, _ = chain()
    pem = leaf.public_bytes(Encoding.PEM) + middle.public_bytes(Encoding.PEM)
    assert read_certificates(pem, "file") == [leaf, middle]
    assert from_der((to_der(leaf),)) == [leaf]
    assert subject_of(leaf) == "CN=signer"
    for content in (b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(WeighbridgeError, match="no certificate"):
            read_certificates(content, "file")
    for several in ((b"junk",), (to_der(leaf),) * 21):
        with pytest.raises(ChainError):
            from_der(several)


def test_warnings_of_the_library_reach_nobody(recwarn: pytest.WarningsRecorder) -> None:
    leaf = chain()[0]
    serial = leaf.serial_number.to_bytes((leaf.serial_number.bit_length() + 8) // 8)
    negative = to_der(leaf).replace(serial, bytes([0x80 | serial[0]]) + serial[1:], 1)
    assert negative != to_der(leaf)
    (read,) = from_der((negative,))
    assert read_certificates(read.public_bytes(Encoding.PEM), "file") == [read]
    with pytest.raises(ChainError):
        check_chain([read], [chain()[2]], NOON, ())
    assert not recwarn.list
