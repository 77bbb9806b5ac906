"""OCI image layouts."""

import json

from tests.samples.stores import add_oci_layout, sha256

from weighbridge.discover.oci_layout import PROBE
from weighbridge.host.fake import FakeMachine

FOLDER = b"/srv/image"
WEIGHTS = b"GGUF" + bytes(100)


def test_name_and_claim():
    machine = FakeMachine()
    add_oci_layout(machine, FOLDER, WEIGHTS)
    (said,) = PROBE.explore(machine, FOLDER)
    assert (said.store_name, said.claimed_sha256) == ("tiny:v1", sha256(WEIGHTS))


def test_an_index_that_names_itself_ends():
    machine = FakeMachine()
    machine.add_file(FOLDER + b"/blobs/sha256/" + b"0" * 64, b"")
    loop = json.dumps({"manifests": [{"digest": "sha256:" + "0" * 64}] * 3}).encode()
    machine.add_file(FOLDER + b"/blobs/sha256/" + b"0" * 64, loop)
    machine.add_file(FOLDER + b"/index.json", loop)
    assert list(PROBE.explore(machine, FOLDER)) == []
