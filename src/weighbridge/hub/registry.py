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
    oci_blobs,
    oci_deleting,
    oci_lists,
    oci_manifests,
    oci_push,
    oci_token,
    oci_uploads,
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
    *oci_uploads.ROUTES,
    *oci_manifests.ROUTES,
    *oci_blobs.ROUTES,
    *oci_lists.ROUTES,
    *oci_push.ROUTES,
    *oci_deleting.ROUTES,
    *oci_token.ROUTES,
    *signed_links.ROUTES,
)
