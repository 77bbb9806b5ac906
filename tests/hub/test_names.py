"""Names that come over the wire: what is one, what is none, and what no path may do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.hub.names import Name, check_path, is_commit, is_revision, is_sha256, parse_name
from weighbridge.model.errors import WeighbridgeError

NO_NAMES = " / a/ /b a/b/c a//b ../b a/.. a/.b a/-b a/b. a/b- a/b.git a/b..c a/b--c a/ü a/%2e api/x V2/x settings/x"
NO_PATHS = " /a a/ a//b . .. ../a a/../b a/./b a\\b c:a a. .git x/.GIT/y"
ODD_PATHS = ["a\0b", "a\nb", "a ", "e\u0301", "a\u202eb", "\ud800", "x" * 256, "/".join(["x" * 200] * 6)]


@pytest.mark.parametrize(
    ("text", "namespace", "name"),
    [("acme/Tiny-1.5B_chat", "acme", "Tiny-1.5B_chat"), ("gemma3", "library", "gemma3"), ("a/b", "a", "b")],
)
def test_a_name(text, namespace, name):
    assert parse_name(text) == Name(namespace=namespace, name=name)


def test_no_two_names_differ_by_capitals_alone():
    assert parse_name("Acme/Tiny").alias == parse_name("acme/TINY").alias == "acme/tiny"
    assert str(parse_name("Acme/Tiny")) == "Acme/Tiny"


@pytest.mark.parametrize("text", [*NO_NAMES.split(" "), "a/b\n", "a/b c", "a/b\0", "a/" + "x" * 97])
def test_what_is_no_name(text):
    with pytest.raises(WeighbridgeError) as caught:
        parse_name(text)
    assert caught.value.code == "E-model-name"


@pytest.mark.parametrize("text", ["main", "v1.0", "refs/pr/1", "feature_x", "a" * 40, "1"])
def test_a_revision(text):
    assert is_revision(text)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a..b", "/a", "a/", "a//b", "a.lock", "-a", "a b", "a\n", "ü", "a" * 129]
)
def test_what_is_no_revision(text):
    assert not is_revision(text)


def test_commits_and_digests():
    assert is_commit("0a" * 20)
    assert not is_commit("0A" * 20)
    assert not is_commit("0a" * 20 + "\n")
    assert is_sha256("0a" * 32)
    assert not is_sha256("0a" * 20)


@pytest.mark.parametrize("path", ["a", "a/b/c.bin", "日本語/モデル.gguf", "a b.txt", ".gitattributes", "x" * 255])
def test_a_path(path):
    assert check_path(path) == path


@pytest.mark.parametrize("path", [*NO_PATHS.split(" "), *ODD_PATHS])
def test_what_no_release_may_hold(path):
    with pytest.raises(WeighbridgeError) as caught:
        check_path(path)
    assert caught.value.code == "E-model-path"


@given(st.text(max_size=60) | st.from_regex(r"[./a\\]{0,12}", fullmatch=True))
def test_whatever_comes_a_path_stays_in_its_folder(path):
    try:
        checked = check_path(path)
    except WeighbridgeError:
        return
    assert not checked.startswith("/")
    assert all(part not in ("", ".", "..") for part in checked.split("/"))


@given(st.text(max_size=60))
def test_whatever_comes_a_name_is_two_plain_parts(text):
    try:
        name = parse_name(text)
    except WeighbridgeError:
        return
    assert name.alias.isascii()
    assert name.alias.count("/") == 1


@pytest.mark.parametrize("path", ["con", "a/NUL", "aux.json", "x/Com1.tar.gz", "lpt9"])
def test_what_windows_opens_instead_of_a_file_is_no_file(path):
    with pytest.raises(WeighbridgeError) as caught:
        check_path(path)
    assert caught.value.code == "E-model-path"
    folder, slash, name = path.rpartition("/")
    assert check_path(f"{folder}{slash}a{name}")
