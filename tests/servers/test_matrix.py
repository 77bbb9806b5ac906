from tools.server_matrix import TARGET, confusion, generated

from tests.servers.tables import PRODUCTS
from weighbridge.discover.runtime_catalog import runtimes
from weighbridge.discover.server_identity_decide import every_path


def test_the_page_is_what_the_tables_give():
    assert TARGET.read_text(encoding="utf-8") == generated(), "run `python -m tools.server_matrix`"


def test_nothing_is_named_wrongly_and_no_product_is_missed():
    ports = sorted({port for one in runtimes().values() for port in one.ports} | {40123})
    products, unknown, plain = confusion(ports).values()
    assert products[1:] == [0, 0, 0]
    assert (unknown[0], unknown[3]) == (0, 0)
    assert (plain[0], plain[1], plain[3]) == (0, 0, 0)


def test_the_suite_is_as_wide_as_it_says():
    told = {served.product for served in PRODUCTS.values()}
    assert len(told) >= 20
    assert {one.id for one in runtimes().values() if one.imitates} <= told
    assert {path for served in PRODUCTS.values() for path in served.answers if path} & every_path()
