import asyncio
import threading

from tests.fleet.serving import running

from weighbridge.fleet.settings import read_settings


def test_what_is_slow_runs_in_a_thread_of_its_own(served):
    async def both():
        return await asyncio.gather(*(served.server.hash(threading.get_ident) for _ in range(8)))

    idents = set(asyncio.run(both()))
    assert threading.get_ident() not in idents
    assert len(idents) <= 2


def test_the_cookie_is_bound_to_its_host_where_browsers_allow_that(served):
    assert served.server.cookie == "weighbridge"
    secure = read_settings(flags={"tls_certificate": "c", "tls_key": "k"})
    with running(served.store, secure) as started:
        assert started.server.cookie == "__Host-weighbridge"


def test_numbers_of_the_store_are_asked_for_when_somebody_looks(served):
    assert "weighbridge_writes_waiting 0\n" in served.server.metrics.text()
