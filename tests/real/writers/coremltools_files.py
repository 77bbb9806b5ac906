"""Models as coremltools writes them: ML program package and neural network."""

import sys
from pathlib import Path

# It imports every framework it could convert from, though nothing is converted here; some bring LLVM twice and abort.
for framework in ("sklearn", "tensorflow", "torch", "xgboost"):
    sys.modules[framework] = None  # type: ignore[assignment]

import coremltools  # noqa: E402
import numpy as np  # noqa: E402
from coremltools.converters.mil import Builder  # noqa: E402

FILES = {
    "package.mlpackage/Data/com.apple.CoreML/model.mlmodel": "data",
    "package.mlpackage/Data/com.apple.CoreML/weights/weight.bin": "beside",
    "package.mlpackage/Manifest.json": "beside",
    "network.mlmodel": "data",
}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""

    @Builder.program(input_specs=[Builder.TensorSpec(shape=(1, 64))])
    def program(x: object) -> object:
        return Builder.relu(x=Builder.matmul(x=x, y=np.ones((64, 64), np.float32)))

    package = coremltools.convert(program, convert_to="mlprogram", minimum_deployment_target=coremltools.target.iOS16)
    package.save(str(folder / "package.mlpackage"))
    coremltools.convert(program, convert_to="neuralnetwork").save(str(folder / "network.mlmodel"))
