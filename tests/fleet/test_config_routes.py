from tests.fleet.config_kit import WHOLE, applied
from tests.fleet.managed import Asking, manage
from tests.fleet.small_fleet import fill

from weighbridge.fleet.config_registry import SECTIONS
from weighbridge.fleet.config_settings import SettingsItem
from weighbridge.fleet.fleet_settings import FleetSettings
from weighbridge.fleet.permissions import Scope


def test_the_configuration_and_its_drift_are_read(served):
    served.store.write_now(fill)
    applied(served.store, WHOLE)
    asking = Asking(served)
    files = asking.ask("GET", "/config")
    assert set(files) == {f"{name}.yaml" for name in SECTIONS}
    asking.ask("PUT", "/groups/people", {"rule": "owner:eve"})
    drift = asking.ask("GET", "/config/drift")
    assert [one["item"] for one in drift["drifted"]] == ["people"]


def test_settings_are_changed_one_by_one(served):
    asking = Asking(served)
    before = asking.ask("GET", "/config/settings")
    after = asking.ask("PATCH", "/config/settings", {"silent_days": 3, "records_days": None})
    assert after == before | {"silent_days": 3, "records_days": None}
    assert asking.ask("GET", "/config/settings") == after
    assert asking.ask("PATCH", "/config/settings", {}) == after
    asking.ask("PATCH", "/config/settings", {"silent_days": 0}, status=400)
    asking.ask("PATCH", "/config/settings", {"exports_days": 3_000}, status=400)
    assert asking.ask("PATCH", "/config/settings", {"rings": [{"percent": 5}]}, status=400)["code"] == "E-policy-rings"
    manage(served, "settings", "fleet")
    asking.ask("PATCH", "/config/settings", {"silent_days": 4}, status=409)


def test_who_sees_a_part_does_not_see_or_change_it(served):
    limited = Asking(served, Scope(groups=("lab",)))
    limited.ask("GET", "/config", status=403)
    limited.ask("GET", "/config/drift", status=403)
    limited.ask("PATCH", "/config/settings", {"silent_days": 3}, status=403)


def test_every_setting_can_be_changed_and_stand_in_a_file():
    names = set(FleetSettings.__struct_fields__)
    assert set(SettingsItem.__struct_fields__) == names
