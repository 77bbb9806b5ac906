import json
import struct

from tests.cli_runs import wb


def weights(path):
    header = json.dumps({"t": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(4))
    return str(path)


def test_a_rule():
    code, out, _ = wb("policy", "explain", "deny-malicious", "--policy", "balanced")
    assert code == 0
    assert "balanced/artifacts.cedar:" in out


def test_a_misspelt_rule():
    code, _, err = wb("policy", "explain", "deny-malicous", "--policy", "balanced")
    assert code == 2
    assert "`deny-malicious`" in err


def test_a_file(tmp_path):
    code, out, _ = wb("policy", "explain", weights(tmp_path / "model.safetensors"), "--policy", "balanced")
    assert code == 0
    assert "is allowed by policy balanced 1" in out
    code, out, _ = wb(
        "policy", "explain", str(tmp_path / "model.safetensors"), "--policy", "balanced", "--action", "ship"
    )
    assert "waits for a review" in out
    assert "hold-source-production" in out
    assert "because source.accepted = no" in out
    assert "Next: " in out


def test_a_file_that_is_no_model(tmp_path):
    (tmp_path / "note.txt").write_text("hello")
    code, _, err = wb("policy", "explain", str(tmp_path / "note.txt"))
    assert code == 3
    assert "no model" in err
