"""All cases, family by family."""

from tests.samples import graphs_keras, graphs_onnx, graphs_other, graphs_tensorflow
from tests.samples.case import Case

EVASIONS: tuple[Case, ...] = (
    *graphs_keras.EVASIONS,
    *graphs_onnx.EVASIONS,
    *graphs_other.EVASIONS,
    *graphs_tensorflow.EVASIONS,
)
BENIGN: tuple[Case, ...] = (
    *graphs_keras.BENIGN,
    *graphs_onnx.BENIGN,
    *graphs_other.BENIGN,
    *graphs_tensorflow.BENIGN,
)
