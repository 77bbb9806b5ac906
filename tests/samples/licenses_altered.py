"""License texts that were changed: each says something else than the license it looks like."""

from tests.samples.license_case import TextCase
from tests.samples.license_texts import edited, in_readme, prose, rewrapped, spdx, without_word
from tests.samples.licenses_genuine import OTHERS, USUAL

FREE = {name: USUAL[name] for name in ("mit", "apache-2.0", "bsd-3-clause", "cc-by-4.0")}
TAILS = {
    "non-commercial": "The model may be used for non-commercial purposes only.",
    "revenue": "If your yearly revenue exceeds 1 million USD, you must request a separate license.",
    "users": "Products with more than 100 million monthly active users must display the name of the model.",
    "military": "Use for military purposes or surveillance is forbidden.",
    "commons-clause": "The grant of rights under the License does not include the right to Sell the Software.",
    "research": "For research only.",
    "attribution": "Whoever shows outputs to others must credit the authors on the same page.",
    "territory": "This license does not apply to residents of the European Union.",
    "policy": "Use is subject to the Acceptable Use Policy in USE_POLICY.md.",
    "no-training": "Outputs must not be used to train other models.",
    "exception": "All of this holds except for companies that compete with us.",
    "termination": "We may end this permission at any time.",
    "prior-agreement": "In case of conflict our Terms of Service take precedence.",
    "evaluation": "You may evaluate the weights for thirty days.",
    "fee": "A fee is due for hosted services.",
}
"""One sentence each."""


def _case(family: str, name: str, license_id: str | None, build, lesson: str = "") -> TextCase:
    return TextCase(id=f"{family}/{name}", build=build, genuine=False, license=license_id, lesson=lesson)


