"""Options and profiles of the whole suite, and the end of a test that never ends."""

import faulthandler
import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("normal", max_examples=60, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "deep",
    max_examples=400,
    deadline=None,
    # A gate must speak about the change before it, so it tries the same examples each time; by hand they are new ones.
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--deep`."""
    parser.addoption("--deep", action="store_true", help="also run the slow tests, and more examples of each property")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how hard Hypothesis tries."""
    settings.load_profile("deep" if config.getoption("--deep") else "normal")


LONGEST = (
    "fuzz/test_fuzz_atheris.py",
    "hub/test_every_step.py",
    "fleet/test_kill.py",
    "hub/test_life_kill.py",
    "hub/clients/test_faults.py",
    "ledger/test_kill.py",
    "fleet/test_cluster.py",
    "fleet/test_policy_processes.py",
    "fleet/test_schemathesis.py",
    "console/test_every_page.py",
    "fuzz/test_resource_attacks.py",
    "console/test_browser.py",
    "fleet/test_routes_matrix.py",
    "house/test_linters.py",
    "console/test_report_browser.py",
    "console/test_browser_hunt.py",
    "fleet/test_hostile_endpoint.py",
    "console/test_policy_browser.py",
    "e2e/test_no_network_no_writes.py",
    "real/test_real_home.py",
    "test_evasions.py",
    "console/test_browser_rulings.py",
    "house/test_howtos.py",
    "e2e/test_malicious_policy_server.py",
    "bom/test_any_scan.py",
)
"""Files that take longest. Of several processes, none shall be left alone with one at the end: they come first."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip slow tests without `--deep`; where processes share the work, begin with the longest files."""
    if hasattr(config, "workerinput"):
        places = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(item.path, len(places)))
    if config.getoption("--deep"):
        return
    for item in items:
        if item.get_closest_marker("deep"):
            item.add_marker(pytest.mark.skip(reason="slow; runs with --deep"))


def pytest_collection_finish() -> None:
    """Keep the collector away from what tests are made of: to look at it again and again took a quarter of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 50)


HARD_END = 660
"""Seconds that a test may take with its fixtures; more than any limit that a test sets itself, which says more."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let a test that hangs fail, and show where every thread stands, instead of holding up all others for good."""
    if not hasattr(signal, "SIGALRM"):
        return (yield)

    def end(*_: object) -> None:
        signal.alarm(60)  # for what else of it hangs
        faulthandler.dump_traceback(sys.__stderr__)
        pytest.fail(f"{item.nodeid} does not end")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(HARD_END)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def short_scratch() -> Iterator[Path]:
    """Make a folder for sockets, whose whole path must fit into some hundred bytes wherever other scratch files lie."""
    folder = Path(tempfile.mkdtemp(prefix="wb-", dir="/tmp" if os.access("/tmp", os.W_OK) else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """`short_scratch` for one test."""
    with short_scratch() as folder:
        yield folder


def rounds(config: pytest.Config, *, few: int, deep: int) -> int:
    """Return how often something is killed: `deep` times with `--deep`, or as often as WEIGHBRIDGE_ROUNDS says then."""
    return int(os.environ.get("WEIGHBRIDGE_ROUNDS", deep)) if config.getoption("--deep") else few


def unavailable(reason: str) -> None:
    """Skip the running test because something optional is not here; where `CI` is set, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
