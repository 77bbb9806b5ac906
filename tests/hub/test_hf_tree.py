"""Files and folders, a page at a time."""

import hashlib

import pytest
from sqlalchemy import text
from tests.fleet.serving import running
from tests.hub.approved import FILES, approved, reader, with_many

from weighbridge.hub import release_files


@pytest.fixture
def either(store):
    """A server over either kind of database."""
    with running(store) as started:
        yield started


def walk(client, address):
    """Follow the pages of a list; return what they hold, and how many there were."""
    found, pages = [], 0
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        found += answer.json()
        address, pages = answer.links.get("next", {}).get("url", ""), pages + 1
    return found, pages


def test_all_files(either):
    release = approved(either)
    answer = reader(either).get("/api/models/acme/tiny/tree/main?recursive=true&expand=false")
    assert [one["path"] for one in answer.json()] == sorted(FILES)
    assert answer.headers["x-repo-commit"] == release.commit_id
    for one in answer.json():
        assert one["type"] == "file"
        assert one["lfs"]["oid"] == hashlib.sha256(FILES[one["path"]]).hexdigest()
        assert "xetHash" not in one


def test_one_folder(either):
    approved(either, {"a/b/c.bin": b"1", "a/b-c": b"2", "a/b0": b"3", "a.txt": b"4", "a/d": b"5", "z/é.txt": b"6"})
    client = reader(either)
    listed = client.get("/api/models/acme/tiny/tree/main").json()
    assert [(one["type"], one["path"]) for one in listed] == [
        ("file", "a.txt"),
        ("directory", "a"),
        ("directory", "z"),
    ]
    listed = client.get("/api/models/acme/tiny/tree/main/a").json()
    assert [(one["type"], one["path"]) for one in listed] == [
        ("file", "a/b-c"),
        ("directory", "a/b"),
        ("file", "a/b0"),
        ("file", "a/d"),
    ]
    assert [one["path"] for one in client.get("/api/models/acme/tiny/tree/main/a%2Fb").json()] == ["a/b/c.bin"]
    assert [one["path"] for one in client.get("/api/models/acme/tiny/tree/main/z?recursive=True").json()] == ["z/é.txt"]
    assert all(len(one["oid"]) == 40 for one in listed)


def test_expanded(either):
    release = approved(either, title="first")
    entry = reader(either).get("/api/models/acme/tiny/tree/main?recursive=1&expand=1").json()[0]
    assert entry["lastCommit"]["id"] == release.commit_id
    assert entry["lastCommit"]["title"] == "first"
    assert entry["securityFileStatus"]["status"] == "unscanned"


@pytest.mark.parametrize("folders", [8, pytest.param(100, marks=pytest.mark.deep)])
def test_a_hundred_thousand_files_a_page_at_a_time(either, folders, monkeypatch):
    """No page reads more than it shows, and what lies deep in a folder is not read for the list above it."""
    names = [f"data/{folder:03}/part-{part:04}" for folder in range(folders) for part in range(1_000)]
    with_many(either, ["a/0", *names])
    client, read, plain = reader(either), [], release_files.of_release

    def counted(*arguments, **more):
        page = plain(*arguments, **more)
        read.append(len(page))
        return page

    monkeypatch.setattr(release_files, "of_release", counted)
    first = client.get("/api/models/acme/tiny/tree/main?recursive=true")
    assert len(first.json()) == 1_000
    assert sum(read) <= 1_001
    read.clear()
    found, _ = walk(client, "/api/models/acme/tiny/tree/main/data")
    assert [one["path"] for one in found] == [f"data/{folder:03}" for folder in range(folders)]
    assert sum(read) < folders * 40
    monkeypatch.undo()
    found, pages = walk(client, "/api/models/acme/tiny/tree/main/data%2F005?recursive=true")
    assert (len(found), pages) == (1_000, 1)
    found, pages = walk(client, "/api/models/acme/tiny/tree/main?recursive=true")
    assert ([one["path"] for one in found], pages) == (["a/0", *names], folders + 1)


def test_more_folders_than_a_page_holds(either):
    with_many(either, (f"d{number:04}/x" for number in range(1_200)))
    found, pages = walk(reader(either), "/api/models/acme/tiny/tree/main")
    assert [one["path"] for one in found] == [f"d{number:04}" for number in range(1_200)]
    assert pages == 2


def test_no_folder(either):
    release = approved(either)
    answer = reader(either).get("/api/models/acme/tiny/tree/main/nope")
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "EntryNotFound")
    assert answer.headers["x-repo-commit"] == release.commit_id


@pytest.mark.parametrize("cursor", ["!", "e30", "W10", "WyJhIiwiYiJd", "x" * 5_000])
def test_no_page(either, cursor):
    approved(either)
    answer = reader(either).get(f"/api/models/acme/tiny/tree/main?cursor={cursor}")
    assert answer.status_code == 400
    assert "cursor" in answer.json()["error"]


def test_a_branch_with_slashes(either):
    release = approved(either, revision="refs/pr/1")
    answer = reader(either).get("/api/models/acme/tiny/tree/refs%2Fpr%2F1?recursive=true")
    assert answer.headers["x-repo-commit"] == release.commit_id


def test_folders_are_ranges_whatever_the_language_of_the_database(store):
    """A database that sorts as a dictionary does would put `a-b` and `a/b` elsewhere."""
    if store.dialect != "postgresql":
        pytest.skip("SQLite sorts by code point")
    wanted = "select collation_name from information_schema.columns where table_name='hub_release_files'"
    found = store.read_now(lambda c: c.execute(text(f"{wanted} and column_name='path'")).scalar())
    assert found == "C"
