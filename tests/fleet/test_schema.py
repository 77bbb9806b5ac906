from tests.house.files import ROOT

from weighbridge.fleet.schema import CONTEXTS, METADATA


def test_every_file_that_declares_a_table_is_listed_and_sorted():
    folder = ROOT / "src" / "weighbridge" / "fleet"
    declaring = sorted(
        path.stem
        for path in folder.glob("*.py")
        if path.stem != "tables" and ("endpoint_table(" in path.read_text() or "reference_table(" in path.read_text())
    )
    assert [module.__name__.rpartition(".")[2] for module in CONTEXTS] == declaring
    assert METADATA.tables
