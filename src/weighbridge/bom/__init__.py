"""Bills of materials: CycloneDX and SPDX from one record, their difference, and how complete they are.

In: a scan. Out: documents and numbers. Forbidden: input and output, clocks, random identifiers.
"""
