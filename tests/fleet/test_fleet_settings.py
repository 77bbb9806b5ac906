import msgspec
import pytest

from weighbridge.fleet import fleet_settings
from weighbridge.fleet.fleet_settings import ABOUT, FLEET_SETTINGS, FleetSettings
from weighbridge.fleet.policy_rings import Ring
from weighbridge.model.errors import WeighbridgeError

NOW = 1_000


def change(store, **wanted):
    return store.write_now(lambda connection: fleet_settings.change(connection, NOW, wanted))


def test_what_is_usual_is_not_stored(store):
    assert store.read_now(fleet_settings.current) == FleetSettings()
    assert change(store, silent_days=3, records_days=90).silent_days == 3
    assert store.read_now(fleet_settings.current) == FleetSettings(silent_days=3, records_days=90)
    change(store, silent_days=14)
    rows = store.read_now(lambda connection: connection.execute(FLEET_SETTINGS.select()).all())
    assert [row.name for row in rows] == ["records_days"]
    assert change(store, records_days=190) == FleetSettings()


def test_rings_are_kept_as_they_are(store):
    rings = [{"percent": 0, "groups": ["lab"], "hours": 1}, {"percent": 100}]
    assert change(store, rings=rings).rings == [Ring(percent=0, groups=["lab"], hours=1), Ring(percent=100)]
    assert len(store.read_now(fleet_settings.current).rings) == 2


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"record_days": 3}, "E-fleet-settings"),
        ({"records_days": 0}, "E-fleet-settings"),
        ({"records_days": "3"}, "E-fleet-settings"),
        ({"exports_days": 1e9}, "E-fleet-settings"),
        ({"rings": []}, "E-fleet-settings"),
        ({"rings": [{"percent": 5, "hour": 1}]}, "E-fleet-settings"),
        ({"rings": [{"percent": 50}]}, "E-policy-rings"),
        ({"rings": [{"percent": 50}, {"percent": 5}, {"percent": 100}]}, "E-policy-rings"),
    ],
)
def test_what_does_not_fit_changes_nothing(store, wanted, code):
    with pytest.raises(WeighbridgeError) as raised:
        change(store, silent_days=3, **wanted)
    assert raised.value.code == code
    assert store.read_now(fleet_settings.current) == FleetSettings()


def test_a_misspelt_setting_is_told_its_nearest(store):
    with pytest.raises(WeighbridgeError) as raised:
        change(store, silent_day=3)
    assert raised.value.hint == "did you mean `silent_days`?"


def test_every_setting_is_explained():
    assert list(ABOUT) == list(FleetSettings.__struct_fields__)
    assert msgspec.to_builtins(FleetSettings()).keys() == ABOUT.keys()
