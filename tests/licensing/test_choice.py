import pytest

from weighbridge.licensing.choice import choice
from weighbridge.licensing.statement import stated
from weighbridge.model.license import DeclaredLicense

BOTH = frozenset({"mit", "apache-2.0"})


def said(*values):
    return [stated(DeclaredLicense(value=value, source="card")) for value in values]


@pytest.mark.parametrize("names", [("LICENSE-MIT", "LICENSE-APACHE"), ("LICENSE.mit.txt", "a/LICENSE_Apache-2.0")])
def test_files_named_after_what_they_hold_are_a_choice(names):
    assert choice((), zip((f"{name} beside the file" for name in names), ("mit", "apache-2.0"), strict=True)) == BOTH


def test_an_expression_makes_a_choice_of_any_names():
    texts = [("LICENSE", "mit"), ("LICENSE.2", "apache-2.0")]
    assert choice(said("MIT OR Apache-2.0"), texts) == BOTH
    assert choice(said("MIT AND Apache-2.0"), texts) == frozenset()
    assert choice(said("MIT OR BSD-3-Clause"), texts) == frozenset()
    assert choice((), texts) == frozenset()


@pytest.mark.parametrize(
    "texts",
    [
        [("LICENSE-MIT", "mit")],
        [("LICENSE-MIT", "apache-2.0"), ("LICENSE-APACHE", "mit")],
        [("LICENSE-MIT", "mit"), ("LICENSE-CC", "cc-by-nc-4.0")],
        [("LICENSE-MIT", "mit"), ("LICENSE", "apache-2.0")],
        [("LICENSE-MIT", "mit"), ("LICENSE-OTHER", "no-such-license")],
    ],
)
def test_what_is_none(texts):
    assert choice((), texts) == frozenset()
