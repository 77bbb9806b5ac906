"""Models as coremltools writes them: ML program package and neural network."""

from pathlib import Path

import coremltools
import numpy as np
from coremltools.converters.mil import Builder

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
