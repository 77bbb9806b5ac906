import plistlib
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from weighbridge.host import service as module
from weighbridge.host.service import Service, service
from weighbridge.model.errors import WeighbridgeError

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_a_unit_of_systemd_names_this_interpreter_and_quotes_odd_paths(tmp_path: Path) -> None:
    odd = tmp_path / "my 100% policy"
    odd.mkdir()
    unit = service(str(odd), "linux", "/home/ada")
    assert unit.path == "/home/ada/.config/systemd/user/weighbridge-watch.service"
    assert f'"{tmp_path}/my 100%% policy"' in unit.text
    assert sys.executable in unit.text
    assert unit.start[-1][-2:] == ("--now", "weighbridge-watch.service")


def test_units_of_macos_and_windows_are_well_formed() -> None:
    plist = plistlib.loads(service("a&b", "darwin", "/Users/ada").text.encode())
    assert plist["ProgramArguments"][-1] == "a&b"
    assert plist["KeepAlive"] == {"SuccessfulExit": False}
    task = service("a&b", "win32", "C:\\Users\\ada")
    root = ElementTree.fromstring(task.text)
    assert root.findtext(".//{*}Arguments") == "-P -m weighbridge watch --quiet --policy a&b"
    assert task.path.startswith("C:\\Users\\ada\\AppData")


@pytest.mark.parametrize("name", ["weighbridge-watch.service", "user"])
def test_systemd_accepts_the_units(name: str, tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("no systemd-analyze here")
    path = tmp_path / "weighbridge-watch.service"
    text = (DEPLOY / name).read_text() if name != "user" else service("observe", "linux", "/home/ada").text
    path.write_text(text.replace("/opt/weighbridge/bin/wb", "/bin/true"))
    done = subprocess.run([tool, "verify", "--man=no", str(path)], capture_output=True, text=True, check=False)
    assert "weighbridge-watch.service:" not in done.stderr, done.stderr


def test_the_units_for_whole_machines_are_well_formed() -> None:
    assert plistlib.loads((DEPLOY / "org.weighbridge.watch.plist").read_bytes())["Label"] == module.LABEL
    assert ElementTree.parse(DEPLOY / "weighbridge-watch.xml").getroot().tag.endswith("Task")
    lines = (DEPLOY / "weighbridge-watch.service").read_text().splitlines()
    granted = {line.partition("=")[2] for line in lines if line.startswith(("AmbientCap", "CapabilityBounding"))}
    assert len(granted) == 1


def test_install_writes_starts_and_leaves_nothing_behind_when_that_fails(tmp_path: Path) -> None:
    path, mark = tmp_path / "units" / "unit", tmp_path / "started"
    touch = (sys.executable, "-c", f"open({str(mark)!r}, 'w')")
    fail = (sys.executable, "-c", "import sys; sys.exit('no bus')")
    unit = Service(str(path), "text", (touch,), ())
    unit.install()
    assert (path.read_text(), mark.exists(), unit.is_installed()) == ("text", True, True)
    unit.uninstall()
    assert not unit.is_installed()
    unit.uninstall()
    with pytest.raises(WeighbridgeError, match="no bus"):
        Service(str(path), "text", (fail,), ()).install()
    assert not path.exists()
    with pytest.raises(WeighbridgeError, match="there is no"):
        Service(str(path), "text", ((str(tmp_path / "no-such-program"),),), ()).install()
    with pytest.raises(WeighbridgeError, match="cannot be written"):
        Service(f"{mark}/below/a/file", "text", (), ()).install()
