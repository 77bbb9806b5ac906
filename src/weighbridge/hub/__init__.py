"""The hub: approved models in one store by digest, with faces for the tools that people use already.

In: the fleet's `Store` (catalog), a `BlobStore` (bytes), who asks. Out: answers of the Hugging Face Hub's and of OCI's
protocols, records for pages. Forbidden: faces of people, serving a byte that no approved release holds.

To add a face: `<protocol>_<topic>.py` with a `ROUTES` table, one line in `registry.py`, a row in the state matrix.
"""
