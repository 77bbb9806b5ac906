"""Every member but the storages is looked at, pickles as pickles."""

from tests.samples.torch_files import DATA, archive, torch_zip

from weighbridge.formats.torch_zip import read, recognize
from weighbridge.model.budget import Budget
from weighbridge.model.pickle_program import ScriptOperation
from weighbridge.model.source import BytesSource


def test_members() -> None:
    source = BytesSource(torch_zip(DATA, extra__hook=b"abc"))
    assert recognize(source, b"")
    reading = read(source, Budget())
    wanted = {child.member: child.expect for child in reading.children}
    assert wanted["archive/data.pkl"] == "pickle"
    assert wanted["archive/extra/hook"] is None
    assert "archive/data/0" not in wanted
    assert reading.format == "torch-zip"


def test_script() -> None:
    code = b"def f(self):\n  torch.save(x, 'a')\n  return ops.somebody.run(x)\n"
    reading = read(BytesSource(torch_zip(DATA, **{"code__a.py": code})), Budget())
    assert reading.format == "torchscript"
    notes = {item.operation: item.reaches for item in reading.observations if isinstance(item, ScriptOperation)}
    assert notes == {"torch.save": True, "ops.somebody.run": False}


def test_other_archives() -> None:
    assert not recognize(BytesSource(archive({"a.txt": b"x"})), b"")
    assert not recognize(BytesSource(archive({"metadata.pkl": b"x"})), b"")
    assert recognize(BytesSource(archive({"x/DATA.PKL": b"x"})), b"")
