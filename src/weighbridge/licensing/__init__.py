"""License evidence from facts and texts, and what the terms allow.

In: facts, license texts, ancestors. Out: `LicenseTerms` and observations. Forbidden: input and output; following links.

To add a license: `table/<id>.toml`; a label with several meanings: `labels.toml`; a well-known model: `families.toml`;
then `python tools/license_data.py`.
"""
