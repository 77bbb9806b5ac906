"""Write `checks/pickle_names/framework_classes.toml` from the source of installed libraries.

Usage: python tools/framework_classes.py FOLDER-WITH-LIBRARIES > framework_classes.toml

Only source text is read; nothing is imported. A class counts if it stands at the top level of a module of a library
below, is no test, and defines neither `__reduce__` nor `__reduce_ex__`; one with its own `__setstate__` counts only in
the libraries whose `__setstate__` methods were read (they copy attributes).
"""

import ast
import sys
from pathlib import Path

LIBRARIES = {
    "torch/nn/modules": True,
    "torch/nn/parameter.py": True,
    "torch/nn/parallel/data_parallel.py": True,
    "torch/optim": True,
    "torch/ao/nn/quantized/modules": True,
    "sklearn": True,
    "scipy/sparse": True,
    "scipy/stats/_distn_infrastructure.py": False,
    "xgboost": True,
    "lightgbm": True,
    "transformers/training_args.py": True,
    "transformers/trainer_utils.py": True,
    "transformers/trainer_callback.py": True,
    "transformers/configuration_utils.py": True,
    "transformers/generation/configuration_utils.py": True,
    "transformers/tokenization_utils_base.py": True,
    "transformers/models": True,
}
ONLY = {"transformers/models": ("configuration_", "tokenization_")}
COMPILED = {
    "sklearn.tree._tree": ["Tree"],
    "sklearn._loss._loss": [
        "CyAbsoluteError", "CyExponentialLoss", "CyHalfBinomialLoss", "CyHalfGammaLoss", "CyHalfMultinomialLoss",
        "CyHalfPoissonLoss", "CyHalfSquaredError", "CyHalfTweedieLoss", "CyHalfTweedieLossIdentity", "CyHuberLoss",
        "CyPinballLoss",
    ],
    "sklearn.neighbors._kd_tree": ["KDTree", "KDTree32", "KDTree64"],
    "sklearn.neighbors._ball_tree": ["BallTree", "BallTree32", "BallTree64"],
    "sklearn.metrics._dist_metrics": [
        f"{name}Distance{bits}"
        for name in ("Euclidean", "Manhattan", "Chebyshev", "Minkowski", "SEuclidean", "Mahalanobis", "Hamming")
        for bits in ("", "32", "64")
    ],
    "sklearn.linear_model._sgd_fast": ["Hinge", "Log", "ModifiedHuber", "SquaredHinge", "SquaredLoss", "Huber"],
    "sklearn.utils._random": [],
    "sklearn.compose._column_transformer": ["_RemainderColsList"],
    "scipy.sparse.csr": ["csr_matrix"],
    "scipy.sparse.csc": ["csc_matrix"],
    "scipy.sparse.coo": ["coo_matrix"],
}  # fmt: skip


def classes(path: Path, reviewed: bool) -> list[str]:
    """Return the classes of one module that hold state and nothing else."""
    tree = ast.parse(path.read_text(encoding="utf-8", errors="replace"))
    found = []
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
        if methods & {"__reduce__", "__reduce_ex__", "__getattr__", "__new__"}:
            continue
        if "__setstate__" in methods and not reviewed:
            continue
        found.append(node.name)
    return found


def main() -> None:
    """Print the table."""
    root = Path(sys.argv[1])
    table: dict[str, set[str]] = {module: set(names) for module, names in COMPILED.items()}
    for library, reviewed in LIBRARIES.items():
        top = root / library
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            parts = path.relative_to(root).with_suffix("").parts
            if "tests" in parts or "testing" in parts or not path.exists():
                continue
            if library in ONLY and not path.name.startswith(ONLY[library]):
                continue
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            table.setdefault(module, set()).update(classes(path, reviewed))
    print("# Classes of known libraries that hold state, by module.")
    print("# Written by tools/framework_classes.py; do not edit.\n")
    for module in sorted(table):
        if table[module]:
            names = ", ".join(f'"{name}"' for name in sorted(table[module]))
            print(f'"{module}" = [{names}]')


if __name__ == "__main__":
    main()
