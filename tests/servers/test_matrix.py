import pytest
from tools.server_matrix import TARGET, ask, confusion, generated

from tests.servers.tables import PRODUCTS, Served
from weighbridge.discover.runtime_catalog import runtimes
from weighbridge.discover.server_paths import every_path


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


def _without_owners(answers):
    """Return a table whose lists of models do not say whose they are."""
    made = {}
    for path, (status, headers, body) in answers.items():
        if isinstance(body, dict) and isinstance(body.get("data"), list):
            entries = [{key: value for key, value in entry.items() if key != "owned_by"} for entry in body["data"]]
            body = body | {"data": entries}
        made[path] = (status, headers, body)
    return made


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_server_that_shows_less_of_itself_is_never_taken_for_another(name):
    served = PRODUCTS[name]
    for answers in (served.answers, _without_owners(served.answers)):
        for hidden in answers:
            left = {path: answer for path, answer in answers.items() if path != hidden or not path}
            identity, _ = ask(Served(served.product, left, served.port), served.port)
            assert identity.product in (served.product, None), hidden
