import pytest

from weighbridge.bom.places import Places
from weighbridge.model.place import Place


@pytest.mark.parametrize(
    ("roots", "path", "expected"),
    [
        (("/srv/models",), b"/srv/models/a/b.gguf", "a/b.gguf"),
        (("/srv/models/",), b"/srv/models/b.gguf", "b.gguf"),
        (("/srv/models/b.gguf",), b"/srv/models/b.gguf", "b.gguf"),
        (("/srv/a", "/srv/b"), b"/srv/b/x", "b/x"),
        (("/srv/models",), b"/srv/models2/x", "/srv/models2/x"),
        ((), b"/home/ada/m/x", "~/m/x"),
        ((), b"/home/bob/m/x", "~other/m/x"),
        ((), b"/Users/bob/m/x", "~other/m/x"),
        ((), b"/usr/share/x", "/usr/share/x"),
        (("/",), b"/home/bob/x", "~other/x"),
        (("C:\\models",), b"C:\\models\\a\\b", "a/b"),
        ((), b"C:\\Users\\bob\\x", "~other/x"),
        ((), b"/home/adam/x", "~other/x"),
    ],
)
def test_paths_are_relative_and_name_nobody(roots: tuple[str, ...], path: bytes, expected: str) -> None:
    assert Places(roots, "/home/ada").shown(path) == expected


def test_whole_paths_only_if_asked_for() -> None:
    assert Places(("/home/ada",), "/home/ada", absolute=True).shown(b"/home/ada/x") == "/home/ada/x"


@pytest.mark.parametrize(
    ("roots", "title"),
    [
        (("/srv/models",), "models"),
        (("/srv/b", "/srv/a"), "a, b"),
        (("/home/ada",), "home"),
        (("/home/bob/",), "home"),
        (("/",), "machine"),
        ((), "machine"),
    ],
)
def test_the_title_names_folders_and_no_person(roots: tuple[str, ...], title: str) -> None:
    assert Places(roots, "/home/ada").title == title


def test_two_roots_of_one_name_are_told_apart() -> None:
    places = Places(("/a/models", "/b/models"))
    assert places.shown(b"/a/models/x") != places.shown(b"/b/models/x")


def test_an_occurrence_is_clean() -> None:
    place = Place(path=b"/r/caf\xe9\x1b", member="in\u202e", store="ollama", store_name="a\x00b")
    found = Places(("/r",)).occurrence(place)
    assert (found.path, found.member, found.store_name) == ("caf\\xe9\\x1b", "in\\u202e", "a\\x00b")
