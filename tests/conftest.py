"""Options and profiles of the whole suite."""

import os

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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip slow tests without `--deep`."""
    if config.getoption("--deep"):
        return
    for item in items:
        if item.get_closest_marker("deep"):
            item.add_marker(pytest.mark.skip(reason="slow; runs with --deep"))


def unavailable(reason: str) -> None:
    """Skip the running test because something optional is not here; where `CI` is set, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
