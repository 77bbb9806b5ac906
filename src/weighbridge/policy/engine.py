"""The door to Cedar: the only place that imports `cedarpy`.

`cedarpy` imports `cedarpy.pst` on its own, sixty classes for a syntax tree that nothing here asks for; making them
would take an eighth of a short scan. While `cedarpy` loads, an empty module stands in for it. Afterwards that is
gone, so that whoever asks for the tree gets the real one.
"""

import sys
from types import ModuleType

_TREE = "cedarpy.pst"
_FIRST = "cedarpy" not in sys.modules
if _FIRST:
    sys.modules[_TREE] = ModuleType(_TREE)

import cedarpy  # noqa: E402  (the stand-in has to be there first)

if _FIRST:
    del sys.modules[_TREE], cedarpy.pst

__all__ = ["cedarpy"]
