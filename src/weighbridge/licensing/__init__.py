"""License evidence from facts, and what the terms allow.

In: facts and license texts. Out: `LicenseTerms`. Forbidden: input and output.
"""
