import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.samples.signed_model import DAY, NOON, certificate, chain, private_key, revocations

from weighbridge.model.errors import WeighbridgeError
from weighbridge.signing.certificates import ChainError, check_chain
from weighbridge.signing.revocation import objection, read_lists

LEAF, MIDDLE, ROOT = chain()
MIDDLE_LIST = revocations("middle", private_key(1))
ROOT_LIST = revocations("root", private_key(2))


def said(*lists: x509.CertificateRevocationList) -> str:
    return objection(LEAF, MIDDLE, lists, NOON) or ""


def test_a_current_list_of_the_issuer_speaks_for_a_certificate() -> None:
    assert said(MIDDLE_LIST) == ""
    assert said(revocations("middle", private_key(1), MIDDLE)) == ""
    assert "was revoked by CN=middle" in said(revocations("middle", private_key(1), LEAF))
    assert "was revoked" in said(MIDDLE_LIST, revocations("middle", private_key(1), LEAF, end=NOON - DAY / 2))


@pytest.mark.parametrize(
    ("lists", "reason"),
    [
        ((), "no revocation list of CN=middle was given"),
        ((ROOT_LIST,), "no revocation list of CN=middle was given"),
        ((revocations("middle", private_key(2)),), "was not signed by it"),
        ((revocations("middle", private_key(1), end=NOON - DAY / 2),), "was valid until 2026-11-21"),
        ((revocations("middle", private_key(1), start=NOON + DAY / 2),), "is of another time"),
        ((revocations("middle", private_key(1), partial=True),), "covers a part only"),
    ],
)
def test_any_other_list_leaves_it_untrusted(lists: tuple, reason: str) -> None:
    assert reason in said(*lists)


def test_an_issuer_that_may_not_sign_lists() -> None:
    silent = certificate("middle", private_key(1), "root", private_key(2), signs=True)
    assert "was not signed by it" in (objection(LEAF, silent, (MIDDLE_LIST,), NOON) or "")


def test_every_certificate_below_the_root_needs_a_list() -> None:
    check_chain([LEAF, MIDDLE], [ROOT], NOON, (MIDDLE_LIST, ROOT_LIST))
    check_chain([LEAF, MIDDLE], [ROOT], NOON, None)
    with pytest.raises(ChainError, match="no revocation list of CN=root"):
        check_chain([LEAF, MIDDLE], [ROOT], NOON, (MIDDLE_LIST,))
    with pytest.raises(ChainError, match="CN=middle was revoked"):
        check_chain([LEAF, MIDDLE], [ROOT], NOON, (MIDDLE_LIST, revocations("root", private_key(2), MIDDLE)))


def test_files_hold_one_list_in_der_or_several_in_pem() -> None:
    pem = MIDDLE_LIST.public_bytes(Encoding.PEM) + ROOT_LIST.public_bytes(Encoding.PEM)
    assert read_lists(pem, "crl") == [MIDDLE_LIST, ROOT_LIST]
    assert read_lists(ROOT_LIST.public_bytes(Encoding.DER), "crl") == [ROOT_LIST]
    for broken in (b"", b"text", pem[:40] + pem[60:], ROOT.public_bytes(Encoding.PEM)):
        with pytest.raises(WeighbridgeError) as error:
            read_lists(broken, "crl")
        assert error.value.code == "E-crl-unreadable"
