"""The page that stands where a revoked release stood."""

import pytest
from tests.fleet.serving import Running
from tests.hub.holding import in_state

from weighbridge.hub import tombstone
from weighbridge.hub.states import State


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "*a* `b` # c", "![i](u)"])
def test_words_of_people_are_shown_and_do_nothing(served: Running, words: str) -> None:
    release = in_state(served, State.REVOKED)
    page = tombstone.page("acme/tiny", release, words, words).decode()
    assert words not in page
    assert page.startswith("# acme/tiny was revoked\n")
    assert release.commit_id in page
