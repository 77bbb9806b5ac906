import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy_texts import error_of

from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.settings_file import read_settings

GOOD = b"name: x\nversion: 1\ntitle: A title\nmode: observe\n"


def refused(content: bytes) -> WeighbridgeError:
    with pytest.raises(WeighbridgeError) as caught:
        read_settings("policy.yaml", content)
    assert caught.value.code == "E-policy-settings"
    return caught.value


def test_defaults():
    settings = read_settings("policy.yaml", GOOD)
    assert (settings.name, settings.version, settings.mode) == ("x", 1, "observe")
    assert settings.sources == ()
    assert settings.retention.content == 0


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (GOOD + b"sorces: []\n", "policy.yaml:5 has the unknown key `sorces`", "did you mean `sources`?"),
        (GOOD + b"sources:\n  - stor: x\n", "policy.yaml:6 has the unknown key `stor` in `sources[0]`", "`store`"),
        (GOOD + b"retention:\n  verdict: 3\n", "policy.yaml:6 has the unknown key `verdict`", "`verdicts`"),
        (GOOD.replace(b"observe", b"enforced"), "policy.yaml:4 has a wrong value for `mode`", "`enforce`"),
        (GOOD.replace(b": x", b": 7"), "policy.yaml:1 has a wrong value for `name`", ""),
        (GOOD + b"retention:\n  verdicts: long\n", "policy.yaml:6 has a wrong value for `retention.verdicts`", ""),
        (GOOD + b"data_classes:\n  - {id: pubic, meaning: x}\n", "policy.yaml:6", "`public`"),
        (b"name: x\nversion: 1\n", "lacks the key `title`", "Add `title:`"),
        (b"", "policy.yaml is empty", "Start it with"),
        (b"- a\n", "not a list of keys and values", "Start it with"),
        (GOOD + b"accepted:\n  - {sha256: abc, reason: r, by: b}\n", "policy.yaml:6 accepts something", "64"),
        (GOOD + b"retention: {content: -1}\n", "less than 0 days", ""),
        (GOOD + b"sources:\n  - note: nowhere\n", "policy.yaml:6 has a source without", "where"),
        (GOOD + b"corporate_networks:\n  - name: office\n", "policy.yaml:6 has a corporate network without", "Say how"),
        (GOOD + b"corporate_networks:\n  - {name: x, route: 10.1.0.7/16}\n", "which is no network", "10.20.0.0/16"),
        (GOOD.replace(b": x", b": ''"), "policy.yaml:1 has an empty `name`", ""),
        (
            GOOD + b"data_classes:\n  - {id: public, meaning: x}\n  - {id: public, meaning: y}\n",
            "policy.yaml:7 describes the data class `public` twice",
            "one of the two",
        ),
        (
            GOOD + b"accepted:\n" + b"  - {sha256: %s, reason: x, by: y}\n" % (b"a" * 64) * 2,
            "policy.yaml:7 accepts the same SHA-256 twice",
            "one of the two",
        ),
        (GOOD + b"when_stale: loosen\n", "policy.yaml:5 has a wrong value for `when_stale`", "keep"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_nearest_key(content, message, hint):
    error = refused(content)
    assert message in error.message
    assert hint in error.hint


@given(st.dictionaries(st.sampled_from(["name", "mode", "sources", "accepted", "retention", "x"]), st.text(max_size=9)))
def test_anything_is_read_or_refused(values):
    lines = "".join(f"{key}: {value!r}\n" for key, value in values.items())
    error = error_of(read_settings, "policy.yaml", lines.encode())
    assert error is None or error.code in ("E-policy-settings", "E-policy-yaml")


def test_a_misspelt_store_is_refused_where_stores_are_known():
    content = GOOD + b"sources:\n  - store: olama\n"
    read_settings("policy.yaml", content)
    error = error_of(read_settings, "policy.yaml", content, {"ollama", "huggingface"})
    assert error is not None
    assert "policy.yaml:6 accepts the unknown store `olama`" in error.message
    assert error.hint == "did you mean `ollama`?"
