from pathlib import Path

from tests.samples.safetensors_file import small
from tests.samples.shipments import CARD, write, zipped

from weighbridge.host.real import RealMachine
from weighbridge.model.license import Commercial
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan
from weighbridge.pipeline.shipped_texts import with_inner_texts


def commercial(folder: Path) -> Commercial:
    machine = RealMachine()
    found = scan(machine, Options(roots=(bytes(folder),), cache=False))
    (artifact,) = with_inner_texts(machine, found.artifacts)
    return artifact.license.commercial


def test_a_card_in_the_same_folder_counts(tmp_path: Path) -> None:
    for name, expected in (("cc-by-nc-4.0", Commercial.PROHIBITED), ("apache-2.0", Commercial.ALLOWED)):
        write(tmp_path, {"a.whl": zipped({"p/m.safetensors": small(), "p/README.md": CARD % name.encode()})})
        assert commercial(tmp_path) is expected


def test_what_lies_elsewhere_does_not(tmp_path: Path) -> None:
    files = {"p/m.safetensors": small(), "README.md": CARD % b"apache-2.0", "p/sub/README.md": CARD % b"mit"}
    write(tmp_path, {"a.whl": zipped(files)})
    assert commercial(tmp_path) is Commercial.UNKNOWN


def test_an_archive_in_an_archive(tmp_path: Path) -> None:
    inner = zipped({"m.safetensors": small(), "README.md": CARD % b"cc-by-nc-4.0"})
    write(tmp_path, {"a.whl": zipped({"inner.zip": inner})})
    assert commercial(tmp_path) is Commercial.PROHIBITED
