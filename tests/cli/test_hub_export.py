"""`wb hub export` and `wb hub import`: a release goes from one state folder to another, through a file."""

import re

import pytest
from obstore.store import LocalStore
from tests.cli.fleet_kit import wb
from tests.fleet.serving import running
from tests.hub.approved import approved
from tests.hub.weighable import CLEAN

from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.store import Store
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.hub import Hub


@pytest.fixture
def folders(tmp_path):
    """Two state folders; the first has a served release."""
    for name in ("here", "there"):
        (tmp_path / name / "fleet").mkdir(parents=True)
        store = Store.open(f"sqlite:///{tmp_path}/{name}/fleet/fleet.db")
        migrate(store)
        if name == "here":
            with running(store) as started:
                started.hub = Hub(started.server, BlobStore(LocalStore(str(tmp_path / "here/hub"), mkdir=True)))
                approved(started, CLEAN)
        store.close()
    return tmp_path


def test_a_release_is_exported_and_imported(folders, monkeypatch) -> None:
    bundle = str(folders / "tiny.bundle")
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(folders / "here"))
    code, _, said = wb("hub", "export", "acme/tiny", bundle)
    assert code == 0, said
    key = re.search(r"weighbridge/catalog/\S+", said.replace("\n", ""))
    assert key is not None, said
    code, _, said = wb("hub", "export", "acme/none", bundle)
    assert (code, "has no acme/none" in said) == (2, True)
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(folders / "there"))
    assert wb("hub", "import", bundle, "--key", "nonsense")[0] == 2
    code, _, said = wb("hub", "import", bundle, "--key", key[0])
    assert code == 0, said
    code, _, said = wb("hub", "work", "--once")
    assert code == 0, said
    assert wb("hub", "export", "acme/tiny", str(folders / "again.bundle"))[0] == 0
    assert wb("hub", "export", "acme/tiny", str(folders / "no/such/folder"))[0] == 2
