import pytest
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_crl

from weighbridge.signing.defects import defects


@pytest.mark.parametrize("content", [b"", b"0", b"0\x80", bytes(range(256))])
def test_broken_input_raises_nothing_else(content: bytes) -> None:
    for read in (load_der_x509_certificate, load_pem_x509_crl):
        with pytest.raises(defects()):
            read(content)
