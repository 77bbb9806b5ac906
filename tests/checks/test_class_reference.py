"""Names in configurations: what acts, what is foreign, what the framework is made of."""

import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.class_reference import CHECK
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import ClassReference

SUBJECT = Subject(format="x", name="model")


def judged(framework: str, module: str, name: str) -> Assessment:
    findings = list(CHECK.judge(ClassReference(framework=framework, module=module, name=name), SUBJECT))
    for finding in findings:
        assert finding.check == CHECK.id
        assert finding.remedy
    return findings[0].implies if findings else Assessment.CLEAN


@pytest.mark.parametrize(
    ("framework", "module", "name"),
    [
        ("keras", "os", "system"), ("keras", "builtins", "eval"), ("keras", "builtins", "utils.get_file"),
        ("keras", "keras.utils", "get_file"), ("keras", "keras.models", "load_model"), ("keras", "numpy", "load"),
        ("keras", "keras.src.saving", "load_model"), ("keras", "keras.config", "enable_unsafe_deserialization"),
        ("keras", "subprocess", "Popen"), ("keras", "keras", "__builtins__"), ("keras", "tensorflow.io", "write_file"),
        ("skops", "os", "system"), ("skops", "builtins", "getattr"), ("skops", "sklearn.datasets", "load_files"),
        ("hydra", "subprocess", "check_output"), ("hydra", "torch.hub", "load"), ("hydra", "", "os.system"),
        ("mlflow", "runpy", ""), ("onnx", "os", "system"), ("hydra", "pickle", "loads"),
    ],
)  # fmt: skip
def test_what_acts_on_the_machine_is_malicious(framework: str, module: str, name: str) -> None:
    assert judged(framework, module, name) is Assessment.MALICIOUS


@pytest.mark.parametrize(
    ("framework", "module", "name"),
    [
        ("keras", "my_package.layers", "MyLayer"), ("keras", "", "Custom>MyLayer"), ("keras", "keras.layers", "New"),
        ("keras", "keras.layers", "Lambda"), ("keras", "keras.layers", "TFSMLayer"), ("keras", "builtins", "loss"),
        ("keras", "keras.activations", "brand_new"), ("keras", "keras_hub.layers", "PositionEmbedding"),
        ("skops", "my_package", "Model"), ("hydra", "my_package", "build"), ("mlflow", "my_loader", ""),
        ("transformers", "modeling_mine", "MineForCausalLM"), ("keras", "", ""),
    ],
)  # fmt: skip
def test_code_of_others_is_a_review(framework: str, module: str, name: str) -> None:
    assert judged(framework, module, name) is Assessment.REVIEW


@pytest.mark.parametrize(
    ("framework", "module", "name"),
    [
        ("keras", "keras.layers", "Dense"), ("keras", "keras.src.ops.numpy", "Add"), ("keras", "", "Conv2D"),
        ("keras", "builtins", "relu"), ("keras", "keras", "DTypePolicy"), ("keras", "tf_keras.layers", "LSTM"),
        ("keras", "tensorflow.python.framework.tensor", "TensorSpec"), ("keras", "keras.losses", "mean_squared_error"),
        ("skops", "sklearn.ensemble", "RandomForestClassifier"), ("skops", "numpy", "ndarray"),
        ("skops", "builtins", "dict"), ("skops", "collections", "OrderedDict"),
        ("hydra", "nemo.collections.asr.models", "EncDecCTCModel"), ("hydra", "torch.nn", "Linear"),
        ("mlflow", "mlflow.sklearn", ""),
    ],
)  # fmt: skip
def test_what_the_framework_is_made_of_is_clean(framework: str, module: str, name: str) -> None:
    assert judged(framework, module, name) is Assessment.CLEAN
