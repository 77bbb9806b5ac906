"""The routes of every face, in the order in which they are tried."""

from collections.abc import Sequence

from weighbridge.hub import (
    hf_account,
    hf_browse,
    hf_info,
    hf_models,
    hf_paths,
    hf_refs,
    hf_resolve,
    hf_tree,
    signed_links,
)
from weighbridge.hub.call import Route

ROUTES: Sequence[Route] = (
    *hf_account.ROUTES,
    *hf_models.ROUTES,
    *hf_paths.ROUTES,
    *hf_refs.ROUTES,
    *hf_tree.ROUTES,
    *hf_info.ROUTES,
    *hf_resolve.ROUTES,
    *hf_browse.ROUTES,
    *signed_links.ROUTES,
)
