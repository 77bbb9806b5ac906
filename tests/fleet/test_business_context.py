import pytest
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, SERVER, fill
from tests.fleet.test_labels import found

from weighbridge.fleet import business_context
from weighbridge.fleet.business_context import Repository, repository_name
from weighbridge.model.errors import WeighbridgeError

APP = "github.com/acme/app"


def repository(name=APP, owner="ada", data_class="restricted", note=""):
    return Repository(name=name, owner=owner, data_class=data_class, note=note)


def test_queries_ask_for_the_class_of_data_in_its_order(store):
    def job(connection):
        fill(connection)
        business_context.set_data_class(connection, LAPTOP, "confidential", AT)
        business_context.set_data_class(connection, SERVER, "restricted", AT)

    store.write_now(job)
    assert found(store, "data_class:restricted") == {SERVER}
    assert found(store, "data_class:>=confidential") == {LAPTOP, SERVER}
    assert found(store, "NOT data_class:>=public") == {DESKTOP}
    store.write_now(lambda connection: business_context.set_data_class(connection, SERVER, "", AT))
    assert store.read_now(business_context.of_endpoints) == {LAPTOP: "confidential"}
    assert store.read_now(lambda connection: business_context.of_endpoints(connection, [SERVER])) == {}


@pytest.mark.parametrize(
    "written",
    [
        APP,
        f"https://{APP}",
        f"https://{APP}.git",
        f"https://{APP}/",
        "ssh://git@github.com/acme/app.git",
        "ssh://git@github.com:22/acme/app.git",
        "git@github.com:acme/app.git",
        "GitHub.com/acme/app",
    ],
)
def test_one_repository_has_one_name(written):
    assert repository_name(written) == APP


@pytest.mark.parametrize(
    "written",
    [
        "",
        "app",
        "github.com",
        "github.com/",
        "acme/app",
        "github.com/../app",
        "github.com/a b",
        "https://ada:secret@github.com/acme/app",
        "github.com/" + "x" * 300,
        "github.com/<b>",
        "=1+1/x",
        "/etc/passwd",
    ],
)
def test_what_is_no_repository(written):
    with pytest.raises(WeighbridgeError) as raised:
        repository_name(written)
    assert raised.value.code == "E-repository"
    assert "secret@" not in raised.value.message or "ada" in written


def test_repositories_are_written_replaced_and_removed(store):
    def job(connection):
        business_context.set_repository(connection, repository(name=f"https://{APP}.git"), AT)
        business_context.set_repository(connection, repository(owner="bob"), AT)
        return business_context.repositories(connection)

    assert store.write_now(job) == [repository(owner="bob")]
    assert store.write_now(lambda connection: business_context.remove_repository(connection, APP))
    assert not store.write_now(lambda connection: business_context.remove_repository(connection, APP))


def test_a_class_that_is_none(store):
    for job in (
        lambda connection: business_context.set_data_class(connection, LAPTOP, "secret", AT),
        lambda connection: business_context.set_repository(connection, repository(data_class="secret"), AT),
    ):
        with pytest.raises(WeighbridgeError, match="no class of data"):
            store.write_now(job)
