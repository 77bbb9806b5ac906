"""`wb fleet drift`."""

import json

from tests.cli.fleet_kit import database, wb  # noqa: F401
from tests.fleet.config_kit import WHOLE

from weighbridge.fleet import groups
from weighbridge.fleet.groups import Described
from weighbridge.fleet.store import Store


def test_drift_is_shown_and_can_be_watched(database, tmp_path):  # noqa: F811  (the fixture above)
    file = tmp_path / "fleet.yaml"
    file.write_text(WHOLE)
    status, out, said = wb("fleet", "drift", str(file))
    assert (status, "7 differences" in said) == (20, True)
    assert "+ groups  canary" in out
    wb("fleet", "apply", str(file))
    assert wb("fleet", "drift", str(file))[0] == 0
    store = Store.open(database)
    for name, rule in (("people", "owner:eve"), ("mine", "")):
        store.write_now(lambda c, name=name, rule=rule: groups.describe(c, Described(name=name, rule=rule), 5))
    store.close()
    status, out, said = wb("fleet", "drift", str(file))
    assert (status, "difference" in said) == (20, True)
    assert "    rule  owner:eve → owner:ada OR owner:bob\n" in out
    assert "? groups  mine\n" in out
    assert len(json.loads(wb("fleet", "drift", str(file), "-f", "json")[1])["only_here"]) >= 1
