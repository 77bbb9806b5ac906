"""Signatures on models and on decisions: OpenSSF Model Signing 1.0 bundles and DSSE envelopes.

In: digests, keys, certificates, documents. Out: bundles, and whether they hold. Forbidden: input and output; sockets.
"""
