import pytest
from tests.samples.inspection import assessments, look

MODEL = b"artifact_path: model\nflavors:\n  python_function:\n    loader_module: %s\n    model_path: %s\nrun_id: r1\n"


def test_facts_parts_and_loader():
    [item] = look(MODEL % (b"mlflow.sklearn", b"model.pkl"), "MLmodel")
    assert (item.format, item.holds_model) == ("mlflow", False)
    assert [part.relative_path for part in item.parts_wanted] == ["model.pkl"]
    assert assessments(MODEL % (b"mlflow.sklearn", b"model.pkl"), "MLmodel") == {None: "not-a-model"}


@pytest.mark.parametrize(
    ("loader", "path", "assessment"),
    [(b"os", b"a", "malicious"), (b"my.loader", b"a", "review"), (b"mlflow.sklearn", b"../../a", "hostile")],
)
def test_what_it_names_is_judged(loader, path, assessment):
    assert assessments(MODEL % (loader, path), "MLmodel") == {None: assessment}


@pytest.mark.parametrize("text", [b"some flavors: many\n", b"ice:\n  flavors:\n", b"\xe3\0\0\0\nflavors:\n"])
def test_near_misses(text):
    assert all(item.format != "mlflow" for item in look(text, "menu.yaml"))
