"""Holders of copyright whose names are words of sentences, and sentences in the place of a holder."""

from collections.abc import Callable

from tests.samples.license_case import TextCase
from tests.samples.license_texts import FORMS, spdx

GENUINE = (
    "2021 Will McGugan",
    "2011-2024 Will Bond <will@wbond.net>",
    "2024 Will",
    "2024 May",
    "2019 Brian May, Roger Taylor and John Deacon",
    "2024 Mark Grant",
    "2015 Grant Art",
    "2016 Bill May",
    "2009, 2010, 2011 Ask Solem, and individual contributors",
    "2016 Kaiming He",
    "2023 Can Xu and others",
    "2022 Abigail See. All rights reserved.",
    "2020-present, Yang You",
    "2018 H. E. Day",
    "2020 Weili Nie",
    "1999 International Business Machines Corporation",
    "2020 Capital One Services, LLC",
    "2023 Acme Private Limited",
    "2021 Active Research Ltd.",
    "2021 HERE Global B.V.",
    "2017 Else Nielsen (https://else.example)",
)
"""Behind `Copyright (c)`."""
CLAUSES = (
    "2024 Will not be used commercially",
    "2024 Will Not Be Used Commercially",
    "2024 WILL NOT BE USED COMMERCIALLY",
    "2024 Will Bond. Not For Sale",
    "2024 Will Bond will be paid by companies",
    "2024 Will Charge",
    "2024 Will Sue Hosting Companies",
    "2024 Will Bond, Hospitals Excluded",
    "2024 Will Bond, ten dollars a day",
    "2024 Acme May Withdraw",
    "2024 May Be Revoked",
    "2024 May expire",
    "2024 Brian May Charge Companies",
    "2024 Can Be Withdrawn",
    "2024 You May Not Sell",
    "2024 Acme. Ask First",
    "2024 Acme See Website",
    "2024 Do Not Sell",
    "2024 Business Pays Acme Ltd",
    "2024 Acme Private Use Limited",
    "2024 Acme Private, limited to research use",
    "2024 Acme Display Required Ltd",
    "2024 Will\nnot be used commercially",
    "2024 Will\nExpire Tomorrow",
    "2024 not\u01c3 for\u01c3 commercial\u01c3 use\u01c3",
    "2024 Acme will&#451; charge&#451;",
    "2024 Will Bond\n\nWill be withdrawn",
    "2024 will.not.sell@acme.example",
)


def _mit(holder: str) -> str:
    return spdx("MIT").replace("2024 Rosa Example and others", holder)


def _bsd(holder: str) -> str:
    return f"Copyright (c) {holder}\n\n{spdx('BSD-3-Clause').split(chr(10), 1)[1]}"


def _apache(holder: str) -> str:
    return spdx("Apache-2.0").replace("2024 Rosa Example and others", holder)


TEXTS: dict[str, Callable[[str], str]] = {"mit": _mit, "bsd-3-clause": _bsd, "apache-2.0": _apache}


def _cases():
    for genuine, holders in ((True, GENUINE), (False, CLAUSES)):
        for number, holder in enumerate(holders):
            for license_id, build in TEXTS.items():
                yield TextCase(
                    id=f"names/{license_id}-{'holder' if genuine else 'clause'}-{number}",
                    build=lambda build=build, holder=holder: build(holder),
                    genuine=genuine,
                    license=license_id,
                    lesson="names are free; sentences are not names",
                )
    for form in ("rewrapped", "one-line", "upper", "hash-comment", "html-paragraphs"):
        yield TextCase(
            id=f"names/mit-form-{form}",
            build=lambda form=form: FORMS[form](_mit("2021 Will McGugan")),
            genuine=True,
            license="mit",
        )


CASES = tuple(_cases())
