"""BSD texts name their holders in many ways; who is named changes no term, and a term in the place of a name does."""

from tests.samples.license_case import TextCase
from tests.samples.license_texts import spdx

_CLAUSE = "Neither the name of the copyright holder nor the names of its contributors may be used"
_BY = "COPYRIGHT HOLDERS AND CONTRIBUTORS"
_SHALL = "COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE"
_WORDINGS = {
    "other-contributors": (_CLAUSE, "Neither the name of the author nor the names of other contributors may be used"),
    "any-contributors": (_CLAUSE, "Neither the name of Example Labs nor the names of any contributors may be used"),
    "his-contributors": (_CLAUSE, "Neither the name of Rosa Example nor the names of his contributors may be used"),
    "their-contributors": (_CLAUSE, "Neither the names of the authors nor the names of their contributors may be used"),
    "no-possessive": (_CLAUSE, "Neither the name of the University nor the names of contributors may be used"),
    "name-without-of": (_CLAUSE, "Neither the name Example nor the names of its contributors may be used"),
    "can": (_CLAUSE, "Neither the name of the project nor the names of its contributors can be used"),
    "author": (_CLAUSE, "The name of the author may not be used"),
    "authors": (_CLAUSE, "The names of the authors may not be used"),
    "contributors": (_CLAUSE, "The names of its contributors may not be used"),
    "company": (_CLAUSE, "The name of Example Corporation may not be used"),
    "by-author": (_BY, "AUTHOR"),
    "by-authors": (_BY, "AUTHORS AND CONTRIBUTORS"),
    "by-regents": (_BY, "REGENTS AND CONTRIBUTORS"),
    "by-name": (_BY, "EXAMPLE LABS AND ITS CONTRIBUTORS"),
    "shall-owner": (_SHALL, "COPYRIGHT OWNER OR CONTRIBUTORS BE LIABLE"),
    "shall-holders": (_SHALL, "COPYRIGHT HOLDERS BE LIABLE"),
    "shall-author": (_SHALL, "AUTHOR BE LIABLE"),
    "shall-authors": (_SHALL, "AUTHOR(S) BE LIABLE"),
    "shall-regents": (_SHALL, "REGENTS OR CONTRIBUTORS BE LIABLE"),
}
"""What stands in the license text, and what genuine copies say in its place."""
_TERMS = {
    "name-may": (_CLAUSE, "The name of the author may be used"),
    "name-must": (_CLAUSE, "The name of the author must be used"),
    "name-fee": (_CLAUSE, "The name of the author may not be used without a fee"),
    "nor-commercial": (_CLAUSE, "Neither the name of the author nor this software for commerce may be used"),
    "nor-weights": (_CLAUSE, "Neither the name of the author nor the weights may be used"),
    "nor-it": (_CLAUSE, "Neither the name of the author nor the work itself may be used"),
    "nor-the-model": (_CLAUSE, "Neither the name of the author nor the model may be used"),
    "nor-the-software": (_CLAUSE, "Neither the name of the author nor this software may be used"),
    "nor-checkpoints": (_CLAUSE, "Neither the name of the author nor its checkpoints may be used"),
    "nor-outputs": (_CLAUSE, "Neither the name of the author nor its outputs may be used"),
    "names-of-paying": (_CLAUSE, "Neither the name of the author nor the names of paying contributors may be used"),
    "names-of-products": (_CLAUSE, "The names of products may not be used"),
    "by-to-students": (_BY, "AUTHOR TO STUDENTS ONLY"),
    "by-for-research": (_BY, "AUTHOR FOR RESEARCH"),
    "by-for-a-month": (_BY, "AUTHOR FOR A MONTH"),
    "shall-licensees": (_SHALL, "USERS BE LIABLE"),
    "shall-companies": (_SHALL, "AUTHOR BUT ALL COMPANIES BE LIABLE"),
    "no-clause": (f"{_CLAUSE} to endorse or promote", "This software may not be used to endorse or promote"),
}


def _changed(name: str, old: str, new: str) -> str:
    text = spdx(name)
    if old not in text:
        raise ValueError(f"{name} does not say {old!r}")
    return text.replace(old, new)


def _cases():
    for genuine, changes in ((True, _WORDINGS), (False, _TERMS)):
        for what, (old, new) in changes.items():
            for license_id, name in (("bsd-3-clause", "BSD-3-Clause"), ("bsd-2-clause", "BSD-2-Clause")):
                if license_id == "bsd-2-clause" and old not in (_BY, _SHALL):
                    continue
                yield TextCase(
                    id=f"bsd/{license_id}-{what}",
                    build=lambda name=name, old=old, new=new: _changed(name, old, new),
                    genuine=genuine,
                    license=license_id,
                    lesson="who is named is free, what may be done is not",
                )


CASES = tuple(_cases())
