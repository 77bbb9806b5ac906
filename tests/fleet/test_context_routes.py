from typing import get_args

from tests.fleet.managed import Asking

from weighbridge.fleet.business_context import DATA_CLASSES
from weighbridge.fleet.context_routes import DataClass


def test_a_repository_has_an_owner_and_a_class_of_data(served):
    asking = Asking(served)
    wanted = {"name": "git@github.com:acme/app.git", "owner": "ada", "data_class": "restricted", "note": "payments"}
    written = asking.ask("PUT", "/repositories", wanted)
    assert written == wanted | {"name": "github.com/acme/app"}
    assert asking.ask("GET", "/repositories") == [written]
    assert asking.ask("PUT", "/repositories", {"name": "nothing"}, status=400)["code"] == "E-repository"
    asking.ask("PUT", "/repositories", {"name": "a.b/c", "data_class": "secret"}, status=400)
    asking.ask("POST", "/repositories/forget", {"name": "https://github.com/acme/app"}, status=204)
    asking.ask("POST", "/repositories/forget", {"name": "github.com/acme/app"}, status=404)


def test_the_classes_are_those_of_the_fleet():
    assert get_args(DataClass) == ("", *DATA_CLASSES)
