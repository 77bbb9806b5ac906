"""Licenses as SPDX elements: an expression of listed ids, or a LicenseRef with what is known of its text.

Source: SPDX 3.0.1, simple licensing profile (`LicenseExpression`, `SimpleLicensingText`, `customIdToUri`).
"""

from collections.abc import Iterable
from typing import Protocol

from weighbridge.bom.license_names import reference, spdx_expression, spdx_id


class Add(Protocol):
    """Adds an element to a document and returns its address."""

    def __call__(self, kind: str, ref: str, /, **fields: object) -> str:
        """Take the element's type, a reference and its fields."""
        ...


class Licenses:
    """Makes one element for every license of a document.

    Args:
        add: adds an element and returns its address.
    """

    def __init__(self, add: Add) -> None:
        self._add = add
        self._known: dict[tuple[str, tuple[str, ...]], str] = {}
        self._names: dict[str, str] = {}

    def element(self, statement: str, hashes: Iterable[str] = ()) -> str:
        """Return the address of the license that `statement` names.

        Args:
            statement: an id, an expression, or any name.
            hashes: SHA-256 of the license texts that lie beside what it is stated of.
        """
        expression = spdx_id(statement) or spdx_expression(statement)
        key = (expression or statement, () if expression else tuple(sorted(set(hashes))))
        if key not in self._known:
            self._known[key] = self._listed(expression) if expression else self._custom(statement, key[1])
        return self._known[key]

    def _listed(self, expression: str) -> str:
        return self._add(
            "simplelicensing_LicenseExpression",
            f"license-{expression}",
            name=expression,
            simplelicensing_licenseExpression=expression,
        )

    def _custom(self, statement: str, hashes: tuple[str, ...]) -> str:
        ref = self._unique(reference(statement))
        seen = "".join(f" Text beside it: SHA-256 {digest}." for digest in hashes)
        text = self._add(
            "simplelicensing_SimpleLicensingText",
            f"text-{ref}",
            name=statement,
            simplelicensing_licenseText=f"{statement}. The license is named here, its text is not carried.{seen}",
        )
        return self._add(
            "simplelicensing_LicenseExpression",
            f"license-{ref}",
            name=statement,
            simplelicensing_licenseExpression=ref,
            simplelicensing_customIdToUri=[{"type": "DictionaryEntry", "key": ref, "value": text}],
        )

    def _unique(self, ref: str) -> str:
        """Return a LicenseRef that no other license of the document has."""
        number = 1
        wanted = ref
        while wanted in self._names:
            number += 1
            wanted = f"{ref}-{number}"
        self._names[wanted] = ref
        return wanted
