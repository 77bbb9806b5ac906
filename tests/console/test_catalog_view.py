"""What the page of the catalog can be narrowed to, and where its links lead."""

from collections import Counter
from urllib.parse import parse_qs

from weighbridge.console.catalog_view import CatalogView
from weighbridge.hub.heads import KINDS

FOUND = {kind: Counter() for kind in KINDS} | {
    "task": Counter({"chat": 2, "coding": 5, "a&b": 2}),
    "data": Counter({"restricted": 9, "public": 1}),
    "license": Counter({f"own-{number:02}": 1 for number in range(30)}),
}


def view(**asked: str) -> CatalogView:
    return CatalogView(**({"q": "", "task": "", "data": "", "license": "", "format": "", "sort": "best"} | asked))


def test_values_are_listed_by_how_many_have_them_and_data_by_how_sensitive_it_is():
    tasks, data, licenses = view().facets(FOUND)
    assert [(one.value, one.models) for one in tasks.choices] == [("coding", 5), ("a&b", 2), ("chat", 2)]
    assert [one.value for one in data.choices] == ["public", "restricted"]
    assert (len(licenses.choices), licenses.more) == (8, 22)


def test_a_link_keeps_what_was_asked_and_the_order():
    tasks, *_ = view(q="small one", sort="pulls").facets(FOUND)
    assert [parse_qs(one.link[1:]) for one in tasks.choices][1] == {
        "q": ["small one"],
        "task": ["a&b"],
        "sort": ["pulls"],
    }


def test_what_is_chosen_stands_alone_and_its_link_takes_it_away():
    asked = view(task="Coding", data="public")
    tasks, *_ = asked.facets(FOUND)
    assert [(one.value, one.is_chosen, one.link) for one in tasks.choices] == [("coding", True, "?data=public")]
    none = view(task="nothing-like-this").facets(FOUND)[0]
    assert [(one.value, one.models, one.link) for one in none.choices] == [("nothing-like-this", 0, "?")]
    assert asked.is_asked
    assert not view(sort="name").is_asked


def test_the_same_in_json_and_the_page_after():
    asked = view(q="x", license="mit", data="public", format="gguf", sort="name")
    wanted = {"q": ["x"], "terms": ["mit"], "data_class": ["public"], "file_format": ["gguf"], "sort": ["name"]}
    assert parse_qs(asked.twin) == wanted
    assert parse_qs(asked.further("acme/x")[1:])["after"] == ["acme/x"]
