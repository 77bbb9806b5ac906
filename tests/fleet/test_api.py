import ast

from tests.house.files import ROOT

from weighbridge.fleet import api


def test_every_file_of_routes_is_listed():
    folder = ROOT / "src" / "weighbridge" / "fleet"
    files = sorted(path.stem for path in folder.glob("*_routes.py"))
    tree = ast.parse((folder / "api.py").read_text())
    named = [ast.unparse(node.value) for node in ast.walk(tree) if isinstance(node, ast.Starred)]
    assert named == [f"{name}.ROUTES" for name in files]


def test_no_two_routes_answer_the_same_request():
    seen = [(method, path) for route in api.API for path in route.paths for method in route.http_methods]
    assert len(seen) == len(set(seen))
