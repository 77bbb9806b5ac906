"""Models as OpenVINO writes them."""

from pathlib import Path

import numpy as np
import openvino
from openvino import opset13

FILES = {"model.xml": "data", "model.bin": "beside"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    given = opset13.parameter([1, 4], np.float32, name="x")
    product = opset13.matmul(given, opset13.constant(np.ones((4, 2), np.float32)), False, False)
    model = openvino.Model([opset13.relu(product)], [given], "tiny")
    openvino.save_model(model, folder / "model.xml", compress_to_fp16=False)