def _middle(text: str, sentence: str) -> str:
    """Put `sentence` after the sentence or paragraph nearest the middle."""
    at = text.find("\n\n", len(text) // 2)
    at = len(text) // 2 + text[len(text) // 2 :].find(" ") if at < 0 else at
    return f"{text[:at]}\n\n{sentence}{text[at:]}"


def _sentences():
    for license_id, name in FREE.items():
        for tail, sentence in TAILS.items():
            yield _case(
                "tail",
                f"{license_id}-{tail}",
                license_id,
                lambda n=name, s=sentence: f"{spdx(n)}\n\n{s}\n",
                "the free text with one sentence more",
            )
    for tail, sentence in TAILS.items():
        yield _case("head", f"mit-{tail}", "mit", lambda s=sentence: f"{s}\n\n{spdx('MIT')}")
        yield _case("inside", f"apache-2.0-{tail}", "apache-2.0", lambda s=sentence: _middle(spdx("Apache-2.0"), s))
        yield _case(
            "buried", f"mit-{tail}", "mit", lambda s=sentence: in_readme(spdx("MIT") + "\n\n" + prose(900, 3) + s),
            "the sentence stands far below the text",
        )  # fmt: skip


def _edits():
    for license_id, name in {**USUAL, **OTHERS}.items():
        if len(spdx(name).split()) < 60:
            continue  # so short that an edit may leave nothing of it
        yield _case("edited", f"{license_id}-5", license_id, lambda n=name: edited(spdx(n), 0.05, 5))
        yield _case("edited", f"{license_id}-15", license_id, lambda n=name: edited(spdx(n), 0.15, 15))
    for license_id, name in USUAL.items():
        for seed in range(4):
            yield _case(
                "one-word-less", f"{license_id}-{seed}", license_id, lambda n=name, s=seed: without_word(spdx(n), s),
                "a single word is a term",
            )  # fmt: skip


def _parts():
    for license_id, name in {**USUAL, **OTHERS}.items():
        text = spdx(name)
        if len(text.split()) < 120:
            continue
        yield _case("half", f"{license_id}-first", license_id, lambda t=text: t[: len(t) // 2])
        yield _case("half", f"{license_id}-last", license_id, lambda t=text: t[len(t) // 2 :])


_SWAPS = (
    ("mit", "MIT", "without restriction", "with restriction", ""),
    ("mit", "MIT", "free of charge", "for a charge", ""),
    ("mit", "MIT", "is hereby granted", "is hereby not granted", "negation"),
    ("mit", "MIT", "sell", "", "one right removed"),
    ("mit", "MIT", "any person obtaining", "any individual obtaining", "a narrower circle"),
    ("mit", "MIT", "any person", "any natural person", ""),
    ("mit", "MIT", "and/or sell", "and not sell", ""),
    ("mit", "MIT", "WITHOUT WARRANTY", "WITH WARRANTY", ""),
    ("mit", "MIT", "to deal in", "to study", ""),
    ("mit", "MIT", "publish, distribute, sublicense, and/or sell", "and publish", ""),
    ("apache-2.0", "Apache-2.0", "no-charge, royalty-free", "no-charge", "patent grant"),
    ("apache-2.0", "Apache-2.0", "perpetual, worldwide", "worldwide", ""),
    ("apache-2.0", "Apache-2.0", "irrevocable", "revocable", ""),
    ("apache-2.0", "Apache-2.0", "You may reproduce", "You may not reproduce", ""),
    ("apache-2.0", "Apache-2.0", "in any medium", "in print", ""),
    ("apache-2.0", "Apache-2.0", "sublicense", "", ""),
    ("bsd-3-clause", "BSD-3-Clause", "with or without modification", "without modification", ""),
    ("bsd-3-clause", "BSD-3-Clause", "are permitted", "are not permitted", ""),
    ("bsd-3-clause", "BSD-3-Clause", "source and binary forms", "source form", ""),
    ("cc-by-4.0", "CC-BY-4.0", "in whole or in part;", "in part and privately;", ""),
    ("cc-by-4.0", "CC-BY-4.0", "reproduce and Share", "reproduce", ""),
    ("cc-by-4.0", "CC-BY-4.0", "irrevocable", "", ""),
    ("cc0-1.0", "CC0-1.0", "including without limitation commercial", "excluding commercial", ""),
    ("unlicense", "Unlicense", "commercial or non-commercial", "non-commercial", ""),
    ("unlicense", "Unlicense", "Anyone is free", "Members are free", ""),
)  # fmt: skip


def _swaps():
    for number, (license_id, name, old, new, lesson) in enumerate(_SWAPS):

        def build(name=name, old=old, new=new) -> str:
            text = " ".join(spdx(name).split())
            changed = text.replace(old, new)
            if changed == text:
                raise ValueError(f"{name} does not say {old!r}")
            return rewrapped(changed)

        yield _case("swapped", f"{license_id}-{number}", license_id, build, lesson or f"{old} became {new}")


def _several():
    pairs = (("MIT", "CC-BY-NC-4.0"), ("Apache-2.0", "PolyForm-Noncommercial-1.0.0"), ("MIT", "GPL-3.0-only"),
             ("BSD-3-Clause", "MIT"), ("CC-BY-4.0", "CC-BY-NC-4.0"), ("Apache-2.0", "CC-BY-NC-SA-4.0"))  # fmt: skip
    for one, other in pairs:
        yield _case(
            "several", f"{one}-{other}".lower(), None, lambda a=one, b=other: f"{spdx(a)}\n\n{'-' * 60}\n\n{spdx(b)}",
            "two licenses in one file: which holds for the weights is not said",
        )  # fmt: skip
        yield _case("several", f"{other}-{one}".lower(), None, lambda a=one, b=other: f"{spdx(b)}\n\n{spdx(a)}")


def _notices():
    lines = {
        "spdx-line": "SPDX-License-Identifier: Apache-2.0",
        "apache-header": "Licensed under the Apache License, Version 2.0 (the \"License\"); you may not use this file "
        "except in compliance with the License.",
        "one-liner": "This model is licensed under the MIT license.",
        "title": "MIT License",
        "link": "See https://opensource.org/licenses/MIT",
        "empty": "",
        "blank": " \n\n ",
    }  # fmt: skip
    for name, text in lines.items():
        yield _case("notice", name, None, lambda t=text: t, "a license that is only named was not read")


CASES = (*_sentences(), *_edits(), *_parts(), *_swaps(), *_several(), *_notices())
