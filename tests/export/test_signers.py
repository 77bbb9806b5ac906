import re

from weighbridge.export.signers import SIGNERS
from weighbridge.pipeline.export_products import products


def test_signers_are_team_and_identifier_of_products_in_the_catalog() -> None:
    known = {product.id: product for product in products()}
    for product, signers in SIGNERS.items():
        assert known[product].signers == signers
        assert all(re.fullmatch(r"[A-Z0-9]{10}:[A-Za-z0-9.-]+", signer) for signer in signers)
