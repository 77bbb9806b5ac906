"""The routes of every face, in the order in which they are tried."""

from collections.abc import Sequence

from weighbridge.hub.call import Route

ROUTES: Sequence[Route] = ()
