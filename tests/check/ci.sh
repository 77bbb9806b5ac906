#!/usr/bin/env bash
# A build gate as a pipeline runs it: a repository, a wheel and a saved image, each once blocked and once passing.
# Use: tests/check/ci.sh SCRATCH; needs `./wb`.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$1
export WEIGHBRIDGE_STATE=${WEIGHBRIDGE_STATE:-$scratch/state}

python3 - "$scratch" <<'PYTHON'
import io, json, pathlib, struct, sys, tarfile, zipfile

scratch = pathlib.Path(sys.argv[1])
header = json.dumps({"weight": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
weights = struct.pack("<Q", len(header)) + header + bytes(4)


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


for verdict, license in (("passes", "apache-2.0"), ("blocks", "cc-by-nc-4.0")):
    card = f"---\nlicense: {license}\n---\n# Model\n".encode()
    folder = scratch / verdict
    (folder / "repository/assets").mkdir(parents=True)
    (folder / "repository/assets/model.safetensors").write_bytes(weights)
    (folder / "repository/assets/README.md").write_bytes(card)
    with zipfile.ZipFile(folder / "app-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("app/model.safetensors", weights)
        wheel.writestr("app/README.md", card)
    lower = tar({"opt/model.safetensors": weights, "opt/README.md": card})
    upper = tar({"opt/.wh.model.safetensors": b""})
    manifest = [{"RepoTags": ["app:1"], "Layers": ["1/layer.tar", "2/layer.tar"]}]
    files = {"manifest.json": json.dumps(manifest).encode(), "1/layer.tar": lower, "2/layer.tar": upper}
    (folder / "image.tar").write_bytes(tar(files))
PYTHON

for item in repository app-1.0-py3-none-any.whl image.tar; do
    ./wb check "$scratch/passes/$item" --quiet
    code=0
    ./wb check "$scratch/blocks/$item" --quiet >"$scratch/$item.txt" || code=$?
    test "$code" = 21
    grep -q deny-noncommercial "$scratch/$item.txt"
    ./wb check "$scratch/blocks/$item" --quiet --format sarif >"$scratch/$item.sarif"
done
grep -q "still ships in layer 1" "$scratch/image.tar.txt"
