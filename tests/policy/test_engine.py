"""Cedar loads without the syntax tree that nothing asks for, and is whole for whoever does."""

import subprocess
import sys

_LOAD = """
import sys
from weighbridge.policy.engine import cedarpy
assert "cedarpy.pst" not in sys.modules and not hasattr(cedarpy, "pst")
rule = 'permit(principal, action, resource);'
request = {"principal": 'U::"a"', "action": 'Action::"b"', "resource": 'R::"c"'}
assert cedarpy.is_authorized(request, cedarpy.PolicySet.from_str(rule), []).allowed
"""
_TREE = """
tree = cedarpy.policies_to_pst(rule)
import cedarpy.pst
assert isinstance(tree, cedarpy.pst.PolicySet)
"""


def _run(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_decides_without_the_tree() -> None:
    _run(_LOAD)


def test_the_real_tree_is_there_for_others() -> None:
    _run(_LOAD + _TREE)


def test_whoever_was_first_keeps_the_tree() -> None:
    _run("import cedarpy\nimport weighbridge.policy.engine\nassert cedarpy.pst.PolicySet")
