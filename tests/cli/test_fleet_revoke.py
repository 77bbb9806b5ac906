import json

from tests.cli.ruling_fleet import fleet, rulings  # noqa: F401  (fixtures)
from tests.fleet.small_fleet import LLAMA

NEVER_SEEN = "4d" * 32


def test_what_it_touches_is_shown_and_nothing_is_changed(rulings):  # noqa: F811
    said = rulings.well("revoke", LLAMA)
    for line in (
        "endpoints  2 have it, 1 had it",
        "  laptop                    ada               2 files   /home/ada/llama.gguf",
        "  desktop                   bob               gone      /home/bob/llama.gguf",
        "processes  1 runs it, 1 did",
        "people     ada, bob",
        "releases   none is known here",
    ):
        assert line in said, said
    assert "nothing is revoked" in rulings.well("revocations")
    found = json.loads(rulings("revoke", LLAMA, "--format", "json")[1])
    assert (found["endpoints"], found["gone"], found["revocation"]) == (2, 1, None)


def test_revoking_says_what_it_did_and_what_comes_next(rulings):  # noqa: F811
    said = rulings.well("revoke", LLAMA, "--reason", "It phones home.", "--replacement", "Qwen3 8B", "--yes")
    assert "✓ revoked; findings stand on 2 endpoints" in said
    assert "wb fleet revocations --sign" in said
    said = rulings.well("revocations")
    assert f"{LLAMA}  waits for signatures\n  It phones home.; use Qwen3 8B" in said
    code, _, err = rulings("revoke", LLAMA, "--reason", "Once more.", "--yes")
    assert (code, "E-revocation" in err) == (2, True)


def test_nothing_is_changed_before_somebody_says_yes(rulings):  # noqa: F811
    code, _, err = rulings("revoke", LLAMA, "--reason", "It phones home.")
    assert (code, "nothing was changed yet" in err) == (2, True)
    assert "nothing is revoked" in rulings.well("revocations")


def test_one_that_nobody_ever_saw(rulings):  # noqa: F811
    assert "nobody ever saw it here" in rulings.well("revoke", NEVER_SEEN)
    assert "findings stand on 0 endpoints" in rulings.well("revoke", NEVER_SEEN, "--reason", "An advisory.", "--yes")


def test_taking_it_back(rulings):  # noqa: F811
    rulings.well("revoke", LLAMA, "--reason", "It phones home.", "--yes")
    assert "--lift --reason TEXT" in rulings.well("revoke", LLAMA)
    said = rulings.well("revoke", LLAMA, "--lift", "--reason", "Another file.", "--yes")
    assert "taken back here" in said
    assert "sign" not in said, "no endpoint was ever told"
    assert f"{LLAMA}  taken back\n" in rulings.well("revocations")


def test_the_servers_key_signs_at_once_where_people_said_so(rulings):  # noqa: F811
    rulings.delegated("--urgent", "server")
    said = rulings.well("revoke", LLAMA, "--reason", "It phones home.", "--yes")
    assert "the server's own key signed it" in said
    assert "in force, signed in haste" in rulings.well("revocations")
    said = rulings.well("revoke", LLAMA, "--lift", "--reason", "Another file.", "--yes")
    assert "wb fleet revocations --sign" in said
    assert "endpoints refuse it until people sign" in rulings.well("revocations")


def test_what_is_no_digest_is_said(rulings):  # noqa: F811
    code, _, err = rulings("revoke", "abc")
    assert (code, "this is no SHA-256" in err) == (2, True)
