import io
import json

from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen


def test_the_demo_shows_a_machine_and_says_that_it_is_none() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run(["demo"], Screen(out, err, {})) == 0
    assert "demo machine" in out.getvalue()
    assert "MALICIOUS" in out.getvalue()
    assert "Weigh yours: wb up" in err.getvalue()


def test_the_demo_is_data_too() -> None:
    out, err = io.StringIO(), io.StringIO()
    assert run(["demo", "--format", "json", "--quiet"], Screen(out, err, {})) == 0
    assert json.loads(out.getvalue())["machine"] == "demo machine"
    assert err.getvalue() == ""
