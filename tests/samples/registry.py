"""All cases, family by family."""

from tests.samples import (
    containers_benign,
    containers_bundles,
    containers_compressed,
    containers_tar,
    containers_zip,
    graphs_keras,
    graphs_onnx,
    graphs_other,
    graphs_tensorflow,
    joblib_arrays,
    pickle_benign,
    pickle_gadgets,
    pickle_names_that_lie,
    pickle_nested,
    pickle_tricks,
    torch_files,
    weights_beside,
    weights_headers,
)
from tests.samples.case import Case

EVASIONS: tuple[Case, ...] = (
    *containers_bundles.EVASIONS,
    *containers_compressed.EVASIONS,
    *containers_tar.EVASIONS,
    *containers_zip.EVASIONS,
    *graphs_keras.EVASIONS,
    *graphs_onnx.EVASIONS,
    *graphs_other.EVASIONS,
    *graphs_tensorflow.EVASIONS,
    *joblib_arrays.EVASIONS,
    *pickle_gadgets.EVASIONS,
    *pickle_names_that_lie.EVASIONS,
    *pickle_nested.EVASIONS,
    *pickle_tricks.EVASIONS,
    *torch_files.EVASIONS,
    *weights_beside.EVASIONS,
    *weights_headers.EVASIONS,
)
BENIGN: tuple[Case, ...] = (
    *containers_benign.BENIGN,
    *graphs_keras.BENIGN,
    *graphs_onnx.BENIGN,
    *graphs_other.BENIGN,
    *graphs_tensorflow.BENIGN,
    *joblib_arrays.BENIGN,
    *pickle_benign.BENIGN,
    *torch_files.BENIGN,
    *weights_beside.BENIGN,
    *weights_headers.BENIGN,
)
